import numpy as np
import pytest

from analysis import (
    DataError,
    Domain,
    MethodError,
    SurveyDesign,
    Term,
    estimate_composite,
    estimate_contrast,
    estimate_mean,
    estimate_proportion,
    estimate_ratio,
    estimate_respondent_index,
)

DESIGN = SurveyDesign.from_columns([1.0, 2.0, 1.0, 2.0, 1.0, 1.0], ids=[[1, 1, 2, 2, 3, 3]])
ITEMS = np.array([[1, 0], [1, 1], [0, np.nan], [1, 1], [np.nan, 0], [1, 1]])


def test_available_listwise_and_respondent_are_three_estimands():
    available = estimate_composite(DESIGN, ITEMS, [1, 1]).estimate
    listwise = estimate_composite(DESIGN, ITEMS, [1, 1], missing="listwise").estimate
    respondent = estimate_respondent_index(DESIGN, ITEMS, [1, 1]).estimate

    assert available == pytest.approx((6 / 7 + 5 / 7) / 2)
    assert listwise == pytest.approx((6 / 6 + 5 / 6) / 2)
    assert respondent == pytest.approx((0.5 + 2 + 0 + 2 + 0 + 1) / 8)


def test_by_gives_each_group_and_says_why_one_has_no_number():
    groups = Domain(np.array([0, 0, 0, 0, 1, 1]), ("town", "hill"))

    results = estimate_mean(DESIGN, [1.0, 2.0, 3.0, 4.0, 5.0, 6.0], by=groups)

    assert results["town"].n == 4
    assert results["hill"].reason == "no_degrees_of_freedom"


def test_a_contrast_over_common_units_uses_the_covariance():
    y = np.array([1.0, 2.0, 5.0, 6.0, 9.0, 9.5])
    difference = estimate_contrast(DESIGN, [Term(y + 1, 1.0), Term(y, -1.0)])

    assert difference.estimate == pytest.approx(1.0)
    assert difference.standard_error == pytest.approx(0.0, abs=1e-9)


def test_a_ratio_of_equal_columns_is_certain():
    ratio = estimate_ratio(DESIGN, np.arange(1.0, 7.0), np.arange(1.0, 7.0))

    assert (ratio.estimate, ratio.standard_error) == (1.0, 0.0)


def test_a_share_needs_an_indicator():
    with pytest.raises(DataError) as caught:
        estimate_proportion(DESIGN, [1, 0, 1, 2, 0, 0])

    assert caught.value.params == {"row": 4, "value": 2.0}


def test_inputs_that_do_not_fit_are_refused():
    with pytest.raises(DataError, match="unequal_length"):
        estimate_mean(DESIGN, [1.0])
    with pytest.raises(DataError, match="not_boolean"):
        estimate_mean(DESIGN, np.ones(6), domain=[1, 0, 1, 0, 1, 0])
    with pytest.raises(DataError, match="infinite_value"):
        estimate_mean(DESIGN, [1, 2, np.inf, 4, 5, 6])
    with pytest.raises(DataError, match="items_do_not_match"):
        estimate_composite(DESIGN, ITEMS[1:], [1, 1])
    with pytest.raises(DataError, match="item_weights_not_valid"):
        estimate_composite(DESIGN, ITEMS, [1, -1])
    with pytest.raises(MethodError, match="missing"):
        estimate_composite(DESIGN, ITEMS, [1, 1], missing="guess")
    with pytest.raises(DataError, match="no_terms"):
        estimate_contrast(DESIGN, [])
