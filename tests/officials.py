"""Officials in tests: accounts, signing in as a browser does it, responses to look at."""

from datetime import UTC, date, datetime
from random import Random
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient

from survey.services import accounts
from survey.services.responses import NewResponse, submit_response
from survey.services.round_forms import get_round_form
from survey.store.database import Database
from tests import factories
from tests.fixtures.applications import PageClient

PASSWORD = "mật khẩu dài để thử"
NEW_PASSWORD = "một mật khẩu khác để thử"


def add_account(
    database: Database, username: str = "sonoivu", role: str = "administrator", unit_code: str | None = None
) -> str:
    """Add an account and return its one-time password."""
    with database.write() as session:
        return accounts.create_account(
            session, username, f"Tài khoản {username}", role, now=datetime.now(UTC), unit_code=unit_code
        )


def add_settled_account(
    database: Database, username: str = "sonoivu", role: str = "administrator", unit_code: str | None = None
) -> None:
    """Add an account that has changed its one-time password to `PASSWORD`."""
    settle_account(database, username, add_account(database, username, role, unit_code))


def settle_account(database: Database, username: str, one_time: str, password: str = PASSWORD) -> None:
    """Change the one-time password of an account."""
    with database.write() as session:
        account = accounts.sign_in(session, username, one_time, now=datetime.now(UTC))
        change = accounts.prepare_change(accounts.find_password_hash(session, username), one_time, password)
        accounts.change_password(session, account.account_id, change, now=datetime.now(UTC))


def signed_in_client(app: Flask, username: str = "sonoivu", password: str = PASSWORD) -> PageClient:
    """A browser of its own in which the account is signed in."""
    client = app.test_client()
    assert isinstance(client, PageClient)
    sign_in(client, username, password)
    return client


def sign_in(client: FlaskClient, username: str = "sonoivu", password: str = PASSWORD) -> None:
    assert isinstance(client, PageClient)
    response = client.submit("/dang-nhap", {"username": username, "password": password})
    assert response.status_code == 303, response.text


def send_responses(
    database: Database,
    form_id: str,
    counts: dict[tuple[str, str, str], int],
    *,
    round_code: str = factories.ROUND_CODE,
    on: date = date(2026, 9, 1),
    seed: int = 1,
) -> None:
    """Send that many responses for each (unit, channel, selection)."""
    rng = Random(seed)
    with database.write() as session:
        questionnaire = get_round_form(session, round_code, form_id).questionnaire
        for (unit_code, channel, selection), count in counts.items():
            for _ in range(count):
                new = NewResponse(
                    response_id=UUID(int=rng.getrandbits(128), version=4),
                    round_code=round_code,
                    form_id=form_id,
                    unit_code=unit_code,
                    channel=channel,
                    selection=selection,
                    answers=factories.fill_answers(questionnaire, rng, optional_share=0),
                )
                submit_response(session, new, today=on)
