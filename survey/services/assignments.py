"""Where interviewers are sent: imported from CSV, given to devices, with what came of it."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from questionnaires.model import Text
from survey.models import Assignment, Device, SurveyRound
from survey.services.devices import DeviceAccess
from survey.services.dispositions import (
    COMPLETED,
    NOT_VISITED,
    VISITED,
    Totals,
    VisitMade,
    count_outcomes,
    final_outcome,
    kept_day,
)
from survey.services.problems import DeviceUnknown, RowFault, SurveyError
from survey.services.questionnaires import get_questionnaire
from survey.services.round_forms import get_round
from survey.services.tables import CellFault, Column, TableRow, TextReader, read_table, require_no_faults
from survey.services.visits import require_interviewer
from survey.services.withholding import MINIMUM_RESPONDENTS
from survey.store import assignments as store
from survey.store import rounds
from survey.store.assignments import AssignmentRow, VisitRow
from survey.store.database import Session

LARGEST_FILE = 2 * 1024 * 1024
# A phone number, or the twelve digits of an identity card: a list without names must not have them either.
_PERSONAL_NUMBER = re.compile(r"(?<!\d)(?:(?:\+?84|0)(?:[ .-]?\d){9}|\d{12})(?!\d)")


@dataclass(frozen=True)
class AssignmentLine:
    """An assignment as officials see it. `outcome` is final so far, `last_on` the day of the last visit.

    Where few were interviewed, `outcome` of every place that was visited is `visited`, and its day a Monday.
    """

    number: str
    form_id: str
    form_title: Text
    unit_code: str
    unit_name: Text
    place: str
    note: str
    device_code: str | None
    device_name: str | None
    attempts: int
    outcome: str
    last_on: date | None


@dataclass(frozen=True)
class AssignmentList:
    """All assignments of a round, and what came of them in sum."""

    lines: tuple[AssignmentLine, ...]
    totals: Totals


@dataclass(frozen=True)
class AssignmentOfDevice:
    """The same as the interviewer's device needs it."""

    id: int
    number: str
    form_id: str
    unit_code: str
    place: str
    note: str
    attempts: int
    outcome: str | None


@dataclass(frozen=True)
class InterviewerDevice:
    """A device that assignments can be given to."""

    code: str
    name: str
    unit_code: str
    unit_name: Text


@dataclass(frozen=True)
class ImportCounts:
    added: int
    changed: int


class _TextReader(TextReader):
    """Reads a cell as one line of plain text without a number that belongs to a person."""

    def __call__(self, text: str) -> str:
        line = super().__call__(text)
        if _PERSONAL_NUMBER.search(line):
            raise CellFault("personal_number")
        return line


COLUMNS = (
    Column("number", _TextReader(20)),
    Column("questionnaire"),
    Column("unit"),
    Column("place", _TextReader(200)),
    Column("note", _TextReader(300), required=False),
    Column("device", str.upper, required=False, default=None),
)


def import_assignments(session: Session, round_code: str, data: bytes) -> ImportCounts:
    """Add the file's assignments to the round's; a number that is there is changed. All rows or none.

    Where somebody has been already, only the note and the device can change: the visit was to that place.
    """
    survey_round = _get_open_to_change(session, round_code)
    faults: list[RowFault] = []
    rows = read_table(data, COLUMNS, faults)
    faults += _repetitions(rows)
    versions = {form.form_id: form.version_id for form in rounds.list_forms(session, survey_round.id)}
    units = {
        (form_id, unit.code): unit.id
        for form_id, version_id in versions.items()
        for unit in rounds.list_round_units(session, survey_round.id, version_id)
    }
    devices = {device.code: device for device in store.list_devices_of_round(session, survey_round.id)}
    faults += _misplaced(rows, versions, units)
    faults += _device_faults(rows, units, devices)
    known = store.get_for_change(session, survey_round.id)
    visited = store.list_visited(session, survey_round.id)
    targets = {
        row.number: _target(survey_round, row, versions, units, devices)
        for row in rows
        if row.has(*(column.name for column in COLUMNS))
        and (row.values["questionnaire"], row.values["unit"]) in units
    }
    faults += _moved(rows, targets, known, visited)
    require_no_faults(faults)
    new, changed = [], 0
    for row in rows:
        values, assignment = targets[row.number], known.get(row.values["number"])
        if assignment is None:
            new.append(Assignment(**values))
        elif _change(assignment, values):
            changed += 1
    store.add_assignments(session, new)
    return ImportCounts(len(new), changed)


