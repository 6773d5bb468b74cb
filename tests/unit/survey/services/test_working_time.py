"""Nights, weekends and noon are no silence."""

from datetime import datetime, timedelta

import pytest

from survey.services.calendar import LOCAL_ZONE
from survey.services.working_time import working_time


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL_ZONE)


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        ("2026-09-07T08:00", "2026-09-07T09:10", 70),  # Monday morning
        ("2026-09-07T11:20", "2026-09-07T13:40", 20),  # over noon
        ("2026-09-07T16:50", "2026-09-08T07:35", 15),  # over night
        ("2026-09-11T16:50", "2026-09-14T07:40", 20),  # over a weekend
        ("2026-09-12T08:00", "2026-09-13T17:00", 0),  # Saturday and Sunday
        ("2026-09-07T00:00", "2026-09-08T00:00", 450),  # a whole day
        ("2026-09-07T09:00", "2026-09-07T08:00", 0),  # a contact that lies ahead of the clock
    ],
)
def test_only_office_hours_are_counted(start: str, end: str, minutes: int) -> None:
    assert working_time(at(start), at(end)) == timedelta(minutes=minutes)


def test_years_of_silence_are_counted_as_thirty_days() -> None:
    long_ago = working_time(at("2001-01-01T08:00"), at("2026-09-07T12:00"))
    assert timedelta(hours=7.5 * 20) < long_ago < timedelta(hours=7.5 * 23)
