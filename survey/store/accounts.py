"""Queries on officials' accounts."""

from collections.abc import Sequence

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from survey.models import Account


def find_account(session: Session, username: str) -> Account | None:
    return session.scalars(
        select(Account).where(Account.username == username).with_for_update()
    ).one_or_none()


def find_password_hash(session: Session, username: str) -> str | None:
    return session.scalars(select(Account.password_hash).where(Account.username == username)).one_or_none()


def find_account_by_id(session: Session, account_id: int) -> Account | None:
    return session.get(Account, account_id)


def find_account_for_change(session: Session, account_id: int) -> Account | None:
    return session.get(Account, account_id, with_for_update=True, populate_existing=True)


def write_in_vain(session: Session) -> None:
    """Change an account and change it back: the work of a counted failure, with nothing to count."""
    any_account = select(func.min(Account.id)).scalar_subquery()
    for step in (1, -1):
        session.execute(
            update(Account)
            .where(Account.id == any_account)
            .values(failed_count=Account.failed_count + step)
            .execution_options(synchronize_session=False)
        )


def list_accounts(session: Session) -> Sequence[Account]:
    return session.scalars(select(Account).order_by(Account.username)).all()


def count_accounts(session: Session) -> int:
    return session.scalars(select(func.count()).select_from(Account)).one()


def add_account(session: Session, account: Account) -> Account:
    session.add(account)
    session.flush()
    return account
