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
# How far a device's clock was from the server's when it sent.
CLOCK_BANDS = ("unknown", "right", "minutes_off", "hours_off", "days_off")
QUARANTINE_REASONS = (
    "conflict",
    "round_not_open",
    "device_withdrawn",
    "version_unknown",
    "place_unknown",
    "answers_refused",
    "malformed",
)
QUARANTINE_STATES = ("waiting", "accepted", "dismissed")


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
        CheckConstraint(one_of("clock_band", CLOCK_BANDS), name="clock_band_known"),
        CheckConstraint("received_hour BETWEEN 0 AND 23", name="received_hour_of_a_day"),
        CheckConstraint("device_hour BETWEEN 0 AND 23", name="device_hour_of_a_day"),
        CheckConstraint(
            "selection <> 'invited' OR (received_hour IS NULL AND device_on IS NULL AND device_hour IS NULL)",
            name="invited_without_moment",
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
    device_id: Mapped[int | None] = mapped_column(ForeignKey("device.id"))
    # Whole hours of the province's time; none of these for an invited response, which they could point at.
    received_hour: Mapped[int | None]
    device_on: Mapped[date | None]
    device_hour: Mapped[int | None]
    clock_band: Mapped[str]


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
    # Of the personal code that it was begun with; it goes with the draft and is in no response.
    invitation_digest: Mapped[str | None]
    answers: Mapped[dict[str, Any]]
    started_at: Mapped[datetime]
    touched_at: Mapped[datetime] = mapped_column(index=True)


class QuarantinedResponse(Base):
    """What arrived and could not be stored as a response, kept as it came until staff decide on it."""

    __tablename__ = "quarantined_response"
    __table_args__ = (
        CheckConstraint(one_of("reason", QUARANTINE_REASONS), name="reason_known"),
        CheckConstraint(one_of("state", QUARANTINE_STATES), name="state_known"),
        CheckConstraint("state = 'waiting' OR decided_on IS NOT NULL", name="decision_dated"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # Of all that was sent, so that a retry is kept once.
    digest: Mapped[str] = mapped_column(unique=True)
    response_id: Mapped[UUID | None] = mapped_column(index=True)
    round_id: Mapped[int | None] = mapped_column(
        ForeignKey("survey_round.id", ondelete="CASCADE"), index=True
    )
    device_id: Mapped[int | None] = mapped_column(ForeignKey("device.id"), index=True)
    reason: Mapped[str]
    content: Mapped[dict[str, Any]]
    received_on: Mapped[date]
    state: Mapped[str]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_on: Mapped[date | None]
    note: Mapped[str | None]
