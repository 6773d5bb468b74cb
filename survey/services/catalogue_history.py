"""What an import may no longer change: the report of a closed round must still read as it was."""

from collections.abc import Iterable, Iterator

from survey.models import Measure, Sector
from survey.services.problems import RowFault
from survey.services.tables import TableRow
from survey.store import catalogue, rounds
from survey.store.database import Session

_SHOWN = ("name", "name_en", "kind", "former_province")
_NAMES = ("name_vi", "name_en")


def find_changed_units(session: Session, rows: Iterable[TableRow]) -> Iterator[RowFault]:
    """A unit that is called something else gets a new dated row; the row of a closed round stays."""
    closed = {(unit.code, unit.valid_from): unit for unit in rounds.list_units_of_closed_rounds(session)}
    for row in rows:
        unit = closed.get((row.values["code"], row.values["valid_from"]))
        changed = [name for name in _SHOWN if unit and getattr(unit, name) != row.values[name]]
        if changed:
            yield RowFault(row.number, changed[0], "in_use", str(row.values[changed[0]]))


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
        each = known.get(row.values["code"])
        changed = [name for name in _NAMES if each and getattr(each, name) != row.values[name]]
        if changed:
            yield RowFault(row.number, changed[0], "name_in_use", str(row.values[changed[0]]))


def find_changed_targets(session: Session, set_code: str, rows: Iterable[TableRow]) -> Iterator[RowFault]:
    """The targets of a year by which a closed round was judged: none changed, none added, none left out."""
    years = rounds.list_judged_years(session, set_code)
    target_set = catalogue.find_target_set(session, set_code)
    judged = {
        (target.measure_code, target.sector_code, target.year): target.minimum_share
        for target in (target_set.targets if target_set else ())
        if target.year in years
    }
    for row in rows:
        key = row.values["measure"], row.values["sector"], row.values["year"]
        if key[2] in years and judged.pop(key, None) != row.values["minimum_percent"]:
            yield RowFault(row.number, "minimum_percent", "in_use", "/".join(map(str, filter(None, key))))
    for key in judged:
        yield RowFault(0, "minimum_percent", "in_use", "/".join(map(str, filter(None, key))))
