"""What a refusal tells, what counts toward the lock, and what ends the sessions of an account."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select

from survey.models import Account
from survey.services import accounts
from survey.services.problems import PasswordRefused, SignInRefused
from survey.store.database import Database

NOW = datetime(2026, 9, 1, 3, 0, tzinfo=UTC)
NEW = "Đồng Hới buổi sáng"


@pytest.fixture
def password(database: Database) -> str:
    with database.write() as session:
        return accounts.create_account(session, "lan", "Lan", "coordinator", now=NOW)


@pytest.fixture
def signed_in(database: Database, password: str) -> accounts.SignedIn:
    with database.write() as session:
        return accounts.sign_in(session, "lan", password, now=NOW)


def fail_to_sign_in(database: Database, username: str = "lan", times: int = 1) -> None:
    for _ in range(times):
        with pytest.raises(SignInRefused), database.write() as session:
            accounts.sign_in(session, username, "wrong", now=NOW)


def change(
    database: Database, account: accounts.SignedIn, current: str, new: str = NEW, now: datetime = NOW
) -> accounts.SignedIn:
    with database.read() as session:
        password_hash = accounts.find_password_hash(session, account.username)
    prepared = accounts.prepare_change(password_hash, current, new)
    with database.write() as session:
        return accounts.change_password(session, account.account_id, prepared, now=now)


def fail_to_change(database: Database, account: accounts.SignedIn, times: int) -> list[str]:
    reasons = []
    for _ in range(times):
        with pytest.raises(PasswordRefused) as caught:
            change(database, account, "wrong")
        reasons.append(caught.value.reason)
    return reasons


def is_signed_in(database: Database, account: accounts.SignedIn) -> bool:
    with database.read() as session:
        found = accounts.find_signed_in(session, account.account_id, account.session_version)
    return found is not None


@contextmanager
def updates_of(database: Database) -> Iterator[list[str]]:
    """The statements by which use cases change rows."""
    seen: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *others: Any) -> None:
        if statement.startswith("UPDATE"):
            seen.append(statement)

    event.listen(database._writer, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(database._writer, "before_cursor_execute", note)


@pytest.mark.usefixtures("password")
@pytest.mark.parametrize(("username", "failures"), [("lan", 0), ("lan", 5), ("nobody", 0), ("nobody", 5)])
def test_every_refusal_compares_once_and_writes(
    database: Database, monkeypatch: pytest.MonkeyPatch, username: str, failures: int
) -> None:
    fail_to_sign_in(database, username, failures)
    compared: list[str] = []
    verify = accounts._verify
    monkeypatch.setattr(
        accounts, "_verify", lambda stored, given: compared.append(stored) or verify(stored, given)
    )

    with updates_of(database) as updates, pytest.raises(SignInRefused), database.write() as session:
        accounts.sign_in(session, username, "wrong", now=NOW)

    assert len(compared) == 1
    assert updates


def test_a_refusal_of_another_name_counts_for_nobody(database: Database, password: str) -> None:
    fail_to_sign_in(database, "nobody", 6)

    with database.read() as session:
        account = session.scalars(select(Account)).one()
    assert (account.failed_count, account.locked_until) == (0, None)


@pytest.mark.usefixtures("password")
def test_tries_while_it_is_locked_neither_count_nor_lengthen_the_lock(database: Database) -> None:
    fail_to_sign_in(database, times=9)

    with database.read() as session:
        account = session.scalars(select(Account)).one()
    assert (account.failed_count, account.locked_until) == (0, NOW + accounts.LOCKED_FOR)


def test_an_installation_without_accounts_refuses_too(database: Database) -> None:
    fail_to_sign_in(database, "nobody")


def test_wrong_present_passwords_lock_the_account_and_end_its_sessions(
    database: Database, password: str, signed_in: accounts.SignedIn
) -> None:
    assert fail_to_change(database, signed_in, 4) == ["wrong"] * 4
    assert is_signed_in(database, signed_in)

    assert fail_to_change(database, signed_in, 1) == ["ended"]

    assert not is_signed_in(database, signed_in)
    with pytest.raises(SignInRefused) as caught, database.write() as session:
        accounts.sign_in(session, "lan", password, now=NOW)
    assert caught.value.reason == "locked"


def test_failures_on_both_pages_add_up(database: Database, signed_in: accounts.SignedIn) -> None:
    fail_to_sign_in(database, times=3)

    assert fail_to_change(database, signed_in, 2) == ["wrong", "ended"]


def test_a_lock_from_outside_refuses_the_change_and_leaves_the_session(
    database: Database, password: str, signed_in: accounts.SignedIn
) -> None:
    fail_to_sign_in(database, times=5)

    with pytest.raises(PasswordRefused) as caught:
        change(database, signed_in, password)

    assert (caught.value.reason, caught.value.locked_until) == ("locked", NOW + accounts.LOCKED_FOR)
    assert is_signed_in(database, signed_in)
    later = NOW + timedelta(minutes=15)
    assert not change(database, signed_in, password, now=later).must_change_password


def test_a_change_forgets_earlier_failures(
    database: Database, password: str, signed_in: accounts.SignedIn
) -> None:
    fail_to_change(database, signed_in, 4)
    changed = change(database, signed_in, password)

    assert fail_to_change(database, changed, 4) == ["wrong"] * 4


def test_a_weak_new_password_is_no_failure(
    database: Database, password: str, signed_in: accounts.SignedIn
) -> None:
    for _ in range(6):
        with pytest.raises(PasswordRefused, match="too_short"):
            change(database, signed_in, password, "short")

    assert is_signed_in(database, signed_in)


def test_password_changed_since_it_was_compared_is_wrong(
    database: Database, password: str, signed_in: accounts.SignedIn
) -> None:
    with database.write() as session:
        prepared = accounts.prepare_change(accounts.find_password_hash(session, "lan"), password, NEW)
        accounts.reset_password(session, "lan")

        with pytest.raises(PasswordRefused, match="wrong"):
            accounts.change_password(session, signed_in.account_id, prepared, now=NOW)


def test_signing_out_ends_every_session_of_the_account_alone(
    database: Database, password: str, signed_in: accounts.SignedIn
) -> None:
    with database.write() as session:
        other_password = accounts.create_account(session, "minh", "Minh", "coordinator", now=NOW)
        other = accounts.sign_in(session, "minh", other_password, now=NOW)
        accounts.end_sessions(session, signed_in.account_id)

    assert not is_signed_in(database, signed_in)
    assert is_signed_in(database, other)
    with database.write() as session:
        again = accounts.sign_in(session, "lan", password, now=NOW)
    assert is_signed_in(database, again)
