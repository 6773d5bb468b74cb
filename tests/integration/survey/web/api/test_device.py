"""A device pairs, fetches its configuration and reports how it is."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from questionnaires.loader import parse_questionnaire
from survey.services import calendar
from survey.services.devices import create_device, list_devices, renew_pairing, withdraw_device
from survey.services.round_forms import get_round
from survey.store.database import Database
from tests.factories import ROUND_CODE, UNIT_CODE
from tests.integration.survey.web.api.conftest import Post, authorization
from tests.rounds import SMALL

PAIRING, DEVICE, STATUS = "/api/v1/device/pairing", "/api/v1/device", "/api/v1/device/status"
REPORT: dict[str, Any] = {
    "unsent": 3,
    "held": 1,
    "dropped": 2,
    "app_version": "0.1.0",
    "device_time": "1970-01-01T00:00:00Z",
    "storage": "low",
}


def test_pairing_code_is_used_once(app: Flask, post: Post) -> None:
    with app.extensions["database"].write() as session:
        line, code = create_device(
            session,
            round_code=ROUND_CODE,
            unit_code=UNIT_CODE,
            kind="kiosk",
            name="Kiosk 1",
            pin="1234",
            now=calendar.now(),
        )

    first = post({"code": code.lower()}, path=PAIRING)
    second = post({"code": code}, path=PAIRING)

    assert (first.status_code, first.json["device"]) == (201, line.code)
    assert len(first.json["credential"]) >= 43
    assert (second.status_code, second.json["code"]) == (404, "pairing_unknown")


def test_configuration_is_complete(client: FlaskClient, pair: Callable[..., str]) -> None:
    answer = client.get(DEVICE, headers=authorization(pair()))

    assert answer.status_code == 200
    assert answer.json["unit"]["code"] == UNIT_CODE
    assert answer.json["round"]["code"] == ROUND_CODE
    (form,) = answer.json["forms"]
    document = {name: value for name, value in form.items() if name != "choices"}
    assert parse_questionnaire(document).id == SMALL
    assert answer.json["device"]["pin_hash"].startswith("pbkdf2_sha256$")


def test_only_an_interviewer_gets_words_to_read_out(client: FlaskClient, pair: Callable[..., str]) -> None:
    forms = [
        client.get(DEVICE, headers=authorization(pair(kind))).json["forms"][0]
        for kind in ("interviewer", "kiosk")
    ]

    assert forms[0]["spoken_consent"].keys() == {"vi", "en"}
    assert "spoken_consent" not in forms[1]


def test_configuration_names_whom_the_round_names(
    client: FlaskClient, database: Database, pair: Callable[..., str]
) -> None:
    headers = authorization(pair())
    before = client.get(DEVICE, headers=headers).json["forms"][0]["introduction"]["contact"]
    with database.write() as session:
        get_round(session, ROUND_CODE).contact = "Sở Nội vụ, 0233 000 000"
        get_round(session, ROUND_CODE).contact_en = "Home Affairs, 0233 000 000"

    after = client.get(DEVICE, headers=headers).json["forms"][0]["introduction"]["contact"]

    assert after["vi"] == f"{before['vi']} Sở Nội vụ, 0233 000 000"
    assert after["en"] == f"{before['en']} Home Affairs, 0233 000 000"


def test_unchanged_configuration_is_not_sent_again(client: FlaskClient, pair: Callable[..., str]) -> None:
    headers = authorization(pair())
    tag = client.get(DEVICE, headers=headers).headers["ETag"]

    again = client.get(DEVICE, headers={**headers, "If-None-Match": tag})

    assert (again.status_code, again.data) == (304, b"")


def test_report_is_noted(app: Flask, post: Post, client: FlaskClient, pair: Callable[..., str]) -> None:
    credential = pair()

    answer = post(REPORT, credential, path=STATUS)

    assert (answer.status_code, answer.json["status"]) == (200, "active")
    tag = client.get(DEVICE, headers=authorization(credential)).headers["ETag"]
    assert answer.json["config"] in tag
    (line,) = _lines(app)
    assert (line.unsent_count, line.held_count, line.dropped_count, line.storage_state) == (3, 1, 2, "low")


@pytest.mark.parametrize("path", [DEVICE, STATUS])
@pytest.mark.parametrize("credential", [None, "unknown"])
def test_device_pages_need_a_credential(
    client: FlaskClient, small_round: None, path: str, credential: str | None
) -> None:
    method = client.get if path == DEVICE else client.post

    answer = method(path, headers=authorization(credential))

    assert (answer.status_code, answer.json["code"]) == (401, "credential_unknown")


def test_withdrawn_device_is_told_so_at_once(
    app: Flask, post: Post, client: FlaskClient, pair: Callable[..., str]
) -> None:
    credential = pair()
    post(REPORT, credential, path=STATUS)
    (line,) = _lines(app)
    with app.extensions["database"].write() as session:
        withdraw_device(session, line.code, now=calendar.now())

    answer = post(REPORT, credential, path=STATUS)

    assert (answer.status_code, answer.json["code"]) == (403, "device_withdrawn")


def test_hardware_that_was_exchanged_goes_on_saying_what_it_holds(
    app: Flask, post: Post, pair: Callable[..., str]
) -> None:
    old = pair()
    post(REPORT, old, path=STATUS)
    (line,) = _lines(app)
    with app.extensions["database"].write() as session:
        code = renew_pairing(session, line.code, now=calendar.now())
    assert post({"code": code}, path=PAIRING).status_code == 201
    assert _lines(app)[0].former_count == 4

    answer = post({**REPORT, "held": 0}, old, path=STATUS)

    assert (answer.status_code, answer.json["code"]) == (403, "device_withdrawn")
    assert _lines(app)[0].former_count == 3


def test_the_same_hardware_is_not_taken_for_another(app: Flask, post: Post, pair: Callable[..., str]) -> None:
    old = pair()
    post(REPORT, old, path=STATUS)
    (line,) = _lines(app)
    with app.extensions["database"].write() as session:
        code = renew_pairing(session, line.code, now=calendar.now())
    assert post({"code": code}, old, path=PAIRING).status_code == 201
    assert (_lines(app)[0].former_count, _lines(app)[0].unsent_count) == (0, 3)


@pytest.mark.parametrize(
    "change", [{"unsent": -1}, {"unsent": "3"}, {"storage": "?"}, {"app_version": "a\x00"}, {"held": 10**30}]
)
def test_faulty_report_is_refused(post: Post, pair: Callable[..., str], change: dict[str, Any]) -> None:
    answer = post({**REPORT, **change}, pair(), path=STATUS)

    assert (answer.status_code, answer.json["code"]) == (400, "malformed")
    assert [problem["field"] for problem in answer.json["problems"]] == list(change)


def _lines(app: Flask) -> Any:
    with app.extensions["database"].read() as session:
        return list_devices(session, ROUND_CODE, now=calendar.now())
