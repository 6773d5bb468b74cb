import math
from dataclasses import replace

import numpy as np
import pytest

from analysis import (
    ConfidenceInterval,
    Estimate,
    Verdict,
    decision_test,
    further_responses,
    judge,
    target_test,
)


def interval(low, high):
    return ConfidenceInterval(low, high, 0.95, "kg_nchs")


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [
        (0.90, 0.95, Verdict.MET),
        (0.91, 0.95, Verdict.MET),
        (0.80, 0.899, Verdict.NOT_MET),
        (0.80, 0.90, Verdict.INCONCLUSIVE),
        (0.899, 0.95, Verdict.INCONCLUSIVE),
        (float("nan"), float("nan"), Verdict.INCONCLUSIVE),
    ],
)
def test_the_verdict_can_be_read_off_the_interval(low, high, verdict):
    assert judge(interval(low, high), 0.90) is verdict


def index(p=0.861, se=0.0185, df=60, n=390):
    return Estimate(p, se, df, n, kind="index", method="pooled_index")


def test_a_settled_verdict_needs_no_further_responses():
    assert further_responses(index(p=0.95, se=0.005), 0.90) == 0


def test_no_number_settles_an_estimate_on_the_target():
    assert further_responses(index(p=0.85), 0.85) is None


def test_more_responses_are_needed_closer_to_the_target():
    assert further_responses(index(), 0.855) > further_responses(index(), 0.85) > 0


def test_the_number_named_settles_the_verdict():
    estimate = index()
    more = further_responses(estimate, 0.85)
    factor = (estimate.n / (estimate.n + more)) ** 0.5
    grown = index(se=estimate.standard_error * factor, n=estimate.n + more)

    assert judge(grown.confidence_interval(), 0.85) is Verdict.MET


def test_means_are_settled_too():
    mean = Estimate(4.02, 0.03, 40, 500)

    assert further_responses(mean, 4.0) == pytest.approx(
        500 * ((2.021 + 0.8416) * 0.03 / 0.02) ** 2 - 500, rel=1e-3
    )


def test_the_number_named_settles_a_mean_on_its_scale():
    mean = Estimate(4.62, 0.05, 40, 500, bounds=(1, 5))
    more = further_responses(mean, 4.55)
    grown = replace(mean, n=500 + more, standard_error=0.05 * (500 / (500 + more)) ** 0.5)

    assert judge(mean.confidence_interval(), 4.55) is Verdict.INCONCLUSIVE
    assert judge(grown.confidence_interval(), 4.55) is Verdict.MET


def test_unanimous_answers_of_few_can_be_inconclusive():
    unanimous = index(p=1.0, se=0.0, df=9, n=20)

    assert judge(unanimous.confidence_interval(), 0.9) is Verdict.INCONCLUSIVE
    assert further_responses(unanimous, 0.9) >= 1


def test_tests_add_up():
    result = target_test(index(), 0.85, margin=0.02)

    assert result.p_below + result.p_above == pytest.approx(1.0)
    assert result.p_equivalent == pytest.approx(max(0.0489, 0.3138), abs=2e-3)


def test_without_spread_the_side_of_the_target_decides():
    result = target_test(index(p=1.0, se=0.0), 0.85, margin=0.02)

    assert (result.t, result.p_above, result.p_below, result.p_equivalent) == (math.inf, 0.0, 1.0, 1.0)


def test_nothing_is_tested_without_an_error_or_at_the_very_target():
    for estimate, target in ((index(p=1.0, se=math.nan), 0.85), (index(p=0.85, se=0.0), 0.85)):
        result = target_test(estimate, target)

        assert result.t != result.t
        assert result.p_above != result.p_above


@pytest.mark.parametrize("p", [0.80, 0.86, 0.88, 0.92, 0.96, 0.999])
@pytest.mark.parametrize(
    ("kind", "bounds"), [("share", None), ("index", None), ("mean", None), ("mean", (0, 1))]
)
def test_the_p_value_agrees_with_the_verdict(kind, bounds, p):
    estimate = Estimate(p, 0.02, 25, 300, kind=kind, bounds=bounds)
    verdict = judge(estimate.confidence_interval(), 0.90)

    result = decision_test(estimate, 0.90)

    assert (result.p_above <= 0.025) is (verdict is Verdict.MET)
    assert (result.p_below <= 0.025) is (verdict is Verdict.NOT_MET)


@pytest.mark.parametrize(("p", "se"), [(0.86, 0.02), (1.0, 0.0)])
def test_a_target_at_the_end_of_the_interval_has_the_p_value_of_its_tail(p, se):
    share = Estimate(p, se, 25, 300, kind="share")
    interval = share.confidence_interval()

    assert decision_test(share, interval.low).p_above == pytest.approx(0.025)
    assert p == 1 or decision_test(share, interval.high).p_below == pytest.approx(0.025)


def test_a_margin_of_indifference_is_tested_on_both_sides():
    share = Estimate(0.90, 0.005, 60, 4000, kind="share")

    assert decision_test(share, 0.90, margin=0.02).p_equivalent < 0.001
    assert decision_test(share, 0.90, margin=0.002).p_equivalent > 0.3
    assert decision_test(share, 0.90).p_equivalent is None


def test_a_target_of_everybody_is_never_shown_to_be_met():
    assert further_responses(index(p=1.0, se=0.0), 1.0) is None


@pytest.mark.parametrize(("p", "target"), [(0.861, 0.85), (0.93, 0.95), (0.985, 0.98)])
def test_eighty_of_a_hundred_samples_of_the_number_named_are_settled(p, target):
    """Simple random samples: the design effect is 1, so that the truth of the power is known."""
    first = Estimate(p, (p * (1 - p) / 200) ** 0.5, np.inf, 200, kind="share")
    size = 200 + further_responses(first, target)
    shares = np.random.default_rng(4).binomial(size, p, 400) / size
    repeated = [Estimate(q, (q * (1 - q) / size) ** 0.5, size - 1, size, kind="share") for q in shares]
    settled = [judge(each.confidence_interval(), target) is not Verdict.INCONCLUSIVE for each in repeated]

    assert np.mean(settled) == pytest.approx(0.80, abs=0.06)
