"""The workbook in which a unit keys forms offline: a row a form, a column a question, the codes as lists."""

import io
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from questionnaires.model import Question, Text
from survey.services import paper_workbook as layout
from survey.services.paper_batches import Batch
from survey.services.paper_codes import NumberedQuestion, is_one_key, number_questions, paper_options

INK, SOFT, LINE, HEAD_GROUND, INPUT_GROUND = "#1B2430", "#55606E", "#D5DAE1", "#E9EDF1", "#FFFFFF"
FONT = {"font_name": "Arial", "font_size": 10, "font_color": INK}
# Excel cuts a message off at 255 characters and its title at 32.
LONGEST_MESSAGE = 250
LONGEST_LIST = 255

TITLE = Text(vi="Nhập phiếu giấy, lô {batch}: {form}", en="Keying of paper forms, batch {batch}: {form}")
HOW = Text(
    vi="Mỗi dòng là một phiếu; nhập đúng chữ số in cạnh ô được đánh dấu. Để trống nếu không trả lời "
    "hoặc không đọc được. Câu chọn nhiều ô: ghi các số cách nhau bằng dấu phẩy. Phiếu hỏng: ghi x ở cột B, "
    "không nhập gì thêm. Dòng không nhập gì sẽ được bỏ qua.",
    en="One row is one form; key the digit printed beside the ticked box. Leave a cell empty for no answer "
    "or an unreadable one. Several boxes: numbers with commas. Spoilt form: x in column B and nothing else. "
    "Rows with nothing keyed are passed over.",
)
SERIAL = Text(vi="Số hiệu phiếu", en="Form no.")
SPOILT = Text(vi="Hỏng (x)", en="Spoilt (x)")
NUMBER = Text(vi="Câu {number}", en="No. {number}")
CODE_HEADS = (
    Text(vi="Câu", en="No."),
    Text(vi="Nội dung", en="Question"),
    Text(vi="Nhập", en="Key"),
    Text(vi="Nghĩa là", en="Meaning"),
)
WHOLE_NUMBER = Text(vi="Số nguyên từ {min} đến {max}.", en="A whole number from {min} to {max}.")
SEVERAL = Text(vi="Có thể nhiều số, cách nhau bằng dấu phẩy.", en="Several numbers, with commas.")
WORDS = Text(vi="Nhập đúng lời viết trên phiếu.", en="Key the words as they are written.")
FROM_CODES = Text(
    vi="Nhập mã trong trang “{sheet}”, hoặc số in cạnh ô.",
    en="A code of the sheet “{sheet}”, or the printed number.",
)
WRONG = Text(vi="Mã này không có trên phiếu", en="This number is not on the form")

Catalogue = dict[str, list[tuple[str, Text]]]


def render_template(batch: Batch, catalogue: Catalogue, language: str) -> bytes:
    """The workbook of a batch; `catalogue` lists the codes of questions that have no boxes.

    `language` is that of whoever keys; questions and options are worded as on the forms of the batch.
    """
    target = io.BytesIO()
    with Workbook(target, {"in_memory": True, "strings_to_numbers": False}) as book:
        book.set_properties({"title": batch.code})
        writer = _TemplateWriter(book, batch, catalogue, language)
        writer.write_keying(book.add_worksheet(layout.KEYING_SHEET))
        writer.write_codes(book.add_worksheet(layout.CODES_SHEET))
        writer.write_identity(book.add_worksheet(layout.IDENTITY_SHEET))
    return target.getvalue()


