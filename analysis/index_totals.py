"""One pass over the ratings: totals of valid, satisfied and scored answers by cell.

Each item costs two counts of the rows (weighted and unweighted) over pairs of cell and code; everything
else is arithmetic on cells.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analysis.cells import BaseCells
from analysis.columns import Flags, Floats, require_length
from analysis.errors import DataError
from analysis.index_definition import IndexDefinition, ItemCoding, item_codings

Ratings = npt.NDArray[np.int8]


@dataclass(frozen=True, eq=False)
class AnswerTotals:
    """Totals by base cell for one item or a pool of items; each array has shape (cells,).

    Attributes
    ----------
    valid, satisfied, unsatisfied : ndarray
        Weighted numbers of answers.
    score, score_squared : ndarray
        Weighted sums of the position on the scale (0 to 1) and of its square.
    answers, satisfied_answers : ndarray
        Unweighted numbers of answers.
    """

    valid: Floats
    satisfied: Floats
    unsatisfied: Floats
    score: Floats
    score_squared: Floats
    answers: Floats
    satisfied_answers: Floats

    def plus(self, other: AnswerTotals) -> AnswerTotals:
        """Pool the answers of two items."""
        return AnswerTotals(*(mine + theirs for mine, theirs in zip(self._all(), other._all(), strict=True)))

    def _all(self) -> tuple[Floats, ...]:
        return (
            self.valid,
            self.satisfied,
            self.unsatisfied,
            self.score,
            self.score_squared,
            self.answers,
            self.satisfied_answers,
        )


@dataclass(eq=False)
class RespondentFlags:
    """Which respondents answered at least one item of a group, and which answered any item unsatisfied.

    Both arrays have shape (n,).
    """

    answered: Flags
    unsatisfied: Flags


def check_ratings(ratings: npt.ArrayLike, n: int) -> Ratings:
    """Give the rating matrix as int8, shape (n, m).

    Raises
    ------
    DataError
        ``ratings_not_matrix``, ``unequal_length``, ``ratings_not_integer``, ``rating_below_missing``.
    """
    matrix = np.asarray(ratings)
    if matrix.ndim != 2:
        raise DataError("ratings_not_matrix", dimensions=matrix.ndim)
    require_length(matrix[:, :1].reshape(-1) if matrix.shape[1] else np.zeros(len(matrix)), n, "ratings")
    if matrix.dtype.kind not in "iu":
        raise DataError("ratings_not_integer", dtype=str(matrix.dtype))
    if matrix.size and (int(matrix.min()) < -1 or int(matrix.max()) > 126):
        row, item = np.argwhere((matrix < -1) | (matrix > 126))[0]
        raise DataError("rating_out_of_range", row=int(row) + 1, item=int(item), value=int(matrix[row, item]))
    return matrix.astype(np.int8, copy=False)


class AnswerPass:
    """Reads the items one after the other and remembers the respondents of each element.

    Parameters
    ----------
    ratings : ndarray of int8, shape (n, m)
    weights : ndarray, shape (n,)
    base : BaseCells
    definition : IndexDefinition
    """

    def __init__(
        self, ratings: Ratings, weights: Floats, base: BaseCells, definition: IndexDefinition
    ) -> None:
        self._ratings = ratings
        self._weights = weights
        self._base = base
        self._slots = int(ratings.max()) + 2 if ratings.size else 1
        self._codings = item_codings(definition, ratings.shape[1], self._slots)
        self._cell_offsets = base.codes * self._slots + 1
        self._element_of = {
            item: e for e, element in enumerate(definition.elements) for item in element.items
        }
        n = len(weights)
        self.elements = [
            RespondentFlags(np.zeros(n, dtype=np.bool_), np.zeros(n, dtype=np.bool_))
            for _ in definition.elements
        ]

    def items(self) -> Iterator[AnswerTotals]:
        """Yield the totals of each item in the order of the columns."""
        for item in range(self._ratings.shape[1]):
            codes = np.ascontiguousarray(self._ratings[:, item])
            self._remember(item, codes)
            yield self._totals(codes, self._codings[item])

    def _totals(self, codes: Ratings, coding: ItemCoding) -> AnswerTotals:
        if self._base.are_rows:
            return self._row_totals(codes, coding)
        slots = self._cell_offsets + codes
        size = self._base.count * self._slots
        weighted = np.bincount(slots, weights=self._weights, minlength=size).reshape(-1, self._slots)
        counted = np.bincount(slots, minlength=size).reshape(-1, self._slots)
        score = coding.score
        columns = (coding.valid, coding.satisfied, coding.unsatisfied, score, score**2)
        sums = weighted @ np.column_stack([np.asarray(column, dtype=np.float64) for column in columns])
        valid, satisfied, unsatisfied, total, squares = (
            np.ascontiguousarray(sums[:, k], dtype=np.float64) for k in range(5)
        )
        return AnswerTotals(
            valid,
            satisfied,
            unsatisfied,
            total,
            squares,
            np.asarray(counted @ coding.valid.astype(np.float64)),
            np.asarray(counted @ coding.satisfied.astype(np.float64)),
        )

    def _row_totals(self, codes: Ratings, coding: ItemCoding) -> AnswerTotals:
        """Look the totals up where each cell is a row: counting a million cells takes ten times as long."""
        slots = codes + np.int8(1)

        def looked_up(column: npt.ArrayLike) -> Floats:
            return np.take(np.asarray(column, dtype=np.float64), slots)

        weights, valid, satisfied = self._weights, looked_up(coding.valid), looked_up(coding.satisfied)
        return AnswerTotals(
            weights * valid,
            weights * satisfied,
            weights * looked_up(coding.unsatisfied),
            weights * looked_up(coding.score),
            weights * looked_up(coding.score**2),
            valid,
            satisfied,
        )

    def _remember(self, item: int, codes: Ratings) -> None:
        element = self._element_of.get(item)
        if element is None:
            return
        coding, flags = self._codings[item], self.elements[element]
        low, high = coding.scale
        flags.answered |= (codes >= low) & (codes <= high)
        for code in np.flatnonzero(coding.unsatisfied) - 1:
            flags.unsatisfied |= codes == code

    def scales(self) -> list[tuple[int, int]]:
        """Give the scale of each item."""
        return [coding.scale for coding in self._codings]
