"""Enrolled devices: pairing with a one-time code, credentials, what they report, withdrawing them.

The secrets are random and only their SHA-256 is kept: who reads the database cannot act as a device.
"""

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from questionnaires.model import Text
from survey.models import Device, SurveyRound, Unit
from survey.models.device import DEVICE_KINDS, STORAGE_STATES
from survey.services.device_alarms import find_alarms
from survey.services.duties import require_whole_round
from survey.services.problems import DeviceUnknown, PairingUnknown, SurveyError, UnitUnknown
from survey.services.round_forms import get_round
from survey.services.rounds import UnitLine
from survey.services.typed_codes import digest_of, in_two_groups, plain_code, random_code
from survey.store import catalogue, rounds
from survey.store import devices as store
from survey.store.database import Session
from survey.store.devices import DeviceAccess

__all__ = ["DeviceAccess", "DeviceLine", "DeviceReport", "PairedDevice"]

PAIRING_LENGTH = 8
PAIRING_LASTS = timedelta(minutes=60)
PIN_LENGTHS = range(4, 9)
NAME_LENGTH = 60
SILENCE = timedelta(minutes=60)
# As many as a slow kiosk computes in a second; the PIN guards a screen in a hall, not the answers.
PIN_ITERATIONS = 200_000
_CODE_LENGTH = 5
_MOST = 2**31 - 1


@dataclass(frozen=True)
class DeviceReport:
    """What a device says of itself: responses waiting to be sent, held for staff, begun and dropped."""

    unsent: int
    held: int
    dropped: int
    app_version: str
    device_time: datetime | None
    storage: str = "ok"
    lost: int = 0
    is_kept: bool | None = None


@dataclass(frozen=True)
class PairedDevice:
    code: str
    kind: str
    credential: str = field(repr=False)


@dataclass(frozen=True)
class DeviceLine:
    """A device as officials see it. `alarms` are codes, the most serious first."""

    code: str
    kind: str
    name: str
    status: str
    unit_code: str
    unit_name: Text
    created_at: datetime
    paired_at: datetime | None
    pairing_expires_at: datetime | None
    withdrawn_at: datetime | None
    last_contact_at: datetime | None
    unsent_count: int
    held_count: int
    dropped_count: int
    app_version: str | None
    clock_skew_seconds: int | None
    storage_state: str
    lost_count: int = 0
    former_count: int = 0
    alarms: tuple[str, ...] = ()


def create_device(
    session: Session,
    *,
    round_code: str,
    unit_code: str,
    kind: str,
    name: str,
    pin: str,
    now: datetime,
    account_id: int | None = None,
) -> tuple[DeviceLine, str]:
    """Enrol a device; returns it with its pairing code, which is shown once and kept nowhere.

    `account_id` is who does it, None the command line; an official of one unit enrols kiosks alone.
    """
    pin_hash = hash_pin(pin)  # before the first query, so that no transaction waits for it
    name = _checked_name(name)
    if kind not in DEVICE_KINDS:
        raise SurveyError(reason="device_kind_unknown", kind=kind)
    _require_duty(session, kind, account_id)
    survey_round = get_round(session, round_code)
    if survey_round.status == "closed":
        raise SurveyError(reason="round_closed", round_code=round_code)
    unit = _find_unit(session, survey_round, unit_code)
    pairing_code = random_code(PAIRING_LENGTH)
    device = store.add_device(
        session,
        Device(
            code=_new_code(session, kind),
            kind=kind,
            name=name,
            round_id=survey_round.id,
            unit_id=unit.id,
            status="waiting",
            pairing_digest=digest_of(pairing_code),
            pairing_expires_at=now + PAIRING_LASTS,
            pin_hash=pin_hash,
            created_at=now,
            unsent_count=0,
            held_count=0,
            dropped_count=0,
            storage_state="ok",
        ),
    )
    return _line(device, unit), in_two_groups(pairing_code)


