"""Writes titles, tables and notes to sheets: numbers as numbers, texts as texts, the print set-up."""

import textwrap
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from survey.reports.columns import Cell, Column, Row
from survey.reports.method_notes import MethodNote
from survey.reports.workbook_sheets import EMPTY, Table

INK, SOFT, LINE, ACCENT = "#1B2430", "#55606E", "#D5DAE1", "#0B5F6B"
HEAD_GROUND, WARNING = "#E9EDF1", "#7A4F00"
VERDICT_COLOURS = {"✓": "#1B6B3A", "✕": "#A3261D", "≈": "#7A4F00"}
FONT_NAME, FONT_SIZE = "Arial", 10
PAPER_A4 = 9
LINE_HEIGHT, ROW_PADDING = 12.75, 2.25
# Characters of the font that stand on one unit of a column's width; bold ones are wider.
DENSITY, BOLD_DENSITY = 1.2, 1.05
LONGEST_HEADER = 100
# A longer line would make the printed page wider than its table.
LEAD_LENGTH = 150
SUBJECT_WIDTH, EXPLANATION_WIDTH = 36, 112
HEADING_HEIGHT = 24

NUMBER_FORMATS = {
    "count": "#,##0",
    "share": "0.0%",
    "error": "0.00%",
    "score": "0.00",
    "points": '0.0"%"',
    "degrees": "#,##0",
    "effect": "0.00",
}


