"""Imports of the catalogue: all rows of a file, or none."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from itertools import pairwise

from survey.models import Measure, Procedure, Sector, Unit
from survey.models.catalogue import UNIT_KINDS
from survey.services.catalogue_history import (
    find_changed_procedures,
    find_changed_targets,
    find_changed_units,
    find_renamed_measures,
    find_renamed_sectors,
)
from survey.services.problems import RowFault, SurveyError
from survey.services.tables import (
    LONGEST_NAME,
    Column,
    TableRow,
    TextReader,
    is_plain_line,
    one_of_cells,
    read_code,
    read_count,
    read_date,
    read_optional_date,
    read_percent,
    read_table,
    require_no_faults,
)
from survey.store import catalogue as store
from survey.store.database import Session

DatedModel = type[Unit] | type[Procedure]
Validity = tuple[str, date, date | None]

DEFAULT_TARGET_SET = "3028/QĐ-UBND"
DEFAULT_TARGET_SET_NAME = "Quyết định số 3028/QĐ-UBND ngày 21/9/2021 của Ủy ban nhân dân tỉnh Quảng Bình"

_LONGEST_SOURCE = 1000
_LONGEST_SET_CODE = 64

_NAMED = (
    Column("code", read_code),
    Column("name_vi", TextReader()),
    Column("name_en", TextReader()),
    Column("position", read_count),
)
_DATED = (
    Column("code", read_code),
    Column("name", TextReader()),
    Column("name_en", TextReader()),
    Column("valid_from", read_date),
    Column("valid_to", read_optional_date, required=False, default=None),
    Column("successor_code", read_code, required=False, default=None),
    Column("source", TextReader(_LONGEST_SOURCE)),
)


@dataclass(frozen=True)
class ShippedFile:
    """A catalogue file that comes with the product."""

    kind: str
    name: str


SHIPPED = (
    ShippedFile("measures", "measures.csv"),
    ShippedFile("sectors", "sectors.csv"),
    ShippedFile("units", "units.csv"),
    ShippedFile("procedures", "procedures.csv"),
    ShippedFile("targets", "targets-3028.csv"),
)


def import_file(
    session: Session,
    kind: str,
    data: bytes,
    *,
    set_code: str = DEFAULT_TARGET_SET,
    set_name: str | None = None,
) -> int:
    """Take a file of one kind; return how many rows it had. `ImportRefused` lists all faults."""
    if kind == "targets":
        return import_targets(session, data, set_code=set_code, set_name=set_name)
    return {
        "measures": import_measures,
        "sectors": import_sectors,
        "units": import_units,
        "procedures": import_procedures,
    }[kind](session, data)


def import_shipped(session: Session) -> None:
    """Load the catalogue that comes with the product."""
    for shipped in SHIPPED:
        data = (files("survey") / "catalogue" / shipped.name).read_bytes()
        import_file(session, shipped.kind, data, set_name=DEFAULT_TARGET_SET_NAME)


def import_measures(session: Session, data: bytes) -> int:
    return _import_named(session, Measure, data, find_renamed_measures)


def import_sectors(session: Session, data: bytes) -> int:
    return _import_named(session, Sector, data, find_renamed_sectors)


def import_units(session: Session, data: bytes) -> int:
    kind = Column("kind", one_of_cells(UNIT_KINDS))
    province = Column("former_province", TextReader(), required=False)
    faults: list[RowFault] = []
    rows = _read_dated(session, Unit, data, (kind, province), faults)
    faults += find_changed_units(session, rows)
    require_no_faults(faults)
    return store.put_dated_rows(session, Unit, [row.values for row in rows])


def import_procedures(session: Session, data: bytes) -> int:
    sectors = [sector.code for sector in store.list_sectors(session)]
    sector = Column("sector", one_of_cells(sectors))
    level = Column("level", TextReader(), required=False)
    faults: list[RowFault] = []
    rows = _read_dated(session, Procedure, data, (sector, level), faults)
    for row in rows:
        if row.has("sector"):
            row.values["sector_code"] = row.values.pop("sector")
    faults += find_changed_procedures(session, rows)
    require_no_faults(faults)
    return store.put_dated_rows(session, Procedure, [row.values for row in rows])


def import_targets(session: Session, data: bytes, *, set_code: str, set_name: str | None = None) -> int:
    """Put the file's targets in place of those of the set; a new set without a name is called by its code.

    What open and closed rounds are judged by must be in the file as it is stored.
    """
    _require_set_names(set_code, set_name)
    measures = [measure.code for measure in store.list_measures(session)]
    sectors = [sector.code for sector in store.list_sectors(session)]
    columns = (
        Column("measure", one_of_cells(measures)),
        Column("sector", one_of_cells(sectors), required=False, may_lack=True),
        Column("year", read_count),
        Column("minimum_percent", read_percent),
        Column("section", TextReader(), required=False, may_lack=True),
        Column("text", TextReader(_LONGEST_SOURCE)),
    )
    faults: list[RowFault] = []
    rows = read_table(data, columns, faults)
    faults += _repetitions(rows, ("measure", "sector", "year"))
    faults += find_changed_targets(session, set_code, set_name, rows)
    require_no_faults(faults)
    targets = (
        {
            "measure_code": row.values["measure"],
            "sector_code": row.values["sector"],
            "year": row.values["year"],
            "minimum_share": row.values["minimum_percent"],
            "section": row.values["section"],
            "text": row.values["text"],
        }
        for row in rows
    )
    store.put_target_set(session, set_code, set_name, targets)
    return len(rows)


def _require_set_names(set_code: str, set_name: str | None) -> None:
    if not is_plain_line(set_code, _LONGEST_SET_CODE):
        raise SurveyError(reason="target_set_code_malformed", most=_LONGEST_SET_CODE)
    if set_name is not None and not is_plain_line(set_name, LONGEST_NAME):
        raise SurveyError(reason="target_set_name_malformed", most=LONGEST_NAME)


def _import_named(
    session: Session,
    model: type[Measure] | type[Sector],
    data: bytes,
    find_renamed: Callable[[Session, list[TableRow]], Iterator[RowFault]],
) -> int:
    faults: list[RowFault] = []
    rows = read_table(data, _NAMED, faults)
    faults += _repetitions(rows, ("code",))
    faults += find_renamed(session, rows)
    require_no_faults(faults)
    return store.put_named_rows(session, model, [row.values for row in rows])


def _read_dated(
    session: Session, model: DatedModel, data: bytes, columns: tuple[Column, ...], faults: list[RowFault]
) -> list[TableRow]:
    """The rows of a file, checked against each other and against what is stored."""
    rows = read_table(data, (*_DATED, *columns), faults)
    stored = store.list_validities(session, model)
    faults += _repetitions(rows, ("code", "valid_from"))
    faults += _reversals(rows)
    faults += _overlaps(rows, stored)
    faults += _missing_successors(rows, {code for code, _, _ in stored})
    return rows


def _repetitions(rows: Iterable[TableRow], key: tuple[str, ...]) -> Iterator[RowFault]:
    seen: set[tuple[object, ...]] = set()
    for row in (row for row in rows if row.has(*key)):
        values = tuple(row.values[name] for name in key)
        if values in seen:
            yield RowFault(row.number, key[0], "twice", str(values[0]))
        seen.add(values)


def _reversals(rows: Iterable[TableRow]) -> Iterator[RowFault]:
    for row in (row for row in rows if row.has("valid_from", "valid_to")):
        if row.values["valid_to"] and row.values["valid_to"] < row.values["valid_from"]:
            yield RowFault(row.number, "valid_to", "before_valid_from", str(row.values["valid_to"]))


def _overlaps(rows: Iterable[TableRow], stored: Iterable[Validity]) -> Iterator[RowFault]:
    """One code must name one thing on any day."""
    ends = {(code, first): last for code, first, last in stored}
    numbers = {}
    for row in (row for row in rows if row.has("code", "valid_from", "valid_to")):
        key = row.values["code"], row.values["valid_from"]
        ends[key] = row.values["valid_to"]
        numbers[key] = row.number
    for earlier, later in pairwise(sorted(ends)):
        last = ends[earlier]
        if earlier[0] == later[0] and (last is None or last >= later[1]):
            number = numbers.get(later) or numbers.get(earlier, 0)
            yield RowFault(number, "valid_from", "overlaps", later[0])


def _missing_successors(rows: list[TableRow], stored: set[str]) -> Iterator[RowFault]:
    codes = stored | {row.values["code"] for row in rows if row.has("code")}
    for row in (row for row in rows if row.has("successor_code")):
        successor = row.values["successor_code"]
        if successor is None:
            continue
        if successor == row.values.get("code"):
            yield RowFault(row.number, "successor_code", "own_successor", successor)
        elif successor not in codes:
            yield RowFault(row.number, "successor_code", "not_known", successor)
