"""The workbook for keying offline: filled in, taken whole, or refused with every faulty cell."""

import io
import zipfile

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from survey.models import PaperWorkbook
from survey.reports.paper_template import render_template
from survey.services import paper_batches, paper_keying, paper_workbook
from survey.services.paper_batches import Batch
from survey.services.paper_problems import PaperRefused, WorkbookRefused
from survey.services.paper_progress import KeyingCounts, close_batch, get_progress
from survey.services.paper_workbook import import_workbook
from survey.store.database import Session
from tests import factories
from tests.paper import ANSWERS, TODAY, add_people, key, make_batch, stored_response, workbook_with

OTHER = {**ANSWERS, "q01": 1}


@pytest.fixture(autouse=True)
def small_round(session: Session) -> None:
    factories.open_small_round(session)


@pytest.fixture
def people(session: Session) -> list[int]:
    return add_people(session, "a", "b", "c")


@pytest.fixture
def batch(session: Session) -> Batch:
    return make_batch(session)


def take(session, batch, content, person):
    return import_workbook(session, batch, content, account_id=person, today=TODAY)


def faults_of(session, batch, content, person):
    with pytest.raises(WorkbookRefused) as caught:
        take(session, batch, content, person)
    return [(fault.code, fault.cell) for fault in caught.value.faults]


