"""What an import may no longer change: the report of a closed round must still read as it was.

Cells that could not be read are not judged here: they are faults already.
"""

from collections.abc import Iterable, Iterator

from survey.models import Measure, Procedure, Sector, Target, Unit
from survey.services.problems import RowFault
from survey.services.tables import TableRow
from survey.store import catalogue, rounds
from survey.store.database import Session

_UNIT_SHOWN = ("name", "name_en", "kind", "former_province")
_PROCEDURE_SHOWN = ("name", "name_en", "sector_code", "level")
_NAMES = ("name_vi", "name_en")
_TARGET_KEY = ("measure", "sector", "year")
# Columns of the file that are called otherwise than the attribute.
_COLUMNS = {"sector_code": "sector"}


def find_changed_units(session: Session, rows: Iterable[TableRow]) -> Iterator[RowFault]:
    """A unit that is called something else gets a new dated row; the row of a closed round stays."""
    return _changed_in_place(rows, rounds.list_units_of_closed_rounds(session), _UNIT_SHOWN)


def find_changed_procedures(session: Session, rows: Iterable[TableRow]) -> Iterator[RowFault]:
    """The same for a procedure that responses of a closed round name; its sector decides where they count."""
    return _changed_in_place(rows, rounds.list_procedures_of_closed_rounds(session), _PROCEDURE_SHOWN)


def _changed_in_place(
    rows: Iterable[TableRow], used: Iterable[Unit | Procedure], shown: tuple[str, ...]
) -> Iterator[RowFault]:
    known = {(each.code, each.valid_from): each for each in used}
    for row in (row for row in rows if row.has("code", "valid_from")):
        changed = _changed(row, known.get((row.values["code"], row.values["valid_from"])), shown)
        if changed:
            yield RowFault(row.number, _COLUMNS.get(changed[0], changed[0]), "in_use", row.values[changed[0]])


def _changed(row: TableRow, stored: object | None, shown: tuple[str, ...]) -> list[str]:
    """The columns in which a row differs from what is stored; none where nothing is."""
    if stored is None:
        return []
    return [name for name in shown if row.has(name) and getattr(stored, name) != row.values[name]]


def find_renamed_measures(session: Session, rows: Iterable[TableRow]) -> Iterator[RowFault]:
    """A measure has one name: a report of a closed round that lists it must not read otherwise."""
    return _renamed(rows, catalogue.list_measures(session), rounds.list_measures_of_closed_rounds(session))


def find_renamed_sectors(session: Session, rows: Iterable[TableRow]) -> Iterator[RowFault]:
    """The same for sectors."""
    return _renamed(rows, catalogue.list_sectors(session), rounds.list_sectors_of_closed_rounds(session))


def _renamed(
    rows: Iterable[TableRow], stored: Iterable[Measure | Sector], used: set[str]
) -> Iterator[RowFault]:
    known = {each.code: each for each in stored if each.code in used}
    for row in rows:
        changed = _changed(row, known.get(row.values.get("code", "")), _NAMES)
        if changed:
            yield RowFault(row.number, changed[0], "name_in_use", str(row.values[changed[0]]))


def find_changed_targets(
    session: Session, set_code: str, set_name: str | None, rows: Iterable[TableRow]
) -> Iterator[RowFault]:
    """The targets by which rounds are judged.

    Of a year of a closed round: none changed, none added, none left out, no word of them another, and the
    name of the set as it was. Of a year of an open round: none changed and none left out.
    """
    target_set = catalogue.find_target_set(session, set_code)
    if target_set is None:
        return
    closed = rounds.list_judged_years(session, set_code, "closed")
    opened = rounds.list_judged_years(session, set_code, "open") - closed
    if closed and set_name is not None and set_name != target_set.name:
        yield RowFault(0, "--set-name", "name_in_use", set_name)
    judged = {
        (target.measure_code, target.sector_code, target.year): target
        for target in target_set.targets
        if target.year in closed | opened
    }
    is_complete = True
    for row in rows:
        if not row.has(*_TARGET_KEY):
            is_complete = False
            continue
        measure, sector, year = (row.values[name] for name in _TARGET_KEY)
        if year in closed | opened:
            stored = judged.pop((measure, sector, year), None)
            yield from _target_faults(row, stored, is_closed=year in closed)
    # A row that could not be read may be the one that is missed.
    for key in judged if is_complete else ():
        code = "in_use" if key[2] in closed else "in_use_open"
        yield RowFault(0, "minimum_percent", code, _target_name(*key))


def _target_faults(row: TableRow, stored: Target | None, *, is_closed: bool) -> Iterator[RowFault]:
    name = _target_name(*(row.values[part] for part in _TARGET_KEY))
    if stored is None:
        if is_closed:
            yield RowFault(row.number, "minimum_percent", "in_use", name)
        return
    if row.has("minimum_percent") and stored.minimum_share != row.values["minimum_percent"]:
        yield RowFault(row.number, "minimum_percent", "in_use" if is_closed else "in_use_open", name)
    for column in ("section", "text") if is_closed else ():
        if row.has(column) and getattr(stored, column) != row.values[column]:
            yield RowFault(row.number, column, "in_use", row.values[column])


def _target_name(measure: str, sector: str, year: int) -> str:
    return "/".join(filter(None, (measure, sector, str(year))))
