"""Signs of responses that nobody gave: planted ones are found, honest and very satisfied people are not."""

import numpy as np
import pytest

from analysis.errors import DataError
from analysis.response_quality import (
    in_bursts,
    outlying_shares,
    outside_hours,
    repeated_vectors,
    straight_lined,
    too_fast,
)

ITEMS = 22
ELEMENTS = np.repeat(np.arange(5), [5, 5, 4, 4, 4])
UNITS, PEOPLE = 60, 150
# Distance from "satisfied" to each level on the logit scale.
STEPS = np.array([-2.6, -1.5, 0.0, 1.9])


def honest_ratings(seed: int, *, satisfaction: float = 2.5, unit_spread: float = 0.3) -> np.ndarray:
    """Units and people differ, answers of one person agree; shape (UNITS * PEOPLE, ITEMS)."""
    rng = np.random.default_rng(seed)
    n = UNITS * PEOPLE
    level = np.repeat(rng.normal(satisfaction, unit_spread, UNITS), PEOPLE) + rng.normal(0, 1.7, n)
    latent = level[:, None] + rng.normal(0, 0.35, ITEMS) + rng.logistic(0, 1, (n, ITEMS))
    ratings = (np.searchsorted(STEPS, latent) + 1).astype(np.int8)
    ratings[rng.random(ratings.shape) < 0.05] = -1
    return ratings


def unit_of_row() -> np.ndarray:
    return np.repeat(np.arange(UNITS), PEOPLE)


def fingerprints(ratings: np.ndarray, seed: int) -> np.ndarray:
    """Equal for equal ratings and equal other answers, of which there are twenty."""
    others = np.random.default_rng(seed).integers(0, 20, len(ratings))
    rows = np.column_stack([ratings, others])
    return np.unique(rows, axis=0, return_inverse=True)[1].astype(np.uint64)


def exact_prints(ratings: np.ndarray) -> np.ndarray:
    """Equal for equal ratings: a form that asks nothing else."""
    return np.unique(ratings, axis=0, return_inverse=True)[1].reshape(-1).astype(np.uint64)


def standing_out(flags: np.ndarray) -> list[int]:
    unit = unit_of_row()
    counts = np.bincount(unit[flags], minlength=UNITS)
    return np.flatnonzero(outlying_shares(counts, np.full(UNITS, PEOPLE)).stands_out).tolist()


def row(*ratings: int) -> np.ndarray:
    return np.array([ratings], dtype=np.int8)


@pytest.mark.parametrize("level", [1, 3, 4, 5])
def test_one_level_throughout_is_flagged_whatever_the_level(level: int) -> None:
    assert straight_lined(np.full((1, ITEMS), level, dtype=np.int8), ELEMENTS).all()


def test_one_other_rating_is_no_straight_line() -> None:
    ratings = np.full((1, ITEMS), 4, dtype=np.int8)
    ratings[0, 7] = 5

    assert not straight_lined(ratings, ELEMENTS).any()


def test_missing_and_not_applicable_do_not_break_the_line() -> None:
    ratings = np.full((1, ITEMS), 4, dtype=np.int8)
    ratings[0, [0, 9]] = -1

    assert straight_lined(ratings, ELEMENTS).all()


def test_too_few_ratings_are_no_line() -> None:
    assert not straight_lined(np.full((1, 9), 5, dtype=np.int8), np.arange(9)).any()


def test_ratings_of_one_element_are_no_line() -> None:
    assert not straight_lined(np.full((1, 12), 5, dtype=np.int8), np.zeros(12)).any()


def test_nobody_answered() -> None:
    assert not straight_lined(np.full((3, ITEMS), -1, dtype=np.int8), ELEMENTS).any()
    assert straight_lined(np.empty((0, ITEMS), dtype=np.int8), ELEMENTS).shape == (0,)


@pytest.mark.parametrize(
    ("answered", "seconds", "flagged"),
    [(20, 60, True), (19, 60, False), (37, 180, False), (60, 180, True), (22, np.inf, False), (0, 60, False)],
)
def test_only_what_is_too_fast_for_certain_is_flagged(answered: int, seconds: float, flagged: bool) -> None:
    assert too_fast([answered], [seconds]).tolist() == [flagged]


