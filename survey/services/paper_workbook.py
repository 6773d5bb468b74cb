"""The workbook in which a unit keys offline: its layout, and reading it back, whole or not at all."""

import hashlib
import io
import json
import lzma
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from typing import Any

from openpyxl import load_workbook
from openpyxl.cell.read_only import EMPTY_CELL
from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.utils.cell import coordinate_from_string

from questionnaires.problems import Problem
from survey.models import PaperWorkbook
from survey.services.paper_batches import Batch
from survey.services.paper_codes import number_questions
from survey.services.paper_comparison import KeyedForm
from survey.services.paper_keying import (
    answers_to_json,
    find_own_keying,
    hold_batch,
    key_form,
    read_form,
    require_keyable,
)
from survey.services.paper_problems import PaperRefused, SheetFault, WorkbookRefused
from survey.store import paper as store
from survey.store.database import Session

KEYING_SHEET, CODES_SHEET, IDENTITY_SHEET = "Nhập phiếu", "Mã", "hailong"
IDENTITY_NAMES = ("format", "batch", "form", "version")
FORMAT = "hailong-paper-1"
HEAD_ROW, FIRST_ROW = 3, 4
SERIAL_COLUMN, SPOILT_COLUMN, FIRST_QUESTION_COLUMN = 1, 2, 3
SPOILT_MARK = "x"

LARGEST_FILE = 2 * 1024 * 1024
# Unpacked. A thousand forms with 67 answers each take 3.6 MB, what is written in words comes on top.
_LARGEST_CONTENT = 6 * 1024 * 1024
_LARGEST_STRINGS = 2 * 1024 * 1024
_STRINGS = "sharedstrings"
# So many columns beside the questions are read, to say in which one something stands.
_COLUMNS_BEYOND, _ROWS_BEYOND = 20, 300
_MOST_ROWS = 1_048_576
_ENCODING = re.compile(rb"""(?:\xef\xbb\xbf)?\s*<\?xml[^>]*?encoding\s*=\s*["']([^"']*)["']""")
_FILLED_CELL = re.compile(
    rb"""<(?:\w+:)?c\s[^>]*?\br\s*=\s*["']([A-Z]+)([0-9]+)["'][^>/]*>\s*<(?:\w+:)?(?:v|f|is)[\s>/]"""
)
_HEAD = re.compile(r"(?:Câu|No\.)\s*([0-9]{1,4})\.")
_Limits = Mapping[str, int | None]
_MOST_PARTS = 100
# What the archive's readers raise for bytes that are none, encrypted ones included.
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    RuntimeError,
    NotImplementedError,
    EOFError,
    OSError,
    ValueError,
)
_MACROS = ("vbaproject", "activex", "macrosheets", "externallinks", "embeddings")


@dataclass(frozen=True)
class ImportCounts:
    """How many forms of the file were taken, and what became of them; `repeated` were taken before."""

    first: int = 0
    stored: int = 0
    spoilt: int = 0
    differs: int = 0
    repeated: int = 0


@dataclass(frozen=True)
class _Cell:
    text: str = ""
    is_formula: bool = False


@dataclass(frozen=True)
class SheetRow:
    """A row in which something was keyed: its number in the sheet, and the text of each question's cell."""

    number: int
    cells: Mapping[str, str]
    is_spoilt: bool


@dataclass(frozen=True)
class KeyedRow(SheetRow):
    """A row that names a form of the batch which no row above it names."""

    serial: int


def question_column(number: int) -> int:
    """The column of a question, which counts from 1."""
    return FIRST_QUESTION_COLUMN + number - 1


