"""Revisions 0003 and 0007 on a database in which paper forms were keyed before it."""

from collections.abc import Iterator
from uuid import UUID, uuid5

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError, IntegrityError

from survey.store import paper as store
from survey.store.database import Database
from survey.store.migrate import downgrade, upgrade
from tests import factories
from tests.paper import ANSWERS, add_people, key, make_batch, stored_response


@pytest.fixture
def keyed_database(database: Database) -> Iterator[Database]:
    """A batch with one form settled and one keyed once."""
    with database.write() as session:
        factories.open_small_round(session)
        batch = make_batch(session)
        first, second = add_people(session, "a", "b")
        for serial, person in ((1, first), (1, second), (2, first)):
            key(session, batch, serial, person, ANSWERS)
    yield database
    database.dispose()


def test_what_was_keyed_before_survives_down_and_up(keyed_database: Database) -> None:
    keyed_database.dispose()
    downgrade(keyed_database.url, "0002")
    upgrade(keyed_database.url)

    with keyed_database.read() as session:
        found = store.find_batch(session, "L0001")
        assert found is not None
        assert found.batch.language == "vi"
        assert (found.batch.closed_by, found.batch.unsettled_count) == (None, 0)
        assert [each.serial for each in store.list_keyings(session, found.batch.id)] == [1, 1, 2]
        assert [each.is_corrected for each in store.list_results(session, found.batch.id)] == [False]


def test_a_batch_has_a_language_that_questionnaires_have(keyed_database: Database) -> None:
    with pytest.raises(IntegrityError, match="language_known"), keyed_database.write() as session:
        session.execute(text("UPDATE paper_batch SET language = 'fr'"))


def test_ids_that_followed_from_the_form_are_made_random(keyed_database: Database) -> None:
    keyed_database.dispose()
    downgrade(keyed_database.url, "0006")
    derived = uuid5(UUID("6f1c7c1e-52c1-4c5f-9d8a-0d8f3f6f6b57"), "L0001:1")
    with keyed_database.write() as session:
        # The id as earlier versions made it.
        is_sqlite = keyed_database.url.startswith("sqlite")
        session.execute(
            text(
                "DROP TRIGGER response_is_immutable"
                if is_sqlite
                else "ALTER TABLE response DISABLE TRIGGER response_is_immutable"
            )
        )
        session.execute(text("UPDATE response SET id = :id"), {"id": derived.hex})
        session.execute(
            text(
                "CREATE TRIGGER response_is_immutable BEFORE UPDATE ON response "
                "BEGIN SELECT RAISE(ABORT, 'response is immutable'); END"
                if is_sqlite
                else "ALTER TABLE response ENABLE TRIGGER response_is_immutable"
            )
        )
    keyed_database.dispose()
    upgrade(keyed_database.url)

    with keyed_database.read() as session:
        response = stored_response(session)
        assert response is not None
        assert (response.id.version, response.ratings) == (4, "31")
    with pytest.raises(DatabaseError, match="immutable"), keyed_database.write() as session:
        session.execute(text("UPDATE response SET ratings = '55'"))
