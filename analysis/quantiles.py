"""Weighted quantiles by twelve rules, with Woodruff's intervals.

The rules are those of `svyquantile` in R survey: nine of Hyndman & Fan (1996), with weights, and three by
name.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from analysis.columns import Flags, Floats
from analysis.errors import DataError, MethodError
from analysis.estimators import mean_statistic
from analysis.intervals import interval_limits, t_quantile
from analysis.replicates import ReplicateDesign, replicate_covariance
from analysis.score_interval import score_limits
from analysis.variance import Design, rows_of_reference


@dataclass(frozen=True, slots=True)
class Quantile:
    """A quantile with its interval; limits are NaN where they lie beyond the data.

    Attributes
    ----------
    probability, estimate, low, high : float
    degrees_of_freedom : int
    n : int
    """

    probability: float
    estimate: float
    low: float
    high: float
    degrees_of_freedom: int
    n: int


@dataclass(frozen=True, eq=False)
class _Sample:
    """Sorted values with their weights; sums in extended precision, as in R."""

    values: Floats
    weights: Floats
    cumulated: Floats
    total: float


def estimate_quantiles(
    design: Design,
    values: Floats,
    probabilities: Floats,
    rows: Flags,
    *,
    rule: str = "math",
    interval: str = "mean",
    level: float = 0.95,
) -> list[Quantile]:
    """Estimate quantiles.

    Parameters
    ----------
    design : SurveyDesign or ReplicateDesign
    values : ndarray, shape (n,)
        NaN is missing.
    probabilities : ndarray
    rows : ndarray of bool, shape (n,)
        Domain.
    rule : str
        ``math``, ``school``, ``shahvaish`` or ``hf1`` … ``hf9``.
    interval : {"mean", "beta", "xlogit", "asin", "score", "quantile"}
        How the interval of the share at or below the quantile is made before it is read back on the scale
        of the values (Woodruff 1952); ``score`` inverts the score test (Francisco & Fuller 1991),
        ``quantile`` uses the replicates of the quantile. With calibrated weights ``beta`` and ``score`` count
        all rows of the sample, as R does.
    level : float

    Returns
    -------
    list of Quantile

    Examples
    --------
    >>> from analysis import SurveyDesign
    >>> y = np.arange(1.0, 101.0)
    >>> design = SurveyDesign.from_columns(np.ones(100))
    >>> median = estimate_quantiles(design, y, np.array([0.5]), np.ones(100, dtype=bool))[0]
    >>> median.estimate, median.low, median.high
    (50.0, 41.0, 60.0)
    """
    if rule not in _RULES:
        raise MethodError("unknown_option", option="qrule", value=rule, known=sorted(_RULES))
    if interval not in _INTERVALS:
        raise MethodError("unknown_option", option="interval", value=interval, known=list(_INTERVALS))
    if ((probabilities < 0) | (probabilities > 1)).any():
        raise MethodError("probability_out_of_range", probabilities=probabilities.tolist())
    valid = rows & ~np.isnan(values) & (design.weights != 0)
    if not valid.any():
        raise DataError("empty_domain")
    df = design.degrees_of_freedom_of(valid)
    sample = _sample(values[valid], design.weights[valid])
    results = []
    for probability in probabilities.tolist():
        estimate = _RULES[rule](sample, probability)
        low, high = math.nan, math.nan
        if df > 0:
            low, high = _limits(
                design, values, valid, sample, probability, estimate, rule, interval, df, level
            )
        results.append(Quantile(probability, estimate, low, high, df, int(np.count_nonzero(valid))))
    return results


_INTERVALS = ("mean", "beta", "xlogit", "asin", "score", "quantile")


def _limits(
    design: Design,
    values: Floats,
    valid: Flags,
    sample: _Sample,
    probability: float,
    estimate: float,
    rule: str,
    interval: str,
    df: int,
    level: float,
) -> tuple[float, float]:
    read_back = _RULES[rule]
    if interval == "quantile":
        return _replicate_limits(design, values, valid, probability, estimate, rule, df, level)
    if interval == "score":
        low, high = score_limits(design, values, valid, probability, df, level)
        return (
            read_back(sample, low) if low == low else math.nan,
            read_back(sample, high) if high == high else math.nan,
        )
    below = np.where(valid, (values <= estimate).astype(np.float64), np.nan)
    stat = mean_statistic(design, below, valid)
    counted = stat.n if interval != "beta" else int(np.count_nonzero(rows_of_reference(design, valid)))
    ends = interval_limits(interval, stat.estimate, stat.standard_error, df, counted, level)
    low, high = (float(end) for end in ends)
    return (
        read_back(sample, low) if low >= 0 else math.nan,
        read_back(sample, high) if high <= 1 else math.nan,
    )


def _replicate_limits(
    design: Design,
    values: Floats,
    valid: Flags,
    probability: float,
    estimate: float,
    rule: str,
    df: int,
    level: float,
) -> tuple[float, float]:
    if not isinstance(design, ReplicateDesign):
        raise MethodError("needs_replicates", interval="quantile")
    replicates = [
        _RULES[rule](_sample(values[valid], design.replicate_weights[valid, r]), probability)
        for r in range(design.n_replicates)
    ]
    variance = replicate_covariance(design, np.array(replicates)[:, None], np.array([estimate]))[0, 0]
    half = float(t_quantile(level, df)) * math.sqrt(variance)
    return estimate - half, estimate + half


def _sample(values: Floats, weights: Floats) -> _Sample:
    kept = weights != 0
    order = np.argsort(values[kept], kind="stable")
    ordered = weights[kept][order]
    cumulated = np.cumsum(ordered, dtype=np.longdouble).astype(np.float64)
    total = float(np.sum(weights[kept].astype(np.longdouble)))
    return _Sample(values[kept][order], ordered, cumulated, total)


def _neighbours(sample: _Sample, p: float) -> tuple[int, int, float, float]:
    """Give the positions around p, and the distances of p from their cumulative shares."""
    reached = np.flatnonzero(sample.cumulated <= p * sample.total)
    low = int(reached[-1]) if reached.size else 0
    high = min(low + 1, len(sample.values) - 1)
    return low, high, p - sample.cumulated[low] / sample.total, sample.cumulated[high] / sample.total - p


def _lower(sample: _Sample, p: float) -> float:
    low, high, above, _ = _neighbours(sample, p)
    return float(sample.values[low if above == 0 else high])


def _school(sample: _Sample, p: float) -> float:
    low, high, above, _ = _neighbours(sample, p)
    if above == 0:
        return float((sample.values[low] + sample.values[high]) / 2)
    return float(sample.values[high])


def _even(sample: _Sample, p: float) -> float:
    values, inverse = np.unique(sample.values, return_inverse=True)
    weights = np.bincount(inverse, weights=sample.weights)
    merged = _sample(values, weights.astype(np.float64))
    low, high, above, _ = _neighbours(merged, p)
    return float(merged.values[low if above == 0 and (low + 1) % 2 == 0 else high])


def _interpolated_cdf(sample: _Sample, p: float) -> float:
    low, high, above, below = _neighbours(sample, p)
    if above + below == 0:
        return float(sample.values[low])
    share = above / (above + below)
    return float(sample.values[low] * (1 - share) + sample.values[high] * share)


def _positions(shift: Callable[[_Sample], Floats]) -> Callable[[_Sample, float], float]:
    """Interpolate between plotting positions."""

    def rule(sample: _Sample, p: float) -> float:
        if len(sample.values) == 1:
            return float(sample.values[0])
        return float(np.interp(p, shift(sample), sample.values))

    return rule


def _before(sample: _Sample) -> Floats:
    return np.concatenate([[0.0], sample.cumulated[:-1]])


def _shah_vaish(sample: _Sample, p: float) -> float:
    n = len(sample.values)
    if n == 1:
        return float(sample.values[0])
    scaled = sample.weights / sample.weights.mean()
    positions = (np.cumsum(scaled) + 0.5 - sample.weights / 2) / (n + 1)
    order = np.argsort(positions, kind="stable")
    at = int(np.searchsorted(positions[order], p, side="right")) - 1
    return float(sample.values[order][max(at, 0)])


_RULES: dict[str, Callable[[_Sample, float], float]] = {
    "math": _lower,
    "hf1": _lower,
    "school": _school,
    "hf2": _school,
    "hf3": _even,
    "hf4": _interpolated_cdf,
    "hf5": _positions(lambda s: (s.cumulated - s.weights / 2) / s.cumulated[-1]),
    "hf6": _positions(lambda s: s.cumulated / (s.cumulated[-1] + s.weights[-1])),
    "hf7": _positions(lambda s: _before(s) / s.cumulated[-2]),
    "hf8": _positions(
        lambda s: (_before(s) / 3 + s.cumulated * 2 / 3) / (s.cumulated[-1] + s.weights[-1] / 3)
    ),
    "hf9": _positions(
        lambda s: (_before(s) * 3 / 8 + s.cumulated * 5 / 8) / (s.cumulated[-1] + s.weights[-1] / 4)
    ),
    "shahvaish": _shah_vaish,
}
