"""The database itself keeps stored responses: only those of a demonstration can be deleted, none changed."""

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DatabaseError

from survey.models import Response, SurveyRound
from survey.services.rounds import remove_demonstration
from survey.store.database import Database
from tests.factories import ROUND_CODE
from tests.rounds import open_small_round, send, small_answers


@pytest.fixture
def stored_database(database: Database) -> Database:
    with database.write() as session:
        open_small_round(session)
        send(session, small_answers(4, 4))
    return database


def test_response_of_a_real_round_cannot_be_deleted(stored_database: Database) -> None:
    with pytest.raises(DatabaseError, match="response is kept"), stored_database.write() as session:
        session.execute(delete(Response))

    with stored_database.read() as session:
        assert len(session.scalars(select(Response.id)).all()) == 1


def test_response_cannot_be_changed(stored_database: Database) -> None:
    with pytest.raises(DatabaseError, match="response is immutable"), stored_database.write() as session:
        session.execute(update(Response).values(ratings="555"))


def test_demonstration_goes_with_its_responses(stored_database: Database) -> None:
    with stored_database.write() as session:
        session.execute(update(SurveyRound).values(is_demonstration=True))

    with stored_database.write() as session:
        remove_demonstration(session, ROUND_CODE)

    with stored_database.read() as session:
        assert session.scalars(select(Response.id)).all() == []
