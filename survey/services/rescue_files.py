"""Rescue files: what a device that could not send hands over on a stick, read line by line.

Line 1 names the device, then comes one line a response and, from version 2 on, one a visit of an interviewer,
each with the SHA-256 of its text, then their numbers. A response may name the device that took it, where the
tablet was another one before: it is taken as from that one, in its round and its unit. Each line stands for
itself: what is sound is taken, once, by the same path as if the device had sent it; the rest is named. The
sum protects against a cut or a slip, not against an intent: officials alone hand such files in.

A visit shares no key with a response, carries a day at most (of a completed interview the Monday of its
week), and its place among the lines says nothing.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from io import BytesIO
from typing import Any, BinaryIO

from survey.services.calendar import local_date
from survey.services.delivered_responses import DeliveryMalformed, parse_delivery, selection_of
from survey.services.delivered_visits import parse_visit
from survey.services.deliveries import deliver, keep_malformed
from survey.services.devices import DeviceAccess, find_device_by_code
from survey.services.duties import OfOneUnitRefused
from survey.services.problems import DeliveryKept, ResponseConflict, RoundNotOpen, SurveyError
from survey.services.visits import (
    AssignmentUnknown,
    NewVisit,
    NotAnInterviewer,
    VisitConflict,
    hand_in_visit,
)
from survey.store.database import Database, Session

FORMAT = "hailong-rescue"
# Version 1 had no visits.
VERSIONS = (1, 2)
LONGEST_BODY = 256 * 1024
# What the page takes; the command reads line by line and takes a file of any size.
LARGEST_FILE = 5 * 1024 * 1024
# A body with every character escaped; more is cut, and cannot be read.
_LONGEST_LINE = 8 * LONGEST_BODY
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
# Why a sound line of a visit is not taken; the code is that of the fault.
_VISIT_REFUSALS = (NotAnInterviewer, AssignmentUnknown, VisitConflict, RoundNotOpen)


@dataclass(frozen=True)
class LineFault:
    """One line that cannot be taken; line 0 is the file as a whole."""

    line: int
    code: str
    detail: str = ""


@dataclass(frozen=True)
class RescueFile:
    """A file as it reads: the device it names, each sound line's number with its response or its visit.

    With a response stands the device that took it, where the line says so.
    """

    device_code: str | None
    bodies: tuple[tuple[int, str, str | None], ...]
    visits: tuple[tuple[int, NewVisit], ...]
    faults: tuple[LineFault, ...]


@dataclass(frozen=True)
class RescueOutcome:
    """How many were stored now, were there already, were kept aside; the same of visits; and the faults.

    `visits_late` are those of the stored ones whose round was closed before.
    """

    device_code: str
    stored: int = 0
    already: int = 0
    kept: int = 0
    visits_stored: int = 0
    visits_already: int = 0
    visits_late: int = 0
    faults: tuple[LineFault, ...] = ()

    @property
    def has_visits(self) -> bool:
        return self.visits_stored + self.visits_already > 0


def read_rescue_file(file: bytes | BinaryIO) -> RescueFile:
    """Take a file apart, line by line; nothing is asked of a database."""
    reader = _Reader()
    lines = _lines(BytesIO(file) if isinstance(file, bytes) else file)
    for number, line in enumerate(lines, 1):
        if number == 1:
            line = line.removeprefix(_BYTE_ORDER_MARK)
        if line.strip():
            reader.take(number, line)
    return reader.finish()


def _lines(file: BinaryIO) -> Iterator[bytes]:
    """Each line, of one that is far too long its beginning alone."""
    while line := file.readline(_LONGEST_LINE):
        yield line
        while not line.endswith(b"\n") and len(line) == _LONGEST_LINE:
            line = file.readline(_LONGEST_LINE)


def import_rescue_file(
    database: Database,
    file: bytes | BinaryIO,
    *,
    now: datetime,
    device_code: str | None = None,
    round_code: str | None = None,
    unit_code: str | None = None,
    dry_run: bool = False,
) -> RescueOutcome:
    """Take every sound line, each in a transaction of its own, so that an outage half way costs nothing.

    `device_code` stands in for a lost first line, and takes what belongs to the round and the unit of that
    device where the first line names another one. A line that names its own device is taken as from that one.
    With a round or a unit only devices of it are taken.
    A unit stands for its own official, who hands in the files of kiosks alone: a line proves no interview.
    """
    read = read_rescue_file(file)
    named = [code for code in (device_code, read.device_code) if code]
    if not named:
        raise SurveyError(reason="rescue_device_missing")
    known = _find_devices(database, read, named)
    allowed = {
        code: access
        for code, access in known.items()
        if round_code in (None, access.round_code) and unit_code in (None, access.unit_code)
    }
    if named[0] not in known:
        raise SurveyError(reason="rescue_device_unknown", device_code=named[0])
    named = [code for code in named if code in known]
    if not allowed:
        raise SurveyError(reason="rescue_device_elsewhere", device_code=named[-1])
    tablets = [one.code for one in allowed.values() if one.kind != "kiosk"]
    if unit_code is not None and tablets:
        raise OfOneUnitRefused(reason="rescue_of_tablet", device_code=tablets[0])
    access = known[named[0]]
    outcome = RescueOutcome(access.code, faults=read.faults)
    for number, body, own in read.bodies:
        taker = known.get(own) if own else _at_its_place(body, [known[code] for code in named])
        if taker is None or taker.code not in {device.code for device in allowed.values()}:
            code = "device_unknown" if taker is None else "device_elsewhere"
            outcome = _with_fault(outcome, LineFault(number, code, own or named[0]))
            continue
        with database.write() as session:
            what = _take(session, body, taker, now)
            if dry_run:
                session.rollback()
        outcome = replace(outcome, **{what: getattr(outcome, what) + 1})
    visitor = allowed.get(read.device_code or named[0])
    if visitor is None:
        for number, _ in read.visits:
            outcome = _with_fault(outcome, LineFault(number, "device_elsewhere", named[-1]))
        return outcome
    return _import_visits(database, read, visitor, outcome, now=now, dry_run=dry_run)


def _find_devices(database: Database, file: RescueFile, named: list[str]) -> dict[str, DeviceAccess]:
    """Those of the devices of a file that exist, by the codes that stand there."""
    found = {}
    with database.read() as session:
        for code in dict.fromkeys([*named, *(own for _, _, own in file.bodies if own)]):
            access = find_device_by_code(session, code)
            if access is not None:
                found[code] = access
    return found


def _at_its_place(body: str, devices: list[DeviceAccess]) -> DeviceAccess:
    """Of several devices the one where the response was asked; else the first."""
    try:
        delivery = parse_delivery(body)
    except DeliveryMalformed:
        return devices[0]
    place = (delivery.round_code, delivery.unit_code)
    return next((one for one in devices if (one.round_code, one.unit_code) == place), devices[0])


def _with_fault(outcome: RescueOutcome, fault: LineFault) -> RescueOutcome:
    return replace(outcome, faults=_in_order([*outcome.faults, fault]))


def _import_visits(
    database: Database,
    file: RescueFile,
    access: DeviceAccess,
    outcome: RescueOutcome,
    *,
    now: datetime,
    dry_run: bool,
) -> RescueOutcome:
    """Apart from the responses, in the order of their random ids, which says nothing."""
    found: Counter[str] = Counter()
    faults = list(outcome.faults)
    for number, visit in sorted(file.visits, key=lambda line: line[1].visit_id):
        with database.write() as session:
            try:
                found[hand_in_visit(session, access, visit, today=local_date(now))] += 1
            except _VISIT_REFUSALS as refusal:
                faults.append(LineFault(number, refusal.code))
                session.rollback()
            if dry_run:
                session.rollback()
    return replace(
        outcome,
        visits_stored=found["stored"] + found["late"],
        visits_already=found["already"],
        visits_late=found["late"],
        faults=_in_order(faults),
    )


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


class _Reader:
    """Gathers what the lines of a file hold."""

    def __init__(self) -> None:
        self._device_code: str | None = None
        self._announced: tuple[int, int] | None = None
        self._found = {"body": 0, "visit": 0}
        self._bodies: list[tuple[int, str, str | None]] = []
        self._visits: list[tuple[int, NewVisit]] = []
        self._faults: list[LineFault] = []

    def take(self, number: int, line: bytes) -> None:
        value = _read_line(line)
        fault = "not_readable" if value is None else self._take_value(number, value)
        if fault is not None:
            self._faults.append(LineFault(number, fault))

    def finish(self) -> RescueFile:
        faults = [*self._faults, *_frame_faults(self._device_code, self._announced, self._found)]
        return RescueFile(self._device_code, tuple(self._bodies), tuple(self._visits), _in_order(faults))

    def _take_value(self, number: int, value: Mapping[str, Any]) -> str | None:
        """The code of what is wrong with the line, if anything is."""
        if "format" in value:
            return self._take_header(value)
        for kind in self._found:
            if kind in value:
                self._found[kind] += 1
                return _text_fault(value, kind) or self._keep(number, kind, value)
        counts = (value.get("count"), value.get("visits", 0))
        if any(type(count) is not int for count in counts):
            return "not_a_line"
        self._announced = counts  # type: ignore[assignment]
        return None

    def _take_header(self, value: Mapping[str, Any]) -> str | None:
        fault = _header_fault(value)
        if fault is None:
            self._device_code = self._device_code or str(value["device"])
        return fault

    def _keep(self, number: int, kind: str, value: Mapping[str, Any]) -> str | None:
        text = value[kind]
        if kind == "body":
            own = value.get("device")
            is_code = isinstance(own, str) and own.isprintable() and own.strip()
            self._bodies.append((number, text, own if is_code else None))
            return None
        try:
            self._visits.append((number, parse_visit(text)))
        except DeliveryMalformed:
            return "visit_malformed"
        return None


def _read_line(line: bytes) -> Mapping[str, Any] | None:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _header_fault(value: Mapping[str, Any]) -> str | None:
    if value["format"] != FORMAT or value.get("version") not in VERSIONS:
        return "other_format"
    device = value.get("device")
    if not isinstance(device, str) or not device.isprintable() or not device.strip():
        return "no_device"
    return None


def _text_fault(value: Mapping[str, Any], kind: str) -> str | None:
    text = value[kind]
    if not isinstance(text, str):
        return "not_a_line"
    if len(text) > LONGEST_BODY:
        return "too_long"
    if hashlib.sha256(text.encode("utf-8", "replace")).hexdigest() != str(value.get("sha256")).lower():
        return "changed"
    return None


def _frame_faults(
    device_code: str | None, announced: tuple[int, int] | None, found: Mapping[str, int]
) -> list[LineFault]:
    faults = []
    if device_code is None:
        faults.append(LineFault(0, "no_first_line"))
    if announced is None:
        return [*faults, LineFault(0, "cut")]
    codes = ("count_differs", "visit_count_differs")
    for code, stated, counted in zip(codes, announced, found.values(), strict=True):
        if stated != counted:
            faults.append(LineFault(0, code, f"{stated} ≠ {counted}"))
    return faults


def _in_order(faults: Iterable[LineFault]) -> tuple[LineFault, ...]:
    return tuple(sorted(faults, key=lambda fault: fault.line))
