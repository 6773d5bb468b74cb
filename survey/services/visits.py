"""What an interviewer's device sends of its visits: stored once, apart from every response."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from survey.services.devices import DeviceAccess
from survey.services.dispositions import kept_day
from survey.services.problems import DeviceWithdrawn, RoundNotOpen, SurveyError
from survey.store import assignments as store
from survey.store import devices, rounds
from survey.store.database import Session
from survey.store.rounds import Standing


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
    """Store a visit that the device itself tells of; True where it is new.

    An assignment may have been given to another device of the unit since, and the round closed while the
    device had no network: the visit was made all the same. One made after the round's last day is refused.
    """
    standing = _find_standing(session, access, new)
    if standing is None:
        return False
    # What is known of the device may be some seconds old.
    if not devices.list_active_ids(session, [access.id]):
        raise DeviceWithdrawn(access.id)
    is_late = standing.status == "closed"
    if is_late and min(new.visited_on, today) > standing.closes_on:
        raise RoundNotOpen(standing.code, standing.opens_on, standing.closes_on, standing.status)
    return _store(session, new, today)


def hand_in_visit(session: Session, access: DeviceAccess, new: NewVisit, *, today: date) -> str:
    """Store a visit of a rescue file: `stored`, `already`, or `late` into a round that is closed.

    Staff vouch for the file, so that neither the end of the round nor a withdrawn device stands against it.
    """
    standing = _find_standing(session, access, new)
    if standing is None or not _store(session, new, today):
        return "already"
    return "late" if standing.status == "closed" else "stored"


def _find_standing(session: Session, access: DeviceAccess, new: NewVisit) -> Standing | None:
    """Where its round stands, held until the end of the transaction; None where the visit is stored."""
    require_interviewer(access)
    if store.find_in_unit(session, new.assignment_id, access.round_id, access.unit_id) is None:
        raise AssignmentUnknown(new.assignment_id)
    if _is_stored(session, new):
        return None
    standing = rounds.hold_rounds(session, [access.round_id])[access.round_id]
    if standing.status == "draft":
        raise RoundNotOpen(standing.code, standing.opens_on, standing.closes_on, standing.status)
    return standing


def _store(session: Session, new: NewVisit, today: date) -> bool:
    """False where another transaction stored it meanwhile."""
    received_on = kept_day(new.outcome, today)
    if store.add_visit(session, {"id": new.visit_id, **_values(new), "received_on": received_on}):
        return True
    return not _is_stored(session, new)


def _values(new: NewVisit) -> dict[str, object]:
    """What makes a visit the same one when it comes again."""
    return {
        "assignment_id": new.assignment_id,
        "outcome": new.outcome,
        "visited_on": kept_day(new.outcome, new.visited_on),
    }


def _is_stored(session: Session, new: NewVisit) -> bool:
    """Whether this visit is there already; raises `VisitConflict` where it is another one."""
    stored = store.find_visit(session, new.visit_id)
    if stored is None:
        return False
    if any(getattr(stored, name) != value for name, value in _values(new).items()):
        raise VisitConflict(new.visit_id)
    return True
