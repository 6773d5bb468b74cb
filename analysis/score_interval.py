"""Limits of a quantile by inverting the score test."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from analysis.columns import Flags, Floats
from analysis.estimators import mean_statistic
from analysis.intervals import t_quantile
from analysis.variance import Design, rows_of_reference

_EPSILON = float(np.finfo(np.float64).eps)
_GREATEST = float(np.finfo(np.float64).max)
"""Stands for an infinite score, as in R's `uniroot`."""


def score_limits(
    design: Design, values: Floats, valid: Flags, probability: float, df: float, level: float
) -> tuple[float, float]:
    """Give the shares of rows at or below the values where the score test turns.

    Parameters
    ----------
    design : SurveyDesign or ReplicateDesign
    values : ndarray, shape (n,)
    valid : ndarray of bool, shape (n,)
    probability, df, level : float

    Returns
    -------
    tuple of float
        NaN where the test does not turn within the data.

    Notes
    -----
    Score U(θ) = [y > θ] − (1 − p); the limits solve mean(U)/se(U) = ±t (Francisco & Fuller 1991). As in R
    survey the search ends at a tolerance of 1/(100 √n). With calibrated weights the ends of the search, n and
    the shares are those of all rows of the sample, a missing value as 0, as in R.
    """
    inside = np.where(np.isnan(values), 0.0, values)[rows_of_reference(design, valid)]
    quartiles = np.quantile(inside, [0.25, 0.75])
    margin = float(quartiles[1] - quartiles[0]) / 100
    start, end = float(inside.min()) + margin, float(inside.max()) - margin
    tolerance = 1 / (100 * math.sqrt(len(inside)))
    critical = float(t_quantile(level, df))

    def score(theta: float) -> float:
        above = np.where(valid, (values > theta) - (1 - probability), np.nan)
        stat = mean_statistic(design, above, valid)
        if stat.standard_error == 0:
            return math.copysign(_GREATEST, stat.estimate)
        return stat.estimate / stat.standard_error

    low = _root(lambda theta: score(theta) - critical, start, end, tolerance)
    high = _root(lambda theta: score(theta) + critical, start, end, tolerance)
    return float((inside <= low).mean()) if low == low else low, float(
        (inside <= high).mean()
    ) if high == high else high


def _root(function: Callable[[float], float], start: float, end: float, tolerance: float) -> float:
    """Find a change of sign by Brent's method (1973, chapter 4); NaN if the ends have the same sign."""
    best, last = end, start
    value_best, value_last = function(best), function(last)
    if not math.isfinite(value_best + value_last) or value_best * value_last > 0:
        return math.nan
    other, value_other = last, value_last
    for _ in range(1000):
        previous = best - last
        if abs(value_other) < abs(value_best):
            last, best, other = best, other, best
            value_last, value_best, value_other = value_best, value_other, value_best
        least = 2 * _EPSILON * abs(best) + tolerance / 2
        step = (other - best) / 2
        if abs(step) <= least or value_best == 0:
            return best
        if abs(previous) >= least and abs(value_last) > abs(value_best):
            step = _interpolated(
                best, last, other, value_best, value_last, value_other, previous, least, step
            )
        if abs(step) < least:
            step = math.copysign(least, step)
        last, value_last = best, value_best
        best += step
        value_best = function(best)
        if value_best * value_other > 0:
            other, value_other = last, value_last
    return best


def _interpolated(
    best: float,
    last: float,
    other: float,
    value_best: float,
    value_last: float,
    value_other: float,
    previous: float,
    least: float,
    bisection: float,
) -> float:
    """Give the secant or inverse quadratic step where it is safe, otherwise the bisection step."""
    width = other - best
    if last == other:
        ratio = value_best / value_last
        numerator, denominator = width * ratio, 1 - ratio
    else:
        q, first, second = value_last / value_other, value_best / value_other, value_best / value_last
        numerator = second * (width * q * (q - first) - (best - last) * (first - 1))
        denominator = (q - 1) * (first - 1) * (second - 1)
    if numerator > 0:
        denominator = -denominator
    else:
        numerator = -numerator
    safe = numerator < 0.75 * width * denominator - abs(least * denominator) / 2
    return numerator / denominator if safe and numerator < abs(previous * denominator / 2) else bisection
