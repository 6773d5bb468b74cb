"""Moments: kept as UTC, refused without a time zone."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import select
from sqlalchemy.exc import StatementError

from survey.models import Account
from survey.store.database import Database

VIET_NAM = timezone(timedelta(hours=7))


def account(created_at: datetime) -> Account:
    return Account(
        username="lan", display_name="Lan", password_hash="h", role="coordinator", created_at=created_at
    )


def test_moment_comes_back_as_the_same_instant_in_utc(database: Database) -> None:
    moment = datetime(2026, 9, 1, 0, 30, tzinfo=VIET_NAM)
    with database.write() as session:
        session.add(account(moment))

    with database.read() as session:
        stored = session.scalars(select(Account.created_at)).one()

    assert stored == moment
    assert stored.tzinfo is UTC


def test_moment_without_a_time_zone_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="time zone"), database.write() as session:
        session.add(account(datetime(2026, 9, 1)))  # noqa: DTZ001 - the fault that is tested
