"""A response over the interface: stored once, with the same receipt however often it is sent."""

import json
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any
from urllib.request import Request, urlopen

import pytest
from flask import Flask
from werkzeug.test import Client

from survey.models import QuarantinedResponse
from survey.services import calendar
from survey.services.devices import list_devices, withdraw_device
from survey.services.invited_links import invited_code
from survey.services.rounds import close_round
from survey.store.rounds import find_round
from tests.factories import OTHER_UNIT_CODE, ROUND_CODE, UNIT_CODE
from tests.fixtures.servers import LiveServer
from tests.integration.survey.web.api.conftest import (
    PATH,
    Post,
    body,
    read_quarantine,
    read_responses,
)
from tests.rounds import SMALL, small_answers

SIDES = 50
Pair = Callable[..., str]


@pytest.fixture
def sender(either_sender: Client) -> Client:
    """Every response comes in both ways."""
    return either_sender


def test_new_response_is_stored_with_a_receipt(app: Flask, post: Post) -> None:
    sent = body()

    answer = post(sent)

    assert answer.status_code == 201
    assert answer.json["id"] == sent["id"]
    assert answer.json["status"] == "stored"
    (stored,) = read_responses(app)
    assert (stored.channel, stored.selection, stored.device_id) == ("phone", "self_selected", None)


def test_answer_that_came_over_https_binds_the_browser_to_it(post: Post) -> None:
    answer = post(body(), base_url="https://localhost")

    assert answer.status_code == 201
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=")
    assert "Strict-Transport-Security" not in post(body()).headers


def test_no_cookie_is_set(post: Post) -> None:
    assert "Set-Cookie" not in post(body()).headers


def test_repeat_gets_the_same_receipt(app: Flask, post: Post) -> None:
    sent = body()
    first = post(sent)

    again = post(sent)

    assert (again.status_code, again.json) == (200, first.json)
    assert len(read_responses(app)) == 1


def test_repeat_is_answered_after_the_round_was_closed(app: Flask, post: Post) -> None:
    sent = body()
    post(sent)
    _close(app)

    assert post(sent).status_code == 200


