"""Responses by interviewers beside the visits in which somebody was interviewed."""

from uuid import uuid4

import pytest

from survey.reports.quality_words import interviews_words, signs_words
from survey.services import assignments
from survey.services.quality_values import Interviews
from survey.services.visits import NewVisit, record_visit
from survey.store.database import Session
from tests import deliveries
from tests.quality_rounds import SUSPECT, UNITS, Send, line_of, report_of
from tests.rounds import NOW, ROUND_CODE, TODAY

HEADING = "number,questionnaire,unit,place,note,device"


def visit(session: Session, *outcomes: str) -> None:
    """Visits with these outcomes, each at a place of its own."""
    tablet = deliveries.enrol(session, kind="interviewer", round_code=ROUND_CODE, unit_code=SUSPECT, now=NOW)
    rows = [f"{place},tthc,{SUSPECT},Nhà {place},,{tablet.code}" for place in range(len(outcomes))]
    assignments.import_assignments(session, ROUND_CODE, "\n".join([HEADING, *rows]).encode())
    for own, outcome in zip(assignments.list_for_device(session, tablet), outcomes, strict=True):
        record_visit(session, tablet, NewVisit(uuid4(), own.id, outcome, TODAY), today=TODAY)


@pytest.mark.parametrize(("completed", "signs"), [(2, ("interviews",)), (3, ())])
def test_more_interviews_than_completed_visits_are_a_sign(
    session: Session, send: Send, completed: int, signs: tuple[str, ...]
) -> None:
    send(3, channel="interviewer")
    send(7, channel="paper")
    visit(session, *["completed"] * completed, "refused")

    line = line_of(report_of(session))

    assert (line.n, line.interviews, line.signs) == (10, Interviews(3, completed), signs)
    assert line_of(report_of(session), UNITS[1]).interviews is None


def test_interviews_without_any_visit_are_a_sign_and_counted(session: Session, send: Send) -> None:
    send(30, channel="interviewer")

    report = report_of(session)
    line = line_of(report)

    assert report.response_count == 30
    assert report.standing_out == (line,)
    assert interviews_words(line.interviews, "vi") == "30 phiếu phỏng vấn, 0 lượt đến hoàn thành"
    assert signs_words(line, "vi") == "Phỏng vấn không có lượt đến"
    assert interviews_words(line.interviews, "en") == "interview responses: 30, completed visits: 0"
