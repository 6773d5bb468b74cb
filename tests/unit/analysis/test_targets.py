import pytest

from analysis import ConfidenceInterval, Estimate, Verdict, further_responses, judge, target_test


def interval(low, high):
    return ConfidenceInterval(low, high, 0.95, "logit_t")


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


def test_unanimous_answers_of_few_can_be_inconclusive():
    unanimous = index(p=1.0, se=0.0, df=9, n=20)

    assert judge(unanimous.confidence_interval(), 0.9) is Verdict.INCONCLUSIVE
    assert further_responses(unanimous, 0.9) >= 1


def test_tests_add_up():
    result = target_test(index(), 0.85, margin=0.02)

    assert result.p_below + result.p_above == pytest.approx(1.0)
    assert result.p_equivalent == pytest.approx(max(0.0489, 0.3138), abs=2e-3)


def test_nothing_is_tested_without_an_error():
    result = target_test(index(p=1.0, se=0.0), 0.85)

    assert result.t != result.t
    assert result.p_above != result.p_above
