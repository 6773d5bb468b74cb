"""Which cells to withhold so that no small group can be recognised, not even by subtraction."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.optimize import linprog

from analysis.columns import Codes, Flags, Floats
from analysis.errors import DataError
from analysis.quality import MINIMUM_RESPONDENTS


def suppressed_cells(
    counts: npt.ArrayLike, sums: Sequence[Sequence[int]], *, minimum: int = MINIMUM_RESPONDENTS
) -> Flags:
    """Choose the cells to withhold.

    Parameters
    ----------
    counts : array_like of int, shape (cells,)
        Respondents in each cell that might be published.
    sums : sequence of sequences of int
        Each a set of cells whose total is published, or known.
    minimum : int
        A cell with fewer respondents, but not none, is withheld.

    Returns
    -------
    ndarray of bool, shape (cells,)
        True for cells to withhold: the small ones, and others so that none of them can be told from the
        published totals to within fewer than `minimum` respondents.

    Raises
    ------
    DataError
        ``count_not_valid``, ``unknown_cell``.

    Notes
    -----
    For every withheld cell the least and the greatest count that agree with all totals are found by linear
    programming; where they lie closer than `minimum`, the smallest further cell of one of its sums is
    withheld too (Cox 1980; Willenborg & de Waal 2001, chapter 4).

    Examples
    --------
    A row 3, 40, 60 with its total published: withholding the 3 alone would give it away.

    >>> suppressed_cells([3, 40, 60], [[0, 1, 2]]).tolist()
    [True, True, False]
    """
    numbers = np.asarray(counts, dtype=np.float64)
    if numbers.ndim != 1 or (numbers < 0).any() or not np.isfinite(numbers).all():
        raise DataError("count_not_valid")
    groups = [np.unique(np.asarray(group, dtype=np.intp)) for group in sums]
    for group in groups:
        if group.size and (group[0] < 0 or group[-1] >= len(numbers)):
            raise DataError("unknown_cell", cells=len(numbers))
    withheld = (numbers > 0) & (numbers < minimum)
    pending: list[int] = np.flatnonzero(withheld).tolist()
    while pending:
        cell = pending.pop()
        while not _is_protected(cell, numbers, groups, withheld, minimum):
            further = _smallest_partner(cell, numbers, groups, withheld)
            if further is None:
                break
            withheld[further] = True
            pending.append(further)
    return np.asarray(withheld)


def _smallest_partner(cell: int, numbers: Floats, groups: list[Codes], withheld: Flags) -> int | None:
    """Give the smallest published cell in the sums that reach this cell through withheld ones."""
    reached, frontier = {cell}, {cell}
    while frontier:
        neighbours = {int(other) for group in groups if frontier & set(group.tolist()) for other in group}
        published = [other for other in neighbours if not withheld[other] and numbers[other] > 0]
        if published:
            return min(published, key=lambda other: (numbers[other], other))
        frontier = {other for other in neighbours if withheld[other]} - reached
        reached |= frontier
    return None


def _is_protected(cell: int, numbers: Floats, groups: list[Codes], withheld: Flags, minimum: int) -> bool:
    unknown = np.flatnonzero(withheld)
    equations, totals = [], []
    for group in groups:
        row = np.isin(unknown, group).astype(np.float64)
        if row.any():
            equations.append(row)
            totals.append(float(numbers[group][withheld[group]].sum()))
    if not equations:
        return True
    objective = (unknown == cell).astype(np.float64)
    ends = []
    for sign in (1.0, -1.0):
        result = linprog(sign * objective, A_eq=np.array(equations), b_eq=np.array(totals), bounds=(0, None))
        if result.status == 3:
            return True
        ends.append(sign * float(result.fun))
    return ends[1] - ends[0] >= minimum - 1e-7


def table_sums(rows: int, columns: int) -> list[list[int]]:
    """Give the sums of a cross-table with published margins; cells are numbered row by row.

    Examples
    --------
    >>> table_sums(2, 2)
    [[0, 1], [2, 3], [0, 2], [1, 3]]
    """
    cells = np.arange(rows * columns).reshape(rows, columns)
    return [*cells.tolist(), *cells.T.tolist()]
