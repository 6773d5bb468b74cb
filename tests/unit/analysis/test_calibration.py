import numpy as np
import pytest

from analysis import (
    Auxiliary,
    CalibrationError,
    CalibrationWarning,
    DataError,
    Margin,
    MethodError,
    ReplicateDesign,
    SurveyDesign,
    calibrate,
    estimate_mean,
    estimate_total,
    poststratify,
    rake,
    trim_weights,
)

SEX = ["f", "f", "m", "m", "m", "f"]
AGE = [1, 2, 1, 2, 2, 1]
INCOME = np.array([1.0, 2.0, 3.0, 4.0, 5.0, 6.0])
DESIGN = SurveyDesign.from_columns([1.0, 2.0, 1.0, 2.0, 1.0, 2.0])


def refusal(function, *arguments, **options):
    with pytest.raises(CalibrationError) as caught:
        function(*arguments, **options)
    return caught.value


def sex(**totals):
    return Margin("sex", (SEX,), totals)


def test_poststrata_add_up_and_their_sizes_are_certain():
    design = poststratify(DESIGN, sex(f=30.0, m=10.0))
    women = (np.array(SEX) == "f").astype(float)

    total = estimate_total(design, women)

    assert total.estimate == pytest.approx(30.0)
    assert total.standard_error == pytest.approx(0.0, abs=1e-9)


def test_poststratification_by_two_variables():
    totals = {("f", 1): 4.0, ("f", 2): 3.0, ("m", 1): 2.0, ("m", 2): 1.0}
    design = poststratify(DESIGN, Margin("sex × age", (SEX, AGE), totals))

    assert design.weights[2] == pytest.approx(2.0)
    assert design.weights.sum() == pytest.approx(10.0)


@pytest.mark.parametrize(
    ("totals", "code", "level"),
    [
        ({"f": 3.0}, "level_without_total", "m"),
        ({"f": 3.0, "m": 2.0, "x": 1.0}, "level_not_in_sample", "x"),
        ({"f": 3.0, "m": -2.0}, "total_not_valid", "m"),
        ({"f": 3.0, "m": 0.0}, "level_with_total_zero", "m"),
    ],
)
def test_totals_that_do_not_fit_the_sample_name_margin_and_level(totals, code, level):
    error = refusal(poststratify, DESIGN, sex(**totals))

    assert (error.code, error.params["margin"], error.params["level"]) == (code, "sex", level)


def test_margins_with_different_grand_totals_are_refused():
    error = refusal(rake, DESIGN, [sex(f=3.0, m=2.0), Margin("age", (AGE,), {1: 3.0, 2: 3.0})])

    assert (error.code, error.params["margins"]) == ("margin_totals_differ", ["sex", "age"])


def test_margins_without_a_solution_name_the_cell():
    design = SurveyDesign.from_columns([1.0] * 3)
    first, second = Margin("a", ([1, 1, 2],), {1: 2.0, 2: 8.0}), Margin("b", ([1, 2, 2],), {1: 5.0, 2: 5.0})

    error = refusal(rake, design, [first, second])

    assert error.code == "raking_failed"
    assert {"margin", "level", "relative_misfit"} <= set(error.params)


@pytest.mark.parametrize(
    ("method", "bounds"), [("linear", None), ("raking", None), ("logit", (0.2, 4.0)), ("linear", (0.2, 4.0))]
)
def test_every_distance_reproduces_the_totals(method, bounds):
    auxiliaries = [Auxiliary("size", np.ones(6), 10.0), Auxiliary("income", INCOME, 38.0)]

    design = calibrate(DESIGN, auxiliaries, method=method, bounds=bounds)

    assert design.weights.sum() == pytest.approx(10.0, rel=1e-9)
    assert design.weights @ INCOME == pytest.approx(38.0, rel=1e-9)
    assert estimate_mean(design, INCOME).standard_error == pytest.approx(0.0, abs=1e-7)


