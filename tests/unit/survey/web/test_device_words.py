"""How long ago, how wrong a clock, which sentence on top of the fleet."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask_babel import force_locale

from questionnaires.model import Text
from survey.services.device_alarms import ALARMS
from survey.services.devices import DeviceLine
from survey.web import device_words

NOW = datetime(2026, 9, 7, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def in_english(app: Flask) -> Iterator[None]:
    with app.test_request_context(), force_locale("en"):
        yield


def device(*alarms: str, status: str = "active", storage: str = "ok") -> DeviceLine:
    return DeviceLine(
        code="K-AAAAA",
        kind="kiosk",
        name="Kiosk",
        status=status,
        unit_code="18880",
        unit_name=Text(vi="Phường", en="Ward"),
        created_at=NOW,
        paired_at=NOW,
        pairing_expires_at=NOW,
        withdrawn_at=NOW,
        last_contact_at=NOW,
        unsent_count=1,
        held_count=2,
        dropped_count=0,
        app_version="1",
        clock_skew_seconds=0,
        storage_state=storage,
        alarms=alarms,
    )


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(seconds=-5), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(seconds=60), "1 minute ago"),
        (timedelta(minutes=59), "59 minutes ago"),
        (timedelta(hours=23, minutes=59), "23 hours ago"),
        (timedelta(days=1), "6 Sep 2026, 09:00"),
    ],
)
def test_how_long_ago(ago: timedelta, words: str) -> None:
    assert device_words.since_words(NOW - ago, NOW) == words


def test_a_device_that_was_never_heard() -> None:
    assert device_words.since_words(None, NOW) == "never"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, "clock unknown"),
        (120, "clock right"),
        (-121, "clock 2 minutes fast"),
        (3 * 3600, "clock 3 hours slow"),
        (400 * 86400, "clock 400 days slow"),
        (2**31 - 1, "clock 68 years slow"),
    ],
)
def test_how_wrong_a_clock_is(seconds: int | None, words: str) -> None:
    assert device_words.clock_words(seconds) == words


def test_every_alarm_has_its_own_sentence() -> None:
    sentences = device_words.alarm_sentences(device(*ALARMS, storage="full"), NOW)
    assert len(set(sentences)) == len(ALARMS)


def test_the_finding_counts_devices_and_alarms() -> None:
    fleet = [device("held", "clock"), device("clock"), device(), device("held", status="withdrawn")]
    assert device_words.fleet_finding(fleet) == (
        "2 devices need looking after: 1 with refused forms or visits; 2 with a wrong clock."
    )
    assert device_words.fleet_finding([device()]) == "1 device, nothing to look after."
    assert device_words.fleet_finding([device(status="withdrawn")]) == "No device is in use."
