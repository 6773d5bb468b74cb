"""What counts as suspicious in a round, where it differs from the usual."""

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from survey.models.base import Base


class QualityThreshold(Base):
    __tablename__ = "quality_threshold"
    __table_args__ = (CheckConstraint("value >= 0", name="value_not_negative"),)

    round_id: Mapped[int] = mapped_column(ForeignKey("survey_round.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[float]