def import_workbook(
    session: Session, batch: Batch, content: bytes, *, account_id: int, today: date
) -> ImportCounts:
    """Take a keyed workbook as one keying by this account; raise with every faulty cell and take nothing.

    Double entry means that two people keyed: what another account has sent already is refused.
    """
    batch = hold_batch(session, batch)
    file_digest = hashlib.sha256(content).hexdigest()
    if store.is_workbook_of_another(session, batch.id, account_id, file_digest=file_digest):
        raise PaperRefused("workbook_of_another")
    faults: list[SheetFault] = []
    taken: list[tuple[KeyedRow, KeyedForm]] = []
    all_forms: dict[int, KeyedForm] = {}
    repeated = 0
    for row, found in _read_sheet(batch, content):
        form, unreadable = _read_form(session, batch, row, today)
        found = found + unreadable
        if not isinstance(row, KeyedRow):
            faults += found
            continue
        all_forms[row.serial] = form
        if not found and find_own_keying(session, batch, row.serial, account_id) == form:
            repeated += 1
            continue
        found += _keyable_faults(session, batch, row, account_id, today)
        if not found and not form.is_spoilt and not form.answers:
            found.append(_fault("row_without_answer", row.number, SPOILT_COLUMN))
        faults += found
        taken.append((row, form))
    if faults:
        raise WorkbookRefused(_in_order(faults))
    _keep_marks(session, batch, file_digest, _content_digest(all_forms), account_id)
    counts = {"first": 0, "stored": 0, "spoilt": 0, "differs": 0}
    for row, form in taken:
        outcome = key_form(
            session, batch, row.serial, form, account_id=account_id, today=today, came_by="workbook"
        )
        counts[outcome] += 1
    return ImportCounts(**counts, repeated=repeated)


def _keep_marks(
    session: Session, batch: Batch, file_digest: str, content_digest: str, account_id: int
) -> None:
    marks = {"file_digest": file_digest, "content_digest": content_digest}
    if store.is_workbook_of_another(session, batch.id, account_id, **marks):
        raise PaperRefused("workbook_of_another")
    store.add_workbook(session, PaperWorkbook(batch_id=batch.id, account_id=account_id, **marks))


