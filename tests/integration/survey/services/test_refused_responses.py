"""What is refused is refused whole: nothing of it is stored, and every problem is named."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from questionnaires.problems import Problem
from survey.models import QuarantinedResponse, Response
from survey.services.problems import (
    AnswersRefused,
    QuestionnaireUnknown,
    RoundNotOpen,
    RoundUnknown,
    SurveyError,
    UnitUnknown,
)
from survey.services.responses import submit_response
from survey.services.rounds import close_round
from survey.store.database import Session
from tests.factories import OTHER_UNIT_CODE, ROUND_CODE
from tests.rounds import (
    TODAY,
    new_response,
    open_small_round,
    open_tthc_round,
    send,
    small_answers,
    tthc_answers,
)


def assert_nothing_stored(session: Session) -> None:
    for model in (Response, QuarantinedResponse):
        assert session.scalars(select(func.count()).select_from(model)).one() == 0


@pytest.mark.parametrize(
    ("place", "error"),
    [
        ({"round_code": "no-such-round"}, RoundUnknown),
        ({"form_id": "tthc"}, QuestionnaireUnknown),
        ({"unit_code": OTHER_UNIT_CODE}, UnitUnknown),
        ({"unit_code": "no-such-unit"}, UnitUnknown),
    ],
)
def test_unknown_place_is_refused(session: Session, place: dict[str, Any], error: type[SurveyError]) -> None:
    open_small_round(session)

    with pytest.raises(error):
        send(session, small_answers(4, 4), **place)

    assert_nothing_stored(session)


@pytest.mark.parametrize("today", [date(2025, 6, 30), date(2100, 1, 1)])
def test_round_is_not_open_before_its_first_and_after_its_last_day(session: Session, today: date) -> None:
    open_small_round(session)

    with pytest.raises(RoundNotOpen):
        submit_response(session, new_response(small_answers(4, 4)), today=today)

    assert_nothing_stored(session)


@pytest.mark.parametrize("today", [date(2025, 7, 1), date(2099, 12, 31)])
def test_first_and_last_day_belong_to_the_round(session: Session, today: date) -> None:
    open_small_round(session)

    assert submit_response(session, new_response(small_answers(4, 4)), today=today).is_new


def test_closed_round_takes_no_response(session: Session) -> None:
    open_small_round(session)
    close_round(session, ROUND_CODE)

    with pytest.raises(RoundNotOpen) as caught:
        submit_response(session, new_response(small_answers(4, 4)), today=TODAY)

    assert caught.value.params["status"] == "closed"
    assert_nothing_stored(session)


@pytest.mark.parametrize(
    ("answers", "problems"),
    [
        ({"q1": 4}, [("required", "came")]),
        ({"came": "no", "q3": 4}, [("off_path", "q3")]),
        ({"came": "no", "q1": 6}, [("not_an_option", "q1")]),
        ({"came": "no", "q1": "4"}, [("wrong_type", "q1")]),
        ({"came": "no", "expected": 201}, [("too_large", "expected")]),
        ({"came": "no", "ways": ("fax",)}, [("not_an_option", "ways")]),
        ({"came": "no", "name": "Lan"}, [("unknown_question", "name")]),
        ({"came": "maybe", "q3": 9, "expected": -1}, [
            ("not_an_option", "came"), ("too_small", "expected"), ("off_path", "q3"),
        ]),
    ],
)  # fmt: skip
def test_faulty_answers_are_refused_with_every_problem(
    session: Session, answers: dict[str, Any], problems: list[tuple[str, str]]
) -> None:
    open_small_round(session)

    with pytest.raises(AnswersRefused) as caught:
        send(session, answers, channel="phone")

    assert [(problem.code, problem.path) for problem in caught.value.problems] == problems
    assert_nothing_stored(session)


def test_paper_insists_on_nothing(session: Session) -> None:
    open_small_round(session)

    assert send(session, {"q1": 4}, channel="paper").is_new


@pytest.mark.parametrize("procedure", ["VD-XD-01", "no-such-procedure", ""])
def test_procedure_must_belong_to_the_sector(session: Session, procedure: str) -> None:
    open_tthc_round(session)

    with pytest.raises(AnswersRefused) as caught:
        send(session, tthc_answers(sector="land", procedure=procedure), form_id="tthc")

    assert caught.value.problems == [Problem("not_an_option", "procedure", {"value": procedure})]
    assert_nothing_stored(session)


def test_procedure_must_be_in_force_on_the_day(session: Session) -> None:
    open_tthc_round(session)
    before_its_first_day = date(2025, 6, 30)

    with pytest.raises((AnswersRefused, RoundNotOpen)):
        submit_response(session, new_response(tthc_answers(), form_id="tthc"), today=before_its_first_day)

    assert_nothing_stored(session)
