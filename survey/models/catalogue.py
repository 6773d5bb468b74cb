"""Dated rows that officials change by import: measures, sectors, units, procedures, targets."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey.models.base import Base, one_of

UNIT_KINDS = ("ward", "commune", "special_zone", "department", "agency", "hospital", "school")


class Measure(Base):
    __tablename__ = "measure"

    code: Mapped[str] = mapped_column(primary_key=True)
    name_vi: Mapped[str]
    name_en: Mapped[str]
    position: Mapped[int]


class Sector(Base):
    __tablename__ = "sector"

    code: Mapped[str] = mapped_column(primary_key=True)
    name_vi: Mapped[str]
    name_en: Mapped[str]
    position: Mapped[int]


class Unit(Base):
    """An agency, commune, hospital or school, valid from one day to another."""

    __tablename__ = "unit"
    __table_args__ = (
        UniqueConstraint("code", "valid_from"),
        CheckConstraint(one_of("kind", UNIT_KINDS), name="kind_known"),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="validity_ordered"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]
    name_en: Mapped[str]
    kind: Mapped[str]
    former_province: Mapped[str]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    successor_code: Mapped[str | None]
    source: Mapped[str]


class Procedure(Base):
    __tablename__ = "procedure"
    __table_args__ = (
        UniqueConstraint("code", "valid_from"),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="validity_ordered"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]
    name_en: Mapped[str]
    sector_code: Mapped[str] = mapped_column(ForeignKey("sector.code"))
    level: Mapped[str]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    successor_code: Mapped[str | None]
    source: Mapped[str]


class TargetSet(Base):
    """The targets of one decision, and the confidence with which they are judged."""

    __tablename__ = "target_set"
    __table_args__ = (
        CheckConstraint("confidence_level > 0.5 AND confidence_level < 1", name="confidence_level_sensible"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    confidence_level: Mapped[float] = mapped_column(default=0.95)
    targets: Mapped[list["Target"]] = relationship(cascade="all, delete-orphan", order_by="Target.id")


class Target(Base):
    __tablename__ = "target"
    __table_args__ = (
        UniqueConstraint("target_set_id", "measure_code", "sector_code", "year"),
        CheckConstraint("minimum_share > 0 AND minimum_share <= 1", name="minimum_share_is_a_share"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    target_set_id: Mapped[int] = mapped_column(ForeignKey("target_set.id", ondelete="CASCADE"))
    measure_code: Mapped[str] = mapped_column(ForeignKey("measure.code"))
    # '' stands for all sectors: NULL would let UNIQUE pass two rows for the whole.
    sector_code: Mapped[str] = mapped_column(default="")
    year: Mapped[int]
    minimum_share: Mapped[float]
    section: Mapped[str]
    text: Mapped[str]