def give_to_device(session: Session, round_code: str, numbers: Iterable[str], device_code: str | None) -> int:
    """Give these assignments to an interviewer's device, or with None to nobody; returns how many changed.

    Raises `DeviceUnknown`, or `SurveyError` for one that is of another unit than the device.
    """
    survey_round = _get_open_to_change(session, round_code)
    device = None
    if device_code is not None:
        found = store.list_interviewer_devices(session, survey_round.id)
        device = next((device for device, _unit in found if device.code == device_code), None)
        if device is None:
            raise DeviceUnknown(device_code)
    assignments = store.get_for_change(session, survey_round.id)
    changed = 0
    for number in sorted(set(numbers) & set(assignments)):
        assignment = assignments[number]
        if device is not None and assignment.unit_id != device.unit_id:
            raise SurveyError(reason="device_other_unit", number=number, device_code=device.code)
        changed += _change(assignment, {"device_id": device.id if device else None})
    return changed


def list_assignments(session: Session, round_code: str) -> AssignmentList:
    """All of a round, in the order of their numbers."""
    survey_round = get_round(session, round_code)
    visits = _by_assignment(store.list_visits(session, survey_round.id))
    titles = {
        form.form_id: get_questionnaire(session, form.version_id, form.digest).short_title
        for form in rounds.list_forms(session, survey_round.id)
    }
    rows = store.list_assignments(session, survey_round.id)
    lines = [_line(row, titles[row.form_id], visits[row.assignment.id]) for row in rows]
    totals = count_outcomes(line.outcome for line in lines)
    return AssignmentList(
        tuple(sorted(_without_small_cells(lines), key=lambda line: _natural(line.number))), totals
    )


def list_for_device(session: Session, access: DeviceAccess) -> list[AssignmentOfDevice]:
    """What this interviewer's device has been given; nothing once the round is closed.

    Nobody goes there any more, and an address need not stay on a tablet.
    """
    require_interviewer(access)
    if rounds.fetch_round(session, access.round_id).status == "closed":
        return []
    rows = store.list_of_device(session, access.id)
    visits = _by_assignment(store.list_visits_for_device(session, access.id))
    lines = [_line_for_device(row, visits[row.assignment.id]) for row in rows]
    return sorted(lines, key=lambda line: _natural(line.number))


def list_interviewer_devices(session: Session, round_code: str) -> list[InterviewerDevice]:
    found = store.list_interviewer_devices(session, get_round(session, round_code).id)
    return [
        InterviewerDevice(device.code, device.name, unit.code, Text(vi=unit.name, en=unit.name_en))
        for device, unit in found
    ]


def _get_open_to_change(session: Session, round_code: str) -> SurveyRound:
    survey_round = get_round(session, round_code)
    if survey_round.status == "closed":
        raise SurveyError(reason="round_closed", round_code=round_code)
    return survey_round


def _repetitions(rows: Iterable[TableRow]) -> Iterator[RowFault]:
    seen: set[str] = set()
    for row in (row for row in rows if row.has("number")):
        number = row.values["number"]
        if number in seen:
            yield RowFault(row.number, "number", "twice", number)
        seen.add(number)


def _misplaced(
    rows: Iterable[TableRow], versions: dict[str, int], units: dict[tuple[str, str], int]
) -> Iterator[RowFault]:
    for row in (row for row in rows if row.has("questionnaire")):
        form_id, unit_code = row.values["questionnaire"], row.values.get("unit", "")
        if form_id not in versions:
            yield RowFault(row.number, "questionnaire", "not_in_round", form_id)
        elif row.has("unit") and (form_id, unit_code) not in units:
            yield RowFault(row.number, "unit", "not_in_round", unit_code)


