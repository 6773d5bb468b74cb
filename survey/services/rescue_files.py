"""Rescue files: what a kiosk that could not send hands over on a stick, read line by line.

Line 1 names the device, then comes one line a response with the SHA-256 of its text, then their number. Each
line stands for itself: what is sound is taken, once, by the same path as if the device had sent it; the rest
is named. The sum protects against a cut or a slip, not against an intent: officials alone hand such files in.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from survey.services.delivered_responses import DeliveryMalformed, parse_delivery, selection_of
from survey.services.deliveries import deliver, keep_malformed
from survey.services.devices import DeviceAccess, find_device_by_code
from survey.services.problems import DeliveryKept, ResponseConflict, SurveyError
from survey.store.database import Database, Session

FORMAT, VERSION = "hailong-rescue", 1
LONGEST_BODY = 256 * 1024
LARGEST_FILE = 5 * 1024 * 1024


@dataclass(frozen=True)
class LineFault:
    """One line that cannot be taken; line 0 is the file as a whole."""

    line: int
    code: str
    detail: str = ""


@dataclass(frozen=True)
class RescueFile:
    """A file as it reads: the device it names, and each sound line's number with its body."""

    device_code: str | None
    bodies: tuple[tuple[int, str], ...]
    faults: tuple[LineFault, ...]


@dataclass(frozen=True)
class RescueOutcome:
    """How many were stored now, were there already, were kept aside; and the faults."""

    device_code: str
    stored: int = 0
    already: int = 0
    kept: int = 0
    faults: tuple[LineFault, ...] = ()


def read_rescue_file(raw: bytes) -> RescueFile:
    """Take a file apart; nothing is asked of a database."""
    device_code: str | None = None
    announced: list[int] = []
    bodies: list[tuple[int, str]] = []
    faults: list[LineFault] = []
    count = 0
    written = [
        (number, line) for number, line in enumerate(raw.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1)
    ]
    for number, line in written:
        if not line.strip():
            continue
        value = _read_line(line)
        if value is None:
            faults.append(LineFault(number, "not_readable"))
        elif "format" in value:
            fault = _header_fault(number, value)
            faults += [fault] if fault else []
            device_code = device_code or (None if fault else str(value["device"]))
        elif "body" in value:
            count += 1
            fault = _body_fault(number, value)
            faults += [fault] if fault else []
            bodies += [] if fault else [(number, value["body"])]
        elif type(value.get("count")) is int:
            announced.append(value["count"])
        else:
            faults.append(LineFault(number, "not_a_line"))
    faults += _frame_faults(device_code, announced, count)
    return RescueFile(device_code, tuple(bodies), tuple(sorted(faults, key=lambda fault: fault.line)))


def import_rescue_file(
    database: Database,
    raw: bytes,
    *,
    now: datetime,
    device_code: str | None = None,
    round_code: str | None = None,
    unit_code: str | None = None,
    dry_run: bool = False,
) -> RescueOutcome:
    """Take every sound line, each in a transaction of its own, so that an outage half way costs nothing.

    `device_code` stands in for a lost first line. With a round or a unit only a device of it is taken.
    """
    file = read_rescue_file(raw)
    code = file.device_code or device_code
    if code is None:
        raise SurveyError(reason="rescue_device_missing")
    with database.read() as session:
        access = find_device_by_code(session, code)
    if access is None:
        raise SurveyError(reason="rescue_device_unknown", device_code=code)
    if round_code not in (None, access.round_code) or unit_code not in (None, access.unit_code):
        raise SurveyError(reason="rescue_device_elsewhere", device_code=code)
    outcome = RescueOutcome(access.code, faults=file.faults)
    for _, body in file.bodies:
        with database.write() as session:
            what = _take(session, body, access, now)
            if dry_run:
                session.rollback()
        outcome = replace(outcome, **{what: getattr(outcome, what) + 1})
    return outcome


def _take(session: Session, body: str, access: DeviceAccess, now: datetime) -> str:
    """Which of the three counts of the outcome a body belongs to."""
    try:
        try:
            delivery = parse_delivery(body)
        except DeliveryMalformed as malformed:
            keep_malformed(session, body, access, malformed, now=now)
        else:
            selection = selection_of(access)
            receipt = deliver(session, delivery, access, selection=selection, now=now, came_by_network=False)
            return "stored" if receipt.is_new else "already"
    except (DeliveryKept, ResponseConflict):
        pass
    return "kept"


def _read_line(line: bytes) -> Mapping[str, Any] | None:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _header_fault(number: int, value: Mapping[str, Any]) -> LineFault | None:
    if value["format"] != FORMAT or value.get("version") != VERSION:
        return LineFault(number, "other_format")
    device = value.get("device")
    if not isinstance(device, str) or not device.isprintable() or not device.strip():
        return LineFault(number, "no_device")
    return None


def _body_fault(number: int, value: Mapping[str, Any]) -> LineFault | None:
    body = value["body"]
    if not isinstance(body, str):
        return LineFault(number, "not_a_line")
    if len(body) > LONGEST_BODY:
        return LineFault(number, "too_long")
    if hashlib.sha256(body.encode("utf-8", "replace")).hexdigest() != str(value.get("sha256")).lower():
        return LineFault(number, "changed")
    return None


def _frame_faults(device_code: str | None, announced: list[int], found: int) -> list[LineFault]:
    faults = []
    if device_code is None:
        faults.append(LineFault(0, "no_first_line"))
    if not announced:
        faults.append(LineFault(0, "cut"))
    elif announced[-1] != found:
        faults.append(LineFault(0, "count_differs", f"{announced[-1]} ≠ {found}"))
    return faults
