"""Survey rounds: what is asked where and when, and the frame that carries the weights."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from survey.models.base import Base, one_of

ROUND_STATUSES = ("draft", "open", "closed")


class SurveyRound(Base):
    __tablename__ = "survey_round"
    __table_args__ = (
        CheckConstraint(one_of("status", ROUND_STATUSES), name="status_known"),
        CheckConstraint("closes_on >= opens_on", name="dates_ordered"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    title_en: Mapped[str]
    opens_on: Mapped[date]
    closes_on: Mapped[date]
    status: Mapped[str]
    target_set_id: Mapped[int] = mapped_column(ForeignKey("target_set.id"))
    target_year: Mapped[int]
    is_demonstration: Mapped[bool] = mapped_column(default=False)
    # Whom respondents can ask, beside what the questionnaire says; NULL where nobody is named.
    contact: Mapped[str | None]
    contact_en: Mapped[str | None]


class RoundUnit(Base):
    """A questionnaire is asked at a unit in a round."""

    __tablename__ = "round_unit"

    round_id: Mapped[int] = mapped_column(ForeignKey("survey_round.id", ondelete="CASCADE"), primary_key=True)
    questionnaire_version_id: Mapped[int] = mapped_column(
        ForeignKey("questionnaire_version.id"), primary_key=True
    )
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)


class FrameCell(Base):
    """How many transactions (or people) a unit and sector stand for, and where they sit in the design."""

    __tablename__ = "frame_cell"
    __table_args__ = (
        # The name that the columns give would be too long for PostgreSQL.
        UniqueConstraint(
            "round_id", "questionnaire_version_id", "unit_id", "sector_code", name="uq_frame_cell_place"
        ),
        CheckConstraint("population > 0", name="population_positive"),
        CheckConstraint("stratum <> '' AND psu <> ''", name="design_named"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("survey_round.id", ondelete="CASCADE"))
    questionnaire_version_id: Mapped[int] = mapped_column(ForeignKey("questionnaire_version.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    # '' stands for a questionnaire without sectors, so that UNIQUE holds.
    sector_code: Mapped[str] = mapped_column(default="")
    stratum: Mapped[str]
    # NULL where respondents are drawn directly, without service points as a first stage.
    psu: Mapped[str | None]
    population: Mapped[int]