def test_a_burst_is_of_one_source_in_one_hour() -> None:
    sources = [1] * 20 + [1] * 19 + [2] * 20
    hours = [8] * 20 + [9] * 19 + list(range(20))

    flags, counts = in_bursts(sources, hours, minimum=20)

    assert flags.tolist() == [True] * 20 + [False] * 39
    assert counts.tolist() == [20] * 20 + [19] * 19 + [1] * 20


def test_what_has_no_source_or_no_hour_is_no_burst() -> None:
    flags, counts = in_bursts([-1] * 30 + [4] * 30, [8] * 30 + [-1] * 30, minimum=2)

    assert not flags.any()
    assert not counts.any()


def test_each_response_may_have_its_own_threshold() -> None:
    flags, _ = in_bursts([1, 1, 2, 2], [0, 0, 0, 0], minimum=[2, 2, 3, 3])

    assert flags.tolist() == [True, True, False, False]


def test_hours_have_a_first_and_an_end_each() -> None:
    assert outside_hours([20, 20, -1], 7, [18, 21, 18]).tolist() == [True, False, False]


def test_copies_are_found_within_their_unit_alone() -> None:
    ratings = honest_ratings(1)[:200]
    ratings[50:53] = ratings[10] = [1, 2, 3, 4, 5, 1, 2, 3, 4, 5, 1, 2, 3, 4, 5, 1, 2, 3, 4, 5, 1, 2]
    prints = np.arange(200, dtype=np.uint64)
    prints[50:53] = prints[10]
    unit = np.repeat([0, 1], [40, 160])

    flags, counts = repeated_vectors(ratings, prints, unit)

    assert np.flatnonzero(flags).tolist() == [50, 51, 52]
    assert counts[10] == 1


def test_copies_that_differ_in_other_answers_are_no_copies() -> None:
    ratings = np.tile(np.arange(ITEMS, dtype=np.int8) % 5 + 1, (4, 1))

    flags, _ = repeated_vectors(ratings, [1, 2, 3, 4], [0, 0, 0, 0])

    assert not flags.any()


@pytest.mark.parametrize("deviations", [0, 1, 2])
def test_equal_vectors_that_are_nearly_straight_are_no_copies(deviations: int) -> None:
    ratings = np.full((5, ITEMS), 5, dtype=np.int8)
    ratings[:, :deviations] = 4

    flags, counts = repeated_vectors(ratings, [7] * 5, [0] * 5)

    assert not flags.any()
    assert counts.tolist() == [5] * 5


@pytest.mark.parametrize("satisfaction", [0.5, 2.5, 4.5])
def test_honest_units_hardly_ever_raise_an_alarm_however_satisfied(satisfaction: float) -> None:
    rounds = [honest_ratings(seed, satisfaction=satisfaction) for seed in range(8)]

    alarms = [unit for ratings in rounds for unit in standing_out(straight_lined(ratings, ELEMENTS))]

    assert len(alarms) <= 2  # of 480 units; 16 000 simulated ones gave one alarm in 1 500


@pytest.mark.parametrize("satisfaction", [0.5, 2.5, 4.5])
def test_honest_answers_are_no_copies_however_satisfied(satisfaction: float) -> None:
    for seed in range(4):
        ratings = honest_ratings(seed, satisfaction=satisfaction)

        copies, _ = repeated_vectors(ratings, fingerprints(ratings, seed), unit_of_row())

        assert not copies.any()


@pytest.mark.parametrize("satisfaction", [0.5, 2.5, 4.5])
def test_short_forms_of_large_units_have_honest_repetitions(satisfaction: float) -> None:
    ratings = honest_ratings(5, satisfaction=satisfaction)[:, :10]
    one_unit = np.zeros(len(ratings), dtype=np.int64)
    prints = exact_prints(ratings)

    copies, counts = repeated_vectors(ratings, prints, one_unit)
    looked_at, _ = repeated_vectors(ratings, prints, one_unit, most_expected=np.inf)

    assert looked_at.any()
    assert counts.max() > 3
    assert not copies.any()


