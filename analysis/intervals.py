"""Confidence intervals for shares, indices and means.

Every function takes arrays (or scalars) of estimates, standard errors and degrees of freedom and gives
arrays of lower and upper limits; NaN stands where a method has no answer. All are two-sided at `level`;
the lower end of the two-sided interval at 1 − 2(1 − level) is the one-sided lower limit at `level`.

Symbols: p estimate, v its variance, n respondents, n_e = p(1 − p)/v effective sample size, t the quantile of
Student's distribution on the degrees of freedom of the estimate.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy import special

from analysis.columns import Floats
from analysis.errors import MethodError

Kind = Literal["share", "index", "mean"]
KINDS: tuple[Kind, ...] = ("share", "index", "mean")
Limits = tuple[Floats, Floats]
Numbers = npt.ArrayLike

_NIL_DISTANCE = 1e-12
"""A mean that is nearer to an end of its scale than this share of it is at the end."""

_NIL_COUNT = 1e-6
"""Below this effective number of answers a beta limit is 0 or 1 to the last digit."""


@dataclass(frozen=True, slots=True)
class ConfidenceInterval:
    """An interval and the method that gave it.

    Attributes
    ----------
    low, high : float
        Limits in the unit of the estimate.
    level : float
        Confidence, such as 0.95.
    method : str
        Name of the method, such as ``"kg_nchs"``.
    """

    low: float
    high: float
    level: float
    method: str

    @property
    def width(self) -> float:
        """Distance between the limits."""
        return self.high - self.low

    @property
    def exists(self) -> bool:
        """False where the method has no answer (limits NaN)."""
        return self.low == self.low and self.high == self.high


Bounds = tuple[float, float]
"""Lowest and highest value that a mean can have, such as (1, 5)."""

BOUNDED_MEAN_METHOD = "bounded_logit_t"
"""Name of the interval of `bounded_mean_limits`."""


def default_method(kind: Kind, estimate: float, bounds: Bounds | None = None) -> str:
    """Choose the interval that is published when nobody asks for another.

    A share, and an element or index, which is a ratio or a combination of shares, has the Korn–Graubard
    interval in its NCHS form; the sample size of an index is its number of respondents, not of answers. A
    mean on a scale with known ends has the t interval on the logit scale of its position between them, so
    that no limit leaves the scale; any other mean has the t interval.

    Parameters
    ----------
    kind : {"share", "index", "mean"}
    estimate : float
        No default depends on it today; a method that has no answer at 0 or 1 would.
    bounds : tuple of float, optional
        Ends of the scale of a mean.

    Returns
    -------
    str
        A key of `METHODS`, or `BOUNDED_MEAN_METHOD`.

    Notes
    -----
    Chosen by the coverage study (docs/coverage-study.md): for an index, ``kg_nchs`` covers 0.959 on average
    and ``logit_t`` 0.931, at the same mean width. Both fail where service points differ much (ICC of 0.10 and
    more) and the share is near 1: there the interval lies above the truth too often. For a mean score the
    logit scale covers 0.934 and plain t 0.928.

    Examples
    --------
    >>> default_method("share", 0.9), default_method("index", 0.9), default_method("mean", 4.1)
    ('kg_nchs', 'kg_nchs', 't')
    >>> default_method("mean", 4.1, (1, 5))
    'bounded_logit_t'
    """
    del estimate
    if kind == "mean":
        return "t" if bounds is None else BOUNDED_MEAN_METHOD
    return "kg_nchs"


def t_quantile(level: float, df: Numbers) -> Floats:
    """Give the two-sided quantile of Student's t; NaN where df is not positive."""
    if not 0.0 < level < 1.0:
        raise MethodError("level_out_of_range", level=level)
    degrees = np.asarray(df, dtype=np.float64)
    safe = np.where(degrees > 0, degrees, np.nan)
    quantile = np.where(
        np.isinf(safe), special.ndtri((1 + level) / 2), special.stdtrit(safe, (1 + level) / 2)
    )
    return np.asarray(quantile)


