"""Planning: sample sizes for margins and targets, power, allocation to strata.

Symbols: p expected share, e margin of error, T target, deff design effect, N population, m responses per
sampling unit, icc intraclass correlation, cvw coefficient of variation of the weights.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from scipy import special

from analysis.columns import Codes, Floats
from analysis.errors import MethodError
from analysis.sampling import normal_quantile, size_for_margin, with_population


def size_simple(p: float, margin: float, level: float) -> float:
    """Give z² p(1 − p)/e².

    Examples
    --------
    >>> round(size_simple(0.9, 0.03, 0.95), 1)
    384.1
    """
    return size_for_margin(p, margin, level)


def size_with_effect(p: float, margin: float, level: float, design_effect: float) -> float:
    """Give the size for a margin times the design effect."""
    return size_for_margin(p, margin, level) * design_effect


def size_with_effect_and_population(
    p: float, margin: float, level: float, design_effect: float, population: float
) -> float:
    """Give n/(1 + (n − 1)/N) with n the size for a margin times the design effect.

    Examples
    --------
    >>> round(size_with_effect_and_population(0.9, 0.03, 0.95, 1.6, 2000), 1)
    470.3
    """
    return with_population(size_with_effect(p, margin, level, design_effect), population)


def design_effect_of_weights(cvw: float) -> float:
    """Give 1 + cvw² (Kish 1965)."""
    return 1 + cvw**2


def design_effect_of_clusters(m: float, icc: float) -> float:
    """Give 1 + (m − 1) icc (Kish 1965).

    Examples
    --------
    >>> round(design_effect_of_clusters(20, 0.05), 2)
    1.95
    """
    return 1 + (m - 1) * icc


def size_for_target(
    p: float, target: float, level: float, design_effect: float = 1.0, power: float = 0.80
) -> float:
    """Give the size that shows a share p to differ from a target, one-sided.

    Notes
    -----
    deff [(z_level √(T(1 − T)) + z_power √(p(1 − p)))/(p − T)]² (Fleiss, Levin & Paik 2003, section 2.6);
    infinite for p = T.

    Examples
    --------
    >>> round(size_for_target(0.87, 0.90, 0.95, 1.6))
    1072
    """
    if p == target:
        return math.inf
    above = normal_quantile(level) * math.sqrt(target * (1 - target))
    return design_effect * ((above + normal_quantile(power) * math.sqrt(p * (1 - p))) / (p - target)) ** 2


def power_for_target(p: float, target: float, level: float, design_effect: float, n: float) -> float:
    """Give the chance that n responses show a share p to differ from a target, one-sided.

    Notes
    -----
    Φ((|p − T| − z_level √(deff T(1 − T)/n)) / √(deff p(1 − p)/n)).

    Examples
    --------
    >>> round(power_for_target(0.87, 0.90, 0.95, 1.6, 1072), 2)
    0.8
    """
    critical = normal_quantile(level) * math.sqrt(design_effect * target * (1 - target) / n)
    spread = math.sqrt(design_effect * p * (1 - p) / n)
    if spread == 0:
        return 1.0 if abs(p - target) > critical else 0.0
    return float(special.ndtr((abs(p - target) - critical) / spread))


def power_curve(
    p: npt.ArrayLike, target: float, n: float, *, level: float = 0.95, design_effect: float = 1.0
) -> Floats:
    """Give the power against a target for several true shares, shape of `p`.

    Examples
    --------
    >>> power_curve([0.85, 0.87], 0.90, 600, design_effect=1.6).round(2).tolist()
    [0.91, 0.6]
    """
    shares = np.asarray(p, dtype=np.float64)
    return np.array([power_for_target(float(share), target, level, design_effect, n) for share in shares])


def optimal_cluster_size(cost: float, icc: float) -> float:
    """Give √(cost (1 − icc)/icc), with cost that of a unit relative to a response (Kish 1965, section 8.3).

    Examples
    --------
    >>> round(optimal_cluster_size(20, 0.05), 1)
    19.5
    """
    return math.sqrt(cost * (1 - icc) / icc) if icc > 0 else math.inf


def allocate(
    n: int, sizes: npt.ArrayLike, *, spreads: npt.ArrayLike | None = None, minimum: int = 0
) -> Codes:
    """Divide n responses among strata, in proportion to size or, with `spreads`, by Neyman's rule.

    Parameters
    ----------
    n : int
        Responses in all.
    sizes : array_like, shape (strata,)
        Population of each stratum.
    spreads : array_like, shape (strata,), optional
        Standard deviation in each stratum; then in proportion to size × spread.
    minimum : int
        Least number for each stratum (or its whole population, if smaller).

    Returns
    -------
    ndarray of int, shape (strata,)
        Adds up to n, or to the population if that is smaller; no stratum gets more than its population.

    Raises
    ------
    MethodError
        ``minimum_above_total`` if the minima need more than n.

    Notes
    -----
    Neyman 1934. Strata at their minimum or population are fixed and the rest is divided again; the
    remainders go to the largest fractions.

    Examples
    --------
    >>> allocate(100, [1000, 3000, 50], minimum=10).tolist()
    [23, 67, 10]
    """
    population = np.asarray(sizes, dtype=np.float64)
    measure = population if spreads is None else population * np.asarray(spreads, dtype=np.float64)
    if (population < 0).any() or (measure < 0).any() or not measure.sum() > 0:
        raise MethodError("sizes_not_valid")
    least = np.minimum(minimum, population)
    total = min(float(n), float(population.sum()))
    if least.sum() > total + 1e-9:
        raise MethodError("minimum_above_total", needed=int(least.sum()), n=n)
    return _rounded(_bounded_shares(total, measure, least, population), int(round(total)), population)


def _bounded_shares(total: float, measure: Floats, least: Floats, most: Floats) -> Floats:
    """Divide in proportion, within bounds: the factor is found by bisection."""
    low, high = 0.0, 1.0
    while np.clip(high * measure, least, most).sum() < total and high < 1e18:
        high *= 2
    for _ in range(200):
        middle = (low + high) / 2
        if np.clip(middle * measure, least, most).sum() < total:
            low = middle
        else:
            high = middle
    return np.clip(high * measure, least, most)


def _rounded(shares: Floats, total: int, most: Floats) -> Codes:
    whole = np.floor(shares + 1e-9)
    order = np.argsort(-(shares - whole), kind="stable")
    room = [k for k in order if whole[k] < most[k]]
    for k in room[: max(total - int(whole.sum()), 0)]:
        whole[k] += 1
    return whole.astype(np.intp)