def pair_device(
    session: Session, pairing_code: str, now: datetime, *, former_credential: str | None = None
) -> PairedDevice:
    """Use up a pairing code; raises `PairingUnknown` for a wrong, used or expired one.

    A device that was paired before gets a new credential, and the former one ends. Unless the caller shows
    that one, it is other hardware: what the old one holds stays known, and it is answered as withdrawn.
    """
    credential = secrets.token_urlsafe(32)
    pairing_digest = digest_of(plain_code(pairing_code))
    before = store.find_by_pairing(session, pairing_digest)
    paired = store.use_pairing(session, pairing_digest, digest_of(credential), now)
    if paired is None:
        raise PairingUnknown
    shown = digest_of(former_credential) if former_credential else None
    if before is not None and before.credential_digest not in (None, shown):
        store.keep_former(session, before, now)
    return PairedDevice(*paired, credential=credential)


def find_device(session: Session, credential: str) -> DeviceAccess | None:
    """The device with this credential, also a withdrawn one (see `status`)."""
    return store.find_by_credential(session, digest_of(credential))


def find_device_by_code(session: Session, code: str) -> DeviceAccess | None:
    """The device with this code; for rescue files, which officials hand in."""
    return store.find_by_code(session, code.strip().upper())


def record_contact(session: Session, device_id: int, report: DeviceReport, now: datetime) -> bool:
    """Keep what an active device says of itself; False once it has been withdrawn."""
    if report.storage not in STORAGE_STATES:
        raise SurveyError(reason="storage_state_unknown", storage=report.storage)
    values: dict[str, Any] = {
        "last_contact_at": now,
        "unsent_count": _counted(report.unsent),
        "held_count": _counted(report.held),
        "dropped_count": _counted(report.dropped),
        "app_version": report.app_version[:40],
        "clock_skew_seconds": _skew_seconds(report.device_time, now),
        "storage_state": report.storage,
        "is_storage_kept": report.is_kept,
        "lost_count": _counted(report.lost),
    }
    return store.record_contact(session, device_id, values)


def record_former_contact(session: Session, former_id: int, report: DeviceReport, now: datetime) -> None:
    """What hardware that was exchanged still holds."""
    unsent, held = _counted(report.unsent), _counted(report.held)
    store.record_former_contact(session, former_id, unsent=unsent, held=held, now=now)


def note_losses(session: Session, code: str) -> None:
    """Staff have looked after what a device lost and after its former hardware: those alarms end."""
    store.note_losses(session, _get_for_change(session, code).id)


def renew_pairing(session: Session, code: str, *, now: datetime, account_id: int | None = None) -> str:
    """A new pairing code; the former one ends. A paired device goes on until the new code is used."""
    device = _get_for_change(session, code)
    _require_duty(session, device.kind, account_id)
    if device.status == "withdrawn":
        raise SurveyError(reason="device_withdrawn", device_code=code)
    pairing_code = random_code(PAIRING_LENGTH)
    device.pairing_digest = digest_of(pairing_code)
    device.pairing_expires_at = now + PAIRING_LASTS
    return in_two_groups(pairing_code)


def withdraw_device(session: Session, code: str, *, now: datetime) -> bool:
    """End a device for good; what it sends later is kept aside. False where that was done before.

    Its credential stays known, so that a late response is recognised and not turned away.
    """
    device = _get_for_change(session, code)
    if device.status == "withdrawn":
        return False
    device.status, device.withdrawn_at = "withdrawn", now
    device.pairing_digest = device.pairing_expires_at = None
    return True


def get_device(session: Session, round_code: str, code: str) -> DeviceLine:
    """A device of this round; raises `DeviceUnknown`."""
    access = store.find_by_code(session, code)
    if access is None or access.round_code != round_code:
        raise DeviceUnknown(code)
    return _line(*store.fetch_device(session, code))


def list_devices(
    session: Session,
    round_code: str,
    unit_code: str | None = None,
    *,
    now: datetime,
    silence: timedelta = SILENCE,
    app_version: str | None = None,
) -> list[DeviceLine]:
    """The round's devices, those with alarms first. `app_version` is the one that is served now."""
    survey_round = get_round(session, round_code)
    lines = []
    found = store.list_devices(session, survey_round.id, unit_code)
    formers = store.sum_former(session, [device.id for device, _ in found])
    for device, unit in found:
        former = formers.get(device.id, 0)
        alarms = find_alarms(
            device, survey_round, now=now, silence=silence, app_version=app_version, former_count=former
        )
        lines.append(_line(device, unit, alarms, former))
    return sorted(lines, key=lambda line: (line.status == "withdrawn", not line.alarms))


