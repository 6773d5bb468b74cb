"""What an interviewer's device sends of its visits: stored once, apart from every response."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from survey.services.devices import DeviceAccess
from survey.services.dispositions import kept_day
from survey.services.problems import RoundNotOpen, SurveyError
from survey.store import assignments as store
from survey.store import rounds
from survey.store.database import Session


class AssignmentUnknown(SurveyError):
    """No assignment of the device's round and unit has this id."""

    code = "assignment_unknown"

    def __init__(self, assignment_id: int) -> None:
        super().__init__(assignment_id=assignment_id)


class VisitConflict(SurveyError):
    """The same visit came before with another outcome, day or assignment; the first one stands."""

    code = "visit_conflict"

    def __init__(self, visit_id: UUID) -> None:
        super().__init__(visit_id=visit_id)


class NotAnInterviewer(SurveyError):
    """Assignments and visits are for interviewers' devices alone."""

    code = "not_an_interviewer"

    def __init__(self, device_code: str) -> None:
        super().__init__(device_code=device_code)


@dataclass(frozen=True)
class NewVisit:
    """A visit as it arrives; the id is made by the device, the day is that of its own clock."""

    visit_id: UUID
    assignment_id: int
    outcome: str
    visited_on: date


def require_interviewer(access: DeviceAccess) -> None:
    if access.kind != "interviewer":
        raise NotAnInterviewer(access.code)


def record_visit(session: Session, access: DeviceAccess, new: NewVisit, *, today: date) -> bool:
    """Store a visit once; True where it is new.

    An assignment may have been given to another device of the unit since: the visit was made all the same.
    """
    require_interviewer(access)
    if store.find_in_unit(session, new.assignment_id, access.round_id, access.unit_id) is None:
        raise AssignmentUnknown(new.assignment_id)
    values = {
        "assignment_id": new.assignment_id,
        "outcome": new.outcome,
        "visited_on": kept_day(new.outcome, new.visited_on),
    }
    if _is_stored(session, new.visit_id, values):
        return False
    standing = rounds.hold_rounds(session, [access.round_id])[access.round_id]
    if standing.status != "open":
        raise RoundNotOpen(standing.code, standing.opens_on, standing.closes_on, standing.status)
    circumstances = {"device_id": access.id, "received_on": kept_day(new.outcome, today)}
    if store.add_visit(session, {"id": new.visit_id, **values, **circumstances}):
        return True
    return not _is_stored(session, new.visit_id, values)


def _is_stored(session: Session, visit_id: UUID, values: dict[str, object]) -> bool:
    """Whether this visit is there already; raises `VisitConflict` where it is another one."""
    stored = store.find_visit(session, visit_id)
    if stored is None:
        return False
    if any(getattr(stored, name) != value for name, value in values.items()):
        raise VisitConflict(visit_id)
    return True
