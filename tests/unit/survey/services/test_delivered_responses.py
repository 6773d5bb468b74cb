"""Reading what a device delivers: strictly in shape, kindly in words, with every clock."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from questionnaires.examples import example_document
from questionnaires.loader import parse_questionnaire
from survey.services import delivered_responses
from survey.services.delivered_responses import Delivery, DeliveryMalformed, parse_delivery, to_new_response
from survey.services.devices import DeviceAccess
from survey.services.responses import NewResponse

NOW = datetime(2026, 9, 7, 2, 0, tzinfo=UTC)
ID = "0c6e5f0e-7f0c-4c52-9a55-6a1c3a0f7b11"


def body(**changes: Any) -> str:
    document = {
        "id": ID,
        "round": "2026-h2",
        "questionnaire": "vi-du",
        "version": 1,
        "unit": "18880",
        "language": "vi",
        "answers": {"visited": "yes", "q01": 3, "channels": ["radio"]},
        "started_at": "2026-09-07T08:50:00+07:00",
        "completed_at": "2026-09-07T08:54:00+07:00",
        "sent_at": "2026-09-07T09:00:00+07:00",
        "invitation": None,
    }
    return json.dumps({**document, **changes})


def access(kind: str = "kiosk") -> DeviceAccess:
    return DeviceAccess(5, "K-AAAAA", kind, "Kiosk", "active", "", 1, "2026-h2", 1, "18880")


def new(delivery: Delivery, kind: str | None = "kiosk", **options: Any) -> NewResponse:
    device = access(kind) if kind else None
    selection = delivered_responses.selection_of(device) if device else "self_selected"
    return to_new_response(delivery, device, {}, selection=selection, now=NOW, **options)


def test_a_body_is_read() -> None:
    delivery = parse_delivery(body())
    assert (delivery.response_id, delivery.version) == (UUID(ID), 1)
    assert delivery.answers == {"visited": "yes", "q01": 3, "channels": ["radio"]}
    assert delivery.sent_at == NOW


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"[]",
        b"<html>",
        b'{"id": NaN}',
        b"\xff\xfe",
        b"[" * 100_000,
        body(id="1").encode(),
        body(version="1").encode(),
        body(version=True).encode(),
        body(answers={"q01": True}).encode(),
        body(answers={"q01": {"a": 1}}).encode(),
        body(answers={"q\0": 1}).encode(),
        body(round="").encode(),
        body(unit="\0").encode(),
        body(language="fr").encode(),
        body(sent_at=5).encode(),
        body(sent_at="0001-01-01T00:00:00Z").encode(),
        body(extra=1).encode(),
        body(answers={"q01": 1e999}).encode(),
    ],
)
def test_what_is_no_such_document_is_malformed(raw: bytes) -> None:
    with pytest.raises(DeliveryMalformed) as refused:
        parse_delivery(raw)
    assert refused.value.problems


def test_every_fault_is_named_at_once() -> None:
    with pytest.raises(DeliveryMalformed) as refused:
        parse_delivery(body(id="1", version=0))
    assert [problem.path for problem in refused.value.problems] == ["id", "version"]


def test_answers_are_read_as_a_web_form_reads_them() -> None:
    questionnaire = parse_questionnaire(example_document())
    raw = {
        "visited": "yes",
        "q01": "3",
        "channels": ["web", "radio"],
        "why": " Chờ  lâu\0 ",
        "expected": None,
    }
    answers, problems = delivered_responses.read_answers(questionnaire, {**raw, "odd": [1]})
    assert problems == []
    assert answers == {
        "visited": "yes",
        "q01": 3,
        "channels": ("radio", "web"),
        "why": "Chờ  lâu",
        "odd": (1,),
    }
    _, problems = delivered_responses.read_answers(questionnaire, {"q01": "ba"})
    assert [(problem.path, problem.code) for problem in problems] == [("q01", "not_an_option")]


@pytest.mark.parametrize(
    ("off", "band"),
    [
        (timedelta(seconds=119), "right"),
        (timedelta(seconds=-119), "right"),
        (timedelta(minutes=2), "minutes_off"),
        (timedelta(hours=-1), "hours_off"),
        (timedelta(hours=24), "days_off"),
        (timedelta(days=-20_000), "days_off"),
        (None, "unknown"),
    ],
)
def test_the_clock_has_a_band(off: timedelta | None, band: str) -> None:
    assert delivered_responses.clock_band(off) == band


def test_a_clock_in_1970_is_put_right_for_the_day_it_was_filled() -> None:
    delivery = parse_delivery(
        body(
            started_at="1970-01-01T00:00:00Z",
            completed_at="1970-01-01T00:04:00Z",
            sent_at="1970-01-01T20:04:00Z",
        )
    )
    response = new(delivery)
    assert response.begun_on == date(2026, 9, 6)
    assert response.duration_band == "3_to_10m"
    assert response.device is not None
    # Viet Nam was eight hours ahead then.
    assert (response.device.filled_on, response.device.filled_hour) == (date(1970, 1, 1), 8)
    assert response.device.clock_band == "days_off"


def test_a_kiosk_and_an_interviewer_and_nobody() -> None:
    delivery = parse_delivery(body())
    kiosk, interviewer, phone = new(delivery), new(delivery, "interviewer"), new(delivery, None)
    assert (kiosk.channel, kiosk.selection) == ("kiosk", "self_selected")
    assert (interviewer.channel, interviewer.selection) == ("interviewer", "invited")
    assert (phone.channel, phone.device) == ("phone", None)
    assert kiosk.device is not None
    assert interviewer.device is not None
    # No hour of somebody who was drawn: his visit is on a list.
    assert (kiosk.device.filled_hour, interviewer.device.filled_hour) == (8, None)


def test_without_moments_nothing_is_guessed() -> None:
    response = new(parse_delivery(body(started_at=None, completed_at=None, sent_at=None)))
    assert (response.begun_on, response.duration_band) == (None, "unknown")
    assert response.device is not None
    assert response.device.clock_band == "unknown"


def test_a_clock_that_went_back_gives_no_duration() -> None:
    assert new(parse_delivery(body(completed_at="2026-09-07T08:40:00+07:00"))).duration_band == "unknown"


def test_a_file_that_travelled_says_nothing_about_the_clock() -> None:
    response = new(parse_delivery(body(sent_at="2026-08-01T09:00:00+07:00")), came_by_network=False)
    assert response.begun_on == date(2026, 9, 7)
    assert response.device is not None
    assert response.device.clock_band == "unknown"


def test_a_moment_without_an_offset_is_vietnamese() -> None:
    assert parse_delivery(body(sent_at="2026-09-07T09:00:00")).sent_at == NOW


@pytest.mark.parametrize("completed_at", ["2027-09-07T09:00:00+07:00", "1970-01-01T00:04:00Z"])
def test_a_rescued_response_of_an_impossible_day_tells_of_a_wrong_clock(completed_at: str) -> None:
    delivery = parse_delivery(body(completed_at=completed_at))
    response = new(delivery, came_by_network=False, opens_on=date(2026, 9, 1))
    assert response.device is not None
    assert response.device.clock_band == "days_off"
