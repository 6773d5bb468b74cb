"""Answers beside the ratings: unweighted counts, small ones withheld; comments lead back to nobody."""

from uuid import uuid4

import pytest

from questionnaires.model import AnswerValue
from survey.services.further_answers import (
    AnswerLine,
    AnswerTable,
    FurtherAnswers,
    get_further_answers,
    list_further_answers,
    nameless_units,
)
from survey.services.problems import QuestionnaireUnknown
from survey.services.responses import NewResponse, submit_response
from survey.store.database import Session
from tests.factories import OTHER_UNIT_CODE, ROUND_CODE, UNIT_CODE, open_small_round
from tests.rounds import TODAY

FORM = "vi-du"


def send(session: Session, unit: str = UNIT_CODE, selection: str = "invited", **answers: AnswerValue) -> None:
    new = NewResponse(
        response_id=uuid4(),
        round_code=ROUND_CODE,
        form_id=FORM,
        unit_code=unit,
        channel="phone",
        selection=selection,
        answers={"visited": "no", **answers},
    )
    submit_response(session, new, today=TODAY)


def answers_of(session: Session) -> FurtherAnswers:
    return get_further_answers(session, ROUND_CODE, FORM)


def table_of(session: Session, question_id: str) -> AnswerTable:
    return next(table for table in answers_of(session).tables if table.question_id == question_id)


def counts(lines: tuple[AnswerLine, ...]) -> list[int | str | None]:
    return [cell.reason or cell.count for line in lines for cell in line.cells]


def test_options_are_counted_without_weights(session: Session) -> None:
    open_small_round(session)
    for _ in range(6):
        send(session, channels=("radio", "web"))
    for _ in range(5):
        send(session, channels=("web",))

    table = table_of(session, "channels")

    assert table.is_multiple
    assert table.answer_counts == (11,)
    assert counts(table.lines) == [6, 11, 0, 0]
    assert table.lines[0].cells[0].share == pytest.approx(6 / 11)


def test_small_counts_are_withheld_and_cannot_be_subtracted(session: Session) -> None:
    open_small_round(session)
    for _ in range(3):
        send(session)
    for _ in range(6):
        send(session, visited="yes", q01=3, q02=3)

    assert counts(table_of(session, "visited").lines) == ["suppressed", "few"]


def test_a_question_with_few_answers_shows_nothing(session: Session) -> None:
    open_small_round(session)
    for _ in range(4):
        send(session, expected=90)

    assert set(counts(table_of(session, "expected").lines)) == {"suppressed"}


def test_numbers_are_counted_in_classes(session: Session) -> None:
    open_small_round(session)
    for percent in [0, 49, 10, 20, 30, *[100] * 5, *[120] * 6]:
        send(session, expected=percent)

    assert counts(table_of(session, "expected").lines) == [5, 0, 0, 0, 0, 5, 6]


def test_invited_and_self_selected_are_never_added_up(session: Session) -> None:
    open_small_round(session)
    for selection, count in (("invited", 5), ("self_selected", 7)):
        for _ in range(count):
            send(session, selection=selection)

    table = table_of(session, "visited")

    assert answers_of(session).selections == ("invited", "self_selected")
    assert [cell.count for cell in table.lines[1].cells] == [5, 7]


def test_comments_have_no_unit_where_few_have_answered(session: Session) -> None:
    open_small_round(session)
    for place in range(5):
        send(session, why=f"Ý kiến {place}")
    send(session, OTHER_UNIT_CODE, why="Chỉ một mình tôi")

    comments = answers_of(session).comments

    assert {comment.text for comment in comments} == {*(f"Ý kiến {n}" for n in range(5)), "Chỉ một mình tôi"}
    # The other unit is not named either: whatever has no unit would be of the small one.
    assert {comment.unit_code for comment in comments} == {None}


def test_comments_name_units_where_enough_have_answered(session: Session) -> None:
    open_small_round(session)
    for place in range(5):
        send(session, why=f"Ở đây {place}")
        send(session, OTHER_UNIT_CODE, why=f"Ở kia {place}")

    assert {(comment.text[:5], comment.unit_code) for comment in answers_of(session).comments} == {
        ("Ở đây", UNIT_CODE),
        ("Ở kia", OTHER_UNIT_CODE),
    }


def test_the_order_of_comments_is_not_that_of_the_responses(session: Session) -> None:
    open_small_round(session)
    sent = [f"Ý kiến {place:02}" for place in range(20)]
    for text in sent:
        send(session, why=text)

    shown = [comment.text for comment in answers_of(session).comments]

    assert shown != sent
    assert sorted(shown) == sent


@pytest.mark.parametrize(
    ("responses", "nameless"),
    [
        ({1: 9, 2: 7}, set()),
        ({1: 9, 2: 7, 3: 2}, {2, 3}),
        ({1: 9, 2: 2, 3: 2}, {1, 2, 3}),
        ({1: 9, 2: 3, 3: 2}, {2, 3}),
        ({1: 2}, {1}),
    ],
)
def test_units_without_a_name_are_never_one_alone(responses: dict[int, int], nameless: set[int]) -> None:
    assert nameless_units(responses) == nameless


def test_unknown_questionnaire_is_named(session: Session) -> None:
    open_small_round(session)
    with pytest.raises(QuestionnaireUnknown):
        get_further_answers(session, ROUND_CODE, "absent")


def test_every_questionnaire_with_further_questions_is_listed(session: Session) -> None:
    open_small_round(session)

    (form,) = list_further_answers(session, ROUND_CODE)

    assert (form.form_id, form.response_count, form.comments) == (FORM, 0, ())
