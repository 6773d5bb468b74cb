"""Thresholds of data quality, changed in tests by somebody who has an account."""

from dataclasses import replace
from datetime import date

from survey.services import accounts
from survey.services.accounts import SignedIn
from survey.services.calendar import now
from survey.services.quality_thresholds import USUAL, ThresholdChange, change_thresholds
from survey.store.accounts import find_account
from survey.store.database import Session
from tests import factories

TODAY = date(2026, 9, 1)


def official(session: Session, username: str = "nguong") -> SignedIn:
    if find_account(session, username) is None:
        accounts.create_account(session, username, f"Cán bộ {username}", "coordinator", now=now())
    row = find_account(session, username)
    assert row is not None
    return SignedIn(row.id, row.username, row.display_name, row.role, None, False, 1)


def set_thresholds(
    session: Session, *, username: str = "nguong", on: date = TODAY, **values: float
) -> tuple[ThresholdChange, ...]:
    """These values, the usual ones for the rest."""
    thresholds = replace(USUAL, **values)
    return change_thresholds(session, factories.ROUND_CODE, thresholds, official(session, username), today=on)
