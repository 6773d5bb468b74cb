"""A share that is not reliable enough: without number and verdict on the report and in all that shows it."""

import csv
import io
from dataclasses import replace

import openpyxl
import pytest

from survey.reports.findings import finding
from survey.reports.method_notes import method_notes
from survey.reports.picture import render_scorecard_picture
from survey.reports.tables_csv import render_report_csv, render_scorecard_csv
from survey.reports.workbook import render_workbook
from survey.services.index_report_values import IndexReport
from survey.store.database import Session
from tests import report_values
from tests.factories import OTHER_UNIT_CODE, UNIT_CODE
from tests.rounds import build_report, open_small_round, send_many
from tests.unit.survey.reports.agreement import assert_files_agree

WORDS = "chưa đủ tin cậy"


def report_of(session: Session, satisfied: int, dissatisfied: int) -> IndexReport:
    """A round at one unit, with so many responses."""
    open_small_round(session)
    send_many(session, [(5,)] * satisfied + [(2,)] * dissatisfied)
    return build_report(session)


def test_no_verdict_rests_on_a_share_that_is_not_shown(session: Session) -> None:
    """All 29 are dissatisfied: the interval would lie far below the target."""
    result = report_of(session, 0, 29).find_result("sipas")

    assert result is not None
    assert result.figures.index.satisfied_share.value is None
    assert (result.verdict, result.verdict_reason) == ("inconclusive", "unreliable")
    assert result.further_responses is None
    assert result.figures.index.mean_score.value == pytest.approx(2.0)


def test_one_more_response_makes_the_share_reliable(session: Session) -> None:
    result = report_of(session, 0, 30).find_result("sipas")

    assert result is not None
    assert (result.figures.index.satisfied_share.value, result.verdict) == (0.0, "not_met")
    assert result.figures.index.satisfied_share.marks == ("at_edge",)


def test_every_file_has_the_reason_in_place_of_the_number(session: Session) -> None:
    report = report_of(session, 20, 5)

    workbook, scorecard = render_workbook(report), render_scorecard_csv(report)
    assert_files_agree(
        report, workbook=workbook, report_csv=render_report_csv(report), scorecard_csv=scorecard
    )
    [row] = [row for row in openpyxl.load_workbook(io.BytesIO(workbook)).worksheets[0].values if 25 in row]
    assert WORDS in row
    assert WORDS in next(line for line in scorecard.decode().splitlines() if ",25," in line)
    assert WORDS in render_scorecard_picture(report).decode()
    assert f"Phục vụ của cơ quan hành chính nhà nước: {WORDS}." in finding(report, "vi")


def test_a_mark_stands_beside_the_number_and_is_explained(session: Session) -> None:
    report = report_of(session, 40, 0)

    rows = list(csv.reader(io.StringIO(render_scorecard_csv(report).decode("utf-8-sig"))))
    assert any("100,0% *" in row for row in rows)
    lines = csv.DictReader(io.StringIO(render_report_csv(report).decode("utf-8-sig")))
    assert {line["marks"] for line in lines if line["level"] == "index" and line["n"] == "40"} == {"at_edge"}
    sheets = openpyxl.load_workbook(io.BytesIO(render_workbook(report))).worksheets
    [row] = [row for row in sheets[0].values if 40 in row]
    assert "* cần xem lại: đúng 0% hoặc 100%" in row
    assert "100,0% *" in render_scorecard_picture(report).decode()


def test_the_notes_say_that_units_were_taken_for_the_first_stage(session: Session) -> None:
    open_small_round(session, [UNIT_CODE, OTHER_UNIT_CODE])
    for unit in (UNIT_CODE, OTHER_UNIT_CODE):
        send_many(session, [(5,)] * 20, unit_code=unit)

    notes = {note.subject: note.explanation for note in method_notes(build_report(session), "vi")}

    (of_measure,) = (text for name, text in notes.items() if name.startswith("Phục vụ của cơ quan"))
    assert "không có quyền số" in of_measure
    assert "đơn vị được coi là đơn vị mẫu cấp một" in of_measure
    assert "1 tầng, 2 đơn vị mẫu cấp một" in of_measure


def test_the_notes_of_a_round_at_one_unit_say_whom_the_figures_speak_of(session: Session) -> None:
    notes = method_notes(report_of(session, 40, 0), "vi")

    assert any("số liệu chỉ nói về đơn vị đó" in note.explanation for note in notes)


@pytest.mark.parametrize(("mixed", "is_explained"), [(0, False), (40, True)])
def test_a_design_effect_below_one_is_explained_where_it_is_shown(
    session: Session, mixed: int, is_explained: bool
) -> None:
    """Whoever gives two answers that differ takes variance out of the index."""
    open_small_round(session)
    send_many(session, [(5, 5)] * 30 + [(2, 2)] * 20 + [(5, 2)] * mixed)

    subjects = {note.subject for note in method_notes(build_report(session), "en")}

    assert ("Design effect below 1" in subjects) == is_explained


@pytest.mark.parametrize(("count", "is_said"), [(0, False), (1200, True)])
def test_what_came_after_closing_is_said(count: int, is_said: bool) -> None:
    for language, words in (("vi", "1.200 phiếu đến sau khi đóng đợt"), ("en", "1,200 of these came after")):
        notes = method_notes(replace(report_values.report(), late_count=count), language)
        assert any(words in note.explanation for note in notes) is is_said
