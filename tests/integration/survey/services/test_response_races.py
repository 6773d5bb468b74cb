"""The same response from many sides at once: one row, one receipt, whatever the order."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from survey.models import QuarantinedResponse, Response, ResponseDraft
from survey.services.drafts import get_draft, save_page, start_draft, submit_draft
from survey.services.problems import ResponseConflict
from survey.services.responses import Receipt
from survey.store.database import Database
from tests.factories import ROUND_CODE, UNIT_CODE
from tests.rounds import NOW, SMALL, open_small_round, send, small_answers

SIDES = 20


@pytest.fixture
def open_database(database: Database) -> Database:
    with database.write() as session:
        open_small_round(session)
    return database


def at_once(deed: Callable[[int], Any]) -> list[Any]:
    """Call it from as many threads, all released at the same moment."""
    barrier = Barrier(SIDES)

    def call(side: int) -> Any:
        barrier.wait()
        try:
            return deed(side)
        except ResponseConflict as conflict:
            return conflict

    with ThreadPoolExecutor(SIDES) as pool:
        return list(pool.map(call, range(SIDES)))


def counts(database: Database) -> list[int]:
    with database.read() as session:
        models = (Response, QuarantinedResponse, ResponseDraft)
        return [session.scalars(select(func.count()).select_from(model)).one() for model in models]


def test_one_response_from_many_sides_is_one_row(open_database: Database) -> None:
    response_id = uuid4()

    def deliver(_: int) -> Receipt:
        with open_database.write() as session:
            return send(session, small_answers(4, 5), response_id=response_id)

    receipts = at_once(deliver)

    assert sum(receipt.is_new for receipt in receipts) == 1
    assert len({receipt.number for receipt in receipts}) == 1
    assert counts(open_database) == [1, 0, 0]


def test_two_servers_on_one_database_store_it_once(open_database: Database) -> None:
    other = Database(open_database.url)
    response_id = uuid4()

    def deliver(side: int) -> Receipt:
        with (other if side % 2 else open_database).write() as session:
            return send(session, small_answers(4, 5), response_id=response_id)

    receipts = at_once(deliver)
    other.dispose()

    assert sum(receipt.is_new for receipt in receipts) == 1
    assert counts(open_database) == [1, 0, 0]


def test_one_id_with_two_contents_is_one_response_and_one_quarantined(open_database: Database) -> None:
    response_id = uuid4()

    def deliver(side: int) -> Receipt:
        with open_database.write() as session:
            return send(session, small_answers(4, 4 + side % 2), response_id=response_id)

    outcomes = at_once(deliver)

    assert sum(isinstance(outcome, ResponseConflict) for outcome in outcomes) == SIDES // 2
    assert counts(open_database)[0] == 1
    assert counts(open_database)[1] >= 1


def test_many_responses_at_once_are_all_stored(open_database: Database) -> None:
    def deliver(_: int) -> Receipt:
        with open_database.write() as session:
            return send(session, small_answers(4, 5))

    receipts = at_once(deliver)

    assert len({receipt.number for receipt in receipts}) == SIDES
    assert counts(open_database) == [SIDES, 0, 0]


def test_double_start_is_one_draft(open_database: Database) -> None:
    response_id = uuid4()

    def start(_: int) -> None:
        with open_database.write() as session:
            start_draft(session, response_id, ROUND_CODE, SMALL, UNIT_CODE, channel="phone", now=NOW)

    at_once(start)

    assert counts(open_database) == [0, 0, 1]


def test_double_press_on_send_is_one_response(open_database: Database) -> None:
    response_id = uuid4()
    with open_database.write() as session:
        start_draft(session, response_id, ROUND_CODE, SMALL, UNIT_CODE, channel="phone", now=NOW)
        questions = get_draft(session, response_id, now=NOW).questionnaire.questions
        save_page(session, response_id, questions, small_answers(4, 5), now=NOW)

    def press(_: int) -> Receipt:
        with open_database.write() as session:
            return submit_draft(session, response_id, language="vi", now=NOW)

    receipts = at_once(press)

    assert all(isinstance(receipt, Receipt) for receipt in receipts)
    assert counts(open_database) == [1, 0, 0]


def test_pages_that_arrive_together_do_not_undo_each_other(open_database: Database) -> None:
    response_id = uuid4()
    answers = small_answers(4, 5, expected=90, why="Chờ lâu")
    with open_database.write() as session:
        start_draft(session, response_id, ROUND_CODE, SMALL, UNIT_CODE, channel="phone", now=NOW)
        questionnaire = get_draft(session, response_id, now=NOW).questionnaire
    pages = [questionnaire.questions_by_id[name] for name in answers]

    def save(side: int) -> None:
        question = pages[side % len(pages)]
        with open_database.write() as session:
            save_page(session, response_id, [question], {question.id: answers[question.id]}, now=NOW)

    at_once(save)

    with open_database.read() as session:
        assert get_draft(session, response_id, now=NOW).answers == answers
