"""An open round, devices paired for it, and bodies as they send them."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import Client, TestResponse

from survey.models import QuarantinedResponse, Response
from survey.services import calendar
from survey.services.devices import create_device, pair_device
from tests.factories import ROUND_CODE, UNIT_CODE, open_small_round
from tests.gateway import ThroughGateway
from tests.rounds import SMALL, small_answers, small_document

PATH = "/api/v1/responses"
Post = Callable[..., TestResponse]


@pytest.fixture
def small_round(app: Flask) -> None:
    with app.extensions["database"].write() as session:
        open_small_round(session, small_document())


@pytest.fixture
def pair(app: Flask, small_round: None) -> Callable[..., str]:
    """Enrols and pairs a device; gives its credential."""

    def pair_one(kind: str = "kiosk", unit_code: str = UNIT_CODE) -> str:
        now = calendar.now()
        with app.extensions["database"].write() as session:
            _, code = create_device(
                session,
                round_code=ROUND_CODE,
                unit_code=unit_code,
                kind=kind,
                name="Kiosk 1",
                pin="123456",
                now=now,
            )
            return pair_device(session, code, now).credential

    return pair_one


@pytest.fixture
def sender(client: FlaskClient) -> Client:
    """Straight to the views."""
    return client


@pytest.fixture(params=["flask", "gateway"])
def either_sender(request: pytest.FixtureRequest, app: Flask, client: FlaskClient) -> Client:
    """To the views, or through what the server runs in front of them."""
    return client if request.param == "flask" else Client(ThroughGateway(app))


@pytest.fixture
def post(sender: Client, small_round: None) -> Post:
    """Posts a body as JSON; with the credential of a device, where one is given."""

    def send(document: Any = None, credential: str | None = None, **options: Any) -> TestResponse:
        headers = {**options.pop("headers", {}), **authorization(credential)}
        if document is not None:
            options["json"] = document
        return sender.post(options.pop("path", PATH), headers=headers, **options)

    return send


def authorization(credential: str | None) -> dict[str, str]:
    return {"Authorization": f"Bearer {credential}"} if credential else {}


def body(**changes: Any) -> dict[str, Any]:
    document = {
        "id": str(uuid4()),
        "round": ROUND_CODE,
        "questionnaire": SMALL,
        "version": 1,
        "unit": UNIT_CODE,
        "language": "vi",
        "answers": small_answers(4, 5),
    }
    return {name: value for name, value in {**document, **changes}.items() if value is not None}


def read_responses(app: Flask) -> list[Response]:
    with app.extensions["database"].read() as session:
        return list(session.scalars(select(Response)))


def read_quarantine(app: Flask) -> list[QuarantinedResponse]:
    with app.extensions["database"].read() as session:
        return list(session.scalars(select(QuarantinedResponse).order_by(QuarantinedResponse.id)))