def wald(p: Numbers, se: Numbers, df: Numbers, n: Numbers, level: float) -> Limits:
    """Give estimate ± t · se.

    For shares near 0 or 1 it promises more than it keeps; means only.

    Examples
    --------
    >>> low, high = wald(10.0, 1.0, np.inf, 50, 0.95)
    >>> round(float(low), 3), round(float(high), 3)
    (8.04, 11.96)
    """
    del n
    estimate = np.asarray(p, dtype=np.float64)
    half = t_quantile(level, df) * np.asarray(se, dtype=np.float64)
    return estimate - half, estimate + half


def logit(p: Numbers, se: Numbers, df: Numbers, n: Numbers, level: float) -> Limits:
    """Give expit(logit p ± t · se / (p(1 − p))); no answer at 0 or 1.

    Source: R survey, `svyciprop(method = "xlogit")`.

    Examples
    --------
    >>> low, high = logit(0.9, 0.02, 30, 400, 0.95)
    >>> round(float(low), 4), round(float(high), 4)
    (0.8511, 0.9341)
    """
    del n
    share = _inside(p)
    centre = special.logit(share)
    half = t_quantile(level, df) * np.asarray(se) / (share * (1 - share))
    return special.expit(centre - half), special.expit(centre + half)


def bounded_mean_limits(
    mean: Numbers, se: Numbers, df: Numbers, level: float, lowest: Numbers, highest: Numbers
) -> Limits:
    """Give an interval of a mean that stays between the ends of its scale; no answer at an end.

    With the position p = (mean − lowest)/(highest − lowest) and its standard error: the limits of `logit`,
    put back on the scale.

    Parameters
    ----------
    mean, se, df : array_like
        Estimates, their standard errors, and degrees of freedom.
    level : float
        Confidence, such as 0.95.
    lowest, highest : array_like
        Ends of the scale, such as 1 and 5.

    Returns
    -------
    tuple of ndarray
        Lower and upper limits; NaN where the mean is at an end, since the logit of 0 or 1 is infinite.

    Notes
    -----
    Source: the delta method on the logit scale, as R survey's `svyciprop(method = "xlogit")` for shares; for
    mean scores it is measured in docs/coverage-study.md.

    Examples
    --------
    >>> low, high = bounded_mean_limits(4.6, 0.2, 7, 0.95, 1, 5)
    >>> round(float(low), 3), round(float(high), 3)
    (3.83, 4.884)
    """
    position, factor = scale_position(mean, lowest, highest)
    low, high = logit(position, np.asarray(se, dtype=np.float64) / factor, df, np.nan, level)
    start = np.asarray(lowest, dtype=np.float64)
    return start + factor * low, start + factor * high


def scale_position(mean: Numbers, lowest: Numbers, highest: Numbers) -> tuple[Floats, Floats]:
    """Give the position of a mean between the ends of its scale, exact at the ends, and their distance."""
    start, end = np.asarray(lowest, dtype=np.float64), np.asarray(highest, dtype=np.float64)
    position = (np.asarray(mean, dtype=np.float64) - start) / (end - start)
    position = np.where(position < _NIL_DISTANCE, 0.0, np.where(position > 1 - _NIL_DISTANCE, 1.0, position))
    return position, end - start


def asin(p: Numbers, se: Numbers, df: Numbers, n: Numbers, level: float) -> Limits:
    """Give sin²(asin √p ± t · se / (2√(p(1 − p)))); no answer at 0 or 1.

    Source: R survey, `svyciprop(method = "asin")`.
    """
    del n
    share = _inside(p)
    centre = np.arcsin(np.sqrt(share))
    half = t_quantile(level, df) * np.asarray(se) / (2 * np.sqrt(share * (1 - share)))
    return np.sin(centre - half) ** 2, np.sin(centre + half) ** 2


