"""Queries on unfinished responses."""

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from survey.models import ResponseDraft

_TABLE = cast(Table, ResponseDraft.__table__)
_INSERT_NEW = {
    "sqlite": sqlite.insert(_TABLE).on_conflict_do_nothing(index_elements=["response_id"]),
    "postgresql": postgresql.insert(_TABLE).on_conflict_do_nothing(index_elements=["response_id"]),
}


def find_draft(session: Session, response_id: UUID) -> ResponseDraft | None:
    return session.get(ResponseDraft, response_id)


def hold_draft(session: Session, response_id: UUID) -> ResponseDraft | None:
    """The draft as it stands now; nobody else changes it before this transaction ends."""
    return session.get(ResponseDraft, response_id, with_for_update=True, populate_existing=True)


def add_draft(session: Session, values: dict[str, Any]) -> None:
    """Begin a draft; nothing where its id is there already (also by a transaction that ran meanwhile)."""
    session.connection().execute(_INSERT_NEW[session.get_bind().dialect.name], values)


def delete_draft(session: Session, response_id: UUID) -> None:
    session.execute(delete(ResponseDraft).where(ResponseDraft.response_id == response_id))


def delete_drafts_untouched_since(session: Session, moment: datetime) -> int:
    query = (
        delete(ResponseDraft).where(ResponseDraft.touched_at < moment).returning(ResponseDraft.response_id)
    )
    return len(session.execute(query).all())
