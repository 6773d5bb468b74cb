"""What counts as suspicious in a round, where it differs from the usual."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from survey.models.base import Base


class QualityThreshold(Base):
    __tablename__ = "quality_threshold"
    __table_args__ = (CheckConstraint("value >= 0", name="value_not_negative"),)

    round_id: Mapped[int] = mapped_column(ForeignKey("survey_round.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[float]


class QualityThresholdChange(Base):
    """Who changed a threshold, on which day, from what to what; only ever added to."""

    __tablename__ = "quality_threshold_change"
    __table_args__ = (
        CheckConstraint("value_before >= 0 AND value_after >= 0", name="values_not_negative"),
        CheckConstraint("value_before <> value_after", name="is_a_change"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("survey_round.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    # The value that held, be it the round's own or the usual one of that time.
    value_before: Mapped[float]
    value_after: Mapped[float]
    changed_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    changed_on: Mapped[date]
