"""CSV as every spreadsheet and R read it: UTF-8 with a byte order mark, commas, Windows line ends."""

import csv
import io
from collections.abc import Iterable, Sequence

BYTE_ORDER_MARK = "\ufeff"
# A spreadsheet would take a text that begins so for a formula.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

CsvCell = str | int | None


def render_csv(heads: Sequence[str], rows: Iterable[Sequence[CsvCell]]) -> bytes:
    return (BYTE_ORDER_MARK + format_rows([heads, *rows])).encode("utf-8")


def format_rows(rows: Iterable[Sequence[CsvCell]]) -> str:
    """Rows as text; a missing cell is empty, never 0."""
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator="\r\n").writerows([guarded(cell) for cell in row] for row in rows)
    return buffer.getvalue()


def guarded(cell: CsvCell) -> CsvCell:
    """A text that a spreadsheet would take for a formula gets an apostrophe in front."""
    if isinstance(cell, str) and cell.startswith(_FORMULA_STARTS):
        return f"'{cell}"
    return cell
