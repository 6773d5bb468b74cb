import numpy as np
import pytest

from analysis import DataError, DesignError, MethodError, SurveyDesign, WeightError, estimate_mean
from analysis.variance import covariance


def design_of(**changes):
    columns = {"weights": [1.0] * 6, "strata": list("aaabbb"), "ids": [[1, 1, 2, 3, 4, 4]]}
    return SurveyDesign.from_columns(**{**columns, **changes})


def test_counts_units_strata_and_degrees_of_freedom():
    design = design_of()

    assert (design.n, design.n_psu, design.n_strata, design.degrees_of_freedom) == (6, 4, 2, 2)


def test_rows_are_the_units_without_ids():
    design = SurveyDesign.from_columns([1.0, 2.0, 3.0])

    assert (design.n_psu, design.degrees_of_freedom) == (3, 2)


def test_nested_ids_restart_in_each_stratum():
    design = design_of(ids=[[1, 1, 2, 1, 2, 2]], nest=True)

    assert design.n_psu == 4


@pytest.mark.parametrize(
    ("weight", "code"),
    [
        (-1.0, "weight_negative"),
        (np.nan, "weight_missing"),
        (np.inf, "weight_infinite"),
    ],
)
def test_a_faulty_weight_is_named_by_its_row(weight, code):
    with pytest.raises(WeightError) as caught:
        design_of(weights=[1.0, 1.0, weight, 1.0, 1.0, 1.0])

    assert (caught.value.code, caught.value.params["row"]) == (code, 3)


def test_a_psu_in_two_strata_is_named():
    with pytest.raises(DesignError) as caught:
        design_of(ids=[[1, 1, 2, 2, 3, 3]])

    assert caught.value.code == "psu_in_two_strata"
    assert caught.value.params == {"psu": 2, "strata": ["a", "b"]}


def test_columns_of_unequal_length_are_refused():
    with pytest.raises(DataError) as caught:
        design_of(strata=["a", "b"])

    assert (caught.value.code, caught.value.params["column"]) == ("unequal_length", "strata")


def test_a_missing_stratum_is_named_by_its_row():
    with pytest.raises(DataError) as caught:
        design_of(strata=["a", "a", None, "b", "b", "b"])

    assert (caught.value.code, caught.value.params["row"]) == ("missing_label", 3)


def test_fractions_and_sizes_describe_the_same_population():
    sizes = design_of(fpc=[[4.0, 4.0, 4.0, 8.0, 8.0, 8.0]])
    fractions = design_of(fpc=[[0.5, 0.5, 0.5, 0.25, 0.25, 0.25]], fpc_kind="fraction")

    assert sizes.stages[0].population.tolist() == fractions.stages[0].population.tolist() == [4.0, 8.0]


@pytest.mark.parametrize(
    ("fpc", "code"),
    [
        ([1.0, 1.0, 1.0, 9.0, 9.0, 9.0], "fpc_below_sample"),
        ([4.0, 5.0, 4.0, 9.0, 9.0, 9.0], "fpc_varies"),
        ([0.0, 0.0, 0.0, 9.0, 9.0, 9.0], "fpc_not_positive"),
        ([np.nan, 4.0, 4.0, 9.0, 9.0, 9.0], "fpc_missing"),
    ],
)
def test_an_impossible_population_is_refused(fpc, code):
    with pytest.raises(DesignError) as caught:
        design_of(fpc=[fpc])

    assert caught.value.code == code


def test_more_populations_than_stages_are_refused():
    with pytest.raises(DesignError, match="too_many_fpc"):
        design_of(fpc=[[4.0] * 6, [4.0] * 6])


def test_an_unknown_option_is_refused():
    with pytest.raises(MethodError, match="lonely_psu"):
        design_of(lonely_psu="ignore")


def test_strata_with_one_unit_are_listed_unless_they_are_a_census():
    ids, strata = [[1, 1, 2, 3, 4, 4]], list("aabccc")
    population = [9.0, 9.0, 1.0, 9.0, 9.0, 9.0]

    assert design_of(strata=strata, ids=ids).lonely_strata == ["a", "b"]
    assert design_of(strata=strata, ids=ids, fpc=[population]).lonely_strata == ["a"]


def test_errors_are_one_line_and_survive_pickling():
    import pickle

    error = pickle.loads(pickle.dumps(WeightError("weight_missing", row=3, note="two\nlines")))

    assert str(error) == "weight_missing: row=3, note=two lines"


def test_rows_of_weight_zero_stay_in_the_design_and_count_in_no_n():
    whole = design_of(weights=[1.0, 0.0, 2.0, 1.0, 1.0, 3.0])
    mean = estimate_mean(whole, [1.0, 99.0, 2.0, 3.0, 4.0, 6.0])

    assert (whole.n, whole.n_psu, mean.n, mean.n_psu) == (6, 4, 5, 4)
    assert mean.estimate == pytest.approx((1 + 4 + 3 + 4 + 18) / 8)


def test_weights_that_are_all_zero_are_refused():
    with pytest.raises(WeightError, match="weights_all_zero"):
        design_of(weights=[0.0] * 6)


@pytest.mark.parametrize("rule", ["remove", "adjust", "average", "certainty"])
def test_a_sample_of_one_unit_has_no_standard_error(rule):
    design = SurveyDesign.from_columns([1.0, 1.0, 1.0], ids=[[1, 1, 1]], lonely_psu=rule)

    assert np.isnan(covariance(design, np.array([[1.0], [2.0], [-3.0]]))).all()


def test_a_census_of_one_unit_has_the_variance_of_its_second_stage():
    design = SurveyDesign.from_columns(
        [2.0, 2.0, 2.0], ids=[[1, 1, 1], [1, 2, 3]], fpc=[[1, 1, 1], [6, 6, 6]], lonely_psu="remove"
    )

    assert covariance(design, np.array([[1.0], [2.0], [-3.0]]))[0, 0] == pytest.approx(0.5 * 1.5 * 14)