def test_bounds_are_kept():
    design = calibrate(DESIGN, [Auxiliary("income", INCOME, 40.0)], method="logit", bounds=(0.5, 1.8))
    ratios = design.weights / DESIGN.weights

    assert ratios.min() >= 0.5
    assert ratios.max() <= 1.8


def test_a_total_out_of_reach_names_the_variable():
    error = refusal(
        calibrate, DESIGN, [Auxiliary("income", INCOME, 400.0)], method="logit", bounds=(0.5, 2.0)
    )

    assert (error.code, error.params["variable"]) == ("calibration_failed", "income")


def test_impossible_requests_are_refused():
    income = [Auxiliary("income", INCOME, 40.0)]

    assert refusal(calibrate, DESIGN, income, method="logit").code == "bounds_missing"
    assert refusal(calibrate, DESIGN, income, bounds=(1.5, 2.0)).code == "bounds_not_valid"
    assert refusal(calibrate, DESIGN, []).code == "no_auxiliaries"
    assert refusal(rake, DESIGN, []).code == "no_margins"
    with pytest.raises(MethodError):
        calibrate(DESIGN, income, method="cubic")
    with pytest.raises(DataError, match="missing_auxiliary: column=income, row=1"):
        calibrate(DESIGN, [Auxiliary("income", [np.nan, 1, 1, 1, 1, 1], 4.0)])


@pytest.mark.parametrize(("base", "same"), [(np.ones(6), True), (DESIGN.weights, False)])
def test_raking_and_regression_have_the_same_error_where_weights_are_equal(base, same):
    design = SurveyDesign.from_columns(base)
    raked = rake(design, [sex(f=6.0, m=4.0), Margin("age", (AGE,), {1: 5.0, 2: 5.0})])
    women, young = np.array(SEX) == "f", np.array(AGE) == 1
    auxiliaries = [
        Auxiliary("size", np.ones(6), 10.0),
        Auxiliary("women", women.astype(float), 6.0),
        Auxiliary("young", young.astype(float), 5.0),
    ]
    regressed = calibrate(design, auxiliaries, method="raking")
    values = INCOME**2

    np.testing.assert_allclose(raked.weights, regressed.weights, rtol=1e-8)
    errors = [estimate_mean(each, values).standard_error for each in (raked, regressed)]
    assert (errors[0] == pytest.approx(errors[1], rel=1e-2)) is same


def test_replicates_are_calibrated_one_by_one():
    replicates = np.array([[0, 2, 2, 2, 2, 2], [2, 0, 2, 2, 2, 2], [2, 2, 0, 2, 2, 2]], dtype=float).T
    design = ReplicateDesign.from_columns([1.0] * 6, replicates, scale=0.5)

    calibrated = poststratify(design, sex(f=30.0, m=10.0))

    np.testing.assert_allclose(calibrated.replicate_weights.sum(axis=0), 40.0)
    assert calibrated.weights.sum() == pytest.approx(40.0)


def test_trimming_keeps_the_total_and_the_bounds():
    trimmed = trim_weights(SurveyDesign.from_columns([1.0, 1.5, 2.0, 9.0]), upper=3.5)

    assert trimmed.weights.max() <= 3.5
    assert trimmed.weights.sum() == pytest.approx(13.5)


def test_trimming_everything_is_refused():
    assert refusal(trim_weights, DESIGN, lower=5.0, upper=6.0).code == "trimming_infeasible"
    assert refusal(trim_weights, DESIGN, lower=2.0, upper=1.0).code == "trim_bounds_not_valid"


