"""Queries on measures, sectors, units, procedures and targets."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, selectinload

from survey.models import Measure, Procedure, Sector, Target, TargetSet, Unit


def list_measures(session: Session) -> Sequence[Measure]:
    return session.scalars(select(Measure).order_by(Measure.position)).all()


def list_sectors(session: Session) -> Sequence[Sector]:
    return session.scalars(select(Sector).order_by(Sector.position)).all()


def list_units(session: Session, on: date) -> Sequence[Unit]:
    return session.scalars(select(Unit).where(_valid(Unit, on)).order_by(Unit.code)).all()


def find_unit(session: Session, code: str, on: date) -> Unit | None:
    return session.scalars(select(Unit).where(Unit.code == code, _valid(Unit, on))).one_or_none()


def list_procedures(session: Session, on: date, sector_code: str | None = None) -> Sequence[Procedure]:
    query = select(Procedure).where(_valid(Procedure, on)).order_by(Procedure.sector_code, Procedure.id)
    if sector_code is not None:
        query = query.where(Procedure.sector_code == sector_code)
    return session.scalars(query).all()


def find_procedure(session: Session, code: str, on: date) -> tuple[int, str] | None:
    """Id and sector of the procedure that a code names on this day."""
    query = select(Procedure.id, Procedure.sector_code).where(Procedure.code == code, _valid(Procedure, on))
    row = session.execute(query).one_or_none()
    return None if row is None else (row.id, row.sector_code)


def list_target_sets(session: Session) -> Sequence[TargetSet]:
    return session.scalars(
        select(TargetSet).order_by(TargetSet.code).options(selectinload(TargetSet.targets))
    ).all()


def list_procedures_between(session: Session, code: str, first: date, last: date) -> list[tuple[int, str]]:
    """Id and sector of whatever a code named on any of these days, the latest first."""
    query = (
        select(Procedure.id, Procedure.sector_code)
        .where(Procedure.code == code, Procedure.valid_from <= last)
        .where(or_(Procedure.valid_to.is_(None), Procedure.valid_to >= first))
        .order_by(Procedure.valid_from.desc())
    )
    return [(row.id, row.sector_code) for row in session.execute(query)]


def find_target_set(session: Session, code: str) -> TargetSet | None:
    query = select(TargetSet).where(TargetSet.code == code).options(selectinload(TargetSet.targets))
    return session.scalars(query).one_or_none()


def fetch_target_set(session: Session, target_set_id: int) -> TargetSet:
    query = select(TargetSet).where(TargetSet.id == target_set_id).options(selectinload(TargetSet.targets))
    return session.scalars(query).one()


def put_dated_rows(session: Session, model: type[Any], rows: Iterable[dict[str, Any]]) -> int:
    """Add rows, or bring those with the same code and first day up to date; return how many."""
    existing = {(row.code, row.valid_from): row for row in session.scalars(select(model))}
    return _put(session, model, rows, existing, ("code", "valid_from"))


def put_named_rows(session: Session, model: type[Any], rows: Iterable[dict[str, Any]]) -> int:
    existing = {(row.code,): row for row in session.scalars(select(model))}
    return _put(session, model, rows, existing, ("code",))


def put_target_set(
    session: Session, code: str, name: str | None, targets: Iterable[dict[str, Any]]
) -> TargetSet:
    """Add a target set, or replace the targets of the one with this code; without a name it keeps its own."""
    target_set = find_target_set(session, code) or TargetSet(code=code, name=code, targets=[])
    target_set.name = name or target_set.name
    target_set.targets = []
    session.add(target_set)
    session.flush()
    target_set.targets = [Target(**target) for target in targets]
    session.flush()
    return target_set


def _put(
    session: Session,
    model: type[Any],
    rows: Iterable[dict[str, Any]],
    existing: dict[tuple[Any, ...], Any],
    key: tuple[str, ...],
) -> int:
    count = 0
    for values in rows:
        count += 1
        row = existing.get(tuple(values[column] for column in key))
        if row is None:
            session.add(model(**values))
            continue
        for column, value in values.items():
            setattr(row, column, value)
    session.flush()
    return count


def _valid(model: type[Unit] | type[Procedure], on: date) -> ColumnElement[bool]:
    return (model.valid_from <= on) & or_(model.valid_to.is_(None), model.valid_to >= on)


def list_validities(
    session: Session, model: type[Unit] | type[Procedure]
) -> list[tuple[str, date, date | None]]:
    """Code, first and last day of every row."""
    rows = session.execute(select(model.code, model.valid_from, model.valid_to))
    return [(row.code, row.valid_from, row.valid_to) for row in rows]
