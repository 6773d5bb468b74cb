"""Officials' accounts: signing in, lock-out, passwords, the first account."""

import unicodedata
from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from survey.models import Account
from survey.services import accounts
from survey.services.problems import PasswordRefused, SignInRefused, SurveyError, UnitUnknown
from survey.store.database import Database, Session
from tests.factories import UNIT_CODE, load_catalogue

NOW = datetime(2026, 9, 1, 3, 0, tzinfo=UTC)
NEW = "Đồng Hới buổi sáng"


def create(session: Session, username: str = "lan", role: str = "coordinator", **options: str) -> str:
    return accounts.create_account(session, username, "Lan", role, now=NOW, **options)


def sign_in(session: Session, password: str, username: str = "lan", now: datetime = NOW) -> accounts.SignedIn:
    return accounts.sign_in(session, username, password, now=now)


def change(session: Session, account_id: int, current: str, new: str) -> accounts.SignedIn:
    prepared = accounts.prepare_change(accounts.find_password_hash(session, "lan"), current, new)
    return accounts.change_password(session, account_id, prepared, now=NOW)


def fail(database: Database, times: int, username: str = "lan", now: datetime = NOW) -> list[str]:
    """Try wrong passwords, each in a transaction of its own; the reasons of the refusals."""
    reasons = []
    for _ in range(times):
        with pytest.raises(SignInRefused) as caught, database.write() as session:
            sign_in(session, "wrong", username, now)
        reasons.append(caught.value.reason)
    return reasons


@pytest.fixture
def password(database: Database) -> str:
    with database.write() as session:
        return create(session)


def test_new_account_signs_in_with_its_one_time_password(session: Session) -> None:
    password = create(session)

    signed_in = sign_in(session, password)

    assert (signed_in.username, signed_in.display_name, signed_in.role) == ("lan", "Lan", "coordinator")
    assert signed_in.must_change_password


def test_user_name_is_read_without_spaces_and_capitals(session: Session) -> None:
    password = create(session, " Lan ")

    assert sign_in(session, password, "LAN ").username == "lan"


def test_passwords_are_kept_as_argon2id_alone(session: Session) -> None:
    password = create(session)

    stored = session.scalars(select(Account.password_hash)).one()

    assert stored.startswith("$argon2id$")
    assert password not in stored


def test_password_kept_with_weaker_settings_is_kept_anew_at_the_next_sign_in(session: Session) -> None:
    password = create(session)
    account = session.scalars(select(Account)).one()
    weaker = PasswordHasher(time_cost=1, memory_cost=32, parallelism=1)
    account.password_hash = weaker.hash(password)

    sign_in(session, password)

    assert weaker.check_needs_rehash(account.password_hash)
    assert sign_in(session, password).username == "lan"


@pytest.mark.parametrize("username", ["lan", "nobody"])
def test_wrong_password_and_unknown_name_look_the_same(
    database: Database, password: str, username: str
) -> None:
    with pytest.raises(SignInRefused) as caught, database.write() as session:
        sign_in(session, "wrong", username)

    assert caught.value.params == {"reason": "wrong", "locked_until": None}


def test_five_failures_lock_the_account_even_for_the_right_password(
    database: Database, password: str
) -> None:
    assert fail(database, 6) == ["wrong"] * 5 + ["locked"]

    with pytest.raises(SignInRefused) as caught, database.write() as session:
        sign_in(session, password, now=NOW + timedelta(minutes=14, seconds=59))

    assert caught.value.locked_until == NOW + timedelta(minutes=15)


def test_lock_ends_after_a_quarter_of_an_hour(database: Database, password: str) -> None:
    fail(database, 5)

    with database.write() as session:
        assert sign_in(session, password, now=NOW + timedelta(minutes=15)).username == "lan"


def test_password_checked_before_the_transaction_is_taken(session: Session) -> None:
    password = create(session)
    check = accounts.check_password(accounts.find_password_hash(session, " LAN "), password)

    assert accounts.sign_in(session, "lan", "not looked at", now=NOW, check=check).username == "lan"


def test_password_changed_since_it_was_checked_is_checked_again(session: Session) -> None:
    old = create(session)
    check = accounts.check_password(accounts.find_password_hash(session, "lan"), old)
    accounts.reset_password(session, "lan")

    with pytest.raises(SignInRefused):
        accounts.sign_in(session, "lan", old, now=NOW, check=check)


