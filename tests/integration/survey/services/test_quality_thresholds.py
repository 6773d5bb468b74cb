"""Thresholds of data quality: how they are read, and that every change is written down."""

from datetime import date

import pytest

from survey.services.quality_thresholds import (
    USUAL,
    Thresholds,
    check_thresholds,
    get_thresholds,
    list_threshold_changes,
)
from survey.store.database import Session
from tests.rounds import ROUND_CODE, open_tthc_round
from tests.thresholds import set_thresholds

UNIT = "18880"


@pytest.fixture(autouse=True)
def tthc_round(session: Session) -> None:
    open_tthc_round(session, (UNIT,))


def changes(session: Session) -> list[tuple[str, float, float, str, date]]:
    return [
        (each.name, each.value_before, each.value_after, each.changed_by, each.changed_on)
        for each in list_threshold_changes(session, ROUND_CODE)
    ]


def test_a_change_is_written_down_with_who_when_from_what_to_what(session: Session) -> None:
    set_thresholds(session, username="lan", on=date(2026, 9, 1), distance=4.5, burst_per_hour=30)
    set_thresholds(session, username="minh", on=date(2026, 9, 3), distance=5)

    assert changes(session) == [
        ("distance", 4.5, 5, "Cán bộ minh", date(2026, 9, 3)),
        ("burst_per_hour", 30, 20, "Cán bộ minh", date(2026, 9, 3)),
        ("distance", 3.5, 4.5, "Cán bộ lan", date(2026, 9, 1)),
        ("burst_per_hour", 20, 30, "Cán bộ lan", date(2026, 9, 1)),
    ]


def test_what_is_saved_as_it_was_is_no_change(session: Session) -> None:
    set_thresholds(session, distance=4.5)

    assert set_thresholds(session, distance=4.5) == ()
    assert len(changes(session)) == 1


def test_a_threshold_set_back_to_the_usual_is_not_kept_but_its_change_is(session: Session) -> None:
    set_thresholds(session, distance=4.5)
    set_thresholds(session)

    assert get_thresholds(session, ROUND_CODE) == USUAL
    assert [change[1:3] for change in changes(session)] == [(4.5, 3.5), (3.5, 4.5)]


def test_thresholds_are_the_round_s_own(session: Session) -> None:
    set_thresholds(session, burst_per_hour=8, minimum_items=2)

    assert get_thresholds(session, ROUND_CODE) == Thresholds(burst_per_hour=8, minimum_items=2)


@pytest.mark.parametrize(
    ("name", "typed", "code"),
    [
        ("distance", "nhiều", "not_a_number"),
        ("distance", "nan", "out_of_bounds"),
        ("distance", "0,5", "out_of_bounds"),
        ("burst_per_hour", "20,5", "not_whole"),
        ("burst_per_hour", "1.001", "out_of_bounds"),
        ("last_hour", "7", "hours_reversed"),
    ],
)
def test_a_threshold_that_makes_no_sense_is_refused(name: str, typed: str, code: str) -> None:
    _, faults = check_thresholds({name: typed})

    assert [(fault.name, fault.code) for fault in faults] == [(name, code)]


@pytest.mark.parametrize(("typed", "value"), [("", 3.5), (" 4,5 ", 4.5), ("4.5", 4.5)])
def test_a_threshold_is_read_as_it_is_written(typed: str, value: float) -> None:
    thresholds, faults = check_thresholds({"distance": typed})

    assert faults == []
    assert thresholds.distance == value
