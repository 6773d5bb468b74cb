"""Published questionnaires: a version, once stored, never changes."""

from datetime import date
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from survey.models.base import Base


class QuestionnaireVersion(Base):
    __tablename__ = "questionnaire_version"
    __table_args__ = (UniqueConstraint("form_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    form_id: Mapped[str]
    version: Mapped[int]
    digest: Mapped[str]
    document: Mapped[dict[str, Any]]
    measure_code: Mapped[str | None] = mapped_column(ForeignKey("measure.code"))
    published_on: Mapped[date]
