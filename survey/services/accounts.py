"""Officials' accounts: signing in with lock-out, passwords, the first account."""

import secrets
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from survey.models import Account
from survey.services.calendar import local_date
from survey.services.problems import PasswordRefused, SignInRefused, SurveyError, UnitUnknown
from survey.services.tables import is_plain_line
from survey.store import accounts as store
from survey.store.catalogue import find_unit
from survey.store.database import Session

FIRST_USERNAME = "quantri"
MINIMUM_LENGTH = 12
_LONGEST_USERNAME = 64
_LONGEST_DISPLAY_NAME = 100
ATTEMPTS = 5
LOCKED_FOR = timedelta(minutes=15)
# No l, 1, O, 0: the one-time password is read off a screen and typed.
_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
_hasher = PasswordHasher()
# Verified for unknown names, so that the answer takes as long as for known ones.
_DECOY = _hasher.hash(secrets.token_urlsafe(16))


@dataclass(frozen=True)
class SignedIn:
    """Who is signed in, as a page needs it."""

    account_id: int
    username: str
    display_name: str
    role: str
    unit_id: int | None
    must_change_password: bool
    session_version: int


@dataclass(frozen=True)
class PasswordCheck:
    """A password compared with a stored hash; slow, so it is made while no transaction waits."""

    password_hash: str
    is_right: bool


@dataclass(frozen=True)
class PasswordChange:
    """The present password compared and the new one hashed; both slow, and made in the same way."""

    check: PasswordCheck
    current: str = field(repr=False)
    new: str = field(repr=False)
    new_hash: str


def find_password_hash(session: Session, username: str) -> str:
    """The hash to compare with; for an unknown name one that no password fits."""
    return store.find_password_hash(session, username.strip().lower()) or _DECOY


def check_password(password_hash: str, password: str) -> PasswordCheck:
    return PasswordCheck(password_hash, _verify(password_hash, password))


def prepare_change(password_hash: str, current: str, new: str) -> PasswordChange:
    return PasswordChange(check_password(password_hash, current), current, new, _hash(new))


def sign_in(
    session: Session, username: str, password: str, *, now: datetime, check: PasswordCheck | None = None
) -> SignedIn:
    """Take a checked password, or check it here; five failures lock the account for a quarter of an hour.

    Every refusal costs the same comparison and the same write, so that none tells which names exist.
    """
    account = store.find_account(session, username.strip().lower())
    password_hash = account.password_hash if account else _DECOY
    if check is None or check.password_hash != password_hash:
        check = check_password(password_hash, password)
    if account is None or _is_locked(account, now):
        store.write_in_vain(session)
        raise SignInRefused("locked", account.locked_until) if account else SignInRefused("wrong")
    if not check.is_right:
        _count_failure(account, now)
        raise SignInRefused("wrong")
    account.failed_count, account.locked_until = 0, None
    if _hasher.check_needs_rehash(account.password_hash):
        account.password_hash = _hash(password)
    return _signed_in(account)


def find_signed_in(session: Session, account_id: int, session_version: int) -> SignedIn | None:
    """The account behind a session cookie; None once its sessions have ended."""
    account = store.find_account_by_id(session, account_id)
    if account is None or account.session_version != session_version:
        return None
    return _signed_in(account)


def change_password(session: Session, account_id: int, change: PasswordChange, *, now: datetime) -> SignedIn:
    """Set a new password; other sessions of the account end.

    A wrong present password counts as one at signing in. The one that locks the account ends all its
    sessions: somebody guesses in a browser that was left open.
    """
    account = store.find_account_for_change(session, account_id)
    if account is None:
        raise PasswordRefused("wrong")
    if _is_locked(account, now):
        raise PasswordRefused("locked", account.locked_until)
    if change.check.password_hash != account.password_hash or not change.check.is_right:
        _count_failure(account, now)
        if not _is_locked(account, now):
            raise PasswordRefused("wrong")
        account.session_version += 1
        raise PasswordRefused("ended", account.locked_until)
    weakness = _find_weakness(account.username, change)
    if weakness:
        raise PasswordRefused(weakness)
    account.password_hash = change.new_hash
    account.must_change_password = False
    account.failed_count = 0
    account.session_version += 1
    return _signed_in(account)


