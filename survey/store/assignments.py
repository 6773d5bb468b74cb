"""Queries on interviewers' assignments and their visits."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Table, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from survey.models import Assignment, Device, QuestionnaireVersion, Unit, Visit

_TABLE = cast(Table, Visit.__table__)
_INSERT_NEW = {
    "sqlite": sqlite.insert(_TABLE).on_conflict_do_nothing(index_elements=["id"]).returning(_TABLE.c.id),
    "postgresql": postgresql.insert(_TABLE)
    .on_conflict_do_nothing(index_elements=["id"])
    .returning(_TABLE.c.id),
}


@dataclass(frozen=True)
class AssignmentRow:
    """An assignment with what it names; `device` is None until it is given to an interviewer."""

    assignment: Assignment
    form_id: str
    unit: Unit
    device: Device | None


@dataclass(frozen=True)
class VisitRow:
    """What came of a visit, on which day by the device and by the server."""

    assignment_id: int
    outcome: str
    visited_on: date
    received_on: date


def list_assignments(session: Session, round_id: int) -> list[AssignmentRow]:
    return _list(session, Assignment.round_id == round_id)


def list_of_device(session: Session, device_id: int) -> list[AssignmentRow]:
    return _list(session, Assignment.device_id == device_id)


def find_in_unit(session: Session, assignment_id: int, round_id: int, unit_id: int) -> Assignment | None:
    query = select(Assignment).where(
        Assignment.id == assignment_id, Assignment.round_id == round_id, Assignment.unit_id == unit_id
    )
    return session.scalars(query).one_or_none()


def get_for_change(session: Session, round_id: int) -> dict[str, Assignment]:
    """All of a round by number, kept from others until the end of the transaction."""
    query = (
        select(Assignment)
        .where(Assignment.round_id == round_id)
        .order_by(Assignment.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {assignment.number: assignment for assignment in session.scalars(query)}


def add_assignments(session: Session, assignments: Iterable[Assignment]) -> None:
    session.add_all(assignments)
    session.flush()


def list_visited(session: Session, round_id: int) -> set[int]:
    """The assignments of a round where somebody has been."""
    query = select(Visit.assignment_id).join(Assignment, Assignment.id == Visit.assignment_id)
    return set(session.scalars(query.where(Assignment.round_id == round_id).distinct()))


def count_completed(session: Session, round_id: int) -> dict[tuple[int, int], int]:
    """Completed visits of a round by questionnaire version and unit."""
    version, unit = Assignment.questionnaire_version_id, Assignment.unit_id
    query = (
        select(version, unit, func.count())
        .join(Visit, Visit.assignment_id == Assignment.id)
        .where(Assignment.round_id == round_id, Visit.outcome == "completed")
        .group_by(version, unit)
    )
    return {(version_id, unit_id): count for version_id, unit_id, count in session.execute(query)}


def list_visits(session: Session, round_id: int) -> list[VisitRow]:
    return _visits(session, Assignment.round_id == round_id)


def list_visits_for_device(session: Session, device_id: int) -> list[VisitRow]:
    """The visits to what a device has been given, whoever made them."""
    return _visits(session, Assignment.device_id == device_id)


def add_visit(session: Session, values: dict[str, Any]) -> bool:
    """False where this id is stored already (also by a transaction that ran meanwhile)."""
    insert = _INSERT_NEW[session.get_bind().dialect.name]
    return session.connection().execute(insert, values).one_or_none() is not None


def find_visit(session: Session, visit_id: UUID) -> Visit | None:
    return session.get(Visit, visit_id)


def list_interviewer_devices(session: Session, round_id: int) -> Sequence[tuple[Device, Unit]]:
    """The interviewers' devices of a round that are not withdrawn."""
    query = (
        select(Device, Unit)
        .join(Unit, Unit.id == Device.unit_id)
        .where(Device.round_id == round_id, Device.kind == "interviewer", Device.status != "withdrawn")
        .order_by(Device.name, Device.id)
    )
    return [(device, unit) for device, unit in session.execute(query)]


def list_devices_of_round(session: Session, round_id: int) -> Sequence[Device]:
    return session.scalars(select(Device).where(Device.round_id == round_id)).all()


def _list(session: Session, condition: ColumnElement[bool]) -> list[AssignmentRow]:
    query = (
        select(Assignment, QuestionnaireVersion.form_id, Unit, Device)
        .join(QuestionnaireVersion, QuestionnaireVersion.id == Assignment.questionnaire_version_id)
        .join(Unit, Unit.id == Assignment.unit_id)
        .outerjoin(Device, Device.id == Assignment.device_id)
        .where(condition)
        .order_by(Assignment.id)
    )
    return [AssignmentRow(*row) for row in session.execute(query)]


def _visits(session: Session, condition: ColumnElement[bool]) -> list[VisitRow]:
    query = (
        select(Visit.assignment_id, Visit.outcome, Visit.visited_on, Visit.received_on)
        .join(Assignment, Assignment.id == Visit.assignment_id)
        .where(condition)
    )
    return [VisitRow(*row) for row in session.execute(query)]
