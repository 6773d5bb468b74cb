"""Queries on enrolled devices."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, select, update
from sqlalchemy.orm import Session

from survey.models import Device, SurveyRound, Unit


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
    row = session.execute(_ACCESS.where(Device.credential_digest == credential_digest)).one_or_none()
    return None if row is None else DeviceAccess(*row)


def find_by_code(session: Session, code: str) -> DeviceAccess | None:
    row = session.execute(_ACCESS.where(Device.code == code)).one_or_none()
    return None if row is None else DeviceAccess(*row)


def has_code(session: Session, code: str) -> bool:
    return session.scalars(select(Device.id).where(Device.code == code)).one_or_none() is not None


def add_device(session: Session, device: Device) -> Device:
    session.add(device)
    session.flush()
    return device


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
    """Responses that devices in use say they still hold."""
    query = select(func.coalesce(func.sum(Device.unsent_count + Device.held_count), 0)).where(
        Device.round_id == round_id, Device.status == "active"
    )
    return int(session.scalars(query).one())


def list_active_ids(session: Session, device_ids: Iterable[int]) -> set[int]:
    """Those of these devices that are in use."""
    query = select(Device.id).where(Device.id.in_(list(device_ids)), Device.status == "active")
    return set(session.scalars(query))
