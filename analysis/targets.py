"""Judging an estimate against a target, with the very interval that is shown."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from scipy import special

from analysis.columns import Flags, Floats
from analysis.errors import MethodError
from analysis.intervals import ConfidenceInterval, korn_graubard_size, scale_position, t_quantile
from analysis.results import Estimate

_MOST_RESPONSES, _GRID = 1e10, 32
_TINY = 1e-300


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
    >>> judge(ConfidenceInterval(0.908, 0.924, 0.95, "kg_nchs"), 0.90).value
    'met'
    >>> judge(ConfidenceInterval(0.79, 0.833, 0.95, "kg_nchs"), 0.85).value
    'not_met'
    >>> judge(ConfidenceInterval(0.822, 0.895, 0.95, "kg_nchs"), 0.85).value
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
        0 if the verdict is settled already; None if no number settles it, as where the estimate equals the
        target.

    Notes
    -----
    The least n' for which the default interval, drawn around p ∓ z se(n') (where the estimate
    falls in all but 1 − power of the samples, if p is the truth), leaves the target outside. se(n')² is
    D p(1 − p)/n' with D = v n/(p(1 − p)) (1 where v is 0), and v n/n' for means; the degrees of freedom are
    the present ones. The answer is n' − n: it presumes that the further responses come from the same kind of
    units with the same design effect.

    Examples
    --------
    >>> share = Estimate(0.861, 0.0185, 60, 390, kind="index", method="pooled_index")
    >>> further_responses(share, 0.85)
    8961
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
    low, high = float(estimate.n), float(_MOST_RESPONSES)
    while high - low > 1:
        sizes = np.unique(np.rint(np.geomspace(low, high, _GRID)))
        settled = _settles(estimate, target, sizes, confidence, power)
        if not settled[1:].any():
            return None
        first = 1 + int(np.argmax(settled[1:]))
        low, high = float(sizes[first - 1]), float(sizes[first])
    return int(high) - estimate.n


def _settles(estimate: Estimate, target: float, sizes: Floats, level: float, power: float) -> Flags:
    """Tell for each number of respondents whether the interval would settle the verdict with that power."""
    p, above = estimate.estimate, estimate.estimate > target
    shift = -float(special.ndtri(power)) if above else float(special.ndtri(power))
    if estimate.kind == "mean":
        distance, error = _distance(estimate, target)
        reach = float(t_quantile(level, estimate.degrees_of_freedom)) + abs(shift)
        return np.asarray(abs(distance) >= reach * error * np.sqrt(estimate.n / sizes))
    spread = max(p * (1 - p), 0.0)
    known = spread > 0 and estimate.standard_error > 0
    effect = estimate.standard_error**2 * estimate.n / spread if known else 1.0
    unlucky = np.clip(p + shift * np.sqrt(effect * spread / sizes), 0.0, 1.0)
    errors = np.sqrt(effect * unlucky * (1 - unlucky) / sizes)
    size = korn_graubard_size(unlucky, errors, estimate.degrees_of_freedom, sizes, level)
    tails = _beta_tails(unlucky, size, target)
    return np.asarray(tails[1 if above else 0] <= (1 - level) / 2)


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
        equivalent = math.nan if above_low != above_low else max(above_low, below_high)
    degrees = estimate.degrees_of_freedom
    return TargetTest(t, student_tail(-t, degrees), student_tail(t, degrees), equivalent)


def decision_test(
    estimate: Estimate, target: float, margin: float | None = None, *, level: float | None = None
) -> TargetTest:
    """Test an estimate against a target by the interval that is shown, so that p-value and verdict agree.

    ``p_above`` ≤ (1 − level)/2 exactly where `judge` says "met", ``p_below`` exactly where it says "not met"
    (but for a tie).

    Parameters
    ----------
    estimate : Estimate
    target : float
        In the unit of the estimate.
    margin : float, optional
        Of indifference, for ``p_equivalent``.
    level : float, optional
        Confidence of the interval, on which the effective size n* depends; by default that of the estimate.

    Notes
    -----
    Shares and indices (``kg_nchs``): p_above = I_T(x, n* − x + 1), p_below = 1 − I_T(x + 1, n* − x) with
    x = n* p and the incomplete beta function I; means: Student's t, as `target_test`; means between the ends
    of a scale: the same on the logit scale of their position.

    Examples
    --------
    >>> share = Estimate(0.93, 0.012, 40, 900, kind="share")
    >>> round(decision_test(share, 0.90).p_above, 4), judge(share.confidence_interval(), 0.90).value
    (0.0198, 'met')
    """
    if estimate.kind == "mean":
        return _mean_test(estimate, target, margin)
    confidence = estimate.level if level is None else level
    p, error = estimate.estimate, estimate.standard_error
    size = korn_graubard_size(p, error, estimate.degrees_of_freedom, estimate.n, confidence)
    below, above = (float(tail) for tail in _beta_tails(p, size, target))
    equivalent = None
    if margin is not None:
        above_low = float(_beta_tails(p, size, target - margin)[1])
        below_high = float(_beta_tails(p, size, target + margin)[0])
        equivalent = max(above_low, below_high)
    return TargetTest(_t_ratio(estimate, target), below, above, equivalent)


def _mean_test(estimate: Estimate, target: float, margin: float | None) -> TargetTest:
    """Test a mean with Student's t where its interval is drawn: as it is, or on the logit scale."""

    def tail(aim: float, sign: int) -> float:
        distance, error = _distance(estimate, aim)
        t = sign * distance / error if error > 0 else math.nan
        return student_tail(t, estimate.degrees_of_freedom)

    equivalent = None
    if margin is not None:
        equivalent = max(tail(target - margin, 1), tail(target + margin, -1))
    return TargetTest(_t_ratio(estimate, target), tail(target, -1), tail(target, 1), equivalent)


