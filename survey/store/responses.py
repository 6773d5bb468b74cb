"""Queries on responses."""

from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from survey.models import Response

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
