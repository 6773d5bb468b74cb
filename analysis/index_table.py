"""The numbers of an index by domain: kept as arrays, given as values.

A table of 125 domains by 68 items, elements and index holds some twenty thousand estimates; they stay
arrays until somebody asks for a cell.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from analysis.columns import Codes, Floats
from analysis.domains import Domain
from analysis.index_definition import IndexDefinition
from analysis.intervals import KINDS, Bounds, Kind, Limits, bounded_mean_limits, default_limits
from analysis.results import Estimate, NotEstimable, Reason, Result


@dataclass(frozen=True, eq=False)
class EstimateColumns:
    """Estimates of several columns for every group of a domain variable; arrays of shape (labels, columns).

    Attributes
    ----------
    estimate, standard_error : ndarray
        NaN where there is no number.
    degrees_of_freedom : ndarray
        First-stage units minus strata with valid rows.
    n, answer_count, n_psu : ndarray of int
        Respondents, valid answers, first-stage units.
    design_effect : ndarray
    kinds : tuple of {"share", "index", "mean"}
        Kind of each column.
    methods : tuple of str
        Name of the estimator of each column.
    bounds : tuple of (tuple of float or None)
        Ends of the scale of each mean, None where there are none.
    """

    estimate: Floats
    standard_error: Floats
    degrees_of_freedom: Floats
    n: Codes
    answer_count: Codes
    n_psu: Codes
    design_effect: Floats
    kinds: tuple[Kind, ...]
    methods: tuple[str, ...]
    bounds: tuple[Bounds | None, ...]


@dataclass(frozen=True, eq=False)
class EstimateArray(EstimateColumns):
    """The finished columns, from which single estimates are read.

    Attributes
    ----------
    level : float
        Confidence of the intervals.
    reasons : dict
        Reasons for a missing number that are not plain from the counts, by column.
    """

    level: float
    reasons: Mapping[int, Reason]

    def value(self, row: int, column: int) -> Result:
        """Give one estimate, or the reason why there is none."""
        n, answers = int(self.n[row, column]), int(self.answer_count[row, column])
        psus = int(self.n_psu[row, column])
        reason = self._reason(row, column)
        if reason is not None:
            return NotEstimable(reason, n, answers, psus)
        effect = float(self.design_effect[row, column])
        return Estimate(
            float(self.estimate[row, column]),
            float(self.standard_error[row, column]),
            float(self.degrees_of_freedom[row, column]),
            n,
            self.kinds[column],
            self.methods[column],
            effect if effect == effect else None,
            answers,
            psus,
            self.level,
            self.bounds[column],
        )

    def _reason(self, row: int, column: int) -> Reason | None:
        if self.n[row, column] == 0:
            return "empty_domain"
        if column in self.reasons:
            return self.reasons[column]
        if not np.isfinite(self.estimate[row, column]):
            return "empty_element"
        if self.degrees_of_freedom[row, column] <= 0:
            return "no_degrees_of_freedom"
        return None if np.isfinite(self.standard_error[row, column]) else "no_variance"

    def limits(self, level: float | None = None) -> Limits:
        """Give the default interval of every estimate, arrays of shape (labels, columns)."""
        low, high = np.full(self.estimate.shape, np.nan), np.full(self.estimate.shape, np.nan)
        degrees = np.where(self.degrees_of_freedom > 0, self.degrees_of_freedom, np.nan)
        confidence = self.level if level is None else level
        for kind in KINDS:
            at = [
                column
                for column, name in enumerate(self.kinds)
                if name == kind and self.bounds[column] is None
            ]
            if at:
                n = self.n[:, at].astype(np.float64)
                low[:, at], high[:, at] = default_limits(
                    kind, self.estimate[:, at], self.standard_error[:, at], degrees[:, at], n, confidence
                )
        at = [column for column, ends in enumerate(self.bounds) if ends is not None]
        if at:
            lowest, highest = np.array([self.bounds[column] for column in at], dtype=np.float64).T
            numbers = (self.estimate[:, at], self.standard_error[:, at], degrees[:, at])
            low[:, at], high[:, at] = bounded_mean_limits(*numbers, confidence, lowest, highest)
        return low, high


@dataclass(frozen=True, slots=True)
class Measure:
    """The numbers of an item, an element or the index in one domain.

    Attributes
    ----------
    satisfied_share : Estimate or NotEstimable
        Share of valid answers in the satisfied codes, 0–1.
    mean_score : Estimate or NotEstimable
        Mean in the units of the scale.
    mean_score_100 : Estimate or NotEstimable
        Mean position on the scale, 0 at its lowest and 100 at its highest code.
    n, answer_count : int
        Respondents with a valid answer; valid answers.
    """

    satisfied_share: Result
    mean_score: Result
    mean_score_100: Result
    n: int
    answer_count: int


@dataclass(frozen=True, slots=True)
class DomainIndices:
    """All numbers of one domain.

    Attributes
    ----------
    index : Measure
    elements : dict of str to Measure
    items : tuple of Measure
        One per column of the ratings.
    wholly_satisfied_share : Estimate or NotEstimable
        Share of respondents all of whose valid answers are satisfied.
    numeric : dict of str to Estimate or NotEstimable
        Means of further columns, such as per cent of expectation met.
    """

    index: Measure
    elements: dict[str, Measure]
    items: tuple[Measure, ...]
    wholly_satisfied_share: Result
    numeric: dict[str, Result]


@dataclass(frozen=True, eq=False)
class VariableIndices:
    """The arrays of one domain variable. Columns: items, then elements, then the index."""

    domain: Domain
    shares: EstimateArray
    scores: EstimateArray
    scores_100: EstimateArray
    wholly: EstimateArray
    numeric: EstimateArray


@dataclass(frozen=True, eq=False)
class IndexTable:
    """Items, elements and index for every group of every domain variable.

    Attributes
    ----------
    definition : IndexDefinition
    item_count : int
    numeric_names : tuple of str
    variables : dict of str to VariableIndices
        The arrays, for those who want all numbers at once.
    level : float
        Confidence of the intervals.
    """

    definition: IndexDefinition
    item_count: int
    numeric_names: tuple[str, ...]
    variables: dict[str, VariableIndices]
    level: float

    def cell(self, variable: str, label: Hashable) -> DomainIndices:
        """Give the numbers of one group.

        Raises
        ------
        KeyError
            For an unknown variable or label.
        """
        arrays = self.variables[variable]
        return self._cell(arrays, self._positions[variable][label])

    def cells(self) -> Iterator[tuple[str, Hashable, DomainIndices]]:
        """Yield (variable, label, numbers) for every group."""
        for name, arrays in self.variables.items():
            for position, label in enumerate(arrays.domain.labels):
                yield name, label, self._cell(arrays, position)

    @cached_property
    def _positions(self) -> dict[str, dict[Hashable, int]]:
        return {
            name: {label: position for position, label in enumerate(arrays.domain.labels)}
            for name, arrays in self.variables.items()
        }

    def _cell(self, arrays: VariableIndices, row: int) -> DomainIndices:
        names = [element.id for element in self.definition.elements]
        columns = [self._measure(arrays, row, column) for column in range(self.item_count + len(names) + 1)]
        return DomainIndices(
            index=columns[-1],
            elements=dict(zip(names, columns[self.item_count : -1], strict=True)),
            items=tuple(columns[: self.item_count]),
            wholly_satisfied_share=arrays.wholly.value(row, 0),
            numeric={name: arrays.numeric.value(row, k) for k, name in enumerate(self.numeric_names)},
        )

    @staticmethod
    def _measure(arrays: VariableIndices, row: int, column: int) -> Measure:
        return Measure(
            arrays.shares.value(row, column),
            arrays.scores.value(row, column),
            arrays.scores_100.value(row, column),
            int(arrays.shares.n[row, column]),
            int(arrays.shares.answer_count[row, column]),
        )