def _device_faults(
    rows: Iterable[TableRow], units: dict[tuple[str, str], int], devices: dict[str, Device]
) -> Iterator[RowFault]:
    for row in rows:
        code = row.values.get("device")
        if code is None:
            continue
        device = devices.get(code)
        unit_id = units.get((row.values.get("questionnaire", ""), row.values.get("unit", "")))
        if device is None:
            yield RowFault(row.number, "device", "not_in_round", code)
        elif device.kind != "interviewer":
            yield RowFault(row.number, "device", "not_an_interviewer", code)
        elif device.status == "withdrawn":
            yield RowFault(row.number, "device", "device_withdrawn", code)
        elif unit_id is not None and device.unit_id != unit_id:
            yield RowFault(row.number, "device", "device_other_unit", code)


def _target(
    survey_round: SurveyRound,
    row: TableRow,
    versions: dict[str, int],
    units: dict[tuple[str, str], int],
    devices: dict[str, Device],
) -> dict[str, object]:
    """What the assignment of a row is to be."""
    form_id, device = row.values["questionnaire"], devices.get(row.values["device"] or "")
    return {
        "round_id": survey_round.id,
        "questionnaire_version_id": versions[form_id],
        "unit_id": units[form_id, row.values["unit"]],
        "number": row.values["number"],
        "place": row.values["place"],
        "note": row.values["note"],
        "device_id": device.id if device else None,
    }


def _moved(
    rows: Iterable[TableRow],
    targets: dict[int, dict[str, object]],
    known: dict[str, Assignment],
    visited: set[int],
) -> Iterator[RowFault]:
    columns = {"questionnaire_version_id": "questionnaire", "unit_id": "unit", "place": "place"}
    for row in rows:
        assignment, values = known.get(row.values.get("number", "")), targets.get(row.number)
        if assignment is None or values is None or assignment.id not in visited:
            continue
        for name, column in columns.items():
            if getattr(assignment, name) != values[name]:
                yield RowFault(row.number, column, "visited", row.values[column])


def _change(assignment: Assignment, values: dict[str, object]) -> bool:
    different = {name: value for name, value in values.items() if getattr(assignment, name) != value}
    for name, value in different.items():
        setattr(assignment, name, value)
    return bool(different)


def _by_assignment(visits: Iterable[VisitRow]) -> dict[int, list[VisitMade]]:
    # A device's clock may be years ahead; a visit cannot be later than the day on which it was told.
    made: dict[int, list[VisitMade]] = defaultdict(list)
    for visit in visits:
        made[visit.assignment_id].append(VisitMade(visit.outcome, min(visit.visited_on, visit.received_on)))
    return made


def _line(row: AssignmentRow, form_title: Text, visits: list[VisitMade]) -> AssignmentLine:
    return AssignmentLine(
        number=row.assignment.number,
        form_id=row.form_id,
        form_title=form_title,
        unit_code=row.unit.code,
        unit_name=Text(vi=row.unit.name, en=row.unit.name_en),
        place=row.assignment.place,
        note=row.assignment.note,
        device_code=row.device.code if row.device else None,
        device_name=row.device.name if row.device else None,
        attempts=len(visits),
        outcome=final_outcome(visits),
        last_on=max((visit.on for visit in visits), default=None),
    )


def _without_small_cells(lines: Iterable[AssignmentLine]) -> list[AssignmentLine]:
    """Who was interviewed is told of a place only among five of its unit and questionnaire at least."""
    lines = list(lines)
    completed = Counter((line.unit_code, line.form_id) for line in lines if line.outcome == COMPLETED)
    return [
        line if completed[line.unit_code, line.form_id] >= MINIMUM_RESPONDENTS else _only_visited(line)
        for line in lines
    ]


def _only_visited(line: AssignmentLine) -> AssignmentLine:
    if line.outcome == NOT_VISITED or line.last_on is None:
        return line
    return replace(line, outcome=VISITED, last_on=kept_day(COMPLETED, line.last_on))


def _line_for_device(row: AssignmentRow, visits: list[VisitMade]) -> AssignmentOfDevice:
    outcome = final_outcome(visits)
    return AssignmentOfDevice(
        id=row.assignment.id,
        number=row.assignment.number,
        form_id=row.form_id,
        unit_code=row.unit.code,
        place=row.assignment.place,
        note=row.assignment.note,
        attempts=len(visits),
        outcome=None if outcome == NOT_VISITED else outcome,
    )


def _natural(number: str) -> list[tuple[int, int, str]]:
    """So that 2 comes before 10."""
    parts = re.findall(r"\d+|\D+", number)
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts]