def wilson(p: Numbers, se: Numbers, df: Numbers, n: Numbers, level: float) -> Limits:
    """Give Wilson's interval with the effective sample size and t; no answer at 0 or 1.

    [p + t²/2n_e ± t √(4 n_e p(1 − p) + t²)/(2 n_e)] / (1 + t²/n_e)

    Source: Wilson 1927; R survey 4.5, `svyciprop(method = "wilson")`.

    Examples
    --------
    >>> low, high = wilson(0.9, 0.02, 30, 400, 0.95)
    >>> round(float(low), 4), round(float(high), 4)
    (0.8516, 0.9338)
    """
    del n
    share = _inside(p)
    effective = effective_size(share, se)
    return wilson_limits(share, effective, t_quantile(level, df))


def wilson_limits(p: Numbers, effective: Numbers, quantile: Numbers) -> Limits:
    """Give Wilson's interval for an effective sample size and a quantile."""
    share, size, t = (np.asarray(value, dtype=np.float64) for value in (p, effective, quantile))
    with np.errstate(divide="ignore", invalid="ignore"):
        t2_by_n = t**2 / size
        half = np.sqrt(4 * t2_by_n * share * (1 - share) + t2_by_n**2) / 2
        return (share + t2_by_n / 2 - half) / (1 + t2_by_n), (share + t2_by_n / 2 + half) / (1 + t2_by_n)


def likelihood(p: Numbers, se: Numbers, df: Numbers, n: Numbers, level: float) -> Limits:
    """Give the shares θ with 2 n_e KL(p, θ) ≤ t² n/(n − 1); no answer at 0 or 1.

    KL(p, θ) = p log(p/θ) + (1 − p) log((1 − p)/(1 − θ)): the scaled likelihood ratio of R survey,
    `svyciprop(method = "likelihood")` (Rao & Scott 1984), solved here by bisection to the last digit.
    """
    rows = np.asarray(n, dtype=np.float64)
    share = _inside(p)
    with np.errstate(divide="ignore", invalid="ignore"):
        bound = t_quantile(level, df) ** 2 / (2 * effective_size(share, se)) * rows / (rows - 1)
    share, bound = np.broadcast_arrays(share, bound)
    return _divergence_root(share, bound, upper=False), _divergence_root(share, bound, upper=True)


def korn_graubard(p: Numbers, se: Numbers, df: Numbers, n: Numbers, level: float) -> Limits:
    """Give the Korn–Graubard interval as R computes it; no answer at 0 or 1.

    n* = n_e (t_{n−1}/t_df)², x = n* p: Beta⁻¹(α/2; x, n* − x + 1), Beta⁻¹(1 − α/2; x + 1, n* − x).

    Source: Korn & Graubard 1998, Survey Methodology 24(2); R survey, `svyciprop(method = "beta")`.
    """
    share = _inside(p)
    size = effective_size(share, se) * _t_ratio_squared(n, df, level)
    return _beta_limits(share, size, level)


def korn_graubard_nchs(p: Numbers, se: Numbers, df: Numbers, n: Numbers, level: float) -> Limits:
    """Give the Korn–Graubard interval with the effective size capped at n; answers at 0 and 1 too.

    n* = min(n, n_e (t_{n−1}/t_df)²); at 0 or 1 n_e = n, and the limit at that end is 0 or 1.

    Source: Parker et al. 2017, National Center for Health Statistics data presentation standards for
    proportions, Vital Health Stat 2(175).

    Examples
    --------
    >>> low, high = korn_graubard_nchs(1.0, 0.0, 18, 360, 0.95)
    >>> round(float(low), 6), float(high)
    (0.988374, 1.0)
    """
    share = np.asarray(p, dtype=np.float64)
    return _beta_limits(share, korn_graubard_size(share, se, df, n, level), level)


