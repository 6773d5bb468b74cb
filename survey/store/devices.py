"""Queries on enrolled devices."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, select, update
from sqlalchemy.orm import Session

from survey.models import Device, FormerCredential, SurveyRound, Unit


@dataclass(frozen=True)
class DeviceAccess:
    """The device behind a credential: what it may do and where."""

    id: int
    code: str
    kind: str
    name: str
    status: str
    pin_hash: str
    round_id: int
    round_code: str
    unit_id: int
    unit_code: str
    # Of the hardware that was this device before it was paired anew.
    former_id: int | None = None


# In the order of the fields of `DeviceAccess`.
_COLUMNS: tuple[Any, ...] = (
    Device.id,
    Device.code,
    Device.kind,
    Device.name,
    Device.status,
    Device.pin_hash,
    SurveyRound.id,
    SurveyRound.code,
    Unit.id,
    Unit.code,
)
_ACCESS = (
    select(*_COLUMNS)
    .join(SurveyRound, SurveyRound.id == Device.round_id)
    .join(Unit, Unit.id == Device.unit_id)
)


def find_by_credential(session: Session, credential_digest: str) -> DeviceAccess | None:
    """Also a device that was withdrawn, and hardware that was exchanged, which is answered like one."""
    row = session.execute(_ACCESS.where(Device.credential_digest == credential_digest)).one_or_none()
    if row is not None:
        return DeviceAccess(*row)
    former = _ACCESS.add_columns(FormerCredential.id).join(
        FormerCredential, FormerCredential.device_id == Device.id
    )
    row = session.execute(former.where(FormerCredential.credential_digest == credential_digest)).one_or_none()
    return None if row is None else replace(DeviceAccess(*row), status="withdrawn")


def find_by_code(session: Session, code: str) -> DeviceAccess | None:
    row = session.execute(_ACCESS.where(Device.code == code)).one_or_none()
    return None if row is None else DeviceAccess(*row)


def has_code(session: Session, code: str) -> bool:
    return session.scalars(select(Device.id).where(Device.code == code)).one_or_none() is not None


def add_device(session: Session, device: Device) -> Device:
    session.add(device)
    session.flush()
    return device


@dataclass(frozen=True)
class Exchanged:
    """A device whose pairing code is about to be used, as it was until now."""

    id: int
    credential_digest: str | None
    last_contact_at: datetime | None
    unsent_count: int
    held_count: int


def find_by_pairing(session: Session, pairing_digest: str) -> Exchanged | None:
    query = select(
        Device.id, Device.credential_digest, Device.last_contact_at, Device.unsent_count, Device.held_count
    ).where(Device.pairing_digest == pairing_digest)
    row = session.execute(query.with_for_update()).one_or_none()
    return None if row is None else Exchanged(*row)


def keep_former(session: Session, device: Exchanged, now: datetime) -> None:
    """Keep known what the old hardware is known by; the new one has sent nothing yet."""
    session.add(
        FormerCredential(
            device_id=device.id,
            credential_digest=device.credential_digest,
            ended_at=now,
            last_contact_at=device.last_contact_at,
            unsent_count=device.unsent_count,
            held_count=device.held_count,
            is_noted=False,
        )
    )
    values = {"unsent_count": 0, "held_count": 0}
    session.execute(update(Device).where(Device.id == device.id).values(**values))


def record_former_contact(session: Session, former_id: int, *, unsent: int, held: int, now: datetime) -> None:
    values = {"unsent_count": unsent, "held_count": held, "last_contact_at": now}
    session.execute(update(FormerCredential).where(FormerCredential.id == former_id).values(**values))


def sum_former(session: Session, device_ids: Iterable[int]) -> dict[int, int]:
    """Device → what its former hardware still holds by its last word and staff have not looked for yet."""
    total = func.sum(FormerCredential.unsent_count + FormerCredential.held_count)
    query = (
        select(FormerCredential.device_id, total)
        .where(FormerCredential.device_id.in_(list(device_ids)), FormerCredential.is_noted.is_(False))
        .group_by(FormerCredential.device_id)
    )
    return {device_id: int(count) for device_id, count in session.execute(query)}


def note_losses(session: Session, device_id: int) -> None:
    """Staff know of what was lost up to now, and of what former hardware holds."""
    session.execute(update(Device).where(Device.id == device_id).values(lost_noted_count=Device.lost_count))
    session.execute(
        update(FormerCredential).where(FormerCredential.device_id == device_id).values(is_noted=True)
    )


def use_pairing(
    session: Session, pairing_digest: str, credential_digest: str, now: datetime
) -> tuple[str, str] | None:
    """Give the device of a pairing code its credential, in one statement; None where no code fits."""
    statement = (
        update(Device)
        .where(
            Device.pairing_digest == pairing_digest,
            Device.pairing_expires_at > now,
            Device.status != "withdrawn",
        )
        .values(
            pairing_digest=None,
            pairing_expires_at=None,
            credential_digest=credential_digest,
            status="active",
            paired_at=now,
            last_contact_at=now,
        )
        .returning(Device.code, Device.kind)
        .execution_options(synchronize_session=False)
    )
    row = session.execute(statement).one_or_none()
    return None if row is None else (row.code, row.kind)


def record_contact(session: Session, device_id: int, values: dict[str, Any]) -> bool:
    """False for a device that is not there or was withdrawn: what it says of itself is not taken."""
    statement = (
        update(Device)
        .where(Device.id == device_id, Device.status == "active")
        .values(**values)
        .returning(Device.id)
        .execution_options(synchronize_session=False)
    )
    return session.scalars(statement).one_or_none() is not None


def get_for_change(session: Session, code: str) -> Device | None:
    """The device, kept from others until the end of the transaction."""
    query = select(Device).where(Device.code == code).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def list_devices(
    session: Session, round_id: int, unit_code: str | None = None
) -> Sequence[tuple[Device, Unit]]:
    """The devices of a round, those in use before those withdrawn."""
    query = (
        select(Device, Unit)
        .join(Unit, Unit.id == Device.unit_id)
        .where(Device.round_id == round_id)
        .order_by(case((Device.status == "withdrawn", 1), else_=0), Device.id)
    )
    if unit_code is not None:
        query = query.where(Unit.code == unit_code)
    return [(device, unit) for device, unit in session.execute(query)]


def fetch_device(session: Session, code: str) -> tuple[Device, Unit]:
    query = select(Device, Unit).join(Unit, Unit.id == Device.unit_id).where(Device.code == code)
    device, unit = session.execute(query).one()
    return device, unit


def sum_unsent(session: Session, round_id: int) -> int:
    """Responses that devices in use, and hardware that was exchanged, say they still hold."""
    in_use = (Device.round_id == round_id, Device.status == "active")
    query = select(func.coalesce(func.sum(Device.unsent_count + Device.held_count), 0)).where(*in_use)
    ids = session.scalars(select(Device.id).where(*in_use)).all()
    return int(session.scalars(query).one()) + sum(sum_former(session, ids).values())


def list_active_ids(session: Session, device_ids: Iterable[int]) -> set[int]:
    """Those of these devices that are in use."""
    query = select(Device.id).where(Device.id.in_(list(device_ids)), Device.status == "active")
    return set(session.scalars(query))
