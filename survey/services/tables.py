"""Reads a table from a CSV file as offices save them: BOM, semicolons, NFD text, Windows line ends."""

import csv
import io
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from survey.services.problems import ImportRefused, RowFault

_MARKS = ((b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"), (b"PK\x03\x04", "XLSX"))
_DELIMITERS = (",", ";", "\t")


@dataclass(frozen=True)
class Column:
    """A column of an expected table. `read` turns the cell's text into a value or raises `CellFault`."""

    name: str
    read: Callable[[str], Any] = str
    required: bool = True
    default: Any = ""


class CellFault(ValueError):
    """A cell that cannot be read; the code says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class TableRow:
    """The values of one line, and where it stands in the file (the heading is line 1)."""

    number: int
    values: dict[str, Any]


def read_table(data: bytes, columns: Iterable[Column]) -> list[TableRow]:
    """All rows of the file, or `ImportRefused` with every fault of every row."""
    columns = tuple(columns)
    reader = _open(_decode(data))
    heading = [name.strip().lower() for name in next(reader, [])]
    faults = [
        RowFault(1, column.name, "column_missing")
        for column in columns
        if column.required and column.name not in heading
    ]
    known = {column.name for column in columns}
    faults += [RowFault(1, name, "column_unknown", name) for name in heading if name not in known]
    faults += [RowFault(1, name, "column_twice") for name in sorted(known) if heading.count(name) > 1]
    if faults:
        raise ImportRefused(faults)
    rows = []
    for cells in reader:
        if not any(cell.strip() for cell in cells):
            continue
        rows.append(_read_row(reader.line_num, heading, cells, columns, faults))
    if not rows and not faults:
        faults.append(RowFault(1, "", "no_rows"))
    if faults:
        raise ImportRefused(faults)
    return rows


def read_date(text: str) -> date:
    """`2025-07-01` or the Vietnamese `1/7/2025`."""
    try:
        if "/" in text:
            day, month, year = (int(part) for part in text.split("/"))
            return date(year, month, day)
        return date.fromisoformat(text)
    except ValueError:
        raise CellFault("not_a_date") from None


def read_optional_date(text: str) -> date | None:
    return read_date(text) if text else None


def read_count(text: str) -> int:
    """A whole number above zero, with or without grouping points: `12.000` or `12000`."""
    plain = text.replace(".", "").replace(" ", "").replace(" ", "")
    if not (plain.isascii() and plain.isdecimal()) or int(plain) == 0:
        raise CellFault("not_a_count")
    return int(plain)


def read_percent(text: str) -> float:
    """A percentage above 0 and up to 100, as a share."""
    try:
        percent = float(text.replace("%", "").strip().replace(",", "."))
    except ValueError:
        raise CellFault("not_a_number") from None
    if not 0 < percent <= 100:
        raise CellFault("not_a_percentage")
    return percent / 100


def one_of_cells(allowed: Iterable[str]) -> Callable[[str], str]:
    """A reader that takes only these values."""
    values = frozenset(allowed)

    def read(text: str) -> str:
        if text not in values:
            raise CellFault("not_known")
        return text

    return read


def _decode(data: bytes) -> str:
    name = next((name for mark, name in _MARKS if data.startswith(mark)), None)
    if name is None:
        try:
            return unicodedata.normalize("NFC", data.decode("utf-8-sig"))
        except UnicodeDecodeError:
            name = "Windows-1258" if b"\x00" not in data else "UTF-16"
    raise ImportRefused([RowFault(0, "", "encoding", name)])


def _open(text: str) -> Any:
    first_line = text.split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=first_line.count)
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)


def _read_row(
    number: int, heading: list[str], cells: list[str], columns: tuple[Column, ...], faults: list[RowFault]
) -> TableRow:
    if len(cells) > len(heading) and any(cell.strip() for cell in cells[len(heading) :]):
        faults.append(RowFault(number, "", "too_many_cells"))
    texts = {name: cell.strip() for name, cell in zip(heading, cells, strict=False)}
    values: dict[str, Any] = {}
    for column in columns:
        text = texts.get(column.name, "")
        if not text:
            if column.required:
                faults.append(RowFault(number, column.name, "empty"))
            values[column.name] = column.default
            continue
        try:
            values[column.name] = column.read(text)
        except CellFault as fault:
            faults.append(RowFault(number, column.name, fault.code, text))
    return TableRow(number, values)
