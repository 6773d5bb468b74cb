"""One transaction for the whole test, for tests that need no second one."""

from collections.abc import Iterator

import pytest

from analysis import quality
from survey.store.database import Database, Session
from tests.quality_rounds import UNITS, Send, open_for_sending


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.write() as session:
        yield session


@pytest.fixture
def without_presentation_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small samples have their numbers too, for tests of how a number comes about."""
    monkeypatch.setattr(quality, "MINIMUM_SIZE", 0)
    monkeypatch.setattr(quality, "MAXIMUM_WIDTH", 2.0)
    monkeypatch.setattr(quality, "MAXIMUM_RELATIVE_WIDTH", float("inf"))


@pytest.fixture
def send(session: Session) -> Send:
    """Stores responses to `tthc`, all different and unhurried unless told otherwise."""
    return open_for_sending(session)


@pytest.fixture
def honest(send: Send) -> Send:
    """Twenty unsuspicious invited responses at each of five units."""
    for unit in UNITS:
        send(20, unit)
    return send