def _content_digest(forms: Mapping[int, KeyedForm]) -> str:
    """Of what is keyed, whatever the file looks like."""
    listed = [
        [serial, form.is_spoilt, answers_to_json(form.answers)] for serial, form in sorted(forms.items())
    ]
    return hashlib.sha256(json.dumps(listed, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def read_rows(batch: Batch, content: bytes) -> list[KeyedRow]:
    """The rows in which something was keyed; raises for a file that is not this batch's workbook."""
    rows = _read_sheet(batch, content)
    faults = [fault for _row, found in rows for fault in found]
    if faults:
        raise WorkbookRefused(_in_order(faults))
    return [row for row, _found in rows if isinstance(row, KeyedRow)]


def _read_sheet(batch: Batch, content: bytes) -> list[tuple[SheetRow, list[SheetFault]]]:
    """Each row in which something was keyed, with what is wrong with it before its answers are looked at."""
    _require_harmless(content)
    width = question_column(len(batch.questionnaire.questions))
    wanted: dict[str, _Limits] = {
        IDENTITY_SHEET: {"min_row": 1, "max_row": len(IDENTITY_NAMES), "max_col": 2},
        # To the end of the sheet: what stands below the last form is not lost in silence.
        KEYING_SHEET: {"min_row": HEAD_ROW, "max_row": None, "max_col": width + _COLUMNS_BEYOND},
    }
    _require_narrow(content, width + _COLUMNS_BEYOND)
    cells = _read_cells(content, wanted, most_rows=batch.printed_count + _ROWS_BEYOND)
    _require_identity(batch, list(cells[IDENTITY_SHEET].values()))
    lines = cells[KEYING_SHEET]
    _require_heads(batch, lines.pop(HEAD_ROW, []))
    rows = _collect_rows(batch, lines)
    if not rows:
        raise WorkbookRefused([SheetFault("nothing_keyed", sheet=KEYING_SHEET)])
    return rows


def _read_cells(
    content: bytes, wanted: Mapping[str, _Limits], *, most_rows: int
) -> dict[str, dict[int, list[_Cell]]]:
    """The rows of these parts of these sheets in which something stands, by number, all equally long."""
    try:
        with closing(load_workbook(io.BytesIO(content), read_only=True, keep_links=False)) as book:
            missing = [name for name in wanted if name not in book.sheetnames]
            if not missing:
                return {name: _rows_of(book[name], limits, most_rows) for name, limits in wanted.items()}
    except Exception as error:
        # openpyxl has no error of its own for a broken file: what its parsers raise depends on the fault.
        raise WorkbookRefused([SheetFault("not_a_workbook")]) from error
    raise WorkbookRefused([SheetFault("sheet_missing", sheet=name) for name in missing])


def _rows_of(sheet: Any, limits: _Limits, most_rows: int) -> dict[int, list[_Cell]]:
    width, first = limits["max_col"] or 0, limits["min_row"] or 1
    # The reader gives one and the same tuple for every row without cells, of which there may be a million.
    gap = None
    rows: dict[int, list[_Cell]] = {}
    # What a file says of its own size ends no sheet.
    sheet.reset_dimensions()
    for number, row in enumerate(sheet.iter_rows(**limits), first):
        if number > _MOST_ROWS:
            raise ValueError("a row beyond the last one of a sheet")
        if row is gap:
            continue
        if all(cell is EMPTY_CELL for cell in row):
            gap = row
            continue
        cells = [_cell(cell) for cell in row]
        if any(cell.text for cell in cells):
            rows[number] = cells + [_Cell()] * (width - len(cells))
        if len(rows) > most_rows:
            # So many are faults enough: nothing of this file will be taken.
            break
    return rows


def _cell(cell: Any) -> _Cell:
    """A number that a spreadsheet made of digits reads as those digits again."""
    value = cell.value
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = "" if value is None else str(value).strip()
    return _Cell(text, is_formula=getattr(cell, "data_type", "") == "f")


def _require_harmless(content: bytes) -> None:
    """Refuse what is too large, unpacks to too much, or carries macros, before anything is parsed."""
    if len(content) > LARGEST_FILE:
        raise WorkbookRefused([SheetFault("file_too_large")])
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            names = [part.filename.lower() for part in parts]
            if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _LARGEST_CONTENT:
                raise WorkbookRefused([SheetFault("file_too_large")])
            if any(mark in name for name in names for mark in _MACROS):
                raise WorkbookRefused([SheetFault("file_with_macros")])
            if any(part.file_size > _LARGEST_STRINGS for part in parts if _STRINGS in part.filename.lower()):
                raise WorkbookRefused([SheetFault("file_too_large")])
            if not all(_is_plain_xml(archive.read(part)) for part in parts):
                raise WorkbookRefused([SheetFault("not_a_workbook")])
    except _DAMAGED as error:
        raise WorkbookRefused([SheetFault("not_a_workbook")]) from error


def _is_plain_xml(content: bytes) -> bool:
    """UTF-8 without a document type, which could make a small part expand without end.

    Raw, the mark can stand nowhere else: in texts it is written with an entity.
    """
    encoding = _ENCODING.match(content)
    is_utf8 = encoding is None or encoding[1].lower() in (b"utf-8", b"us-ascii")
    return is_utf8 and b"\0" not in content and b"<!DOCTYPE" not in content


def _require_narrow(content: bytes, width: int) -> None:
    """Refuse what is keyed far to the right of the questions, where no cell is read."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            if not name.lower().startswith("xl/worksheets/"):
                continue
            for found in _FILLED_CELL.finditer(archive.read(name)):
                column, row = found[1].decode(), found[2].decode()
                if len(column) > 3 or column_index_from_string(column) > width:
                    raise WorkbookRefused([SheetFault("beyond", KEYING_SHEET, f"{column[:3]}{row}")])


def _require_heads(batch: Batch, heads: list[_Cell]) -> None:
    """Every column must still be that of its question: one that was moved or put in would shift the rest."""
    faults = []
    for numbered in number_questions(batch.questionnaire):
        column = question_column(numbered.number)
        text = heads[column - 1].text if column <= len(heads) else ""
        match = _HEAD.match(unicodedata.normalize("NFC", text))
        if match is None or int(match[1]) != numbered.number:
            faults.append(_fault("other_head", HEAD_ROW, column, text))
    if faults:
        raise WorkbookRefused(faults)


def _require_identity(batch: Batch, rows: list[list[_Cell]]) -> None:
    told = {name.text: value.text for name, value in rows}
    wanted = dict(zip(IDENTITY_NAMES, identity_values(batch), strict=True))
    wrong = [name for name in IDENTITY_NAMES if told.get(name) != wanted[name]]
    if wrong:
        fault = SheetFault(f"other_{wrong[0]}", sheet=IDENTITY_SHEET, value=told.get(wrong[0], "")[:40])
        raise WorkbookRefused([fault])


def identity_values(batch: Batch) -> tuple[str, str, str, str]:
    """What the hidden sheet says, so that a file cannot be taken for another batch or version."""
    return FORMAT, batch.code, batch.questionnaire.id, str(batch.questionnaire.version)


def _collect_rows(batch: Batch, lines: Mapping[int, list[_Cell]]) -> list[tuple[SheetRow, list[SheetFault]]]:
    numbered = number_questions(batch.questionnaire)
    serials = {batch.serial_text(serial): serial for serial in range(1, batch.printed_count + 1)}
    rows: list[tuple[SheetRow, list[SheetFault]]] = []
    seen: set[int] = set()
    width = question_column(len(numbered))
    last = FIRST_ROW + batch.printed_count - 1
    for number, line in lines.items():
        texts = [cell.text for cell in line]
        if not any(texts[1:]) and (number <= last or not texts[0]):
            continue
        serial = serials.get(texts[SERIAL_COLUMN - 1])
        spoilt = texts[SPOILT_COLUMN - 1].casefold()
        found = [_fault("formula", number, column) for column, cell in enumerate(line, 1) if cell.is_formula]
        if spoilt not in ("", SPOILT_MARK):
            found.append(_fault("not_a_mark", number, SPOILT_COLUMN, spoilt))
        found += [
            _fault("beyond", number, column, text)
            for column, text in enumerate(texts[width:], width + 1)
            if text
        ]
        keyed = {each.question.id: texts[question_column(each.number) - 1] for each in numbered}
        is_spoilt = spoilt == SPOILT_MARK
        if serial is None or serial in seen:
            code = "serial_twice" if serial else "serial_unknown"
            found.append(_fault(code, number, SERIAL_COLUMN, texts[SERIAL_COLUMN - 1]))
            rows.append((SheetRow(number, keyed, is_spoilt), found))
        else:
            seen.add(serial)
            rows.append((KeyedRow(number, keyed, is_spoilt, serial), found))
    return rows


def _read_form(
    session: Session, batch: Batch, row: SheetRow, today: date
) -> tuple[KeyedForm, list[SheetFault]]:
    if row.is_spoilt:
        keyed = [name for name, text in row.cells.items() if text.strip()]
        faults = [_problem_fault(batch, row, Problem("spoilt_with_answers", name)) for name in keyed[:1]]
        return KeyedForm({}, is_spoilt=True), faults
    answers, problems = read_form(session, batch, row.cells, today)
    return KeyedForm(answers), [_problem_fault(batch, row, problem) for problem in problems]


def _keyable_faults(
    session: Session, batch: Batch, row: KeyedRow, account_id: int, today: date
) -> list[SheetFault]:
    try:
        require_keyable(session, batch, row.serial, account_id, today)
    except PaperRefused as refusal:
        # What holds for every row is said once, not cell by cell.
        if refusal.reason in ("batch_closed", "round_not_open"):
            raise
        return [_fault(refusal.reason, row.number, SERIAL_COLUMN, batch.serial_text(row.serial))]
    return []


def _problem_fault(batch: Batch, row: SheetRow, problem: Problem) -> SheetFault:
    numbers = {each.question.id: each.number for each in number_questions(batch.questionnaire)}
    column = question_column(numbers[problem.path])
    return _fault(problem.code, row.number, column, row.cells.get(problem.path, ""))


def _fault(code: str, row: int, column: int, value: str = "") -> SheetFault:
    return SheetFault(code, KEYING_SHEET, f"{get_column_letter(column)}{row}", value.strip()[:40])


def _in_order(faults: Sequence[SheetFault]) -> list[SheetFault]:
    """One fault a cell, the first that was found, as one reads the sheet."""
    by_cell = {fault.cell: fault for fault in reversed(faults)}
    return sorted(by_cell.values(), key=lambda fault: _place(fault.cell))


def _place(cell: str) -> tuple[int, int]:
    column, row = coordinate_from_string(cell)
    return row, column_index_from_string(column)
