"""Queries on responses."""

import json
from collections.abc import Sequence
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, select, text
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

_COLUMNS = ", ".join(column.name for column in _TABLE.columns)
# One text whatever the number of rows: it is prepared once, and the rows cost a third of a list of VALUES.
_INSERT_DOCUMENT = text(
    f"INSERT INTO response ({_COLUMNS}) "  # noqa: S608 - names of columns
    f"SELECT {_COLUMNS} FROM json_populate_recordset(NULL::response, CAST(:rows AS json)) "
    "ON CONFLICT (id) DO NOTHING RETURNING id"
)


def find_digest(session: Session, response_id: UUID) -> str | None:
    """The content digest of a stored response, or None where the id is new."""
    return session.scalars(select(Response.content_digest).where(Response.id == response_id)).one_or_none()


def find_response(session: Session, response_id: UUID) -> Response | None:
    return session.get(Response, response_id)


def add_response(session: Session, values: dict[str, Any]) -> bool:
    """Store one response; False where its id is stored already (also by a transaction that ran meanwhile)."""
    insert = _INSERT_NEW[session.get_bind().dialect.name]
    return session.connection().execute(insert, values).one_or_none() is not None


def add_responses(session: Session, rows: Sequence[dict[str, Any]]) -> set[UUID]:
    """Store many in one statement; returns the ids that were new.

    In the order of their ids, so that two servers with the same ids never wait for each other.
    """
    ordered = sorted(rows, key=lambda row: row["id"])
    if session.get_bind().dialect.name == "postgresql":
        return set(session.connection().execute(_INSERT_DOCUMENT, {"rows": _as_document(ordered)}).scalars())
    return set(session.connection().execute(_INSERT_NEW["sqlite"], ordered).scalars())


def _as_document(rows: Sequence[dict[str, Any]]) -> str:
    return json.dumps(rows, ensure_ascii=False, default=str)
