"""Officials' accounts: signing in with lock-out, passwords, the first account."""

import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from survey.models import Account
from survey.services.calendar import local_date
from survey.services.problems import PasswordRefused, SignInRefused, SurveyError, UnitUnknown
from survey.store import accounts as store
from survey.store.catalogue import find_unit
from survey.store.database import Session

FIRST_USERNAME = "quantri"
MINIMUM_LENGTH = 12
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


def find_password_hash(session: Session, username: str) -> str:
    """The hash to compare with; for an unknown name one that no password fits."""
    return store.find_password_hash(session, username.strip().lower()) or _DECOY


def check_password(password_hash: str, password: str) -> PasswordCheck:
    return PasswordCheck(password_hash, _verify(password_hash, password))


def sign_in(
    session: Session, username: str, password: str, *, now: datetime, check: PasswordCheck | None = None
) -> SignedIn:
    """Take a checked password, or check it here; five failures lock the account for a quarter of an hour."""
    account = store.find_account(session, username.strip().lower())
    if account is None:
        if check is None:
            _verify(_DECOY, password)
        raise SignInRefused("wrong")
    if account.locked_until and account.locked_until > now:
        raise SignInRefused("locked", account.locked_until)
    if check is None or check.password_hash != account.password_hash:
        check = check_password(account.password_hash, password)
    if not check.is_right:
        _count_failure(account, now)
        raise SignInRefused("wrong")
    account.failed_count, account.locked_until = 0, None
    if _hasher.check_needs_rehash(account.password_hash):
        account.password_hash = _hash(password)
    return _signed_in(account)


def find_signed_in(session: Session, account_id: int, session_version: int) -> SignedIn | None:
    """The account behind a session cookie; None once its password has changed."""
    account = store.find_account_by_id(session, account_id)
    if account is None or account.session_version != session_version:
        return None
    return _signed_in(account)


def change_password(session: Session, account_id: int, current: str, new: str) -> SignedIn:
    """Set a new password; other sessions of the account end."""
    account = store.find_account_by_id(session, account_id)
    if account is None or not _verify(account.password_hash, current):
        raise PasswordRefused("wrong")
    if len(new) < MINIMUM_LENGTH:
        raise PasswordRefused("too_short")
    if new == current:
        raise PasswordRefused("same")
    if account.username in new.lower():
        raise PasswordRefused("like_username")
    account.password_hash = _hash(new)
    account.must_change_password = False
    account.session_version += 1
    return _signed_in(account)


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
    if not username or any(letter.isspace() for letter in username):
        raise SurveyError(reason="username_malformed", username=username)
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