class _TemplateWriter:
    """Writes the three sheets of one template."""

    def __init__(self, book: Workbook, batch: Batch, catalogue: Catalogue, language: str) -> None:
        self._batch = batch
        self._catalogue = catalogue
        self._language = language
        self._numbered = number_questions(batch.questionnaire)
        self._title = book.add_format({**FONT, "bold": True, "font_size": 13})
        self._soft = book.add_format({**FONT, "font_color": SOFT, "text_wrap": True, "valign": "top"})
        self._head = book.add_format(
            {**FONT, "bold": True, "text_wrap": True, "valign": "top", "bg_color": HEAD_GROUND, "border": 1}
        )
        self._serial = book.add_format({**FONT, "bg_color": HEAD_GROUND, "bottom": 1, "bottom_color": LINE})
        # Text, so that no program makes a date or a sum of what is keyed.
        self._input = book.add_format({**FONT, "num_format": "@", "bottom": 1, "bottom_color": LINE})
        self._wrapped = book.add_format({**FONT, "text_wrap": True, "valign": "top"})

    def write_keying(self, sheet: Worksheet) -> None:
        first, last = layout.FIRST_ROW - 1, layout.FIRST_ROW + self._batch.printed_count - 2
        title = self._batch.questionnaire.short_title.in_language(self._language)
        sheet.write_string(0, 0, self._in(TITLE, batch=self._batch.code, form=title), self._title)
        width = layout.FIRST_QUESTION_COLUMN + 6
        sheet.merge_range(1, 0, 1, width, self._in(HOW), self._soft)
        sheet.set_row(1, 45)
        sheet.set_row(2, 75)
        sheet.write_string(2, 0, self._in(SERIAL), self._head)
        sheet.write_string(2, 1, self._in(SPOILT), self._head)
        sheet.set_column(0, 0, 13)
        sheet.set_column(1, 1, 8)
        for serial in range(1, self._batch.printed_count + 1):
            sheet.write_string(first + serial - 1, 0, self._batch.serial_text(serial), self._serial)
        sheet.data_validation(
            first,
            1,
            last,
            1,
            {"validate": "list", "source": [layout.SPOILT_MARK], "error_title": self._in(WRONG)},
        )
        for numbered in self._numbered:
            self._write_column(sheet, numbered, first, last)
        sheet.freeze_panes(first, layout.FIRST_QUESTION_COLUMN - 1)

    def _write_column(self, sheet: Worksheet, numbered: NumberedQuestion, first: int, last: int) -> None:
        question = numbered.question
        column = layout.question_column(numbered.number) - 1
        words = self._on_paper(question.text)
        number = self._in(NUMBER, number=numbered.number)
        sheet.write_string(2, column, f"{number}. {words}", self._head)
        is_text = question.kind in ("short_text", "long_text") or question.options_from is not None
        sheet.set_column(column, column, 28 if is_text else 13, self._input)
        rule = self._rule(question)
        message = self._message(question)
        sheet.data_validation(
            first,
            column,
            last,
            column,
            {
                **rule,
                "ignore_blank": True,
                "input_title": number,
                "input_message": message[:LONGEST_MESSAGE],
                "error_title": self._in(WRONG),
                "error_message": message[:LONGEST_MESSAGE],
            },
        )

    def _rule(self, question: Question) -> dict[str, Any]:
        codes = [option.number for option in paper_options(question)]
        is_short = len(",".join(codes)) <= LONGEST_LIST
        is_choice = is_one_key(question) or (question.kind == "single" and question.options_from is None)
        # Numbers are not checked here: the cells are text, and a program may turn them into numbers or not.
        return {"validate": "list", "source": codes} if is_choice and is_short else {"validate": "any"}

    def _message(self, question: Question) -> str:
        if question.kind in ("number", "percentage"):
            return self._in(WHOLE_NUMBER, min=question.min, max=question.max)
        if question.options_from is not None:
            return self._in(FROM_CODES, sheet=layout.CODES_SHEET)
        options = [f"{each.number} = {self._on_paper(each.label)}" for each in paper_options(question)]
        if question.kind == "multiple":
            options.insert(0, self._in(SEVERAL))
        return "\n".join(options) or self._in(WORDS)

    def write_codes(self, sheet: Worksheet) -> None:
        """Every number with what it means, and the codes of the catalogue."""
        for column, (head, width) in enumerate(zip(CODE_HEADS, (6, 60, 14, 70), strict=True)):
            sheet.write_string(0, column, self._in(head), self._head)
            sheet.set_column(column, column, width)
        row = 1
        for numbered in self._numbered:
            words = self._on_paper(numbered.question.text)
            listed = [(each.number, each.label) for each in paper_options(numbered.question)]
            for code, label in [*listed, *self._catalogue.get(numbered.question.id, [])]:
                sheet.write_number(row, 0, numbered.number, self._wrapped)
                sheet.write_string(row, 1, words, self._wrapped)
                sheet.write_string(row, 2, code, self._wrapped)
                sheet.write_string(row, 3, self._on_paper(label), self._wrapped)
                row += 1
        sheet.freeze_panes(1, 0)

    def write_identity(self, sheet: Worksheet) -> None:
        """Which batch and version the file is for; hidden, and asked for when the file comes back."""
        values = layout.identity_values(self._batch)
        for row, (name, value) in enumerate(zip(layout.IDENTITY_NAMES, values, strict=True)):
            sheet.write_string(row, 0, name)
            sheet.write_string(row, 1, value)
        sheet.very_hidden()

    def _on_paper(self, text: Text) -> str:
        return text.in_language(self._batch.language)

    def _in(self, text: Text, **values: object) -> str:
        words = text.in_language(self._language)
        return words.format(**values) if values else words