def test_other_content_under_a_stored_id_is_kept_once(app: Flask, post: Post, pair: Pair) -> None:
    credential, sent = pair(), body()
    post(sent, credential)
    other = {**sent, "answers": small_answers(1, 1)}

    answers = [post(other, credential) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [409, 409]
    assert [answer.json["code"] for answer in answers] == ["response_conflict"] * 2
    assert answers[0].json["kept"] is True
    assert [kept.reason for kept in read_quarantine(app)] == ["conflict"]
    assert len(read_responses(app)) == 1


def test_many_posts_of_one_id_are_one_row(app: Flask, small_round: None, live_server: LiveServer) -> None:
    content = json.dumps(body()).encode()
    barrier = Barrier(SIDES)

    def send(_: int) -> Any:
        request = Request(live_server.url(PATH), content, {"Content-Type": "application/json"}, method="POST")
        barrier.wait()
        with urlopen(request, timeout=60) as answer:
            return answer.status, json.load(answer)

    with ThreadPoolExecutor(SIDES) as pool:
        answers = list(pool.map(send, range(SIDES)))

    assert sorted(status for status, _ in answers) == [200] * (SIDES - 1) + [201]
    assert all(receipt == answers[0][1] for _, receipt in answers)
    assert len(read_responses(app)) == 1


def test_kiosk_says_channel_device_and_its_clock(app: Flask, post: Post, pair: Pair) -> None:
    now = calendar.now()
    moments = {"started_at": now - timedelta(minutes=2), "completed_at": now, "sent_at": now}

    answer = post(body(**{name: moment.isoformat() for name, moment in moments.items()}), pair())

    assert answer.status_code == 201
    (stored,) = read_responses(app)
    assert (stored.channel, stored.selection) == ("kiosk", "self_selected")
    assert (stored.clock_band, stored.duration_band) == ("right", "1_to_3m")
    local = now.astimezone(calendar.LOCAL_ZONE)
    assert (stored.device_on, stored.device_hour) == (local.date(), local.hour)
    assert stored.device_id is not None
    assert stored.received_hour is not None


def test_no_hour_is_kept_of_an_invited_response(app: Flask, post: Post, pair: Pair) -> None:
    now = calendar.now().isoformat()

    post(body(completed_at=now, sent_at=now), pair("interviewer"))

    (stored,) = read_responses(app)
    assert (stored.channel, stored.selection) == ("interviewer", "invited")
    assert (stored.received_hour, stored.device_hour) == (None, None)


@pytest.mark.parametrize(
    ("off", "band"),
    [
        (timedelta(seconds=90), "right"),
        (timedelta(minutes=-30), "minutes_off"),
        (timedelta(hours=5), "hours_off"),
        (timedelta(hours=-25), "days_off"),
        (timedelta(days=366), "days_off"),
        (timedelta(days=365 * 56), "days_off"),
    ],
)
def test_wrong_clock_is_flagged_and_counts_today(
    app: Flask, post: Post, pair: Pair, off: timedelta, band: str
) -> None:
    claimed = (calendar.now() - off).isoformat()

    answer = post(body(completed_at=claimed, sent_at=claimed), pair())

    assert answer.status_code == 201
    (stored,) = read_responses(app)
    assert stored.clock_band == band
    assert stored.received_on == calendar.local_date(calendar.now())


def test_clock_of_1970_is_accepted(app: Flask, post: Post, pair: Pair) -> None:
    claimed = "1970-01-01T00:00:10Z"

    assert post(body(completed_at=claimed, sent_at=claimed), pair()).status_code == 201
    assert read_responses(app)[0].clock_band == "days_off"


def test_withdrawn_device_is_refused_and_its_response_kept(app: Flask, post: Post, pair: Pair) -> None:
    credential = pair()
    post(body(), credential)  # its credential is remembered by now
    _withdraw(app)

    answer = post(body(), credential)

    assert (answer.status_code, answer.json["code"]) == (403, "device_withdrawn")
    assert answer.json["kept"] is True
    assert [kept.reason for kept in read_quarantine(app)] == ["device_withdrawn"]


def test_withdrawn_device_still_gets_the_receipt_of_what_was_stored(
    app: Flask, post: Post, pair: Pair
) -> None:
    credential, sent = pair(), body()
    post(sent, credential)
    _withdraw(app)

    assert post(sent, credential).status_code == 200
    assert read_quarantine(app) == []


def test_closed_round_is_refused_and_a_device_s_response_kept(app: Flask, post: Post, pair: Pair) -> None:
    credential = pair()
    post(body(), credential)
    _close(app)

    with_device, without = post(body(), credential), post(body())

    assert (with_device.status_code, with_device.json["code"]) == (409, "round_not_open")
    assert with_device.json["kept"] is True
    assert without.status_code == 409
    assert "kept" not in without.json
    assert [kept.reason for kept in read_quarantine(app)] == ["round_not_open"]


REFUSED: list[tuple[dict[str, Any], int, str, str]] = [
    ({"unit": OTHER_UNIT_CODE}, 422, "device_elsewhere", "place_unknown"),
    ({"round": "khong-co"}, 422, "device_elsewhere", "place_unknown"),
    ({"questionnaire": "khong-co"}, 404, "questionnaire_unknown", "place_unknown"),
    ({"version": 2}, 422, "version_unknown", "version_unknown"),
    ({"answers": {"came": "no", "q3": 4}}, 422, "answers_refused", "answers_refused"),
    ({"answers": {}}, 422, "answers_refused", "answers_refused"),
    ({"answers": {"came": "\x00", "\ud83d\ude00": "\x00"}}, 422, "answers_refused", "answers_refused"),
    ({"answers": {"came": "no", "why": {"deep": 1}}}, 400, "malformed", "malformed"),
    ({"language": "fr"}, 400, "malformed", "malformed"),
    ({"extra": 1}, 400, "malformed", "malformed"),
    ({"id": "1"}, 400, "malformed", "malformed"),
]


@pytest.mark.parametrize(("change", "status", "code", "reason"), REFUSED)
def test_what_a_device_sends_and_cannot_be_stored_is_kept(
    app: Flask, post: Post, pair: Pair, change: dict[str, Any], status: int, code: str, reason: str
) -> None:
    answer = post(body(**change), pair())

    assert (answer.status_code, answer.json["code"], answer.json["kept"]) == (status, code, True)
    assert [kept.reason for kept in read_quarantine(app)] == [reason]
    assert read_responses(app) == []


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"round": "khong-co"}, 404, "round_unknown"),
        ({"unit": "khong-co"}, 404, "unit_unknown"),
        ({"invitation": "a" * 16}, 404, "invitation_unknown"),
        ({"version": 2}, 422, "version_unknown"),
    ],
)
def test_refusal_without_a_device_keeps_nothing(
    app: Flask, post: Post, change: dict[str, Any], status: int, code: str
) -> None:
    answer = post(body(**change))

    assert (answer.status_code, answer.json["code"]) == (status, code)
    assert "kept" not in answer.json
    assert read_quarantine(app) == []


def test_refused_answers_are_named(post: Post) -> None:
    answer = post(body(answers={"came": "no", "q3": 4, "q1": 9}))

    problems = {problem["question"]: problem["code"] for problem in answer.json["problems"]}
    assert problems == {"q3": "off_path", "q1": "not_an_option"}
    assert all(problem["detail"] for problem in answer.json["problems"])


def test_invitation_counts_as_drawn(app: Flask, post: Post) -> None:
    code = invited_code("known to every test", ROUND_CODE, SMALL, UNIT_CODE)

    assert post(body(invitation=code)).status_code == 201
    assert read_responses(app)[0].selection == "invited"


