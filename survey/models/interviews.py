"""Interviewers' work: where they are sent and what came of each visit.

A visit shares no key, no device and no exact time with a response: that somebody was interviewed is kept
apart from what was said.
"""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from survey.models.base import Base, one_of

OUTCOMES = (
    "completed",
    "partial",
    "refused",
    "not_at_home",
    "away",
    "not_eligible",
    "not_found",
    "unable",
    "other",
)


class Assignment(Base):
    """A place an interviewer goes to; described without the name of a person."""

    __tablename__ = "assignment"
    __table_args__ = (
        ForeignKeyConstraint(
            ["round_id", "questionnaire_version_id", "unit_id"],
            ["round_unit.round_id", "round_unit.questionnaire_version_id", "round_unit.unit_id"],
            name="fk_assignment_round_unit",
        ),
        UniqueConstraint("round_id", "number", name="uq_assignment_number"),
        CheckConstraint("place <> ''", name="place_named"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int]
    questionnaire_version_id: Mapped[int]
    unit_id: Mapped[int]
    number: Mapped[str]
    place: Mapped[str]
    note: Mapped[str]
    device_id: Mapped[int | None] = mapped_column(ForeignKey("device.id"), index=True)


class Visit(Base):
    """One attempt; the id is made by the device, so that a repeat is the same visit."""

    __tablename__ = "visit"
    __table_args__ = (
        CheckConstraint(one_of("outcome", OUTCOMES), name="outcome_known"),
        {"sqlite_with_rowid": False},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id", ondelete="CASCADE"), index=True)
    outcome: Mapped[str]
    visited_on: Mapped[date]
    received_on: Mapped[date]
