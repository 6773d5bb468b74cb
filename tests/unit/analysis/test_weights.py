import pytest

from analysis import (
    CalibrationError,
    WeightError,
    adjust_for_nonresponse,
    report_weights,
    selection_weights,
    trimming_bound,
)


def test_stages_multiply():
    assert selection_weights([0.1, 0.1], [0.5, 0.25]).tolist() == pytest.approx([20.0, 40.0])


@pytest.mark.parametrize("probability", [0.0, 1.2, float("nan")])
def test_an_impossible_probability_is_named(probability):
    with pytest.raises(WeightError) as caught:
        selection_weights([0.5, 0.5], [0.5, probability])

    assert caught.value.params == {"stage": 2, "row": 2}


def test_respondents_stand_for_their_class():
    weights = adjust_for_nonresponse([2.0, 3.0, 5.0], [True, False, True], ["a", "a", "b"])

    assert weights.tolist() == [5.0, 0.0, 5.0]


def test_a_class_without_respondents_is_named():
    with pytest.raises(CalibrationError) as caught:
        adjust_for_nonresponse([1.0, 1.0], [True, False], ["a", "b"])

    assert caught.value.params == {"adjustment_class": "b"}


def test_a_class_that_would_weigh_too_much_is_refused():
    with pytest.raises(CalibrationError, match="class_factor_too_great"):
        adjust_for_nonresponse([1.0] * 4, [True, False, False, False], ["a"] * 4, greatest_factor=3.0)


def test_equal_weights_cost_nothing():
    report = report_weights([2.0] * 10)

    assert (report.design_effect, report.effective_n, report.efficiency) == (1.0, 10.0, 1.0)


def test_a_bound_may_be_a_multiple_of_the_mean():
    assert trimming_bound([1.0, 3.0], multiple=3.0) == 6.0
