"""What an official of one unit leaves to others: whatever lets somebody count as invited at the own unit.

Invited responses alone make the index of a round that has them: who is judged by it does not say who was
invited.
"""

from survey.services.problems import SurveyError
from survey.store import accounts as store
from survey.store.database import Session


class OfOneUnitRefused(SurveyError):
    """An official of one unit asked for what only those who answer for the whole round may do."""

    code = "of_one_unit_refused"


def acts_for_one_unit(session: Session, account_id: int | None) -> bool:
    """None is the command line, which is the administrator's."""
    account = None if account_id is None else store.find_account_by_id(session, account_id)
    return account is not None and account.role == "unit_official"


def require_whole_round(session: Session, account_id: int | None) -> None:
    if acts_for_one_unit(session, account_id):
        raise OfOneUnitRefused
