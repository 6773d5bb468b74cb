"""Imports of the catalogue: all rows of a file, or none."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from importlib.resources import files

from survey.models import Measure, Procedure, Sector, Unit
from survey.models.catalogue import UNIT_KINDS
from survey.services.problems import ImportRefused, RowFault
from survey.services.tables import (
    Column,
    TableRow,
    one_of_cells,
    read_count,
    read_date,
    read_optional_date,
    read_percent,
    read_table,
)
from survey.store import catalogue as store
from survey.store.database import Session

DEFAULT_TARGET_SET = "3028/QĐ-UBND"
DEFAULT_TARGET_SET_NAME = "Quyết định 3028/QĐ-UBND ngày 21/9/2021"

_NAMED = (Column("code"), Column("name_vi"), Column("name_en"), Column("position", read_count))
_DATED = (
    Column("code"),
    Column("name"),
    Column("name_en"),
    Column("valid_from", read_date),
    Column("valid_to", read_optional_date, required=False, default=None),
    Column("successor_code", required=False, default=None),
    Column("source"),
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
    set_name: str = DEFAULT_TARGET_SET_NAME,
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
        import_file(session, shipped.kind, (files("survey") / "catalogue" / shipped.name).read_bytes())


def import_measures(session: Session, data: bytes) -> int:
    rows = _unique(read_table(data, _NAMED), ("code",))
    return store.put_named_rows(session, Measure, (row.values for row in rows))


def import_sectors(session: Session, data: bytes) -> int:
    rows = _unique(read_table(data, _NAMED), ("code",))
    return store.put_named_rows(session, Sector, (row.values for row in rows))


def import_units(session: Session, data: bytes) -> int:
    columns = (
        *_DATED,
        Column("kind", one_of_cells(UNIT_KINDS)),
        Column("former_province", required=False),
    )
    rows = _checked_validity(_unique(read_table(data, columns), ("code", "valid_from")))
    count = store.put_dated_rows(session, Unit, (row.values for row in rows))
    _require_no_overlap(session, Unit, rows)
    return count


def import_procedures(session: Session, data: bytes) -> int:
    sectors = [sector.code for sector in store.list_sectors(session)]
    columns = (*_DATED, Column("sector", one_of_cells(sectors)), Column("level", required=False))
    rows = _checked_validity(_unique(read_table(data, columns), ("code", "valid_from")))
    for row in rows:
        row.values["sector_code"] = row.values.pop("sector")
    count = store.put_dated_rows(session, Procedure, (row.values for row in rows))
    _require_no_overlap(session, Procedure, rows)
    return count


def import_targets(session: Session, data: bytes, *, set_code: str, set_name: str) -> int:
    measures = [measure.code for measure in store.list_measures(session)]
    sectors = [sector.code for sector in store.list_sectors(session)]
    columns = (
        Column("measure", one_of_cells(measures)),
        Column("sector", one_of_cells(sectors), required=False),
        Column("year", read_count),
        Column("minimum_percent", read_percent),
        Column("section", required=False),
        Column("text"),
    )
    rows = _unique(read_table(data, columns), ("measure", "sector", "year"))
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


def _unique(rows: list[TableRow], key: tuple[str, ...]) -> list[TableRow]:
    seen: set[tuple[object, ...]] = set()
    faults = []
    for row in rows:
        values = tuple(row.values[name] for name in key)
        if values in seen:
            faults.append(RowFault(row.number, key[0], "twice", str(values[0])))
        seen.add(values)
    if faults:
        raise ImportRefused(faults)
    return rows


def _checked_validity(rows: list[TableRow]) -> list[TableRow]:
    faults = [
        RowFault(row.number, "valid_to", "before_valid_from", str(row.values["valid_to"]))
        for row in rows
        if row.values["valid_to"] and row.values["valid_to"] < row.values["valid_from"]
    ]
    if faults:
        raise ImportRefused(faults)
    return rows


def _require_no_overlap(
    session: Session, model: type[Unit] | type[Procedure], rows: Iterable[TableRow]
) -> None:
    """One code must name one thing on any day."""
    imported = {(row.values["code"], row.values["valid_from"]): row.number for row in rows}
    faults = []
    for earlier, later in store.list_neighbours(session, model):
        if earlier.valid_to is None or earlier.valid_to + timedelta(days=1) > later.valid_from:
            line = imported.get((later.code, later.valid_from)) or imported.get(
                (earlier.code, earlier.valid_from), 0
            )
            faults.append(RowFault(line, "valid_from", "overlaps", later.code))
    if faults:
        raise ImportRefused(faults)
