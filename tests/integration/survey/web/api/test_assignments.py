"""An interviewer's device fetches its list and tells of its visits."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from survey.models import Response, Visit
from survey.services.assignments import import_assignments
from survey.services.devices import find_device, withdraw_device
from survey.services.rounds import close_round, get_line
from survey.web import clock
from tests.factories import ROUND_CODE, UNIT_CODE
from tests.integration.survey.web.api.conftest import Post, authorization, body
from tests.rounds import SMALL

LIST, VISITS = "/api/v1/assignments", "/api/v1/visits"
Fetch = Callable[[str], list[dict[str, Any]]]


@pytest.fixture
def interviewer(app: Flask, pair: Callable[..., str]) -> str:
    """The credential of a device that has been given two addresses."""
    credential = pair("interviewer")
    with app.extensions["database"].write() as session:
        access = find_device(session, credential)
        assert access is not None
        rows = [f"{number},{SMALL},{UNIT_CODE},Nhà số {number},gần chợ,{access.code}" for number in (1, 2)]
        text = "\n".join(["number,questionnaire,unit,place,note,device", *rows])
        import_assignments(session, ROUND_CODE, text.encode())
    return credential


@pytest.fixture
def fetch(client: FlaskClient) -> Fetch:
    def fetch_list(credential: str) -> list[dict[str, Any]]:
        answer = client.get(LIST, headers=authorization(credential))
        assert answer.status_code == 200, answer.text
        lines: list[dict[str, Any]] = answer.json["assignments"]
        return lines

    return fetch_list


def visit(assignment: int, outcome: str = "refused", **changes: Any) -> dict[str, Any]:
    document = {
        "id": str(uuid4()),
        "assignment": assignment,
        "outcome": outcome,
        "visited_on": clock.today().isoformat(),
        "sent_at": clock.now().isoformat(),
    }
    return {**document, **changes}


def read_visits(app: Flask) -> list[Visit]:
    with app.extensions["database"].read() as session:
        return list(session.scalars(select(Visit)))


def test_the_list_is_complete_and_fetched_once(client: FlaskClient, interviewer: str, fetch: Fetch) -> None:
    first, second = fetch(interviewer)
    assert first["id"] != second["id"]
    del first["id"]
    assert first == {
        "number": "1",
        "questionnaire": SMALL,
        "unit": UNIT_CODE,
        "place": "Nhà số 1",
        "note": "gần chợ",
        "attempts": 0,
        "outcome": None,
    }
    headers = authorization(interviewer)
    etag = client.get(LIST, headers=headers).headers["ETag"]
    assert client.get(LIST, headers={**headers, "If-None-Match": etag}).status_code == 304


def test_a_visit_is_stored_once_and_shows_in_the_list(
    app: Flask, post: Post, interviewer: str, fetch: Fetch
) -> None:
    sent = visit(fetch(interviewer)[0]["id"], "not_at_home")

    first = post(sent, interviewer, path=VISITS)
    again = post({**sent, "sent_at": None}, interviewer, path=VISITS)
    other = post({**sent, "outcome": "refused"}, interviewer, path=VISITS)

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json == again.json == {"id": sent["id"], "status": "stored"}
    assert (other.status_code, other.json["code"]) == (409, "visit_conflict")
    assert [stored.outcome for stored in read_visits(app)] == ["not_at_home"]
    assert [(line["attempts"], line["outcome"]) for line in fetch(interviewer)] == [
        (1, "not_at_home"),
        (0, None),
    ]


def test_a_response_and_its_visit_share_nothing_that_joins_them(
    app: Flask, post: Post, interviewer: str, fetch: Fetch
) -> None:
    response = body()
    assert post(response, interviewer).status_code == 201
    assert post(visit(fetch(interviewer)[0]["id"], "completed"), interviewer, path=VISITS).status_code == 201

    (stored,) = read_visits(app)
    monday = clock.today() - timedelta(days=clock.today().weekday())
    assert (stored.visited_on, stored.received_on) == (monday, monday)
    with app.extensions["database"].read() as session:
        kept = session.scalars(select(Response)).one()
    assert (kept.channel, kept.selection) == ("interviewer", "invited")
    assert (kept.received_hour, kept.device_hour) == (None, None)
    of_response = {kept.id, kept.content_digest, *kept.details.values()}
    assert not of_response & {stored.id, str(stored.id), stored.assignment_id}


def test_a_visit_of_another_day_keeps_the_day(app: Flask, post: Post, interviewer: str, fetch: Fetch) -> None:
    sent = visit(fetch(interviewer)[0]["id"], visited_on="2026-02-03")
    post(sent, interviewer, path=VISITS)
    assert [(each.visited_on, each.received_on) for each in read_visits(app)] == [
        (date(2026, 2, 3), clock.today())
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {"outcome": "bribed"},
        {"outcome": "not_visited"},
        {"visited_on": "0001-01-01"},
        {"visited_on": "yesterday"},
        {"assignment": 2**40},
        {"assignment": "1"},
        {"id": "1"},
        {"name": "Nguyễn Văn A"},
    ],
)
def test_a_malformed_visit_is_refused(
    app: Flask, post: Post, interviewer: str, changes: dict[str, Any]
) -> None:
    answer = post({**visit(1), **changes}, interviewer, path=VISITS)
    assert (answer.status_code, answer.json["code"]) == (400, "malformed")
    assert read_visits(app) == []


def test_unknown_address_and_closed_round(
    app: Flask, post: Post, interviewer: str, fetch: Fetch, monkeypatch: pytest.MonkeyPatch
) -> None:
    unknown = post(visit(999_999), interviewer, path=VISITS)
    assert (unknown.status_code, unknown.json["code"]) == (404, "assignment_unknown")
    known = visit(fetch(interviewer)[0]["id"])
    with app.extensions["database"].write() as session:
        close_round(session, ROUND_CODE)
        last_day = get_line(session, ROUND_CODE).closes_on
    assert fetch(interviewer) == []
    in_time = post(known, interviewer, path=VISITS)
    assert (in_time.status_code, in_time.json["status"]) == (201, "stored")
    after = last_day + timedelta(days=1)
    monkeypatch.setattr(clock, "today", lambda: after)
    late = post(visit(known["assignment"]), interviewer, path=VISITS)
    assert (late.status_code, late.json["code"]) == (409, "round_not_open")


def test_only_interviewers_in_use_have_a_list(
    app: Flask, client: FlaskClient, pair: Callable[..., str], interviewer: str
) -> None:
    kiosk = pair("kiosk")
    answers = [client.get(LIST, headers=authorization(credential)) for credential in (kiosk, None, "x")]
    codes = ["not_an_interviewer", "credential_unknown", "credential_unknown"]
    assert [answer.json["code"] for answer in answers] == codes
    with app.extensions["database"].write() as session:
        access = find_device(session, interviewer)
        assert access is not None
        withdraw_device(session, access.code, now=clock.now())
    withdrawn = client.get(LIST, headers=authorization(interviewer))
    assert (withdrawn.status_code, withdrawn.json["code"]) == (403, "device_withdrawn")
