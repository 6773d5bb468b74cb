import numpy as np
import pytest

from analysis import (
    DataError,
    Domain,
    DomainError,
    Element,
    IndexDefinition,
    LonelyPsuError,
    MethodError,
    NotEstimable,
    SurveyDesign,
    estimate_composite,
    estimate_indices,
    estimate_mean,
    estimate_proportion,
    estimate_ratio,
)
from analysis.calibration import Margin, poststratify

N, ITEMS = 400, 5


@pytest.fixture(scope="module")
def survey():
    random = np.random.default_rng(7)
    psu = random.integers(0, 24, N)
    design = SurveyDesign.from_columns(random.uniform(1, 9, N), strata=psu % 4, ids=[psu])
    ratings = random.choice([-1, 0, 1, 2, 3, 4, 5], (N, ITEMS), p=[0.1, 0.1, 0.05, 0.05, 0.1, 0.3, 0.3])
    sector = random.integers(-1, 3, N)
    return design, ratings.astype(np.int8), Domain(sector, ("land", "tax", "care"))


def definition(composition="pooled"):
    elements = (Element("access", (0, 1), weight=3.0), Element("staff", (2, 3), weight=1.0))
    return IndexDefinition(elements, composition=composition)


def satisfied(ratings):
    return np.where(ratings < 1, np.nan, ratings >= 4)


def same(mine, theirs):
    return (
        mine.estimate == pytest.approx(theirs.estimate, rel=1e-12)
        and mine.standard_error == pytest.approx(theirs.standard_error, rel=1e-10)
        and (mine.degrees_of_freedom, mine.n) == (theirs.degrees_of_freedom, theirs.n)
    )


@pytest.mark.parametrize("label", ["land", "tax", "care"])
def test_items_agree_with_the_single_estimators(survey, label):
    design, ratings, sector = survey
    cell = estimate_indices(design, ratings, definition(), {"sector": sector}).cell("sector", label)
    scores = np.where(ratings < 1, np.nan, ratings.astype(float))

    for item in range(ITEMS):
        share = estimate_proportion(design, satisfied(ratings[:, item]), domain=sector.rows(label))
        mean = estimate_mean(design, scores[:, item], domain=sector.rows(label))
        assert same(cell.items[item].satisfied_share, share)
        assert same(cell.items[item].mean_score, mean)
        assert cell.items[item].satisfied_share.design_effect == pytest.approx(share.design_effect)
        assert cell.items[item].mean_score.design_effect == pytest.approx(mean.design_effect)


def test_a_pooled_index_is_a_ratio_of_answers(survey):
    design, ratings, sector = survey
    cell = estimate_indices(design, ratings, definition(), {"sector": sector}).cell("sector", "tax")
    used = ratings[:, :4]
    ratio = estimate_ratio(
        design, (used >= 4).sum(axis=1), (used >= 1).sum(axis=1), domain=sector.rows("tax")
    )

    index = cell.index.satisfied_share
    assert index.estimate == pytest.approx(ratio.estimate, rel=1e-12)
    assert index.standard_error == pytest.approx(ratio.standard_error, rel=1e-10)
    assert index.answer_count == int((used[sector.rows("tax")] >= 1).sum())
    assert index.n == int((used[sector.rows("tax")] >= 1).any(axis=1).sum())


@pytest.mark.parametrize(
    ("composition", "shares"), [("mean_of_elements", (1, 1)), ("weighted_elements", (3, 1))]
)
def test_a_combined_index_carries_the_covariance_of_its_elements(survey, composition, shares):
    design, ratings, sector = survey
    items = ratings[:, [0, 2]]
    single = IndexDefinition((Element("a", (0,), weight=3.0), Element("b", (1,))), composition=composition)

    index = estimate_indices(design, items, single, {"sector": sector}).cell("sector", "care").index
    composite = estimate_composite(design, satisfied(items), shares, domain=sector.rows("care"))

    assert same(index.satisfied_share, composite)


