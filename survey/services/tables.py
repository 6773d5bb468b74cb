"""Reads a table from a CSV file as offices save them: BOM, semicolons, NFD text, Windows line ends."""

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from survey.services.problems import ImportRefused, RowFault

_MARKS = (
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
    (b"PK\x03\x04", "XLSX"),
    (b"\xd0\xcf\x11\xe0", "XLS"),
)
_DELIMITERS = (",", ";", "\t")
_VIETNAMESE_DATE = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
LONGEST_CODE = 64
LONGEST_NAME = 300
_COUNT = re.compile(r"[0-9]{1,3}(?:[.\s][0-9]{3})+|[0-9]+")
_MOST_SHOWN = 80
# The largest number that a column of the database holds, rounded down.
_LARGEST_COUNT = 2_000_000_000


@dataclass(frozen=True)
class Column:
    """A column of an expected table. `read` turns the cell's text into a value or raises `CellFault`.

    A cell that is not `required` may be empty; a column that `may_lack` may be missing from the file. An
    import would otherwise empty what the file does not speak of.
    """

    name: str
    read: Callable[[str], Any] = str
    required: bool = True
    default: Any = ""
    may_lack: bool = False


class CellFault(ValueError):
    """A cell that cannot be read; the code says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class TableRow:
    """The values of one line, and where it stands in the file (the heading is line 1).

    A cell that could not be read has no value; a row with one is only compared with the others.
    """

    number: int
    values: dict[str, Any]

    def has(self, *names: str) -> bool:
        """Whether all these cells could be read."""
        return all(name in self.values for name in names)


def read_table(data: bytes, columns: Iterable[Column], faults: list[RowFault]) -> list[TableRow]:
    """All rows of the file, each with the cells that could be read; every fault is added to `faults`.

    Raises `ImportRefused` at once where the file itself or its heading cannot be read.
    """
    columns = tuple(columns)
    lines = _lines(_decode(data))
    heading = [name.strip().lower() for name in next(lines, (1, []))[1]]
    while heading and not heading[-1]:
        heading.pop()
    require_no_faults(list(_heading_faults(heading, columns)))
    rows, count = [], 0
    for number, cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        count += 1
        rows.append(_read_row(number, heading, cells, columns, faults))
    if not count:
        faults.append(RowFault(1, "", "no_rows"))
    return rows


def require_no_faults(faults: list[RowFault]) -> None:
    """Raise `ImportRefused` with the faults in the order of the file, if there are any."""
    if faults:
        raise ImportRefused(sorted(faults, key=lambda fault: fault.row))


def read_date(text: str) -> date:
    """`2025-07-01` or the Vietnamese `1/7/2025`."""
    match = _VIETNAMESE_DATE.fullmatch(text)
    try:
        if match:
            day, month, year = (int(part) for part in match.groups())
            return date(year, month, day)
        return date.fromisoformat(text)
    except ValueError:
        raise CellFault("not_a_date") from None


def read_optional_date(text: str) -> date | None:
    return read_date(text) if text else None


def read_count(text: str) -> int:
    """A whole number above zero, with or without grouping: `12.000`, `12 000` or `12000`."""
    digits = re.sub(r"[.\s]", "", text) if _COUNT.fullmatch(text) else ""
    if not digits.strip("0"):
        raise CellFault("not_a_count")
    if len(digits.lstrip("0")) > 10 or int(digits) > _LARGEST_COUNT:
        raise CellFault("too_large")
    return int(digits)


def read_percent(text: str) -> float:
    """A percentage above 1 and up to 100, as a share; `0,9` is refused, since it may be meant as one."""
    try:
        percent = float(text.replace("%", "").strip().replace(",", "."))
    except ValueError:
        raise CellFault("not_a_number") from None
    if not 1 < percent <= 100:
        raise CellFault("not_a_percentage")
    return percent / 100


def read_code(text: str) -> str:
    """A code as it can stand in an address: letters without marks, digits, point, hyphen, underscore."""
    if len(text) > LONGEST_CODE:
        raise CellFault("too_long")
    if not _CODE.fullmatch(text):
        raise CellFault("code_malformed")
    return text


@dataclass(frozen=True)
class TextReader:
    """Reads a cell as one line of plain text: neither control signs nor ones that turn the direction."""

    longest: int = LONGEST_NAME

    def __call__(self, text: str) -> str:
        line = " ".join(text.split())
        if len(line) > self.longest:
            raise CellFault("too_long")
        if not line.isprintable():
            raise CellFault("not_printable")
        return line


def is_plain_line(text: str, longest: int) -> bool:
    """Whether somebody typed a line that can be shown, and not a blank one."""
    return bool(text.strip()) and len(text) <= longest and text.isprintable()


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
    if name is None and b"\x00" in data:
        name = "UTF-16"
    if name is None:
        try:
            return unicodedata.normalize("NFC", data.decode("utf-8-sig"))
        except UnicodeDecodeError:
            # Every 8-bit encoding looks alike: none of them can be told by its bytes.
            raise ImportRefused([RowFault(0, "", "encoding_unknown")]) from None
    raise ImportRefused([RowFault(0, "", "encoding", name)])


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """The lines of the table, each with the number of the line where it begins."""
    first_line = text.split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=first_line.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        number = reader.line_num + 1
        try:
            yield number, next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise ImportRefused([RowFault(number, "", "not_csv")]) from None


def _heading_faults(heading: list[str], columns: tuple[Column, ...]) -> Iterator[RowFault]:
    known = {column.name for column in columns}
    for column in columns:
        if column.name not in heading and not column.may_lack:
            yield RowFault(1, column.name, "column_missing")
    for name in heading:
        if name not in known:
            yield RowFault(1, name, "column_unknown", name)
    for name in sorted(known):
        if heading.count(name) > 1:
            yield RowFault(1, name, "column_twice")


def _read_row(
    number: int, heading: list[str], cells: list[str], columns: tuple[Column, ...], faults: list[RowFault]
) -> TableRow:
    if any(cell.strip() for cell in cells[len(heading) :]):
        faults.append(RowFault(number, "", "too_many_cells"))
    texts = {name: cell.strip() for name, cell in zip(heading, cells, strict=False)}
    values: dict[str, Any] = {}
    for column in columns:
        text = texts.get(column.name, "")
        if not text:
            if column.required:
                faults.append(RowFault(number, column.name, "empty"))
            else:
                values[column.name] = column.default
            continue
        try:
            values[column.name] = column.read(text)
        except CellFault as fault:
            faults.append(RowFault(number, column.name, fault.code, _shortened(text)))
    return TableRow(number, values)


def _shortened(text: str) -> str:
    """As much of a cell as a sentence about it can show, without signs that would disturb a terminal."""
    shown = "".join(sign if sign.isprintable() else "�" for sign in text)
    return shown if len(shown) <= _MOST_SHOWN else f"{shown[: _MOST_SHOWN - 1]}…"
