"""The intervals under study, by quantity; all on arrays of replicates."""

from __future__ import annotations

import numpy as np

from analysis.intervals import (
    Limits,
    effective_size,
    interval_limits,
    t_quantile,
    wilson_limits,
)
from tests.studies.coverage.draws import Estimates
from tests.studies.coverage.populations import Floats

LEVEL = 0.95
METHODS = {
    "share": (
        "wald",
        "logit",
        "asin",
        "likelihood",
        "wilson",
        "beta",
        "kg_nchs",
        "kg_nchs_shown",
        "logit_kg",
    ),
    "index": ("wald", "logit", "asin", "likelihood", "wilson", "beta", "kg_nchs", "logit_kg"),
    "score": ("wald", "logit"),
}
"""Beside the methods of `analysis`: ``kg_nchs_shown`` is kg_nchs where the presentation rule shows the share,
``logit_kg`` is logit with kg_nchs where the estimate is exactly 0 or 1."""
POOLED = ("pooled_wilson", "pooled_wilson_own")
LEAST_EFFECTIVE, NARROW, WIDE, WIDE_RELATIVE = 30, 0.05, 0.30, 1.30

OWN_WEIGHT_DF, MOST_EXTRA_DF = 10, 19


def limits_of(quantity: str, found: Estimates) -> dict[str, Limits]:
    """Give the limits by each method that needs no other unit."""
    df = np.full(len(found.value), float(found.df))
    arguments = (found.value, found.error, df, found.n, LEVEL)
    limits: dict[str, Limits] = {}
    for method in METHODS[quantity]:
        if method == "logit_kg":
            limits[method] = _with_fallback(limits["logit"], limits["kg_nchs"])
        elif method == "kg_nchs_shown":
            limits[method] = _shown(found, limits["kg_nchs"])
        else:
            limits[method] = interval_limits(method, *arguments)
    return limits


def pooled_limits(units: list[Estimates], *, own_share: bool) -> list[Limits]:
    """Give Wilson's limits of each unit with a design effect that is drawn towards that of the sector.

    Parameters
    ----------
    units : estimates of the same quantity for all units of the sector.
    own_share : compare the variance of a unit with its own p(1 − p) instead of that of the sector.

    Notes
    -----
    As `analysis.pooled_wilson_intervals` (a test compares them), on arrays of replicates:
    D_s = max(1, Σ v_u / Σ p_s(1 − p_s)/n_u); D_u = λ d_u + (1 − λ) D_s with λ = ν_u/(ν_u + 10) and d_u the
    unit's own design effect, at least 1; λ = 0 at 0 and 1; n_e = n_u / D_u; t on min(Σν, ν_u + 19).
    """
    value, error, n = (np.array([getattr(unit, name) for unit in units]) for name in ("value", "error", "n"))
    df = np.array([[float(unit.df)] for unit in units])
    sector = value if own_share else (n * value).sum(axis=0) / n.sum(axis=0)
    sector_effect = _quotient((error**2).sum(axis=0), (sector * (1 - sector) / n).sum(axis=0))
    own_effect = np.maximum(1.0, _quotient(error**2, value * (1 - value) / n))
    own = np.where((value > 0) & (value < 1), df / (df + OWN_WEIGHT_DF), 0.0)
    effect = own * own_effect + (1 - own) * np.maximum(1.0, sector_effect)
    t = t_quantile(LEVEL, np.minimum(df.sum(), df + MOST_EXTRA_DF))
    low, high = wilson_limits(value, n / effect, t)
    return [(np.maximum(low[unit], 0.0), np.minimum(high[unit], 1.0)) for unit in range(len(units))]


def _quotient(above: Floats, below: Floats) -> Floats:
    return np.divide(above, below, out=np.ones_like(above), where=below > 0)


def _with_fallback(first: Limits, second: Limits) -> Limits:
    low, high = (np.where(np.isnan(mine), other, mine) for mine, other in zip(first, second, strict=True))
    return low, high


def _shown(found: Estimates, limits: Limits) -> Limits:
    """Keep the interval where the presentation rule of the NCHS shows the share."""
    share, (low, high) = found.value, limits
    edge = (share <= 0) | (share >= 1)
    size = np.where(edge, found.n, np.minimum(found.n, effective_size(share, found.error)))
    width = np.where(edge, 0.0, high - low)
    relative = np.divide(width, share, out=np.zeros_like(width), where=share > 0)
    narrow_enough = (width <= NARROW) | ((width < WIDE) & (relative <= WIDE_RELATIVE))
    shown = (size >= LEAST_EFFECTIVE) & narrow_enough
    return np.where(shown, low, np.nan), np.where(shown, high, np.nan)