def test_wholly_satisfied_counts_respondents_with_any_valid_answer(survey):
    design, ratings, _ = survey
    table = estimate_indices(design, ratings, definition(), {"all": Domain.whole(N)})
    used = ratings[:, :4]
    wholly = np.where((used >= 1).any(axis=1), ((used >= 4) | (used < 1)).all(axis=1), np.nan)

    assert same(table.cell("all", "all").wholly_satisfied_share, estimate_proportion(design, wholly))


def test_numeric_columns_are_means_over_their_valid_rows(survey):
    design, ratings, sector = survey
    percent = np.where(ratings[:, 0] < 1, np.nan, ratings[:, 0] * 25.0)
    table = estimate_indices(
        design, ratings, definition(), {"sector": sector}, numeric={"expectation": percent}
    )
    mean = estimate_mean(design, percent, domain=sector.rows("land"))

    assert same(table.cell("sector", "land").numeric["expectation"], mean)


def test_two_stages_agree_with_the_single_estimators():
    random = np.random.default_rng(3)
    psu = np.repeat(np.arange(12), 10)
    columns = {
        "strata": psu % 2,
        "ids": [psu, np.arange(120)],
        "fpc": [np.full(120, 20.0), np.full(120, 30.0)],
    }
    design = SurveyDesign.from_columns(random.uniform(1, 3, 120), **columns)
    ratings = random.integers(1, 6, (120, 4)).astype(np.int8)
    unit = Domain(psu % 3, (0, 1, 2))

    cell = estimate_indices(design, ratings, definition(), {"unit": unit}).cell("unit", 1)

    assert same(
        cell.items[2].satisfied_share, estimate_proportion(design, ratings[:, 2] >= 4, domain=unit.rows(1))
    )


def test_calibrated_weights_agree_with_the_single_estimators(survey):
    design, ratings, sector = survey
    sex = np.arange(N) % 2
    calibrated = poststratify(design, Margin("sex", (sex,), {0: 900.0, 1: 1100.0}))
    cell = estimate_indices(calibrated, ratings, definition(), {"sector": sector}).cell("sector", "land")

    share = estimate_proportion(calibrated, satisfied(ratings[:, 1]), domain=sector.rows("land"))
    assert same(cell.items[1].satisfied_share, share)


@pytest.mark.parametrize("option", ["adjust", "average", "remove", "certainty"])
@pytest.mark.parametrize("in_domains", [False, True])
def test_strata_with_one_unit_follow_the_same_rules(survey, option, in_domains):
    _, ratings, sector = survey
    psu = np.arange(N) % 9
    strata = np.array([0, 0, 0, 1, 1, 2, 3, 3, 3])[psu]
    design = SurveyDesign.from_columns(
        np.ones(N), strata=strata, ids=[psu], lonely_psu=option, adjust_domain_lonely=in_domains
    )
    ratings = np.where((psu == 3)[:, None], -1, ratings).astype(np.int8)

    cell = estimate_indices(design, ratings, definition(), {"sector": sector}).cell("sector", "tax")
    share = estimate_proportion(design, satisfied(ratings[:, 0]), domain=sector.rows("tax"))

    assert same(cell.items[0].satisfied_share, share)


def test_everybody_satisfied_is_exactly_one_with_an_honest_interval(survey):
    design, ratings, _ = survey
    table = estimate_indices(design, np.full_like(ratings, 5), definition(), {"all": Domain.whole(N)})
    share = table.cell("all", "all").index.satisfied_share

    assert (share.estimate, share.standard_error) == (1.0, 0.0)
    assert 0.97 < share.confidence_interval().low < 1.0
    assert table.cell("all", "all").index.mean_score_100.estimate == 100.0


def test_cells_without_a_number_say_why(survey):
    design, ratings, _ = survey
    psu = design.stages[0].units
    codes = np.where(psu == 0, 0, np.where(psu == 1, -1, 2))
    units = Domain(codes, ("one point", "nobody", "rest"))
    table = estimate_indices(design, ratings, definition(), {"unit": units})

    assert table.cell("unit", "one point").index.satisfied_share.reason == "no_degrees_of_freedom"
    assert table.cell("unit", "nobody").index.satisfied_share == NotEstimable("empty_domain", 0, 0, 0)
    assert table.cell("unit", "rest").index.satisfied_share.n_psu == design.n_psu - 2


