"""Queries on responses and on what was quarantined."""

from collections.abc import Sequence
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from survey.models import QuarantinedResponse, Response

# On the table, not the mapped class: a row is written once and never loaded back.
_TABLE = cast(Table, Response.__table__)
_INSERT_NEW = {
    "sqlite": sqlite.insert(_TABLE).on_conflict_do_nothing(index_elements=["id"]).returning(_TABLE.c.id),
    "postgresql": postgresql.insert(_TABLE)
    .on_conflict_do_nothing(index_elements=["id"])
    .returning(_TABLE.c.id),
}


def find_digest(session: Session, response_id: UUID) -> str | None:
    """The content digest of a stored response, or None where the id is new."""
    return session.scalars(select(Response.content_digest).where(Response.id == response_id)).one_or_none()


def find_response(session: Session, response_id: UUID) -> Response | None:
    return session.get(Response, response_id)


def add_response(session: Session, values: dict[str, Any]) -> bool:
    """Store one response; False where its id is stored already (also by a transaction that ran meanwhile)."""
    insert = _INSERT_NEW[session.get_bind().dialect.name]
    return session.connection().execute(insert, values).one_or_none() is not None


def add_quarantined(session: Session, quarantined: QuarantinedResponse) -> None:
    session.add(quarantined)
    session.flush()


def list_quarantined_of(session: Session, response_id: UUID) -> Sequence[QuarantinedResponse]:
    query = select(QuarantinedResponse).where(QuarantinedResponse.response_id == response_id)
    return session.scalars(query).all()


def count_quarantined(session: Session, round_id: int) -> int:
    query = (
        select(func.count()).select_from(QuarantinedResponse).where(QuarantinedResponse.round_id == round_id)
    )
    return session.scalars(query).one()
