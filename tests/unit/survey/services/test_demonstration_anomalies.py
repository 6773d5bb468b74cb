"""What is planted in the demonstration: as many responses as before, and no answer of an invited one."""

from datetime import date
from uuid import UUID

import numpy as np
import pytest

from survey.services.demonstration.anomalies import (
    BURST_UNIT,
    FAST_UNIT,
    Arrival,
    give_hours,
    plant,
)
from survey.services.responses import NewResponse
from tests.factories import shipped_form
from tests.rounds import tthc_answers

TODAY = date(2026, 9, 1)


def response(number: int, channel: str, selection: str, unit: str, level: int) -> tuple[NewResponse, date]:
    rated = dict.fromkeys((question.id for question in shipped_form("tthc").rated), level)
    new = NewResponse(
        UUID(int=number, version=4),
        "minh-hoa",
        "tthc",
        unit,
        channel,
        selection,
        answers=tthc_answers(**rated),
        duration_band="3_to_10m",
    )
    return new, TODAY


@pytest.fixture
def arrivals() -> list[Arrival]:
    """A hundred at kiosks, and invited people on the phone who praise (even numbers) or do not."""
    at_kiosks = [response(number, "kiosk", "self_selected", "18880", 3) for number in range(100)]
    invited = [
        response(100 + number, "phone", "invited", FAST_UNIT, 5 if number % 2 else 2) for number in range(20)
    ]
    return give_hours([*at_kiosks, *invited], np.random.default_rng(1))


def planted(arrivals: list[Arrival]) -> list[Arrival]:
    return plant(arrivals, shipped_form("tthc"), TODAY, device_id=7)


def test_hours_are_those_in_which_halls_are_open(arrivals: list[Arrival]) -> None:
    assert {arrival.hour for arrival in arrivals} <= set(range(7, 17))


def test_a_burst_of_one_level_comes_from_one_device_in_one_hour(arrivals: list[Arrival]) -> None:
    burst = [arrival for arrival in planted(arrivals) if arrival.new.device]

    assert {arrival.new.unit_code for arrival in burst} == {BURST_UNIT}
    assert sorted(arrival.hour for arrival in burst) == [16] * 30 + [20] * 6
    for arrival in burst:
        assert arrival.new.selection == "self_selected"
        assert {arrival.new.answers[question.id] for question in shipped_form("tthc").rated} == {5}


def test_of_invited_responses_only_the_duration_is_changed(arrivals: list[Arrival]) -> None:
    pairs = [
        (before, after)
        for before, after in zip(arrivals, planted(arrivals), strict=True)
        if before.new.selection == "invited"
    ]

    assert all(before.new.answers == after.new.answers for before, after in pairs)
    assert [after.new.duration_band for _, after in pairs].count("under_1m") == 10


def test_a_small_demonstration_stays_as_it_is(arrivals: list[Arrival]) -> None:
    few = arrivals[:40]

    assert planted(few) == few
