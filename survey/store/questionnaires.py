"""Queries on published questionnaire versions."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey.models import QuestionnaireVersion


def find_version(session: Session, form_id: str, version: int) -> QuestionnaireVersion | None:
    query = select(QuestionnaireVersion).where(
        QuestionnaireVersion.form_id == form_id, QuestionnaireVersion.version == version
    )
    return session.scalars(query).one_or_none()


def fetch_version(session: Session, version_id: int) -> QuestionnaireVersion:
    return session.get_one(QuestionnaireVersion, version_id)


def fetch_document(session: Session, version_id: int) -> dict[str, Any]:
    query = select(QuestionnaireVersion.document).where(QuestionnaireVersion.id == version_id)
    return session.scalars(query).one()


def list_newest_versions(session: Session) -> Sequence[QuestionnaireVersion]:
    newest = (
        select(QuestionnaireVersion.form_id, func.max(QuestionnaireVersion.version).label("version"))
        .group_by(QuestionnaireVersion.form_id)
        .subquery()
    )
    query = (
        select(QuestionnaireVersion)
        .join(
            newest,
            (newest.c.form_id == QuestionnaireVersion.form_id)
            & (newest.c.version == QuestionnaireVersion.version),
        )
        .order_by(QuestionnaireVersion.form_id)
    )
    return session.scalars(query).all()


def add_version(session: Session, version: QuestionnaireVersion) -> QuestionnaireVersion:
    session.add(version)
    session.flush()
    return version
