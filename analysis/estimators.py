"""Estimators of single numbers: means, totals, shares, ratios, contrasts and composite indices.

Missing values are NaN. A row without a valid value is outside the domain for that estimate: it stays in
the design and counts as zero. Each public function takes ``domain`` (rows that belong) and ``by`` (one
estimate per group).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np
import numpy.typing as npt

from analysis.columns import Flags, Floats, flag_column, float_column
from analysis.domains import Domain, require_rows
from analysis.errors import DataError
from analysis.intervals import Kind
from analysis.results import Result
from analysis.statistics import Statistic, empty_statistic, statistic, total_of
from analysis.variance import Design, ratio_covariance

ByResult = dict[Hashable, Result]


def mean_statistic(design: Design, values: Floats, rows: Flags) -> Statistic:
    """Give the mean Σ w y / Σ w over the valid rows."""
    valid = rows & ~np.isnan(values)
    if not valid.any():
        return empty_statistic()
    numerator, denominator = masked(values, valid), valid.astype(np.float64)
    estimates, variances = ratio_covariance(design, numerator[:, None], denominator[:, None], valid)
    return statistic(design, float(estimates[0]), float(variances[0, 0]), valid, numerator)


def total_statistic(design: Design, values: Floats, rows: Flags) -> Statistic:
    """Give the total Σ w y over the valid rows."""
    valid = rows & ~np.isnan(values)
    if not valid.any():
        return empty_statistic()
    numerator = masked(values, valid)
    estimates, variances = ratio_covariance(design, numerator[:, None], None, valid)
    return total_of(statistic(design, float(estimates[0]), float(variances[0, 0]), valid, numerator))


def ratio_statistic(design: Design, numerator: Floats, denominator: Floats, rows: Flags) -> Statistic:
    """Give the ratio R = Σ w a / Σ w b over the rows valid in both.

    Its design effect is that of the total of (a − R b)/Σ w b, as in R survey, `svyratio`.
    """
    valid = rows & ~np.isnan(numerator) & ~np.isnan(denominator)
    if not valid.any():
        return empty_statistic()
    above, below = masked(numerator, valid), masked(denominator, valid)
    estimates, variances = ratio_covariance(design, above[:, None], below[:, None], valid)
    ratio = float(estimates[0])
    scale = float(design.weights @ below)
    influence = (above - ratio * below) / scale if scale else np.full(design.n, np.nan)
    return total_of(statistic(design, ratio, float(variances[0, 0]), valid, influence))


@dataclass(frozen=True, eq=False)
class Term:
    """One term of a contrast: coefficient × mean of the values over the rows.

    Attributes
    ----------
    values : array_like, shape (n,)
    coefficient : float
    domain : array_like of bool, shape (n,), optional
    """

    values: npt.ArrayLike
    coefficient: float
    domain: npt.ArrayLike | None = None


@dataclass(frozen=True, eq=False)
class JointMeans:
    """Means over different rows with their joint covariance.

    Attributes
    ----------
    means : ndarray, shape (k,)
    covariance : ndarray, shape (k, k)
    valid : ndarray of bool, shape (n, k)
    """

    means: Floats
    covariance: Floats
    valid: Flags

    def combined(self, coefficients: Floats) -> tuple[float, float]:
        """Give Σ c m and its variance cᵀ V c."""
        return float(coefficients @ self.means), float(coefficients @ self.covariance @ coefficients)


def joint_means(design: Design, columns: Floats, valid: Flags, active: Flags) -> JointMeans:
    """Give the means of k columns over their own valid rows, with covariance.

    Parameters
    ----------
    columns : ndarray, shape (n, k)
    valid : ndarray of bool, shape (n, k)
    active : ndarray of bool, shape (n,)
        Rows of the domain as a whole.
    """
    numerators = np.where(valid, columns, 0.0)
    means, variances = ratio_covariance(design, numerators, valid.astype(np.float64), active)
    return JointMeans(means, variances, valid)


def masked(values: Floats, valid: Flags) -> Floats:
    """Put 0 where a value does not count."""
    return np.where(valid, values, 0.0)


@overload
def estimate_mean(
    design: Design, values: npt.ArrayLike, *, domain: npt.ArrayLike | None = None
) -> Result: ...
@overload
def estimate_mean(
    design: Design, values: npt.ArrayLike, *, domain: npt.ArrayLike | None = None, by: Domain
) -> ByResult: ...
def estimate_mean(
    design: Design, values: npt.ArrayLike, *, domain: npt.ArrayLike | None = None, by: Domain | None = None
) -> Result | ByResult:
    """Estimate a mean.

    Parameters
    ----------
    design : SurveyDesign or ReplicateDesign
    values : array_like, shape (n,)
        NaN is missing.
    domain : array_like of bool, shape (n,), optional
    by : Domain, optional
        One estimate per group.

    Returns
    -------
    Estimate, NotEstimable, or dict of label to these

    Notes
    -----
    ȳ = Σ w y / Σ w, z = w (y − ȳ)/Σ w over the valid rows of the domain.

    Examples
    --------
    >>> from analysis import SurveyDesign
    >>> design = SurveyDesign.from_columns([1.0, 1.0, 2.0, 2.0])
    >>> mean = estimate_mean(design, [1.0, 2.0, 3.0, float("nan")])
    >>> mean.estimate, mean.n
    (2.25, 3)
    """
    column = float_column(values, design.n, "values")
    return by_groups(design, domain, by, lambda rows: mean_statistic(design, column, rows), "mean", "mean")


def estimate_proportion(
    design: Design, indicator: npt.ArrayLike, *, domain: npt.ArrayLike | None = None, by: Domain | None = None
) -> Result | ByResult:
    """Estimate a share of respondents from an indicator of 0, 1 and NaN, shape (n,).

    Raises
    ------
    DataError
        ``not_an_indicator`` with the row of a value other than 0 and 1.

    Examples
    --------
    >>> from analysis import SurveyDesign
    >>> design = SurveyDesign.from_columns([1.0] * 5)
    >>> estimate_proportion(design, [1, 1, 1, 0, 1]).estimate
    0.8
    """
    column = float_column(indicator, design.n, "indicator")
    wrong = np.flatnonzero(~np.isnan(column) & (column != 0) & (column != 1))
    if wrong.size:
        raise DataError("not_an_indicator", row=int(wrong[0]) + 1, value=float(column[wrong[0]]))
    return by_groups(
        design, domain, by, lambda rows: mean_statistic(design, column, rows), "share", "proportion"
    )


def estimate_total(
    design: Design, values: npt.ArrayLike, *, domain: npt.ArrayLike | None = None, by: Domain | None = None
) -> Result | ByResult:
    """Estimate a population total Σ w y.

    Examples
    --------
    >>> from analysis import SurveyDesign
    >>> estimate_total(SurveyDesign.from_columns([2.0, 3.0]), [1.0, 1.0]).estimate
    5.0
    """
    column = float_column(values, design.n, "values")
    return by_groups(design, domain, by, lambda rows: total_statistic(design, column, rows), "mean", "total")


def estimate_ratio(
    design: Design,
    numerator: npt.ArrayLike,
    denominator: npt.ArrayLike,
    *,
    domain: npt.ArrayLike | None = None,
    by: Domain | None = None,
) -> Result | ByResult:
    """Estimate a ratio of totals Σ w a / Σ w b; z = w (a − R b)/Σ w b.

    Examples
    --------
    >>> from analysis import SurveyDesign
    >>> estimate_ratio(SurveyDesign.from_columns([1.0, 1.0]), [1.0, 3.0], [2.0, 6.0]).estimate
    0.5
    """
    above = float_column(numerator, design.n, "numerator")
    below = float_column(denominator, design.n, "denominator")
    return by_groups(
        design, domain, by, lambda rows: ratio_statistic(design, above, below, rows), "mean", "ratio"
    )


def estimate_contrast(
    design: Design, terms: Sequence[Term], *, domain: npt.ArrayLike | None = None
) -> Result:
    """Estimate Σ c × mean with the joint covariance of the means.

    Parameters
    ----------
    design : SurveyDesign or ReplicateDesign
    terms : sequence of Term
    domain : array_like of bool, shape (n,), optional
        Restricts all terms.

    Returns
    -------
    Estimate or NotEstimable
        Degrees of freedom are those of the design within `domain`.

    Notes
    -----
    Means over overlapping sampling units are correlated; V = cᵀ Σ c with the full covariance Σ.

    Examples
    --------
    >>> from analysis import SurveyDesign, Term
    >>> design = SurveyDesign.from_columns([1.0] * 4)
    >>> y = [1.0, 2.0, 3.0, 6.0]
    >>> first = [True, True, False, False]
    >>> second = [False, False, True, True]
    >>> estimate_contrast(design, [Term(y, 1.0, second), Term(y, -1.0, first)]).estimate
    3.0
    """
    return contrast_statistic(design, terms, flag_column(domain, design.n, "domain"))[0].published(
        "mean", "contrast"
    )


def contrast_statistic(design: Design, terms: Sequence[Term], rows: Flags) -> tuple[Statistic, JointMeans]:
    """Give a contrast and the means behind it."""
    if not terms:
        raise DataError("no_terms")
    columns = np.column_stack([float_column(term.values, design.n, "term") for term in terms])
    domains = np.column_stack([flag_column(term.domain, design.n, "term domain") for term in terms])
    valid = rows[:, None] & domains & ~np.isnan(columns)
    joint = joint_means(design, columns, valid, rows)
    estimate, variance = joint.combined(np.array([term.coefficient for term in terms], dtype=np.float64))
    return statistic(design, estimate, variance, rows, None), joint


def by_groups(
    design: Design,
    domain: npt.ArrayLike | None,
    by: Domain | None,
    estimator: Callable[[Flags], Statistic],
    kind: Kind,
    method: str,
) -> Result | ByResult:
    """Apply an estimator to the domain, or to each group of it, and say what has no number."""
    rows = flag_column(domain, design.n, "domain")
    if by is None:
        return estimator(rows).published(kind, method)
    require_rows(by, design.n, "by")
    return {label: estimator(rows & by.rows(label)).published(kind, method) for label in by.labels}
