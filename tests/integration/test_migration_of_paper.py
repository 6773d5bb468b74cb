"""Revision 0003 on a database in which paper forms were keyed before it."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from survey.store import paper as store
from survey.store.database import Database
from survey.store.migrate import downgrade, upgrade
from tests import factories
from tests.paper import ANSWERS, add_people, key, make_batch


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