def end_sessions(session: Session, account_id: int) -> None:
    """Signing out: no cookie of the account opens a page any more, wherever it was copied to."""
    account = store.find_account_for_change(session, account_id)
    if account is not None:
        account.session_version += 1


def create_account(
    session: Session,
    username: str,
    display_name: str,
    role: str,
    *,
    now: datetime,
    unit_code: str | None = None,
) -> str:
    """Add an account and return its one-time password, which must be changed at the first sign-in."""
    username = username.strip().lower()
    if not is_plain_line(username, _LONGEST_USERNAME) or any(letter.isspace() for letter in username):
        shown = username[:_LONGEST_USERNAME]
        raise SurveyError(reason="username_malformed", username=shown, most=_LONGEST_USERNAME)
    display_name = display_name.strip()
    if not is_plain_line(display_name, _LONGEST_DISPLAY_NAME):
        raise SurveyError(reason="display_name_malformed", most=_LONGEST_DISPLAY_NAME)
    if store.find_account(session, username):
        raise SurveyError(reason="username_taken", username=username)
    unit = find_unit(session, unit_code, local_date(now)) if unit_code else None
    if unit_code and unit is None:
        raise UnitUnknown(unit_code)
    password = one_time_password()
    store.add_account(
        session,
        Account(
            username=username,
            display_name=display_name,
            password_hash=_hash(password),
            role=role,
            unit_id=unit.id if unit else None,
            created_at=now,
        ),
    )
    return password


def create_first_account(session: Session, *, now: datetime) -> str | None:
    """The one-time password of the first administrator; None where accounts exist already."""
    if store.count_accounts(session):
        return None
    return create_account(session, FIRST_USERNAME, "Quản trị hệ thống", "administrator", now=now)


def list_accounts(session: Session) -> list[SignedIn]:
    return [_signed_in(account) for account in store.list_accounts(session)]


def reset_password(session: Session, username: str) -> str:
    """A new one-time password for an account that is locked out."""
    account = store.find_account(session, username.strip().lower())
    if account is None:
        raise SurveyError(reason="account_unknown", username=username)
    password = one_time_password()
    account.password_hash = _hash(password)
    account.must_change_password = True
    account.session_version += 1
    account.failed_count, account.locked_until = 0, None
    return password


def one_time_password() -> str:
    """Sixteen letters and digits in groups of four: 80 bits."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(4))


def _hash(password: str) -> str:
    return _hasher.hash(_composed(password))


def _verify(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, _composed(password))
    except (VerificationError, InvalidHashError):
        return False


def _composed(password: str) -> str:
    """Form C: keyboards write the same Vietnamese letter in different ways."""
    return unicodedata.normalize("NFC", password)


def _find_weakness(username: str, change: PasswordChange) -> str | None:
    if len(change.new) < MINIMUM_LENGTH:
        return "too_short"
    if change.new == change.current:
        return "same"
    return "like_username" if username in change.new.lower() else None


def _is_locked(account: Account, now: datetime) -> bool:
    return account.locked_until is not None and account.locked_until > now


def _count_failure(account: Account, now: datetime) -> None:
    account.failed_count += 1
    if account.failed_count >= ATTEMPTS:
        account.failed_count = 0
        account.locked_until = now + LOCKED_FOR


def _signed_in(account: Account) -> SignedIn:
    return SignedIn(
        account_id=account.id,
        username=account.username,
        display_name=account.display_name,
        role=account.role,
        unit_id=account.unit_id,
        must_change_password=account.must_change_password,
        session_version=account.session_version,
    )