def korn_graubard_size(p: Numbers, se: Numbers, df: Numbers, n: Numbers, level: float) -> Floats:
    """Give the capped, df-adjusted effective size n* of the NCHS form.

    NaN without a standard error, without degrees of freedom and for a single row.
    """
    share, rows = np.asarray(p, dtype=np.float64), np.asarray(n, dtype=np.float64)
    at_edge = (share <= 0) | (share >= 1)
    effective = np.where(at_edge, rows, effective_size(np.where(at_edge, 0.5, share), se))
    size = np.minimum(rows, effective * _t_ratio_squared(rows, df, level))
    return np.asarray(np.where(np.isnan(np.asarray(se, dtype=np.float64)), np.nan, size))


def effective_size(p: Numbers, se: Numbers) -> Floats:
    """Give n_e = p(1 − p)/se²; infinite where se is 0."""
    share, error = np.asarray(p, dtype=np.float64), np.asarray(se, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(share * (1 - share) / error**2)


def _inside(p: Numbers) -> Floats:
    share = np.asarray(p, dtype=np.float64)
    return np.where((share > 0) & (share < 1), share, np.nan)


def _t_ratio_squared(n: Numbers, df: Numbers, level: float) -> Floats:
    return np.asarray((t_quantile(level, np.asarray(n) - 1.0) / t_quantile(level, df)) ** 2)


def _beta_limits(p: Floats, size: Floats, level: float) -> Limits:
    alpha = 1 - level
    successes, failures = size * p, size * (1 - p)
    with np.errstate(invalid="ignore"):
        low = special.betaincinv(successes, failures + 1, alpha / 2)
        high = special.betaincinv(successes + 1, failures, 1 - alpha / 2)
        low = np.where(np.isinf(size), p, np.where(successes < _NIL_COUNT, 0.0 * size, low))
        high = np.where(np.isinf(size), p, np.where(failures < _NIL_COUNT, 1.0 + 0.0 * size, high))
    return low, high


def _divergence_root(p: Floats, bound: Floats, *, upper: bool) -> Floats:
    """Solve KL(p, θ) = bound for θ above or below p by bisection on the logit scale."""
    near, far = special.logit(p), np.full_like(p, 700.0 if upper else -700.0)
    for _ in range(80):
        middle = (near + far) / 2
        with np.errstate(invalid="ignore"):
            divergence = special.xlogy(p, p) + special.xlogy(1 - p, 1 - p)
            divergence = divergence - p * -np.logaddexp(0, -middle) - (1 - p) * -np.logaddexp(0, middle)
            within = divergence <= bound
        near, far = np.where(within, middle, near), np.where(within, far, middle)
    root = special.expit(near)
    return np.where(np.isnan(p) | np.isnan(bound), np.nan, root)


IntervalMethod = Callable[[Numbers, Numbers, Numbers, Numbers, float], Limits]

METHODS: dict[str, IntervalMethod] = {
    "t": wald,
    "wald": wald,
    "mean": wald,
    "logit": logit,
    "logit_t": logit,
    "xlogit": logit,
    "asin": asin,
    "wilson": wilson,
    "likelihood": likelihood,
    "beta": korn_graubard,
    "kg_nchs": korn_graubard_nchs,
}
"""Interval methods by name; R's names stand beside ours."""


def interval_limits(method: str, p: Numbers, se: Numbers, df: Numbers, n: Numbers, level: float) -> Limits:
    """Compute limits by the name of the method, for arrays of estimates.

    Raises
    ------
    MethodError
        ``unknown_option`` for an unknown method, ``level_out_of_range``.
    """
    if method not in METHODS:
        raise MethodError("unknown_option", option="interval", value=method, known=sorted(METHODS))
    low, high = METHODS[method](p, se, df, n, level)
    return np.asarray(low), np.asarray(high)


def default_limits(kind: Kind, p: Floats, se: Floats, df: Floats, n: Floats, level: float) -> Limits:
    """Compute the limits of `default_method` for whole arrays."""
    return interval_limits("t" if kind == "mean" else "kg_nchs", p, se, df, n, level)
