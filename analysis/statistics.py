"""A number on its way from the estimator to the reader: estimates that may turn out not to exist."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from analysis.columns import Flags, Floats
from analysis.intervals import Kind
from analysis.results import Estimate, NotEstimable, Result
from analysis.variance import Design

_NIL = 1e-28
"""A variance below this share of the mean square is rounding."""


@dataclass(frozen=True, slots=True)
class Statistic:
    """An estimate before it is known whether it can be published.

    Attributes
    ----------
    estimate, standard_error : float
        NaN where they are not defined.
    degrees_of_freedom : int
        On the valid rows.
    n : int
        Valid rows with a weight other than 0.
    sum_weights : float
        Weighted number of valid rows.
    row_variance : float
        s², the variance of single values in the domain; that of Σw times the value for a total, which is Σw
        means; NaN if that makes no sense.
    kish : float
        Kish's design effect of the weights of the valid rows.
    n_psu : int or None
        First-stage units with valid rows.
    """

    estimate: float
    standard_error: float
    degrees_of_freedom: int
    n: int
    sum_weights: float
    row_variance: float
    kish: float
    n_psu: int | None

    @property
    def deff_with_replacement(self) -> float:
        """Variance relative to a simple random sample with replacement, v / (s²/n)."""
        return _quotient(self.standard_error**2, self.row_variance / self.n if self.n else math.nan)

    @property
    def deff_without_replacement(self) -> float:
        """Variance relative to a simple random sample without replacement, v / (s²/n (1 − n/Σw))."""
        if not self.n or self.sum_weights < self.n:
            return math.nan
        expected = self.row_variance / self.n * (self.sum_weights - self.n) / self.sum_weights
        return _quotient(self.standard_error**2, expected)

    def published(self, kind: Kind, method: str) -> Result:
        """Give the estimate, or the reason why there is none."""
        if self.n == 0:
            return NotEstimable("empty_domain", 0, None, self.n_psu)
        if not math.isfinite(self.estimate):
            return NotEstimable("empty_element", self.n, None, self.n_psu)
        if self.degrees_of_freedom <= 0:
            return NotEstimable("no_degrees_of_freedom", self.n, None, self.n_psu)
        if not math.isfinite(self.standard_error):
            return NotEstimable("no_variance", self.n, None, self.n_psu)
        effect = self.deff_with_replacement
        return Estimate(
            self.estimate,
            self.standard_error,
            self.degrees_of_freedom,
            self.n,
            kind,
            method,
            effect if math.isfinite(effect) else None,
            None,
            self.n_psu,
        )


def statistic(
    design: Design, estimate: float, variance: float, rows: Flags, values: Floats | None
) -> Statistic:
    """Describe an estimate from the rows behind it.

    Parameters
    ----------
    design : SurveyDesign or ReplicateDesign
    estimate, variance : float
    rows : ndarray of bool, shape (n,)
        Valid rows of the domain.
    values : ndarray, shape (n,), or None
        Single values, for s² = n/(n − 1) Σ w (y − ȳ)²/Σ w.
    """
    counted = rows & (design.weights != 0)
    weights = design.weights[counted]
    n, total = len(weights), float(weights.sum())
    spread = math.nan
    if values is not None and n > 1 and total != 0:
        deviations = values[counted] - (weights @ values[counted]) / total
        spread = n / (n - 1) * float(weights @ deviations**2) / total
        if spread <= _NIL * float(weights @ values[counted] ** 2) / total:
            spread = 0.0
    kish = float(n * np.square(weights).sum() / total**2) if n and total else math.nan
    error = math.sqrt(max(variance, 0.0)) if variance == variance else math.nan
    df = design.degrees_of_freedom_of(counted) if n else 0
    return Statistic(estimate, error, df, n, total, spread, kish, design.psu_count_of(counted))


def total_of(stat: Statistic) -> Statistic:
    """Give a total its design effect: against s² (Σw)²/n, not s²/n (R survey, `svytotal`)."""
    return replace(stat, row_variance=stat.row_variance * stat.sum_weights**2)


def empty_statistic() -> Statistic:
    """Describe a domain without valid rows."""
    return Statistic(math.nan, math.nan, 0, 0, 0.0, math.nan, math.nan, 0)


def _quotient(numerator: float, denominator: float) -> float:
    """Divide, giving NaN where the row variance is nil but for rounding."""
    return numerator / denominator if denominator > 1e-300 else math.nan