def _distance(estimate: Estimate, target: float) -> tuple[float, float]:
    """Give a mean's distance from a target and its standard error, on the scale of its interval."""
    if estimate.bounds is None:
        return estimate.estimate - target, estimate.standard_error
    position, factor = (float(value) for value in scale_position(estimate.estimate, *estimate.bounds))
    aim = min(max((target - estimate.bounds[0]) / factor, 0.0), 1.0)
    if not 0.0 < position < 1.0:
        return math.nan, math.nan
    distance = float(special.logit(position) - special.logit(aim))
    return distance, estimate.standard_error / factor / (position * (1 - position))


def _beta_tails(p: Floats | float, size: Floats, target: float) -> tuple[Floats, Floats]:
    """Give the p-values below and above a target of Korn–Graubard intervals with effective sizes."""
    place = min(max(target, 0.0), 1.0)
    hits, misses = size * p, size * (1 - p)
    above = np.where(hits > 0, special.betainc(np.maximum(hits, _TINY), misses + 1, place), 1.0)
    below = np.where(misses > 0, special.betaincc(hits + 1, np.maximum(misses, _TINY), place), 1.0)
    unknown = np.isnan(size)
    return np.where(unknown, np.nan, below), np.where(unknown, np.nan, above)


def student_tail(t: float, df: float) -> float:
    """Give P(T > t) for Student's t; NaN where df is not positive."""
    if not df > 0 or t != t:
        return math.nan
    if math.isinf(t):
        return 0.0 if t > 0 else 1.0
    return float(special.ndtr(-t) if math.isinf(df) else special.stdtr(df, -t))


def _t_ratio(estimate: Estimate, target: float) -> float:
    """Give t; without spread ±infinity, or NaN where the estimate is the target itself."""
    difference = estimate.estimate - target
    if estimate.standard_error == 0 and difference != 0:
        return math.copysign(math.inf, difference)
    return difference / estimate.standard_error if estimate.standard_error > 0 else math.nan