def list_units(session: Session, round_code: str) -> list[UnitLine]:
    """The units of a round, where a device can be enrolled."""
    units = rounds.list_units_of_round(session, get_round(session, round_code).id)
    return [
        UnitLine(unit.code, Text(vi=unit.name, en=unit.name_en), unit.kind, unit.former_province)
        for unit in units
    ]


def count_unsent(session: Session, round_code: str) -> int:
    """Responses that the round's devices say they still hold."""
    return store.sum_unsent(session, get_round(session, round_code).id)


def hash_pin(pin: str) -> str:
    """`pbkdf2_sha256$iterations$salt$hash` in hexadecimal: a browser can check it without a network."""
    if not (pin.isascii() and pin.isdecimal() and len(pin) in PIN_LENGTHS):
        raise SurveyError(reason="pin_malformed")
    salt = secrets.token_bytes(16)
    digest = hashlib.pbkdf2_hmac("sha256", pin.encode(), salt, PIN_ITERATIONS)
    return f"pbkdf2_sha256${PIN_ITERATIONS}${salt.hex()}${digest.hex()}"


def is_pin(pin_hash: str, pin: str) -> bool:
    """What the kiosk computes; here for the tests of the format and for the command line."""
    _, iterations, salt, digest = pin_hash.split("$")
    computed = hashlib.pbkdf2_hmac("sha256", pin.encode(), bytes.fromhex(salt), int(iterations))
    return secrets.compare_digest(computed.hex(), digest)


def _require_duty(session: Session, kind: str, account_id: int | None) -> None:
    """What an interviewer's device sends counts as invited, so that no unit has one of its own."""
    if kind != "kiosk":
        require_whole_round(session, account_id)


def _find_unit(session: Session, survey_round: SurveyRound, unit_code: str) -> Unit:
    for unit in rounds.list_units_of_round(session, survey_round.id):
        if unit.code == unit_code:
            return unit
    if catalogue.find_unit(session, unit_code, survey_round.opens_on):
        raise UnitUnknown(unit_code, reason="unit_not_in_round", round_code=survey_round.code)
    raise UnitUnknown(unit_code)


def _get_for_change(session: Session, code: str) -> Device:
    device = store.get_for_change(session, code)
    if device is None:
        raise DeviceUnknown(code)
    return device


def _checked_name(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > NAME_LENGTH or not name.isprintable():
        raise SurveyError(reason="device_name_malformed", name=name, most=NAME_LENGTH)
    return name


def _new_code(session: Session, kind: str) -> str:
    """Short, since an official types it to withdraw the device: `K-7Q2MD`, `I-…` for an interviewer's."""
    code = ""
    while not code or store.has_code(session, code):
        code = f"{kind[0].upper()}-{random_code(_CODE_LENGTH)}"
    return code


def _counted(count: int) -> int:
    return max(0, min(count, _MOST))


def _skew_seconds(device_time: datetime | None, now: datetime) -> int | None:
    """How far the device's clock is behind the server's; a clock of another century stays a number."""
    if device_time is None:
        return None
    return max(-_MOST, min(round((now - device_time).total_seconds()), _MOST))


def _line(device: Device, unit: Unit, alarms: tuple[str, ...] = (), former_count: int = 0) -> DeviceLine:
    return DeviceLine(
        code=device.code,
        kind=device.kind,
        name=device.name,
        status=device.status,
        unit_code=unit.code,
        unit_name=Text(vi=unit.name, en=unit.name_en),
        created_at=device.created_at,
        paired_at=device.paired_at,
        pairing_expires_at=device.pairing_expires_at,
        withdrawn_at=device.withdrawn_at,
        last_contact_at=device.last_contact_at,
        unsent_count=device.unsent_count,
        held_count=device.held_count,
        dropped_count=device.dropped_count,
        app_version=device.app_version,
        clock_skew_seconds=device.clock_skew_seconds,
        storage_state=device.storage_state,
        lost_count=device.lost_count - device.lost_noted_count,
        former_count=former_count,
        alarms=alarms,
    )
