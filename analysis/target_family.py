"""Several estimates against their targets at once: verdicts, and p-values adjusted for the family."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.columns import require_length
from analysis.multiplicity import benjamini_hochberg, holm
from analysis.results import Estimate, NotEstimable, Result
from analysis.targets import Verdict, decision_test, judge


@dataclass(frozen=True, slots=True)
class TargetComparison:
    """One estimate against its target, as a member of a family.

    Attributes
    ----------
    verdict : Verdict
        From the interval of this estimate alone, as it is shown.
    p_below, p_above : float
        Raw p-values of `decision_test`; NaN where there is no estimate.
    p_below_holm, p_above_holm : float
        Adjusted by Holm's method over the estimates of the family that have a number, in this direction.
    p_below_bh, p_above_bh : float
        Adjusted by Benjamini & Hochberg's method.
    p_equivalent : float or None
        Against "further than the margin from the target", unadjusted.
    """

    verdict: Verdict
    p_below: float
    p_above: float
    p_below_holm: float
    p_above_holm: float
    p_below_bh: float
    p_above_bh: float
    p_equivalent: float | None = None


def compare_with_targets(
    results: Sequence[Result],
    targets: Sequence[float],
    *,
    margin: float | None = None,
    level: float | None = None,
) -> list[TargetComparison]:
    """Compare a family of estimates with their targets.

    Parameters
    ----------
    results : sequence of Estimate or NotEstimable
        All units, or all measures, of one report.
    targets : sequence of float
        One for each result.
    margin : float, optional
        Of indifference, for ``p_equivalent``.
    level : float, optional
        Confidence of the intervals; by default that of each estimate.

    Returns
    -------
    list of TargetComparison

    Raises
    ------
    DataError
        ``unequal_length``.

    Notes
    -----
    The verdict of each estimate keeps its own error rate (2.5% for a false "met", at 95%); of many estimates,
    some will err. Holm (1979) holds the chance of any error in the family, for consequences; Benjamini &
    Hochberg (1995) the expected share of errors among the claims, for screening.

    Examples
    --------
    >>> units = [Estimate(p, 0.012, 40, 900, kind="share") for p in (0.93, 0.91, 0.86)]
    >>> family = compare_with_targets(units, [0.90] * 3)
    >>> [member.verdict.value for member in family]
    ['met', 'inconclusive', 'not_met']
    >>> [round(member.p_above_holm, 3) for member in family]
    [0.059, 0.49, 1.0]
    """
    require_length(np.asarray(targets, dtype=np.float64), len(results), "targets")
    nothing = float("nan")
    tests = [
        None if isinstance(result, NotEstimable) else decision_test(result, target, margin, level=level)
        for result, target in zip(results, targets, strict=True)
    ]
    below = np.array([nothing if test is None else test.p_below for test in tests])
    above = np.array([nothing if test is None else test.p_above for test in tests])
    below_holm, above_holm = holm(below).tolist(), holm(above).tolist()
    below_bh, above_bh = benjamini_hochberg(below).tolist(), benjamini_hochberg(above).tolist()
    return [
        TargetComparison(
            verdict=_verdict(results[k], targets[k], level),
            p_below=float(below[k]),
            p_above=float(above[k]),
            p_below_holm=below_holm[k],
            p_above_holm=above_holm[k],
            p_below_bh=below_bh[k],
            p_above_bh=above_bh[k],
            p_equivalent=None if test is None else test.p_equivalent,
        )
        for k, test in enumerate(tests)
    ]


def _verdict(result: Result, target: float, level: float | None) -> Verdict:
    if isinstance(result, Estimate):
        return judge(result.confidence_interval(level), target)
    return Verdict.INCONCLUSIVE