class SheetWriter:
    """The formats of a workbook, each made once, and the language of its heads."""

    def __init__(self, workbook: Workbook, language: str) -> None:
        self._workbook = workbook
        self._language = language
        self._formats: dict[tuple[tuple[str, Any], ...], Format] = {}

    def write_titles(self, sheet: Worksheet, mark: str, title: str, leads: list[str]) -> int:
        """Write mark, title and lead lines from the first row; return the row where a table may begin."""
        lines = [(mark, self._format(bold=True, font_size=12, font_color=WARNING))] if mark else []
        lines.append((title, self._format(bold=True, font_size=14)))
        lines.extend((line, self._format(font_color=SOFT)) for lead in leads for line in _broken(lead))
        for row, (words, style) in enumerate(lines):
            sheet.set_row(row, style.font_size * 1.5)
            sheet.write_string(row, 0, words, style)
        return len(lines) + 1

    def write_table(self, sheet: Worksheet, top: int, table: Table) -> int:
        """Write the sheet's one table from row `top`; return the row below it."""
        below = self._write_rows(sheet, top, table)
        if table.rows:
            sheet.autofilter(top, 0, below - 1, len(table.columns) - 1)
            return below
        sheet.write_string(below, 0, EMPTY.in_language(self._language), self._format(font_color=SOFT))
        return below + 1

    def write_block(self, sheet: Worksheet, top: int, title: str, table: Table) -> int:
        """Write a titled table among others on one sheet; return the row below it."""
        sheet.write_string(top, 0, title, self._format(bold=True, font_size=11))
        return self._write_rows(sheet, top + 1, table)

    def _write_rows(self, sheet: Worksheet, top: int, table: Table) -> int:
        self._write_heads(sheet, top, table.columns)
        for position, row in enumerate(table.rows):
            sheet.set_row(top + 1 + position, _height(row, table.columns))
            for number, cell in enumerate(row):
                indent = int(number > 0 or position in table.sub_rows)
                self._write_cell(sheet, top + 1 + position, number, table.columns[number], cell, indent)
        for number, column in enumerate(table.columns):
            sheet.set_column(number, number, column.width)
        return top + 1 + len(table.rows)

    def _write_heads(self, sheet: Worksheet, row: int, columns: list[Column]) -> None:
        words = [column.head.in_language(self._language) for column in columns]
        lines = max(
            _line_count(head, column.width, BOLD_DENSITY) for head, column in zip(words, columns, strict=True)
        )
        sheet.set_row(row, lines * LINE_HEIGHT + 2 * ROW_PADDING)
        for number, column in enumerate(columns):
            place = {"align": "right"} if column.kind in NUMBER_FORMATS else _indented(number > 0)
            style = self._format(
                bold=True, text_wrap=True, bg_color=HEAD_GROUND, bottom=1, bottom_color=SOFT, **place
            )
            sheet.write_string(row, number, words[number], style)

    def _write_cell(
        self, sheet: Worksheet, row: int, number: int, column: Column, cell: Cell, indent: int = 0
    ) -> None:
        if isinstance(cell, str):
            # write_string, so that a text that begins with "=" never becomes a formula.
            sheet.write_string(row, number, cell, self._text_format(column, cell, indent))
        else:
            number_format = NUMBER_FORMATS[column.kind]
            style = self._format(num_format=number_format, bottom=1, bottom_color=LINE)
            sheet.write_number(row, number, cell, style)

    def write_notes(self, sheet: Worksheet, top: int, notes: list[MethodNote]) -> None:
        """Write subjects in the first column and their explanations in the second."""
        sheet.set_column(0, 0, SUBJECT_WIDTH)
        sheet.set_column(1, 1, EXPLANATION_WIDTH)
        heading = self._format(bold=True, font_size=11, font_color=ACCENT, bottom=1, bottom_color=ACCENT)
        subject = self._format(bold=True, text_wrap=True, bottom=1, bottom_color=LINE)
        explanation = self._format(text_wrap=True, bottom=1, bottom_color=LINE)
        for row, note in enumerate(notes, start=top):
            lines = _line_count(note.explanation, EXPLANATION_WIDTH, DENSITY)
            sheet.set_row(row, lines * LINE_HEIGHT + ROW_PADDING if note.explanation else HEADING_HEIGHT)
            sheet.write_string(row, 0, note.subject, subject if note.explanation else heading)
            sheet.write_string(row, 1, note.explanation, explanation if note.explanation else heading)

    def set_print(
        self, sheet: Worksheet, mark: str, title: str, head_row: int | None, *, is_portrait: bool = False
    ) -> None:
        """A4, one page wide, heads on every page, the mark above and the page number below."""
        sheet.hide_gridlines(2)
        if not is_portrait:
            sheet.set_landscape()
        sheet.set_paper(PAPER_A4)
        sheet.set_margins(left=0.5, right=0.5, top=0.7, bottom=0.7)
        sheet.fit_to_pages(1, 0)
        if mark:
            sheet.set_header(f"&C&B{_in_header(mark)}")
        demonstration = f"{_in_header(mark)} · " if mark else ""
        page = "Page" if self._language == "en" else "Trang"
        sheet.set_footer(f"&L{demonstration}{_in_header(title)}&R{page} &P/&N")
        if head_row is not None:
            sheet.repeat_rows(head_row)

    def _text_format(self, column: Column, text: str, indent: int) -> Format:
        line = {"bottom": 1, "bottom_color": LINE, **_indented(indent > 0)}
        if column.kind in NUMBER_FORMATS:
            return self._format(**{**line, "align": "right", "indent": 0}, italic=True, font_color=SOFT)
        if column.kind == "verdict":
            return self._format(bold=True, font_color=VERDICT_COLOURS.get(text[:1], SOFT), **line)
        if column.kind == "long":
            return self._format(text_wrap=True, **line)
        return self._format(num_format="@", **line)

    def _format(self, **properties: Any) -> Format:
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            font = {"font_name": FONT_NAME, "font_size": FONT_SIZE, "font_color": INK, "valign": "top"}
            self._formats[key] = self._workbook.add_format({**font, **properties})
        return self._formats[key]


def _in_header(text: str) -> str:
    """Text for a print header, where `&` begins a code."""
    return text[:LONGEST_HEADER].replace("&", "&&")


def _indented(is_indented: bool) -> dict[str, Any]:
    """A small distance from the number or the edge on the left; Excel asks for the alignment with it."""
    return {"align": "left", "indent": int(is_indented)}


def _height(row: Row, columns: list[Column]) -> float:
    """Points for the longest wrapped text; said here, since not every program adapts the rows it opens."""
    wrapped = [
        _line_count(cell, column.width, DENSITY)
        for cell, column in zip(row, columns, strict=True)
        if isinstance(cell, str) and column.kind == "long"
    ]
    return max([1, *wrapped]) * LINE_HEIGHT + ROW_PADDING


def _line_count(text: str, width: float, density: float) -> int:
    return max(1, len(textwrap.wrap(text, max(1, int(width * density)))))


def _broken(lead: str) -> list[str]:
    """Lines that are short enough; none begins with a middle dot."""
    lines = textwrap.wrap(lead.replace(" · ", "\N{NO-BREAK SPACE}· "), LEAD_LENGTH)
    return [line.replace("\N{NO-BREAK SPACE}", " ") for line in lines]