@pytest.mark.parametrize("units", [1, 4, 30])
def test_copies_are_found_also_where_they_are_spread_over_units(units: int) -> None:
    ratings = honest_ratings(6)
    unit = unit_of_row()
    pattern = np.array([5, 4, 5, 2, 5, 5, 3, 5, 4, 5, 5, 5, 2, 5, 4, 5, 5, 5, 3, 5, 5, 4], dtype=np.int8)
    planted = np.flatnonzero((unit < units) & (np.arange(len(unit)) % PEOPLE < 6))
    ratings[planted] = pattern

    copies, _ = repeated_vectors(ratings, exact_prints(ratings), unit)

    assert np.flatnonzero(copies).tolist() == planted.tolist()


@pytest.mark.parametrize("seed", range(4))
def test_a_unit_that_presses_one_level_for_its_visitors_stands_out(seed: int) -> None:
    ratings = honest_ratings(seed)
    ratings[:60] = 5

    assert standing_out(straight_lined(ratings, ELEMENTS)) == [0]


def test_few_flagged_responses_do_not_make_a_unit_stand_out() -> None:
    assert not outlying_shares([0, 0, 0, 4], [20, 20, 20, 20]).stands_out.any()
    assert outlying_shares([0, 0, 0, 5], [20, 20, 20, 20]).stands_out.tolist() == [False, False, False, True]


def test_units_that_differ_widely_among_themselves_do_not_stand_out() -> None:
    rng = np.random.default_rng(3)
    totals = np.full(80, 200)
    flagged = rng.binomial(totals, rng.beta(2, 6, 80))

    found = outlying_shares(flagged, totals)

    assert found.spread > 2
    assert not found.stands_out.any()


def test_a_single_unit_is_compared_with_what_is_honest() -> None:
    assert outlying_shares([20], [40]).stands_out.all()
    assert not outlying_shares([20], [40], honest_share=0.4).stands_out.any()
    assert np.isnan(outlying_shares([20], [40]).others).all()
    assert outlying_shares([20], [40]).spread == 1


def test_small_units_are_neither_judged_nor_used() -> None:
    found = outlying_shares([4, 1, 3], [4, 20, 20])

    assert np.isnan(found.distance[0])
    assert found.others[1:].tolist() == [0.15, 0.05]


def test_without_units_there_are_no_others() -> None:
    assert outlying_shares([], []).others.size == 0


# Rounds of honest units: few large ones, many alike, one large one among small ones.
ROUNDS = {
    "four large units": [2000] * 4,
    "sixty units": [150] * 60,
    "one large unit among small ones": [20] * 77 + [5000],
    "sizes of every order": [10, 30, 100, 300, 1000, 3000, 10_000],
}


@pytest.mark.parametrize("sizes", ROUNDS.values(), ids=ROUNDS)
@pytest.mark.parametrize(("share", "variation"), [(0.005, 0.0), (0.005, 0.5), (0.02, 0.25), (0.2, 0.25)])
def test_honest_units_stand_out_in_fewer_than_one_of_a_thousand(
    sizes: list[int], share: float, variation: float
) -> None:
    rng = np.random.default_rng(len(sizes))
    totals = np.array(sizes)
    shape = (max(50, 4000 // len(sizes)), len(sizes))
    if variation:
        # Their own shares differ, as those of a beta distribution with this mean.
        first = (1 - share) / variation**2 - share
        flagged = rng.binomial(totals, rng.beta(first, first * (1 - share) / share, shape))
    else:
        flagged = rng.binomial(totals, share, shape)

    found = sum(int(outlying_shares(each, totals).stands_out.sum()) for each in flagged)

    assert found < flagged.size / 1000


@pytest.mark.parametrize("sizes", [[2000] * 4, [200] * 20, [150] * 60, [300] + [20] * 77])
def test_a_unit_with_ten_percent_planted_is_found(sizes: list[int]) -> None:
    rng = np.random.default_rng(7)
    totals, trials = np.array(sizes), 200
    found = 0
    for _ in range(trials):
        flagged = rng.binomial(totals, 0.005)
        flagged[0] += int(0.1 * sizes[0])
        found += bool(outlying_shares(flagged, totals).stands_out[0])

    assert found >= 0.95 * trials


def test_more_flags_than_responses_are_refused() -> None:
    with pytest.raises(DataError, match="count_not_valid"):
        outlying_shares([3], [2])


def test_ratings_must_be_a_table_of_codes() -> None:
    with pytest.raises(DataError, match="ratings_not_a_table"):
        straight_lined(np.ones(3), [0, 0, 0])