def test_raking_every_replicate_at_once_gives_the_weights_of_raking_each_alone():
    random = np.random.default_rng(5)
    base, replicates = random.uniform(1, 3, 60), random.uniform(0.5, 4, (60, 4))
    margins = [
        Margin("sex", (np.arange(60) % 2,), {0: 70.0, 1: 50.0}),
        Margin("age", (np.arange(60) // 7 % 3,), {0: 40.0, 1: 50.0, 2: 30.0}),
    ]

    together = rake(ReplicateDesign.from_columns(base, replicates, scale=1.0), margins)

    for column in range(4):
        alone = rake(SurveyDesign.from_columns(replicates[:, column]), margins)
        np.testing.assert_allclose(together.replicate_weights[:, column], alone.weights, rtol=1e-9)


def test_a_replicate_that_cannot_be_raked_is_named():
    replicates = np.array([[1.0, 1, 1, 1], [1.0, 1, 0, 0]]).T
    design = ReplicateDesign.from_columns([1.0] * 4, replicates, scale=1.0)
    margins = [
        Margin("sex", (["f", "f", "m", "m"],), {"f": 2.0, "m": 2.0}),
        Margin("age", ([1, 2, 1, 2],), {1: 2.0, 2: 2.0}),
    ]

    error = refusal(rake, design, margins)

    assert error.code == "level_without_weight"
    assert error.params == {"margin": "sex", "level": "m", "replicate": 2}
    assert refusal(poststratify, design, margins[0]).params == error.params


@pytest.mark.parametrize("kind", ["integers", "negative", "texts", "far apart", "pairs"])
def test_raking_depends_on_the_levels_and_not_on_how_they_are_written(kind):
    sex, age = np.arange(30) % 2, np.arange(30) // 4 % 3
    write = {
        "integers": lambda codes: codes,
        "negative": lambda codes: codes.astype(np.int8) - 3,
        "texts": lambda codes: np.array(["a", "b", "c"])[codes],
        "far apart": lambda codes: codes * 100_000,
        "pairs": lambda codes: codes,
    }[kind]
    base = np.linspace(1, 3, 30)

    def margin(name, codes, totals):
        written = write(codes)
        levels = dict(zip(sorted(set(written.tolist())), totals, strict=True))
        if kind == "pairs":
            return Margin(name, (written, [0] * 30), {(level, 0): total for level, total in levels.items()})
        return Margin(name, (written,), levels)

    raked = rake(
        SurveyDesign.from_columns(base),
        [margin("sex", sex, [40.0, 20.0]), margin("age", age, [30.0, 20.0, 10.0])],
    )

    for codes, totals in ((sex, [40.0, 20.0]), (age, [30.0, 20.0, 10.0])):
        np.testing.assert_allclose(np.bincount(codes, raked.weights), totals, rtol=1e-9)
    assert estimate_total(raked, (sex == 0).astype(float)).standard_error == pytest.approx(0.0, abs=1e-6)


def test_margins_with_more_possible_cells_than_can_be_listed():
    codes = np.arange(400)
    margins = [Margin(name, (codes,), dict.fromkeys(range(400), 2.0)) for name in ("a", "b", "c")]

    np.testing.assert_allclose(rake(SurveyDesign.from_columns(np.ones(400)), margins).weights, 2.0)


def test_a_margin_of_another_length_is_named():
    with pytest.raises(DataError, match="unequal_length: column=sex"):
        rake(DESIGN, [Margin("sex", ([1, 2],), {1: 1.0, 2: 1.0})])


def test_margins_that_differ_by_rounding_are_rescaled_to_the_last_and_reported():
    margins = [sex(f=6.0, m=4.0), Margin("age", (AGE,), {1: 5.0, 2: 5.0004})]

    with pytest.warns(CalibrationWarning, match="margin_rescaled: margin=sex, total=10.0, to=10.0.*, of=age"):
        raked = rake(DESIGN, margins)

    assert raked.weights.sum() == pytest.approx(10.0004, rel=1e-10)
    assert raked.weights[np.array(AGE) == 2].sum() == pytest.approx(5.0004, rel=1e-9)


def test_bounds_of_weights_far_below_their_totals_count_from_rescaled_weights():
    auxiliaries = [Auxiliary("size", np.ones(6), 900.0), Auxiliary("income", INCOME, 3300.0)]

    with pytest.warns(CalibrationWarning, match="weights_rescaled_before_bounds: factor="):
        design = calibrate(DESIGN, auxiliaries, method="logit", bounds=(0.5, 2.0))

    assert design.weights @ INCOME == pytest.approx(3300.0, rel=1e-9)
    ratios = design.weights / DESIGN.weights
    assert ratios.max() / ratios.min() < 4