def edited(content, change):
    book = load_workbook(io.BytesIO(content))
    change(book)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_a_template_lists_every_number_and_the_codes(batch):
    book = load_workbook(io.BytesIO(render_template(batch, {}, "vi")))
    sheet = book[paper_workbook.KEYING_SHEET]
    assert [sheet.cell(row, 1).value for row in (4, 8, 9)] == [
        batch.serial_text(1),
        batch.serial_text(5),
        None,
    ]
    assert sheet["D3"].value == "Câu 2. Thái độ phục vụ"
    lists = {str(rule.sqref): rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert lists["D4:D8"] == '"1,2,3"'
    assert book[paper_workbook.IDENTITY_SHEET].sheet_state == "veryHidden"


def test_the_workbook_of_an_english_batch_is_worded_as_its_forms(session, people):
    batch = make_batch(session, language="en")
    sheet = load_workbook(io.BytesIO(render_template(batch, {}, "vi")))[paper_workbook.KEYING_SHEET]
    assert sheet["D3"].value == "Câu 2. Attitude"
    take(session, batch, workbook_with(batch, {1: ANSWERS}), people[0])
    key(session, batch, 1, people[1], ANSWERS)
    response = stored_response(session)
    assert response.language == "en"


def test_two_workbooks_of_two_people_settle_the_forms(session, batch, people):
    assert take(session, batch, workbook_with(batch, {1: ANSWERS, 3: None}), people[0]).first == 2
    counts = take(session, batch, workbook_with(batch, {1: ANSWERS, 3: None, 4: OTHER}), people[1])
    assert (counts.first, counts.stored, counts.spoilt) == (1, 1, 1)
    progress = get_progress(session, batch)
    assert (progress.stored, progress.spoilt) == ((1,), (3,))
    assert progress.keyings == KeyingCounts(workbook=5)
    key(session, batch, 4, people[2], OTHER)
    key(session, batch, 5, people[2], OTHER)
    assert get_progress(session, batch).keyings == KeyingCounts(screen=2, workbook=5)


def test_one_workbook_sent_by_two_accounts_is_no_double_entry(session, batch, people):
    content = workbook_with(batch, {1: ANSWERS, 3: None})
    take(session, batch, content, people[0])
    saved_again = workbook_with(batch, {1: {**ANSWERS, "why": "Chờ lâu "}, 3: None})
    assert saved_again != content
    for other in (content, saved_again):
        with pytest.raises(PaperRefused) as caught:
            take(session, batch, other, people[1])
        assert caught.value.reason == "workbook_of_another"
    assert get_progress(session, batch).keyed_once == (1, 3)


def test_closing_the_batch_deletes_the_marks_of_its_workbooks(session, batch, people):
    take(session, batch, workbook_with(batch, {1: None}), people[0])
    key(session, batch, 1, people[1], None)
    paper_batches.count_forms(session, batch.round_code, batch.code, handed_out=1, returned=1)
    close_batch(session, batch.round_code, batch.code, TODAY, closed_by="Lan")
    assert session.scalars(select(PaperWorkbook)).all() == []


def test_a_workbook_does_not_settle_more_forms_than_came_back(session, batch, people):
    paper_batches.count_forms(session, batch.round_code, batch.code, handed_out=2, returned=1)
    take(session, batch, workbook_with(batch, {1: ANSWERS, 2: ANSWERS}), people[0])
    with pytest.raises(PaperRefused) as caught:
        take(session, batch, workbook_with(batch, {1: ANSWERS, 2: ANSWERS, 3: None}), people[1])
    assert caught.value.reason == "all_returned_settled"


def test_a_workbook_is_one_keying_beside_the_screen(session, batch, people):
    key(session, batch, 1, people[0], ANSWERS)
    assert take(session, batch, workbook_with(batch, {1: OTHER}), people[1]).differs == 1


def test_the_same_file_again_changes_nothing(session, batch, people):
    content = workbook_with(batch, {1: ANSWERS, 2: ANSWERS})
    take(session, batch, content, people[0])
    assert take(session, batch, content, people[0]).repeated == 2
    more = workbook_with(batch, {1: ANSWERS, 2: ANSWERS, 3: None})
    counts = take(session, batch, more, people[0])
    assert (counts.first, counts.repeated) == (1, 2)


def test_every_faulty_cell_is_named_and_nothing_is_taken(session, batch, people):
    def spoil(book):
        sheet = book[paper_workbook.KEYING_SHEET]
        sheet["C4"], sheet["D4"] = "2", "3"  # off the path
        sheet["C5"], sheet["D5"], sheet["F5"] = "1", "9", "999"
        sheet["A6"], sheet["C6"] = "L9999-0001", "1"
        sheet["B7"], sheet["D7"] = "hỏng", "9"
        sheet["C8"] = "=1+1"
        sheet["I8"] = "x"

    content = edited(render_template(batch, {}, "vi"), spoil)
    assert faults_of(session, batch, content, people[0]) == [
        ("off_path", "D4"),
        ("not_an_option", "D5"),
        ("too_large", "F5"),
        ("serial_unknown", "A6"),
        ("not_a_mark", "B7"),
        ("not_an_option", "D7"),
        ("formula", "C8"),
        ("beyond", "I8"),
    ]
    assert len(get_progress(session, batch).not_keyed) == 5


def test_a_row_that_names_no_form_or_one_named_above_has_its_answers_checked_too(session, batch, people):
    def spoil(book):
        sheet = book[paper_workbook.KEYING_SHEET]
        sheet["B4"], sheet["C4"] = "q", "9"
        sheet["A5"], sheet["D5"] = sheet["A4"].value, "8"
        sheet["A6"], sheet["F6"] = "L9999-0001", "abc"
        sheet["B7"], sheet["G7"] = "x", "1"

    content = edited(render_template(batch, {}, "vi"), spoil)
    assert faults_of(session, batch, content, people[0]) == [
        ("not_a_mark", "B4"),
        ("not_an_option", "C4"),
        ("serial_twice", "A5"),
        ("not_an_option", "D5"),
        ("serial_unknown", "A6"),
        ("not_a_number", "F6"),
        ("spoilt_with_answers", "G7"),
    ]


def test_what_cannot_be_keyed_any_more_is_said_beside_its_faulty_answers(session, batch, people):
    key(session, batch, 1, people[0], ANSWERS)

    def spoil(book):
        book[paper_workbook.KEYING_SHEET]["C4"] = "9"

    content = edited(workbook_with(batch, {1: ANSWERS}), spoil)
    assert faults_of(session, batch, content, people[0]) == [("keyed_by_you", "A4"), ("not_an_option", "C4")]


def test_a_row_of_dashes_is_no_form(session, batch, people):
    def fill(book):
        book[paper_workbook.KEYING_SHEET]["C4"] = "-"

    content = edited(workbook_with(batch, {2: ANSWERS}), fill)
    assert faults_of(session, batch, content, people[0]) == [("row_without_answer", "B4")]


def test_of_very_many_faults_the_first_are_listed_and_all_are_counted(session, people):
    batch = make_batch(session, printed=60)

    def spoil(book):
        for row in range(4, 64):
            for column in "CDEF":
                book[paper_workbook.KEYING_SHEET][f"{column}{row}"] = "999"

    with pytest.raises(WorkbookRefused) as caught:
        take(session, batch, edited(render_template(batch, {}, "vi"), spoil), people[0])
    assert (len(caught.value.faults), caught.value.fault_count) == (200, 240)


def test_numbers_that_a_program_made_of_digits_are_read(session, batch, people):
    def fill(book):
        sheet = book[paper_workbook.KEYING_SHEET]
        sheet["C4"], sheet["D4"], sheet["F4"] = 1, 3.0, 85

    take(session, batch, edited(render_template(batch, {}, "vi"), fill), people[0])
    assert paper_keying.find_own_keying(session, batch, 1, people[0]).answers == {
        "visited": "yes",
        "q01": 3,
        "expected": 85,
    }


def test_a_serial_that_stands_twice_is_a_fault(session, batch, people):
    def repeat(book):
        sheet = book[paper_workbook.KEYING_SHEET]
        sheet["C4"], sheet["A5"], sheet["C5"] = "1", sheet["A4"].value, "1"

    assert faults_of(session, batch, edited(render_template(batch, {}, "vi"), repeat), people[0]) == [
        ("serial_twice", "A5")
    ]


def test_forms_that_this_person_keyed_otherwise_are_faults(session, batch, people):
    key(session, batch, 1, people[0], ANSWERS)
    content = workbook_with(batch, {1: OTHER, 2: ANSWERS})
    assert faults_of(session, batch, content, people[0]) == [("keyed_by_you", "A4")]
    assert 2 in get_progress(session, batch).not_keyed


def test_the_workbook_of_another_batch_is_refused(session, batch, people):
    other = workbook_with(make_batch(session), {1: ANSWERS})
    assert faults_of(session, batch, other, people[0]) == [("other_batch", "")]


def test_an_empty_template_is_refused(session, batch, people):
    assert faults_of(session, batch, render_template(batch, {}, "vi"), people[0]) == [("nothing_keyed", "")]


def test_a_workbook_of_somebody_else_is_refused(session, batch, people):
    def rename(book):
        book[paper_workbook.KEYING_SHEET].title = "Sheet1"

    content = edited(workbook_with(batch, {1: ANSWERS}), rename)
    assert faults_of(session, batch, content, people[0]) == [("sheet_missing", "")]


def zipped(parts):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def with_part(content, name, data):
    target = io.BytesIO(content)
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr(name, data)
    return target.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "not_a_workbook"),
        (b"so phieu;1;2", "not_a_workbook"),
        (zipped({"a.txt": "a"}), "not_a_workbook"),
        (
            zipped({"xl/workbook.xml": '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "a">]><x/>'}),
            "not_a_workbook",
        ),
        (zipped({"a.xml": "<?xml version='1.0'?>" + " " * 9000 + "<!DOCTYPE x []><x/>"}), "not_a_workbook"),
        (zipped({"a.xml": '<?xml version="1.0"?><!DOCTYPE x []><x/>'.encode("utf-16")}), "not_a_workbook"),
        (zipped({"a.xml": '<?xml version="1.0" encoding="utf-7"?><x/>'}), "not_a_workbook"),
        (zipped({"xl/sheet.xml": b"0" * (7 * 1024 * 1024)}), "file_too_large"),
        (zipped({"xl/sharedStrings.xml": b"0" * (3 * 1024 * 1024)}), "file_too_large"),
        (zipped({f"xl/{number}.xml": "" for number in range(101)}), "file_too_large"),
        (b"0" * (paper_workbook.LARGEST_FILE + 1), "file_too_large"),
    ],
    ids=[
        "empty",
        "text",
        "zip",
        "doctype",
        "late-doctype",
        "utf-16",
        "encoding",
        "bomb",
        "strings",
        "parts",
        "large",
    ],
)
def test_harmful_and_broken_files_are_refused_before_they_are_read(session, batch, people, content, code):
    assert faults_of(session, batch, content, people[0]) == [(code, "")]


