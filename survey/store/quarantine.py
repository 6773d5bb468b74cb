"""Queries on what was quarantined."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Select, Table, case, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from survey.models import Account, Device, QuarantinedResponse, SurveyRound, Unit

_TABLE = cast(Table, QuarantinedResponse.__table__)
_INSERT_NEW = {
    "sqlite": sqlite.insert(_TABLE).on_conflict_do_nothing(index_elements=["digest"]),
    "postgresql": postgresql.insert(_TABLE).on_conflict_do_nothing(index_elements=["digest"]),
}


@dataclass(frozen=True)
class KeptRow:
    """What is kept, with the round, the device and the official it names."""

    kept: QuarantinedResponse
    survey_round: SurveyRound | None
    device_code: str | None
    unit_code: str | None
    decided_by: str | None


def add_quarantined(session: Session, values: dict[str, Any]) -> None:
    """Keep one; nothing where it is kept already (also by a transaction that ran meanwhile)."""
    session.connection().execute(_INSERT_NEW[session.get_bind().dialect.name], values)


def find_state(session: Session, digest: str) -> str | None:
    """The state of the one with this digest."""
    query = select(QuarantinedResponse.state).where(QuarantinedResponse.digest == digest)
    return session.scalars(query).one_or_none()


def count_conflicts(session: Session, response_id: UUID) -> int:
    """How much is kept under the id of a response that did not come from a device."""
    query = (
        select(func.count())
        .select_from(QuarantinedResponse)
        .where(
            QuarantinedResponse.response_id == response_id,
            QuarantinedResponse.reason == "conflict",
            QuarantinedResponse.device_id.is_(None),
        )
    )
    return session.scalars(query).one()


def list_dismissed_ids(session: Session, response_ids: Iterable[UUID]) -> set[UUID]:
    """Which of these ids staff have left aside, with whatever content."""
    query = select(QuarantinedResponse.response_id).where(
        QuarantinedResponse.response_id.in_(list(response_ids)), QuarantinedResponse.state == "dismissed"
    )
    return {response_id for response_id in session.scalars(query) if response_id is not None}


def count_decided(session: Session, device_id: int) -> int:
    """How many of what a device sent staff have decided on."""
    query = (
        select(func.count())
        .select_from(QuarantinedResponse)
        .where(QuarantinedResponse.device_id == device_id, QuarantinedResponse.state != "waiting")
    )
    return session.scalars(query).one()


def count_quarantined(session: Session, round_id: int) -> int:
    """Those that are in no figure: still waiting, or looked at and left aside."""
    query = (
        select(func.count())
        .select_from(QuarantinedResponse)
        .where(QuarantinedResponse.round_id == round_id, QuarantinedResponse.state != "accepted")
    )
    return session.scalars(query).one()


def count_late(session: Session, survey_round: SurveyRound) -> int:
    """What came to a round that is closed after its end, and is in no figure; 0 while it is not closed."""
    if survey_round.status != "closed":
        return 0
    query = (
        select(func.count())
        .select_from(QuarantinedResponse)
        .where(
            QuarantinedResponse.round_id == survey_round.id,
            QuarantinedResponse.reason == "round_not_open",
            QuarantinedResponse.state != "accepted",
            QuarantinedResponse.received_on >= survey_round.opens_on,
        )
    )
    return session.scalars(query).one()


def count_by_state(session: Session, round_id: int | None, unit_code: str | None = None) -> dict[str, int]:
    """Counts of a round, of one of its units, or of what belongs to no round."""
    columns: tuple[Any, ...] = (QuarantinedResponse.state, func.count())
    query = _of_round(select(*columns), round_id, unit_code).group_by(QuarantinedResponse.state)
    return {state: count for state, count in session.execute(query)}  # noqa: C416 - rows are no pairs for mypy


def list_quarantined(session: Session, round_id: int | None, *, offset: int, limit: int) -> list[KeptRow]:
    """A page of them, those that wait first, each group with the newest on top."""
    waiting_first = case((QuarantinedResponse.state == "waiting", 0), else_=1)
    query = _of_round(_rows(), round_id, None).order_by(waiting_first, QuarantinedResponse.id.desc())
    return [KeptRow(*row) for row in session.execute(query.offset(offset).limit(limit))]


def find_quarantined(session: Session, kept_id: int) -> KeptRow | None:
    query = _joined(_rows()).where(QuarantinedResponse.id == kept_id)
    row = session.execute(query).one_or_none()
    return None if row is None else KeptRow(*row)


def get_for_change(session: Session, kept_id: int) -> QuarantinedResponse | None:
    """The row, kept from others until the end of the transaction."""
    return session.get(QuarantinedResponse, kept_id, with_for_update=True, populate_existing=True)


def _rows() -> Select[Any]:
    return select(QuarantinedResponse, SurveyRound, Device.code, _unit_code(), Account.display_name)


def _unit_code() -> Any:
    """The unit of the device, else the one that was sent."""
    return func.coalesce(Unit.code, QuarantinedResponse.content["unit_code"].as_string())


def _joined(query: Select[Any]) -> Select[Any]:
    return (
        query.select_from(QuarantinedResponse)
        .outerjoin(SurveyRound, SurveyRound.id == QuarantinedResponse.round_id)
        .outerjoin(Device, Device.id == QuarantinedResponse.device_id)
        .outerjoin(Unit, Unit.id == Device.unit_id)
        .outerjoin(Account, Account.id == QuarantinedResponse.decided_by)
    )


def _of_round(query: Select[Any], round_id: int | None, unit_code: str | None) -> Select[Any]:
    of_round = QuarantinedResponse.round_id
    query = _joined(query).where(of_round.is_(None) if round_id is None else of_round == round_id)
    return query if unit_code is None else query.where(_unit_code() == unit_code)
