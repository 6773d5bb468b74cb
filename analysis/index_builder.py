"""Builds the columns of an index table for one domain variable from cell totals."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from itertools import chain
from typing import Any

import numpy as np

from analysis.cells import CellVariances
from analysis.columns import Codes, Floats
from analysis.index_table import EstimateArray, EstimateColumns
from analysis.index_totals import AnswerTotals
from analysis.intervals import Bounds, Kind
from analysis.results import Reason

Scale = tuple[int, int] | None


@dataclass(frozen=True, eq=False)
class ColumnBuilder(EstimateColumns):
    """One or several columns in the making; arrays of shape (labels,) or (labels, columns)."""

    reasons: tuple[Reason | None, ...]

    @classmethod
    def joined(cls, columns: list[ColumnBuilder], labels: int) -> ColumnBuilder:
        """Put columns side by side."""

        def side_by_side(parts: list[Any]) -> Any:
            if isinstance(parts[0], tuple):
                return tuple(chain.from_iterable(parts))
            return np.column_stack(parts)

        if not columns:
            nothing = np.zeros((labels, 0))
            counts = nothing.astype(np.intp)
            return cls(nothing, nothing, nothing, counts, counts, counts, nothing, (), (), (), ())
        names = [field.name for field in fields(cls)]
        return cls(**{name: side_by_side([getattr(column, name) for column in columns]) for name in names})

    def as_array(self, level: float) -> EstimateArray:
        """Freeze the columns."""
        values = {field.name: getattr(self, field.name) for field in fields(EstimateColumns)}
        reasons = {k: reason for k, reason in enumerate(self.reasons) if reason is not None}
        return EstimateArray(**values, level=level, reasons=reasons)


@dataclass(frozen=True, eq=False)
class _Sample:
    """Who stands behind a column: counts by label, and the count of respondents on each base cell."""

    cell_counts: Floats
    n: Floats
    answers: Floats
    n_psu: Codes
    degrees_of_freedom: Floats


@dataclass(frozen=True, eq=False)
class _Ratio:
    """A ratio by label, shape (labels,), and its influence on the base cells, shape (cells,)."""

    value: Floats
    influence: Floats


class VariableBuilder:
    """Collects the columns of one domain variable.

    Parameters
    ----------
    cells : CellVariances
        Sums and variances by domain.
    level : float
        Confidence of the intervals.
    """

    def __init__(self, cells: CellVariances, level: float) -> None:
        self._cells = cells
        self.level = level
        self.shares: list[ColumnBuilder] = []
        self.scores: list[ColumnBuilder] = []
        self.scores_100: list[ColumnBuilder] = []
        self.wholly: list[ColumnBuilder] = []
        self.numeric: list[ColumnBuilder] = []

    def add_item(self, totals: AnswerTotals, scale: Scale) -> None:
        """Add the share and the mean of one item."""
        self._add_answers(totals, totals.answers, scale, "share", ("proportion", "mean"))

    def add_pool(self, totals: AnswerTotals, respondents: Floats, scale: Scale, method: str) -> None:
        """Add an element or index that pools the answers of its items."""
        self._add_answers(totals, respondents, scale, "index", (method, method))

    def add_combination(
        self, elements: list[AnswerTotals], shares: Floats, respondents: Floats, scale: Scale, method: str
    ) -> None:
        """Add an index that combines elements with fixed shares, with their covariance."""
        sample = self._sample(
            respondents, np.sum([self._cells.sums(totals.answers) for totals in elements], axis=0)
        )
        satisfied = _combined([self._share(totals) for totals in elements], shares)
        scored = _combined([self._score(totals) for totals in elements], shares)
        spreads = [self._score_variance(totals, self._score(totals).value) for totals in elements]
        spread = np.asarray(sum(share * value for share, value in zip(shares, spreads, strict=True)))
        self._append_share(satisfied, sample, "index", method)
        self._append_scores(scored, sample, scale, method, spread)

    def add_respondent_share(self, yes: Floats, no: Floats, count: Floats) -> None:
        """Add a share of respondents from weighted and unweighted cell totals."""
        sample = self._sample(count, self._cells.sums(count))
        ratio = self._share_of(yes, no)
        self.wholly.append(
            self._column(ratio, sample, "share", "proportion", ratio.value * (1 - ratio.value))
        )

    def add_numeric(self, weight: Floats, total: Floats, square: Floats, count: Floats) -> None:
        """Add the mean of a numeric column from weighted cell totals of 1, y and y²."""
        sample = self._sample(count, self._cells.sums(count))
        ratio = self._mean_of(total, weight)
        with np.errstate(invalid="ignore", divide="ignore"):
            spread = self._cells.sums(square) / self._cells.sums(weight) - ratio.value**2
        self.numeric.append(self._column(ratio, sample, "mean", "mean", spread))

    def _add_answers(
        self, totals: AnswerTotals, respondents: Floats, scale: Scale, kind: Kind, methods: tuple[str, str]
    ) -> None:
        sample = self._sample(respondents, self._cells.sums(totals.answers))
        self._append_share(self._share(totals), sample, kind, methods[0])
        scored = self._score(totals)
        self._append_scores(scored, sample, scale, methods[1], self._score_variance(totals, scored.value))

    def _append_share(self, ratio: _Ratio, sample: _Sample, kind: Kind, method: str) -> None:
        self.shares.append(self._column(ratio, sample, kind, method, ratio.value * (1 - ratio.value)))

    def _append_scores(
        self, ratio: _Ratio, sample: _Sample, scale: Scale, method: str, spread: Floats
    ) -> None:
        hundred = self._column(ratio, sample, "mean", method, spread)
        self.scores_100.append(_rescaled(hundred, (0.0, 100.0), None))
        self.scores.append(_rescaled(hundred, scale or (0, 1), None if scale else "mixed_scales"))

    def _share(self, totals: AnswerTotals) -> _Ratio:
        return self._share_of(totals.satisfied, totals.unsatisfied)

    def _share_of(self, yes: Floats, no: Floats) -> _Ratio:
        """Give yes/(yes + no), so written that 0 and 1 come out exact, with an influence of exactly 0."""
        positives, negatives = self._cells.sums(yes), self._cells.sums(no)
        with np.errstate(invalid="ignore", divide="ignore"):
            denominator = positives + negatives
            share = positives / denominator
            complement = negatives / denominator
        spread = self._cells.spread
        influence = _quotient(yes * spread(complement) - no * spread(share), spread(denominator))
        return _Ratio(share, influence)

    def _score(self, totals: AnswerTotals) -> _Ratio:
        return self._mean_of(totals.score, totals.valid)

    def _mean_of(self, total: Floats, weight: Floats) -> _Ratio:
        denominator = self._cells.sums(weight)
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = self._cells.sums(total) / denominator
        spread = self._cells.spread
        return _Ratio(mean, _quotient(total - weight * spread(mean), spread(denominator)))

    def _score_variance(self, totals: AnswerTotals, mean: Floats) -> Floats:
        with np.errstate(invalid="ignore", divide="ignore"):
            return self._cells.sums(totals.score_squared) / self._cells.sums(totals.valid) - mean**2

    def _sample(self, cell_counts: Floats, answers: Floats) -> _Sample:
        units, strata = self._cells.unit_counts(cell_counts)
        degrees = (units - strata).astype(np.float64)
        return _Sample(cell_counts, self._cells.sums(cell_counts), answers, units, degrees)

    def _column(
        self, ratio: _Ratio, sample: _Sample, kind: Kind, method: str, spread: Floats
    ) -> ColumnBuilder:
        """Add variance and design effect; `spread` is the variance of single answers, shape (labels,)."""
        variances = self._cells.variances(ratio.influence, sample.cell_counts)
        errors = np.where(np.isnan(ratio.value), np.nan, np.sqrt(np.maximum(variances, 0.0)))
        scale = np.maximum(np.abs(ratio.value), 1.0)
        errors = np.where(errors < 1e-14 * scale, 0.0, errors)
        with np.errstate(invalid="ignore", divide="ignore"):
            effect = np.where(spread > 1e-14 * scale**2, errors**2 * (sample.n - 1) / spread, np.nan)
        return ColumnBuilder(
            ratio.value,
            errors,
            sample.degrees_of_freedom,
            sample.n.astype(np.intp),
            sample.answers.astype(np.intp),
            sample.n_psu,
            effect,
            (kind,),
            (method,),
            (None,),
            (None,),
        )


def _combined(ratios: list[_Ratio], shares: Floats) -> _Ratio:
    value = sum(share * ratio.value for share, ratio in zip(shares, ratios, strict=True))
    influence = sum(share * ratio.influence for share, ratio in zip(shares, ratios, strict=True))
    return _Ratio(np.asarray(value), np.asarray(influence))


def _quotient(numerator: Floats, denominator: Floats) -> Floats:
    """Divide, giving 0 where the domain is empty (denominator 0)."""
    return np.asarray(np.where(denominator > 0, numerator / np.where(denominator > 0, denominator, 1.0), 0.0))


def _rescaled(column: ColumnBuilder, bounds: Bounds, reason: Reason | None) -> ColumnBuilder:
    low, high = bounds
    return replace(
        column,
        estimate=low + (high - low) * column.estimate,
        standard_error=(high - low) * column.standard_error,
        bounds=(bounds,),
        reasons=(reason,),
    )
