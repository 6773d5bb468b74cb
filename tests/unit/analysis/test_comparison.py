import numpy as np
import pytest

from analysis import (
    Domain,
    Estimate,
    SurveyDesign,
    association_test,
    estimate_change,
    estimate_quantiles,
    estimate_trend,
    pooled_wilson_intervals,
    rank_groups,
)
from analysis.errors import DataError, DomainError, MethodError

ALL = np.ones(60, dtype=bool)
DESIGN = SurveyDesign.from_columns(np.ones(60), ids=[np.arange(60) // 5])
Y = np.arange(60.0)


def test_overlapping_points_make_a_change_more_certain():
    random = np.random.default_rng(2)
    point = np.tile(np.arange(15), 4)
    rounds = Domain(np.repeat([0, 1], 30), (2025, 2026))
    level = random.normal(0, 5, 15)[point] + np.repeat([0.0, 1.0], 30) + random.normal(0, 0.3, 60)
    together, apart = (
        estimate_change(SurveyDesign.from_columns(np.ones(60), ids=[ids]), level, rounds, 2025, 2026)
        for ids in (point, point + 15 * np.repeat([0, 1], 30))
    )

    assert together.estimate == apart.estimate == pytest.approx(1.0, abs=0.3)
    assert together.standard_error < apart.standard_error / 3


def test_a_trend_of_two_rounds_is_their_change():
    design = SurveyDesign.from_columns(np.ones(40), ids=[np.arange(40) % 10])
    values = np.random.default_rng(3).random(40)
    rounds = Domain(np.arange(40) // 20, (2025, 2027))

    change, trend = (
        estimate_change(design, values, rounds, 2025, 2027),
        estimate_trend(design, values, rounds, [0.0, 1.0]),
    )

    assert trend.estimate == pytest.approx(change.estimate)
    assert trend.standard_error == pytest.approx(change.standard_error)
    yearly = estimate_trend(design, values, rounds, [2025, 2027])
    assert yearly.standard_error == pytest.approx(change.standard_error / 2)


def test_a_trend_needs_times_that_differ():
    design, rounds = SurveyDesign.from_columns(np.ones(4)), Domain(np.array([0, 0, 1, 1]), ("a", "b"))

    with pytest.raises(DomainError, match="too_few_rounds"):
        estimate_trend(design, np.ones(4), rounds, [1, 1])
    with pytest.raises(DomainError, match="times_do_not_match_rounds: times=3, rounds=2"):
        estimate_trend(design, np.ones(4), rounds, [1, 2, 3])


def test_groups_that_cannot_be_told_apart_share_their_ranks():
    groups = Domain(np.arange(60) % 3, ("a", "b", "c"))

    ranks = rank_groups(DESIGN, np.random.default_rng(0).normal(size=60), groups)

    assert [(rank.rank, rank.best, rank.worst) for rank in ranks] == [(1, 1, 3), (2, 1, 3), (3, 1, 3)]


def test_groups_without_degrees_of_freedom_are_not_ranked():
    groups = Domain(np.where(np.arange(60) < 5, 0, 1 + np.arange(60) % 2), ("one point", "b", "c"))

    assert {rank.label for rank in rank_groups(DESIGN, Y, groups)} == {"b", "c"}
    with pytest.raises(DomainError, match="no_group_estimable"):
        rank_groups(DESIGN, np.full(60, np.nan), groups)


def test_units_with_few_points_borrow_strength():
    units = [Estimate(0.9, 0.06, 2, 60, kind="share"), Estimate(0.88, 0.02, 2, 60, kind="share")]

    borrowed = pooled_wilson_intervals(units)

    assert all(interval.method == "pooled_wilson" for interval in borrowed)
    assert borrowed[0].width < units[0].confidence_interval(method="wilson").width
    assert pooled_wilson_intervals([]) == []


@pytest.mark.parametrize("rule", ["math", "school", "shahvaish", *(f"hf{k}" for k in range(1, 10))])
def test_every_rule_gives_a_median_in_the_middle(rule):
    median = estimate_quantiles(DESIGN, Y, np.array([0.5]), ALL, rule=rule)[0]

    assert 29 <= median.estimate <= 30.5
    assert median.low < median.estimate < median.high


@pytest.mark.parametrize("interval", ["mean", "beta", "xlogit", "asin", "score"])
def test_every_interval_holds_the_quantile(interval):
    median = estimate_quantiles(DESIGN, Y, np.array([0.5]), ALL, interval=interval)[0]

    assert median.low <= median.estimate <= median.high


def test_quantiles_refuse_what_they_do_not_know():
    with pytest.raises(MethodError, match="qrule"):
        estimate_quantiles(DESIGN, Y, np.array([0.5]), ALL, rule="hf10")
    with pytest.raises(MethodError, match="probability_out_of_range"):
        estimate_quantiles(DESIGN, Y, np.array([1.5]), ALL)
    with pytest.raises(MethodError, match="needs_replicates"):
        estimate_quantiles(DESIGN, Y, np.array([0.5]), ALL, interval="quantile")
    with pytest.raises(DataError, match="empty_domain"):
        estimate_quantiles(DESIGN, np.full(60, np.nan), np.array([0.5]), ALL)


def test_strong_association_is_found_by_both_corrections():
    row = (np.arange(60) % 2).astype(np.intp)
    column = np.where(np.arange(60) % 10 == 0, 1 - row, row)

    for statistic in ("F", "Chisq"):
        assert association_test(DESIGN, row, column, ALL, statistic=statistic).p_value < 0.01


def test_a_table_needs_two_levels_each_way():
    with pytest.raises(DataError, match="table_without_two_levels"):
        association_test(DESIGN, np.zeros(60, dtype=np.intp), (np.arange(60) % 2).astype(np.intp), ALL)
