"""The officials' accounts."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from survey.models.base import Base, one_of

ROLES = ("administrator", "coordinator", "unit_official")


class Account(Base):
    __tablename__ = "account"
    __table_args__ = (
        CheckConstraint(one_of("role", ROLES), name="role_known"),
        CheckConstraint("role <> 'unit_official' OR unit_id IS NOT NULL", name="unit_official_has_unit"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(unique=True)
    display_name: Mapped[str]
    password_hash: Mapped[str]
    role: Mapped[str]
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    must_change_password: Mapped[bool] = mapped_column(default=True)
    # Raised whenever the password changes, so that older sessions end.
    session_version: Mapped[int] = mapped_column(default=1)
    failed_count: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