def test_an_element_without_answers_leaves_the_combined_index_without_a_number(survey):
    design, ratings, _ = survey
    ratings = ratings.copy()
    ratings[:, 2:4] = -1

    cell = estimate_indices(design, ratings, definition("mean_of_elements"), {"all": Domain.whole(N)}).cell(
        "all", "all"
    )

    assert cell.elements["staff"].satisfied_share.reason == "empty_domain"
    assert cell.index.satisfied_share.reason == "empty_element"


def test_scales_may_differ_by_item():
    design = SurveyDesign.from_columns([1.0] * 4)
    ratings = np.array([[5, 3], [1, 1], [3, 2], [5, 3]], dtype=np.int8)
    mixed = IndexDefinition(
        (Element("a", (0, 1)),), satisfied_codes=((4, 5), (3,)), lowest_code=(1, 1), highest_code=(5, 3)
    )

    cell = estimate_indices(design, ratings, mixed, {"all": Domain.whole(4)}).cell("all", "all")

    assert cell.items[1].satisfied_share.estimate == 0.5
    assert cell.index.mean_score_100.estimate == pytest.approx(62.5)
    assert cell.index.mean_score.reason == "mixed_scales"


def test_codes_outside_the_scale_are_no_answers():
    design = SurveyDesign.from_columns([1.0] * 4)
    ratings = np.array([[0], [5], [9], [1]], dtype=np.int8)
    single = IndexDefinition((Element("a", (0,)),))

    share = estimate_indices(design, ratings, single, {"all": Domain.whole(4)}).cell("all", "all").index

    assert (share.n, share.satisfied_share.estimate) == (2, 0.5)


def test_interval_arrays_equal_the_intervals_of_the_cells(survey):
    design, ratings, sector = survey
    table = estimate_indices(design, ratings, definition(), {"sector": sector}, level=0.9)
    low, high = table.variables["sector"].shares.limits()

    interval = table.cell("sector", "tax").index.satisfied_share.confidence_interval()
    assert (interval.low, interval.high, interval.level) == (low[1, -1], high[1, -1], 0.9)


def test_all_cells_can_be_walked(survey):
    design, ratings, sector = survey
    table = estimate_indices(design, ratings, definition(), {"all": Domain.whole(N), "sector": sector})

    assert [(name, label) for name, label, _ in table.cells()] == [
        ("all", "all"),
        ("sector", "land"),
        ("sector", "tax"),
        ("sector", "care"),
    ]


def test_a_lonely_stratum_is_refused():
    design = SurveyDesign.from_columns([1.0] * 3, strata=[1, 1, 2], ids=[[1, 2, 3]])

    with pytest.raises(LonelyPsuError):
        estimate_indices(
            design, np.full((3, 1), 5), IndexDefinition((Element("a", (0,)),)), {"all": Domain.whole(3)}
        )


def test_inputs_that_do_not_fit_are_refused_by_name(survey):
    design, ratings, sector = survey
    whole = {"all": Domain.whole(N)}

    with pytest.raises(DataError, match="unknown_item"):
        estimate_indices(design, ratings, IndexDefinition((Element("a", (9,)),)), whole)
    with pytest.raises(DataError, match="item_twice"):
        estimate_indices(design, ratings, IndexDefinition((Element("a", (1,)), Element("b", (1,)))), whole)
    with pytest.raises(DataError, match="unequal_length"):
        estimate_indices(design, ratings[1:], definition(), whole)
    with pytest.raises(DataError, match="ratings_not_integer"):
        estimate_indices(design, ratings.astype(float), definition(), whole)
    with pytest.raises(DomainError, match="unequal_length"):
        estimate_indices(design, ratings, definition(), {"all": Domain.whole(N + 1)})
    with pytest.raises(MethodError, match="composition"):
        IndexDefinition((Element("a", (1,)),), composition="sum")
    with pytest.raises(DomainError, match="domain_code_without_label"):
        Domain(np.array([0, 3]), ("a",))
