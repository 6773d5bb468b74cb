"""Queries on unfinished responses."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from survey.models import ResponseDraft


def find_draft(session: Session, response_id: UUID) -> ResponseDraft | None:
    return session.get(ResponseDraft, response_id)


def add_draft(session: Session, draft: ResponseDraft) -> None:
    session.add(draft)
    session.flush()


def delete_draft(session: Session, response_id: UUID) -> None:
    session.execute(delete(ResponseDraft).where(ResponseDraft.response_id == response_id))


def delete_drafts_untouched_since(session: Session, moment: datetime) -> int:
    query = (
        delete(ResponseDraft).where(ResponseDraft.touched_at < moment).returning(ResponseDraft.response_id)
    )
    return len(session.execute(query.returning(ResponseDraft.response_id)).all())
