import numpy as np
import pytest

from analysis import (
    Domain,
    Element,
    IndexDefinition,
    LonelyPsuError,
    NotEstimable,
    SurveyDesign,
    estimate_indices,
    estimate_mean,
    estimate_proportion,
    estimate_total,
)
from analysis.variance import covariance


def total_variance(design, values):
    return float(covariance(design, (design.weights * values)[:, None])[0, 0])


def test_two_strata_add_their_variances():
    design = SurveyDesign.from_columns([2.0] * 4, strata=["a", "a", "b", "b"], ids=[[1, 2, 3, 4]])

    assert total_variance(design, np.array([1.0, 3.0, 5.0, 5.0])) == pytest.approx(2 * (4.0 + 4.0))


def test_a_census_has_no_variance():
    design = SurveyDesign.from_columns([1.0] * 3, fpc=[[3.0] * 3])

    assert total_variance(design, np.array([1.0, 2.0, 9.0])) == 0.0


def test_the_second_stage_adds_the_variance_within_units():
    ids = [[1, 1, 2, 2], [1, 2, 1, 2]]
    one = SurveyDesign.from_columns([4.0] * 4, ids=ids, fpc=[[4.0] * 4])
    two = SurveyDesign.from_columns([4.0] * 4, ids=ids, fpc=[[4.0] * 4, [4.0] * 4])
    values = np.array([1.0, 2.0, 4.0, 8.0])
    within = 0.5 * 0.5 * 2 * sum(16 * np.var(pair, ddof=0) * 2 for pair in (values[:2], values[2:]))

    assert total_variance(two, values) == pytest.approx(total_variance(one, values) + within)


def test_a_stratum_with_one_unit_is_refused_by_name():
    design = SurveyDesign.from_columns([1.0] * 3, strata=["a", "a", "b"], ids=[[1, 2, 3]])

    with pytest.raises(LonelyPsuError) as caught:
        estimate_mean(design, [1.0, 2.0, 3.0])

    assert caught.value.params == {"strata": ["b"]}


def test_a_domain_outside_the_lonely_stratum_is_answered():
    design = SurveyDesign.from_columns([1.0] * 3, strata=["a", "a", "b"], ids=[[1, 2, 3]])

    assert estimate_mean(design, [1.0, 2.0, 3.0], domain=[True, True, False]).estimate == 1.5


@pytest.mark.parametrize(
    ("option", "expected"),
    [("remove", 1.0), ("certainty", 1.0), ("average", 2.0), ("adjust", 1.0 + (3 - 2) ** 2)],
)
def test_options_for_a_stratum_with_one_unit(option, expected):
    design = SurveyDesign.from_columns([1.0] * 3, strata=["a", "a", "b"], ids=[[1, 2, 3]], lonely_psu=option)
    values = np.array([1.0, 2.0, 3.0])

    assert total_variance(design, values) == pytest.approx(expected)


def test_an_unknown_second_unit_is_refused_by_its_parent():
    design = SurveyDesign.from_columns(
        [1.0] * 3, ids=[["x", "x", "y"], [1, 2, 3]], fpc=[[9.0] * 3, [5.0] * 3]
    )

    with pytest.raises(LonelyPsuError) as caught:
        estimate_total(design, [1.0, 2.0, 3.0])

    assert caught.value.params == {"stage": 2, "parents": ["y"]}


def test_a_domain_keeps_the_units_outside_as_zeros():
    design = SurveyDesign.from_columns([1.0] * 6, ids=[[1, 1, 2, 2, 3, 3]])
    inside = np.array([1, 0, 1, 0, 0, 0], dtype=bool)
    dropped = SurveyDesign.from_columns([1.0] * 2, ids=[[1, 2]])

    kept_error = estimate_total(design, [5.0] * 6, domain=inside).standard_error

    assert kept_error == pytest.approx(np.sqrt(1.5 * (25 + 25 - 100 / 3)))
    assert kept_error > estimate_total(dropped, [5.0, 5.0]).standard_error


def test_a_domain_with_one_unit_is_not_estimable():
    design = SurveyDesign.from_columns([1.0] * 4, ids=[[1, 1, 2, 3]])

    cell = estimate_mean(design, [1.0, 2.0, 3.0, 4.0], domain=[True, True, False, False])

    assert cell == NotEstimable("no_degrees_of_freedom", n=2, n_psu=1)


def test_an_empty_domain_is_not_estimable():
    design = SurveyDesign.from_columns([1.0] * 2)

    assert estimate_mean(design, [np.nan, np.nan]).reason == "empty_domain"


def two_stages(option):
    ids = [["x", "x", "y", "z", "z"], [1, 2, 1, 1, 2]]
    return SurveyDesign.from_columns([1.0] * 5, ids=ids, fpc=[[9.0] * 5, [5.0] * 5], lonely_psu=option)


def test_a_single_second_unit_adds_nothing_where_there_is_nothing_to_compare_it_with():
    values = np.array([1.0, 2.0, 3.0, 4.0, 7.0])

    assert total_variance(two_stages("adjust"), values) == total_variance(two_stages("remove"), values)


def test_the_average_has_no_answer_for_a_single_second_unit():
    assert estimate_mean(two_stages("average"), [1.0, 2.0, 3.0, 4.0, 7.0]).reason == "no_variance"


@pytest.mark.parametrize("option", ["adjust", "average", "remove"])
def test_indices_treat_a_single_second_unit_alike(option):
    design = two_stages(option)
    ratings = np.array([[5], [1], [4], [2], [5]], dtype=np.int8)
    table = estimate_indices(
        design, ratings, IndexDefinition((Element("a", (0,)),)), {"all": Domain.whole(5)}
    )
    mine, theirs = (
        table.cell("all", "all").items[0].satisfied_share,
        estimate_proportion(design, ratings[:, 0] >= 4),
    )

    if isinstance(theirs, NotEstimable):
        assert mine.reason == theirs.reason
    else:
        assert mine.standard_error == pytest.approx(theirs.standard_error)


@pytest.mark.parametrize("alone", [True, False])
def test_the_average_of_the_other_strata_stands_for_a_census_of_which_a_domain_leaves_one_unit(alone):
    """R survey 4.5, arma_onestage: H/(H - singletons) counts any stratum of which the domain has one unit."""
    strata, psus = list("aabbcc"), [1, 2, 3, 4, 5, 6]
    design = SurveyDesign.from_columns(
        [1.0] * 6,
        strata=strata,
        ids=[psus],
        fpc=[[2, 2, 20, 20, 20, 20]],
        lonely_psu="average",
        adjust_domain_lonely=True,
    )
    values = np.array([[3.0], [0.0], [1.0], [2.0], [5.0], [1.0]])
    domain = np.array([True, not alone, True, True, True, True])
    others = 0.9 * 2 * (0.5 + 8.0)

    variance = covariance(design, values, domain)[0, 0]

    assert variance == pytest.approx(others * (3 / 2 if alone else 1))