def test_text_is_stored_composed(app: Flask, post: Post) -> None:
    words = "Nhân viên tận tình"

    post(body(answers=small_answers(4, 5, why=unicodedata.normalize("NFD", words) + "\x00 ")))

    assert read_responses(app)[0].details["why"] == words


def test_credential_that_nobody_has_is_refused(app: Flask, post: Post) -> None:
    answer = post(body(), "x" * 43)

    assert (answer.status_code, answer.json["code"]) == (401, "credential_unknown")
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert read_responses(app) == []


UNREADABLE = [
    pytest.param(b"{", id="cut"),
    pytest.param(b"[]", id="no object"),
    pytest.param(b"", id="empty"),
    pytest.param(b"\xff\xfe{\x00}\x00", id="UTF-16"),
    pytest.param(b'{"id": "\xe9"}', id="Latin-1"),
    pytest.param(b"[" * 100_000, id="deep"),
    pytest.param(b'{"a":' * 20_000, id="deep objects"),
    pytest.param(json.dumps(body(version=10**400)).encode(), id="huge number"),
    pytest.param(b'{"version": NaN}', id="NaN"),
    pytest.param(b'{"version": 1e999}', id="infinite"),
    pytest.param(json.dumps(body()).encode()[:-1] + b', "version": 1}', id="one name twice"),
    pytest.param(json.dumps(body(answers={"why": "@"})).encode().replace(b"@", b"\\ud800"), id="half"),
    pytest.param(json.dumps(body(unit="a\x00")).encode(), id="NUL in a code"),
]


@pytest.mark.parametrize("content", UNREADABLE)
def test_unreadable_content_of_a_device_is_kept_as_it_came(
    app: Flask, post: Post, pair: Pair, content: bytes
) -> None:
    credential = pair()

    answers = [post(None, credential, data=content, content_type="application/json") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [400, 400]
    assert answers[0].mimetype == "application/problem+json"
    assert answers[0].json["kept"] is True
    assert [kept.reason for kept in read_quarantine(app)] == ["malformed"]


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=utf-16"]
)
def test_other_content_is_refused_and_kept(app: Flask, post: Post, pair: Pair, content_type: str) -> None:
    content = json.dumps(body()).encode()

    with_device = post(None, pair(), data=content, content_type=content_type)
    without = post(None, data=content, content_type=content_type)

    assert (with_device.status_code, with_device.json["code"]) == (415, "content_refused")
    assert with_device.json["kept"] is True
    assert (without.status_code, "kept" in without.json) == (415, False)
    assert len(read_quarantine(app)) == 1


def _close(app: Flask) -> None:
    with app.extensions["database"].write() as session:
        close_round(session, ROUND_CODE)


def _withdraw(app: Flask) -> None:
    with app.extensions["database"].write() as session:
        for line in list_devices(session, ROUND_CODE, now=calendar.now()):
            withdraw_device(session, line.code, now=calendar.now())


def test_a_decision_of_staff_is_told_to_who_sends_it_again(app: Flask, post: Post, pair: Pair) -> None:
    credential, sent = pair(), body(version=7)
    waiting = post(sent, credential)
    with app.extensions["database"].write() as session:
        kept = session.query(QuarantinedResponse).one()
        kept.state, kept.decided_on = "dismissed", calendar.now().date()

    decided = post(sent, credential)
    report = {"unsent": 0, "held": 1, "dropped": 0, "app_version": "1"}
    status = post(report, credential, path="/api/v1/device/status")

    assert (waiting.json["kept"], "decided" in waiting.json) == (True, False)
    assert (decided.status_code, decided.json["kept"], decided.json["decided"]) == (422, True, True)
    assert (decided.json["decision"], decided.json["id"]) == ("dismissed", sent["id"])
    assert status.json["decided"] == 1
    assert "decided" not in post(body(version=7), credential).json


def test_what_staff_left_aside_is_not_stored_later(app: Flask, post: Post, pair: Pair) -> None:
    credential, sent = pair(), body()
    _set_status(app, "draft")
    refused = post(sent, credential)
    with app.extensions["database"].write() as session:
        kept = session.query(QuarantinedResponse).one()
        kept.state, kept.decided_on = "dismissed", calendar.now().date()
    _set_status(app, "open")

    again, other = post(sent, credential), post(body(), credential)

    assert (refused.status_code, refused.json["kept"]) == (409, True)
    assert (again.status_code, again.json["decision"]) == (409, "dismissed")
    assert other.status_code == 201
    assert [str(response.id) for response in read_responses(app)] == [other.json["id"]]


def _set_status(app: Flask, status: str) -> None:
    with app.extensions["database"].write() as session:
        survey_round = find_round(session, ROUND_CODE)
        assert survey_round is not None
        survey_round.status = status
