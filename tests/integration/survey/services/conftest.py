"""One transaction for the whole test, for tests that need no second one."""

from collections.abc import Iterator

import pytest

from survey.store.database import Database, Session


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.write() as session:
        yield session
