"""A personal code over the interface: it admits one response, and the repeats of this one."""

import pytest
from flask import Flask
from werkzeug.test import Client

from survey.services import calendar, invitations
from tests.factories import OTHER_UNIT_CODE, ROUND_CODE, UNIT_CODE
from tests.integration.survey.web.api.conftest import Post, body, read_responses
from tests.rounds import SMALL


@pytest.fixture
def sender(either_sender: Client) -> Client:
    """Every response comes in both ways."""
    return either_sender


def test_a_personal_code_admits_one_response_and_its_repeats(app: Flask, post: Post) -> None:
    code, other = issue_codes(app)
    first = body(invitation=code)

    statuses = [post(document).status_code for document in (first, first, body(invitation=code))]

    assert statuses == [201, 200, 404]
    assert post(body(invitation=other, unit=OTHER_UNIT_CODE)).status_code == 404
    assert [stored.selection for stored in read_responses(app)] == ["invited"]


def issue_codes(app: Flask) -> tuple[str, str]:
    with app.extensions["database"].write() as session:
        (batch,) = invitations.issue_codes(
            session,
            secret_key=str(app.secret_key),
            round_code=ROUND_CODE,
            form_id=SMALL,
            unit_codes=[UNIT_CODE],
            count=5,
            account_id=None,
            today=calendar.local_date(calendar.now()),
        )
        codes = invitations.list_codes(session, str(app.secret_key), ROUND_CODE, batch)
    return codes[0], codes[1]