def test_unknown_name_is_checked_against_a_hash_that_nothing_fits(session: Session) -> None:
    found = accounts.find_password_hash(session, "nobody")

    assert not accounts.check_password(found, "anything").is_right


def test_success_forgets_earlier_failures(database: Database, password: str) -> None:
    fail(database, 4)
    with database.write() as session:
        sign_in(session, password)

    assert fail(database, 4) == ["wrong"] * 4
    with database.write() as session:
        assert sign_in(session, password).username == "lan"


def test_failures_of_one_account_do_not_lock_another(database: Database, password: str) -> None:
    with database.write() as session:
        other = create(session, "minh")
    fail(database, 5)

    with database.write() as session:
        assert sign_in(session, other, "minh").username == "minh"


def test_changed_password_replaces_the_old_one_and_ends_other_sessions(session: Session) -> None:
    old = create(session)
    before = sign_in(session, old)

    changed = change(session, before.account_id, old, NEW)

    assert not changed.must_change_password
    assert accounts.find_signed_in(session, before.account_id, before.session_version) is None
    assert accounts.find_signed_in(session, before.account_id, changed.session_version) == changed
    assert sign_in(session, NEW) == changed
    with pytest.raises(SignInRefused):
        sign_in(session, old)


def test_password_is_the_same_whichever_keyboard_wrote_it(session: Session) -> None:
    old = create(session)
    account_id = sign_in(session, old).account_id

    change(session, account_id, old, unicodedata.normalize("NFD", NEW))

    assert sign_in(session, unicodedata.normalize("NFC", NEW)).account_id == account_id


@pytest.mark.parametrize(
    ("current", "new", "reason"),
    [
        ("wrong", NEW, "wrong"),
        (None, "eleven lett", "too_short"),
        (None, None, "same"),
        (None, "my name is LAN today", "like_username"),
    ],
)
def test_weak_password_is_refused_with_its_reason(
    session: Session, current: str | None, new: str | None, reason: str
) -> None:
    password = create(session)
    account_id = sign_in(session, password).account_id

    with pytest.raises(PasswordRefused) as caught:
        change(session, account_id, current or password, new or password)

    assert caught.value.reason == reason
    assert sign_in(session, password).must_change_password


def test_unknown_account_has_no_session(session: Session) -> None:
    assert accounts.find_signed_in(session, 42, 1) is None


def test_reset_gives_a_new_password_lifts_the_lock_and_ends_sessions(
    database: Database, password: str
) -> None:
    fail(database, 5)

    with database.write() as session:
        new = accounts.reset_password(session, "Lan")

    with database.write() as session:
        signed_in = sign_in(session, new)
        assert signed_in.must_change_password
        assert signed_in.session_version == 2
        with pytest.raises(SignInRefused):
            sign_in(session, password)


@pytest.mark.parametrize("username", ["", "  ", "lan anh"])
def test_user_name_that_cannot_be_typed_is_refused(session: Session, username: str) -> None:
    with pytest.raises(SurveyError) as caught:
        create(session, username)

    assert caught.value.params["reason"] == "username_malformed"


def test_user_name_is_given_once(session: Session) -> None:
    create(session)

    with pytest.raises(SurveyError) as caught:
        create(session, "LAN")

    assert caught.value.params["reason"] == "username_taken"


def test_unit_official_is_bound_to_a_unit(session: Session) -> None:
    load_catalogue(session)
    password = create(session, role="unit_official", unit_code=UNIT_CODE)

    assert sign_in(session, password).unit_id is not None


def test_unknown_unit_is_refused(session: Session) -> None:
    with pytest.raises(UnitUnknown):
        create(session, role="unit_official", unit_code="absent")


def test_unknown_account_cannot_be_reset(session: Session) -> None:
    with pytest.raises(SurveyError) as caught:
        accounts.reset_password(session, "nobody")

    assert caught.value.params["reason"] == "account_unknown"


def test_first_account_is_made_once(session: Session) -> None:
    password = accounts.create_first_account(session, now=NOW)

    assert password is not None
    assert accounts.create_first_account(session, now=NOW) is None
    signed_in = sign_in(session, password, accounts.FIRST_USERNAME)
    assert (signed_in.role, signed_in.must_change_password) == ("administrator", True)


def test_no_first_account_is_made_where_there_are_others(session: Session) -> None:
    create(session)

    assert accounts.create_first_account(session, now=NOW) is None
    assert [account.username for account in accounts.list_accounts(session)] == ["lan"]
