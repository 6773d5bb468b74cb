"""Flags follow the responses, not the order in which they stand, and a higher threshold flags fewer."""

from dataclasses import dataclass

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from analysis.response_quality import (
    in_bursts,
    outlying_shares,
    outside_hours,
    repeated_vectors,
    straight_lined,
    too_fast,
)

ITEMS = 4
ELEMENTS = [0, 0, 1, 1]


@dataclass(frozen=True)
class Responses:
    """Some responses, drawn from few values so that all rules find something."""

    ratings: np.ndarray
    unit: np.ndarray
    hour: np.ndarray
    seconds: np.ndarray

    def in_order(self, order: np.ndarray) -> "Responses":
        return Responses(self.ratings[order], self.unit[order], self.hour[order], self.seconds[order])

    @property
    def fingerprint(self) -> np.ndarray:
        return (self.ratings.astype(np.int64) @ [1, 10, 100, 1000] + 2000).astype(np.uint64)

    def flags(self, minimum: int = 2) -> dict[str, np.ndarray]:
        answered = (self.ratings >= 0).sum(axis=1)
        return {
            "straight": straight_lined(self.ratings, ELEMENTS, minimum_items=minimum),
            "fast": too_fast(answered, self.seconds, seconds_per_item=30 / minimum),
            "burst": in_bursts(self.unit, self.hour, minimum=minimum)[0],
            "hours": outside_hours(self.hour, 8 - minimum, 15 + minimum),
            "identical": repeated_vectors(
                self.ratings,
                self.fingerprint,
                self.unit,
                minimum=minimum,
                minimum_items=2,
                minimum_deviations=1,
            )[0],
        }


@st.composite
def some_responses(draw: st.DrawFn) -> Responses:
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    n = draw(st.integers(0, 60))
    return Responses(
        ratings=rng.choice([-1, 4, 5], (n, ITEMS)).astype(np.int8),
        unit=rng.integers(-1, 3, n),
        hour=rng.integers(-1, 24, n),
        seconds=rng.choice([60.0, 180.0, np.inf], n),
    )


@given(some_responses(), st.randoms(use_true_random=False))
def test_flags_do_not_depend_on_the_order_of_the_rows(responses: Responses, random: object) -> None:
    order = np.array(random.sample(range(len(responses.unit)), len(responses.unit)), dtype=np.intp)  # type: ignore[attr-defined]

    shuffled = responses.in_order(order).flags()

    for rule, flags in responses.flags().items():
        assert np.array_equal(shuffled[rule], flags[order]), rule


@given(some_responses())
def test_a_higher_threshold_flags_no_further_response(responses: Responses) -> None:
    strict = responses.flags(minimum=4)

    for rule, flags in responses.flags(minimum=2).items():
        assert not (strict[rule] & ~flags).any(), rule


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 60)), min_size=1, max_size=30))
def test_standing_out_is_the_unit_s_own_whatever_its_place(pairs: list[tuple[int, int]]) -> None:
    flagged = np.array([min(pair) for pair in pairs])
    totals = np.array([max(pair) for pair in pairs])

    forwards, backwards = outlying_shares(flagged, totals), outlying_shares(flagged[::-1], totals[::-1])

    assert np.array_equal(forwards.stands_out, backwards.stands_out[::-1])
    assert not forwards.stands_out[flagged < 5].any()
