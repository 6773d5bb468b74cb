"""How often an interval, and the verdict that follows from it, is right."""

from __future__ import annotations

from typing import Any

import numpy as np

from analysis.intervals import Limits

NEAR, FAR = 0.02, 0.05


def measure(limits: Limits, truth: float) -> dict[str, float]:
    """Describe the intervals of one method over all replicates.

    Coverage and one-sided errors are shares of the intervals that exist; verdicts are shares of all
    replicates, and no interval gives no verdict. `low_error`: the whole interval lies above the truth, a
    false "met" for a target just above the truth. `high_error`: it lies below, a false "not met".
    """
    low, high = limits
    exists = ~(np.isnan(low) | np.isnan(high))
    found: dict[str, float] = {"no_answer": 1.0 - _share(exists)}
    below, above = low[exists], high[exists]
    found["low_error"] = _share(below > truth)
    found["high_error"] = _share(above < truth)
    found["coverage"] = 1.0 - found["low_error"] - found["high_error"]
    found["width"] = float((above - below).mean()) if exists.any() else float("nan")
    for name, target in targets_around(truth).items():
        met, not_met = _share(low >= target), _share(high < target)
        found[f"met_{name}"], found[f"not_met_{name}"] = met, not_met
    return found


def targets_around(truth: float) -> dict[str, float]:
    """Give targets above, at and below the truth; never past the middle between the truth and 1."""
    middle = (1 + truth) / 2
    return {
        "far_above": min(truth + FAR, middle),
        "above": min(truth + NEAR, middle),
        "at": truth,
        "below": truth - NEAR,
        "far_below": truth - FAR,
    }


def _share(flags: Any) -> float:
    return float(np.mean(flags)) if np.size(flags) else float("nan")
