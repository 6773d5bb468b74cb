"""Rounds that can be answered, and small looks into the database."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from questionnaires.model import AnswerValue
from survey.services.drafts import Draft, get_draft
from survey.web import clock
from tests import factories

SMALL_FORM = "vi-du"
START = f"/khao-sat/{factories.ROUND_CODE}/{SMALL_FORM}/{factories.UNIT_CODE}"


@pytest.fixture
def small_round(app: Flask) -> str:
    """The path of the start page of the small example form, in an open round."""
    with app.extensions["database"].write() as session:
        factories.open_small_round(session)
    return START


@pytest.fixture
def open_document(app: Flask) -> Callable[[Mapping[str, Any]], str]:
    """Opens a round with a form that the test wrote; gives the path of its start page."""

    def open_round(document: Mapping[str, Any]) -> str:
        with app.extensions["database"].write() as session:
            factories.open_small_round(session, document)
        return f"/khao-sat/{factories.ROUND_CODE}/{document['id']}/{factories.UNIT_CODE}"

    return open_round


@pytest.fixture
def open_shipped(app: Flask) -> Callable[..., None]:
    """Opens a round with these shipped forms."""

    def open_round(*form_ids: str, **options: Any) -> None:
        with app.extensions["database"].write() as session:
            factories.open_shipped_round(session, form_ids, **options)

    return open_round


@pytest.fixture
def begin(client: FlaskClient, small_round: str) -> Callable[[], str]:
    """Presses "Start"; gives the path of the new response, without its last part."""

    def press_start() -> str:
        location = client.submit(small_round).location  # type: ignore[attr-defined]
        return str(location).rpartition("/")[0]

    return press_start


@pytest.fixture
def read_answers(app: Flask) -> Callable[[str], dict[str, AnswerValue]]:
    """The answers of the draft that a path names."""

    def read(path: str) -> dict[str, AnswerValue]:
        return read_draft(app, path).answers

    return read


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Sets the time of day that the pages go by."""

    def set_to(moment: datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: moment)

    return set_to


def read_draft(app: Flask, path: str) -> Draft:
    with app.extensions["database"].read() as session:
        return get_draft(session, response_id_of(path), now=clock.now())


def response_id_of(path: str) -> UUID:
    return UUID(path.split("/")[2])