def test_macros_are_refused(session, batch, people):
    content = with_part(workbook_with(batch, {1: ANSWERS}), "xl/vbaProject.bin", b"macro")
    assert faults_of(session, batch, content, people[0]) == [("file_with_macros", "")]


def test_a_cut_file_is_refused(session, batch, people):
    content = workbook_with(batch, {1: ANSWERS})
    assert faults_of(session, batch, content[: len(content) // 2], people[0]) == [("not_a_workbook", "")]


@pytest.mark.parametrize("cell", ["C1048576", "A12", "D2000"])
def test_what_stands_below_the_last_form_is_a_fault_and_not_lost(session, batch, people, cell):
    def far(book):
        book[paper_workbook.KEYING_SHEET][cell] = "1"
        book[paper_workbook.KEYING_SHEET]["C4"] = "1"

    content = edited(render_template(batch, {}, "vi"), far)
    codes = [code for code, _cell in faults_of(session, batch, content, people[0])]
    assert "serial_unknown" in codes


@pytest.mark.parametrize("cell", ["J4", "AA4", "XFD5"])
def test_what_stands_beside_the_questions_is_a_fault(session, batch, people, cell):
    def beside(book):
        book[paper_workbook.KEYING_SHEET][cell] = "1"
        book[paper_workbook.KEYING_SHEET]["C4"] = "1"

    content = edited(render_template(batch, {}, "vi"), beside)
    assert ("beyond", cell) in faults_of(session, batch, content, people[0])


def test_columns_that_were_moved_or_put_in_are_faults(session, batch, people):
    def swapped(book):
        sheet = book[paper_workbook.KEYING_SHEET]
        for row in range(3, 9):
            first, second = sheet.cell(row, 4), sheet.cell(row, 5)
            first.value, second.value = second.value, first.value

    content = workbook_with(batch, {1: ANSWERS})
    wrong = faults_of(session, batch, edited(content, swapped), people[0])
    assert wrong == [("other_head", "D3"), ("other_head", "E3")]
    put_in = edited(content, lambda book: book[paper_workbook.KEYING_SHEET].insert_cols(5))
    assert faults_of(session, batch, put_in, people[0])[0] == ("other_head", "E3")
