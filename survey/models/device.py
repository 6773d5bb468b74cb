"""Enrolled devices: kiosks in a hall, tablets of interviewers. No column says who used one."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from survey.models.base import Base, one_of

DEVICE_KINDS = ("kiosk", "interviewer")
DEVICE_STATUSES = ("waiting", "active", "withdrawn")
STORAGE_STATES = ("ok", "low", "full", "failed")


class Device(Base):
    """A device bound to one unit in one round, with a credential of its own once it has been paired."""

    __tablename__ = "device"
    __table_args__ = (
        CheckConstraint(one_of("kind", DEVICE_KINDS), name="kind_known"),
        CheckConstraint(one_of("status", DEVICE_STATUSES), name="status_known"),
        CheckConstraint(one_of("storage_state", STORAGE_STATES), name="storage_state_known"),
        CheckConstraint("status <> 'active' OR credential_digest IS NOT NULL", name="active_has_credential"),
        CheckConstraint("status <> 'waiting' OR pairing_digest IS NOT NULL", name="waiting_has_pairing"),
        CheckConstraint("pairing_digest IS NULL OR pairing_expires_at IS NOT NULL", name="pairing_expires"),
        CheckConstraint("unsent_count >= 0", name="unsent_not_negative"),
        CheckConstraint("held_count >= 0", name="held_not_negative"),
        CheckConstraint("dropped_count >= 0", name="dropped_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    name: Mapped[str]
    round_id: Mapped[int] = mapped_column(ForeignKey("survey_round.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    status: Mapped[str]
    # Digests (SHA-256 of random secrets): who reads the database cannot act as a device.
    pairing_digest: Mapped[str | None] = mapped_column(unique=True)
    pairing_expires_at: Mapped[datetime | None]
    credential_digest: Mapped[str | None] = mapped_column(unique=True)
    # PBKDF2, since the kiosk itself must check the PIN without a network.
    pin_hash: Mapped[str]
    created_at: Mapped[datetime]
    paired_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    # What the device said of itself at its last contact.
    last_contact_at: Mapped[datetime | None]
    unsent_count: Mapped[int] = mapped_column(default=0)
    held_count: Mapped[int] = mapped_column(default=0)
    dropped_count: Mapped[int] = mapped_column(default=0)
    app_version: Mapped[str | None]
    clock_skew_seconds: Mapped[int | None]
    storage_state: Mapped[str] = mapped_column(default="ok")
    # Whether the browser has promised not to clear it; None where the device did not say.
    is_storage_kept: Mapped[bool | None]
    # Responses that vanished from the device before they were sent, and how many of them staff know of.
    lost_count: Mapped[int] = mapped_column(default=0, server_default="0")
    lost_noted_count: Mapped[int] = mapped_column(default=0, server_default="0")


class FormerCredential(Base):
    """What a device was known by before it was paired anew on other hardware, and what that one still holds.

    It is answered as withdrawn: what it sends is set aside, and it goes on saying how much it has.
    """

    __tablename__ = "former_credential"
    __table_args__ = (
        CheckConstraint("unsent_count >= 0", name="unsent_not_negative"),
        CheckConstraint("held_count >= 0", name="held_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    device_id: Mapped[int] = mapped_column(ForeignKey("device.id"), index=True)
    credential_digest: Mapped[str] = mapped_column(unique=True)
    ended_at: Mapped[datetime]
    last_contact_at: Mapped[datetime | None]
    unsent_count: Mapped[int]
    held_count: Mapped[int]
    # Staff have looked for it.
    is_noted: Mapped[bool] = mapped_column(default=False)
