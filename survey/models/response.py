"""Responses, drafts and what could not be taken.

No column names a person, a network address or an exact time. The key is a random UUID and the table is kept
in the order of that key (WITHOUT ROWID), so that the order of arrival is not recorded.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from survey.models.base import Base, one_of

CHANNELS = ("kiosk", "phone", "paper", "interviewer", "import")
SELECTIONS = ("invited", "self_selected")
DURATION_BANDS = ("under_1m", "1_to_3m", "3_to_10m", "10_to_30m", "over_30m", "unknown")
LANGUAGES = ("vi", "en")
LAYOUTS = ("sections", "kiosk")


class Response(Base):
    """One filled questionnaire; immutable."""

    __tablename__ = "response"
    __table_args__ = (
        CheckConstraint(one_of("channel", CHANNELS), name="channel_known"),
        CheckConstraint(one_of("selection", SELECTIONS), name="selection_known"),
        CheckConstraint(one_of("duration_band", DURATION_BANDS), name="duration_band_known"),
        CheckConstraint(one_of("language", LANGUAGES), name="language_known"),
        CheckConstraint("design_weight IS NULL OR design_weight > 0", name="design_weight_positive"),
        CheckConstraint(
            "expectation_percent IS NULL OR expectation_percent >= 0", name="expectation_not_negative"
        ),
        Index("ix_response_round_id_questionnaire_version_id", "round_id", "questionnaire_version_id"),
        {"sqlite_with_rowid": False},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("survey_round.id"))
    questionnaire_version_id: Mapped[int] = mapped_column(ForeignKey("questionnaire_version.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    sector_code: Mapped[str | None] = mapped_column(ForeignKey("sector.code"))
    procedure_id: Mapped[int | None] = mapped_column(ForeignKey("procedure.id"))
    channel: Mapped[str]
    selection: Mapped[str]
    stratum: Mapped[str | None]
    psu: Mapped[str | None]
    design_weight: Mapped[float | None]
    duration_band: Mapped[str]
    language: Mapped[str]
    received_on: Mapped[date]
    ratings: Mapped[str]
    details: Mapped[dict[str, Any]]
    expectation_percent: Mapped[int | None]
    content_digest: Mapped[str]


class ResponseDraft(Base):
    """Answers given so far; gone when the response is stored, given up or left for two days."""

    __tablename__ = "response_draft"
    __table_args__ = (
        CheckConstraint(one_of("channel", CHANNELS), name="channel_known"),
        CheckConstraint(one_of("selection", SELECTIONS), name="selection_known"),
        CheckConstraint(one_of("layout", LAYOUTS), name="layout_known"),
        {"sqlite_with_rowid": False},
    )

    response_id: Mapped[UUID] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("survey_round.id", ondelete="CASCADE"))
    questionnaire_version_id: Mapped[int] = mapped_column(ForeignKey("questionnaire_version.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    channel: Mapped[str]
    selection: Mapped[str]
    layout: Mapped[str]
    answers: Mapped[dict[str, Any]]
    started_at: Mapped[datetime]
    touched_at: Mapped[datetime] = mapped_column(index=True)


class QuarantinedResponse(Base):
    """What arrived and could not be stored as a response, kept for staff."""

    __tablename__ = "quarantined_response"

    id: Mapped[int] = mapped_column(primary_key=True)
    response_id: Mapped[UUID] = mapped_column(index=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("survey_round.id", ondelete="CASCADE"), index=True)
    reason: Mapped[str]
    content: Mapped[dict[str, Any]]
    received_on: Mapped[date]
