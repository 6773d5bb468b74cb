"""Answers beside the ratings as files: counts on a sheet of the workbook, comments in a file of their own."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from questionnaires.model import Text
from survey.reports.columns import Column, Row, columns_of
from survey.reports.csv_files import render_csv
from survey.reports.figure_words import NOTHING
from survey.reports.labels import (
    DEMONSTRATION,
    DEMONSTRATION_MARK,
    REASONS,
    SELECTIONS,
    SURVEY_DATA,
    words_of,
)
from survey.reports.sheet_writer import SheetWriter
from survey.reports.workbook_sheets import Table
from survey.services.further_answers import AnswerTable, CountCell, FurtherAnswers

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

SHEET_NAME = Text(vi="Câu trả lời khác", en="Other answers")
UNWEIGHTED = Text(
    vi="Số đếm không có quyền số, không có khoảng tin cậy; không suy rộng ra tổng thể.",
    en="Unweighted counts without intervals; they say nothing of the population.",
)
_SEVERAL = Text(vi="được chọn nhiều phương án", en="several options allowed")
_COLUMNS = (
    *columns_of("form", "pulse_question", "option", "selection"),
    Column(Text(vi="Số người chọn", en="Chosen by"), "count", 11),
    *columns_of("answers"),
    Column(Text(vi="Tỷ lệ, không có quyền số", en="Share, unweighted"), "share", 14),
)


def further_table(answers: Iterable[FurtherAnswers], language: str) -> Table:
    """A row an option and selection."""
    rows = [row for form in answers for table in form.tables for row in _rows(form, table, language)]
    return Table(list(_COLUMNS), rows)


def write_further_sheet(
    sheet: "Worksheet", writer: SheetWriter, answers: list[FurtherAnswers], language: str
) -> None:
    """The counts of every questionnaire; what people wrote is on no sheet."""
    first = answers[0]
    name, title = SHEET_NAME.in_language(language), first.round_title.in_language(language)
    mark = DEMONSTRATION.in_language(language) if first.is_demonstration else ""
    top = writer.write_titles(sheet, mark, f"{name}: {title}", [UNWEIGHTED.in_language(language)])
    writer.write_table(sheet, top, further_table(answers, language))
    printed_mark = DEMONSTRATION_MARK.in_language(language) if first.is_demonstration else ""
    writer.set_print(sheet, printed_mark, f"{name} · {title}", top)


def render_comments_csv(answers: FurtherAnswers, language: str = "vi") -> bytes:
    """What people wrote: no day, no receipt, no unit where few answered, and an order that says nothing."""
    mark = (DEMONSTRATION_MARK if answers.is_demonstration else SURVEY_DATA).in_language(language)
    heads = ("data", "round_code", "form", "question", "question_text", "unit_code", "unit", "comment")
    rows = (
        (
            *(mark, answers.round_code, answers.form_id, comment.question_id),
            *(comment.question.in_language(language), comment.unit_code),
            comment.unit_name.in_language(language) if comment.unit_name else None,
            comment.text,
        )
        for comment in answers.comments
    )
    return render_csv(heads, rows)


def _rows(form: FurtherAnswers, table: AnswerTable, language: str) -> Iterator[Row]:
    question = table.question.in_language(language)
    if table.is_multiple:
        question = f"{question} ({_SEVERAL.in_language(language)})"
    for line in table.lines:
        for selection, answered, cell in zip(form.selections, table.answer_counts, line.cells, strict=True):
            yield [
                form.form_id,
                question,
                line.label.in_language(language),
                words_of(SELECTIONS, selection, language),
                *_count(cell, answered, language),
            ]


def _count(cell: CountCell, answered: int, language: str) -> Row:
    if cell.count is None or cell.share is None:
        return [words_of(REASONS, cell.reason, language), answered, NOTHING]
    return [cell.count, answered, cell.share]
