"""Judging an estimate against a target, with the very interval that is shown."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from scipy import special

from analysis.errors import MethodError
from analysis.intervals import ConfidenceInterval, t_quantile
from analysis.results import Estimate


class Verdict(StrEnum):
    """What the interval says about the target."""

    MET = "met"
    NOT_MET = "not_met"
    INCONCLUSIVE = "inconclusive"


def judge(interval: ConfidenceInterval, target: float) -> Verdict:
    """Compare an interval with a target.

    Parameters
    ----------
    interval : ConfidenceInterval
        The interval that is shown beside the estimate.
    target : float
        In the unit of the estimate.

    Returns
    -------
    Verdict
        ``met`` if the whole interval is at or above the target, ``not_met`` if it is wholly below, otherwise
        ``inconclusive``; also where the interval does not exist.

    Notes
    -----
    With a 95% interval a false "met" has a chance of at most 2.5%, as far as the interval covers.

    Examples
    --------
    >>> judge(ConfidenceInterval(0.908, 0.924, 0.95, "logit_t"), 0.90).value
    'met'
    >>> judge(ConfidenceInterval(0.79, 0.833, 0.95, "logit_t"), 0.85).value
    'not_met'
    >>> judge(ConfidenceInterval(0.822, 0.895, 0.95, "logit_t"), 0.85).value
    'inconclusive'
    """
    if interval.low >= target:
        return Verdict.MET
    if interval.high < target:
        return Verdict.NOT_MET
    return Verdict.INCONCLUSIVE


def further_responses(
    estimate: Estimate, target: float, *, level: float | None = None, power: float = 0.80
) -> int | None:
    """Count the further responses that would settle an inconclusive verdict.

    Parameters
    ----------
    estimate : Estimate
        With n respondents, standard error and degrees of freedom.
    target : float
        In the unit of the estimate.
    level : float, optional
        Confidence of the interval that decides; by default that of the estimate.
    power : float
        Chance of a decision if the estimate is the truth.

    Returns
    -------
    int or None
        0 if the verdict is settled already; None if the estimate equals the target, so that no number
        settles it.

    Notes
    -----
    Shares and indices: n' = D [(t √(T(1 − T)) + z √(p(1 − p))) / (p − T)]² with D = v n / (p(1 − p)) (1
    where v is 0), t the two-sided quantile on the present degrees of freedom and z the normal quantile of
    `power`; means: n' = n [(t + z) se / (m − T)]². The answer is ⌈n' − n⌉, at least 1. It presumes that
    the further responses come from the same kind of units with the same design effect.

    Examples
    --------
    >>> share = Estimate(0.861, 0.0185, 60, 390, kind="index", method="pooled_index")
    >>> further_responses(share, 0.85)
    8928
    >>> further_responses(share, 0.75)
    0
    """
    confidence = estimate.level if level is None else level
    if not 0 < power < 1:
        raise MethodError("power_out_of_range", power=power)
    if judge(estimate.confidence_interval(confidence), target) is not Verdict.INCONCLUSIVE:
        return 0
    distance = estimate.estimate - target
    if distance == 0 or not math.isfinite(distance):
        return None
    t = float(t_quantile(confidence, estimate.degrees_of_freedom))
    z = float(special.ndtri(power))
    needed = _needed(estimate, target, t, z, distance)
    if not math.isfinite(needed):
        return None
    return max(1, math.ceil(needed - estimate.n))


def _needed(estimate: Estimate, target: float, t: float, z: float, distance: float) -> float:
    p, error = estimate.estimate, estimate.standard_error
    if estimate.kind == "mean":
        return estimate.n * ((t + z) * error / distance) ** 2
    spread = max(p * (1 - p), 0.0)
    effect = error**2 * estimate.n / spread if spread > 0 and error > 0 else 1.0
    target_spread = max(target * (1 - target), 0.0)
    return effect * ((t * math.sqrt(target_spread) + z * math.sqrt(spread)) / distance) ** 2


@dataclass(frozen=True, slots=True)
class TargetTest:
    """Tests of an estimate against a target.

    Attributes
    ----------
    t : float
        (estimate − target) / standard error.
    p_below : float
        p-value against "at or above the target": small when the estimate is clearly below.
    p_above : float
        p-value against "at or below the target": small when the estimate is clearly above.
    p_equivalent : float or None
        p-value against "further than the margin from the target" (two one-sided tests).
    """

    t: float
    p_below: float
    p_above: float
    p_equivalent: float | None = None


def target_test(estimate: Estimate, target: float, margin: float | None = None) -> TargetTest:
    """Test an estimate against a target with Student's t.

    Notes
    -----
    The equivalence test is the larger p of the two one-sided tests at target ± margin (Schuirmann 1987).

    Examples
    --------
    >>> result = target_test(Estimate(0.88, 0.01, 40, 900), 0.90)
    >>> round(result.t, 3), round(result.p_below, 4)
    (-2.0, 0.0262)
    """
    t = _t_ratio(estimate, target)
    equivalent = None
    if margin is not None:
        above_low = student_tail(_t_ratio(estimate, target - margin), estimate.degrees_of_freedom)
        below_high = student_tail(-_t_ratio(estimate, target + margin), estimate.degrees_of_freedom)
        equivalent = max(above_low, below_high)
    degrees = estimate.degrees_of_freedom
    return TargetTest(t, student_tail(-t, degrees), student_tail(t, degrees), equivalent)


def student_tail(t: float, df: float) -> float:
    """Give P(T > t) for Student's t; NaN where df is not positive."""
    if not df > 0 or t != t:
        return math.nan
    return float(special.ndtr(-t) if math.isinf(df) else special.stdtr(df, -t))


def _t_ratio(estimate: Estimate, target: float) -> float:
    if not estimate.standard_error > 0:
        return math.nan
    return (estimate.estimate - target) / estimate.standard_error
