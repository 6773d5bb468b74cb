"""Responses written together: one commit, and each as if it had come alone."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import event, func, select

from survey.models import QuarantinedResponse, Response
from survey.services import response_batches
from survey.services.problems import ResponseConflict, RoundNotOpen, RoundUnknown, SurveyError
from survey.services.response_batches import ResponseBatches
from survey.services.responses import NewResponse, Receipt
from survey.services.rounds import close_round, open_round
from survey.store.database import Database, DatabaseUnreachable
from survey.store.rounds import find_round
from tests.factories import ROUND_CODE, open_small_round
from tests.rounds import TODAY, new_response, small_answers, small_document

SIDES = 16


@pytest.fixture
def open_database(database: Database) -> Database:
    with database.write() as session:
        open_small_round(session, small_document())
    return database


class Held:
    """Keeps the writer of a batch waiting before its transaction begins, so that the others gather."""

    def __init__(self, database: Database) -> None:
        self.batches = ResponseBatches(database)
        self.sizes: list[int] = []
        self.before_commit: Any = None
        self._gathered = threading.Event()
        self._write = self.batches._write
        self.batches._write = self._hold  # type: ignore[method-assign]

    def _hold(self, batch: Any) -> None:
        if not self.sizes:
            self._gathered.wait(20)
        self.sizes.append(len(batch))
        self._write(batch)

    def send(self, responses: list[NewResponse], meanwhile: Any = None) -> list[Any]:
        """All from threads of their own; the first is written alone, the others together."""

        def submit(new: NewResponse) -> Any:
            try:
                return self.batches.submit(new, today=TODAY)
            except (SurveyError, DatabaseUnreachable) as error:
                return error

        with ThreadPoolExecutor(len(responses)) as pool:
            sent = [pool.submit(submit, new) for new in responses]
            while len(self.batches._queue) < len(responses) - 1:
                threading.Event().wait(0.005)
            if meanwhile is not None:
                meanwhile()
            self._gathered.set()
            return [each.result() for each in sent]


@pytest.fixture
def held(open_database: Database) -> Held:
    return Held(open_database)


def some(count: int = SIDES) -> list[NewResponse]:
    return [new_response(small_answers(4, 5), channel="kiosk") for _ in range(count)]


def stored(database: Database) -> int:
    with database.read() as session:
        return session.scalars(select(func.count()).select_from(Response)).one()


def quarantined(database: Database) -> list[str]:
    with database.read() as session:
        return list(session.scalars(select(QuarantinedResponse.reason)))


def test_what_waits_is_written_in_one_transaction(open_database: Database, held: Held) -> None:
    commits: list[Any] = []
    event.listen(open_database._writer, "commit", commits.append)

    outcomes = held.send(some())

    assert held.sizes == [1, SIDES - 1]
    assert len(commits) == 2
    assert all(isinstance(outcome, Receipt) and outcome.is_new for outcome in outcomes)
    assert stored(open_database) == SIDES


def test_receipt_is_given_after_the_commit(open_database: Database) -> None:
    batches = ResponseBatches(open_database)
    batches.submit(some(1)[0], today=TODAY)

    other = Database(open_database.url)
    assert stored(other) == 1
    other.dispose()


def test_one_id_twice_in_a_batch_is_one_row(open_database: Database, held: Held) -> None:
    new = some(1)[0]

    outcomes = held.send([*some(2), new, new, new])

    assert sorted(outcome.is_new for outcome in outcomes[2:]) == [False, False, True]
    assert stored(open_database) == 3


def test_two_contents_of_one_id_in_a_batch_are_a_conflict(open_database: Database, held: Held) -> None:
    first, response_id = some(1)[0], uuid4()
    two = [
        new_response(small_answers(4, rating), response_id=response_id, channel="kiosk") for rating in (1, 2)
    ]

    outcomes = held.send([first, *two])

    assert {type(outcome) for outcome in outcomes[1:]} == {Receipt, ResponseConflict}
    assert stored(open_database) == 2
    assert quarantined(open_database) == ["conflict"]


def test_faulty_row_fails_alone(open_database: Database, held: Held, monkeypatch: Any) -> None:
    responses = some()
    faulty = responses[5].response_id
    check = response_batches.check_with

    def spoil(*args: Any, **options: Any) -> Any:
        checked = check(*args, **options)
        if checked.new.response_id == faulty:
            checked.row["clock_band"] = "a quarter past"
        return checked

    monkeypatch.setattr(response_batches, "check_with", spoil)

    outcomes = held.send(responses)

    assert all(isinstance(outcome, Receipt) for outcome in outcomes)
    assert stored(open_database) == SIDES


def test_round_closed_between_check_and_write(open_database: Database, held: Held) -> None:
    def close() -> None:
        with open_database.write() as session:
            close_round(session, ROUND_CODE)

    outcomes = held.send(some(), meanwhile=close)

    assert [type(outcome) for outcome in outcomes] == [RoundNotOpen] * SIDES
    assert stored(open_database) == 0


def test_round_opened_a_moment_ago_is_seen_at_once(open_database: Database) -> None:
    batches = ResponseBatches(open_database)
    with open_database.write() as session:
        survey_round = find_round(session, ROUND_CODE)
        assert survey_round is not None
        survey_round.status = "draft"
    with pytest.raises(RoundNotOpen):
        batches.submit(some(1)[0], today=TODAY)
    with open_database.write() as session:
        open_round(session, ROUND_CODE)

    assert batches.submit(some(1)[0], today=TODAY).is_new


def test_round_that_does_not_exist_is_not_remembered(database: Database) -> None:
    batches = ResponseBatches(database)
    with pytest.raises(RoundUnknown):
        batches.submit(some(1)[0], today=TODAY)
    with database.write() as session:
        open_small_round(session, small_document())

    assert batches.submit(some(1)[0], today=TODAY).is_new


# A server that is away is met in the kill tests; only SQLite takes a missing table for an outage.
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_outage_is_told_to_all_and_ends_with_it(open_database: Database, held: Held) -> None:
    def break_it() -> None:
        with open_database.write() as session:
            session.connection().exec_driver_sql("ALTER TABLE survey_round RENAME TO elsewhere")

    outcomes = held.send(some(), meanwhile=break_it)
    with open_database.write() as session:
        session.connection().exec_driver_sql("ALTER TABLE elsewhere RENAME TO survey_round")

    assert [type(outcome) for outcome in outcomes] == [DatabaseUnreachable] * SIDES
    assert held.batches.submit(some(1)[0], today=TODAY).is_new
    assert stored(open_database) == 1


def test_what_was_begun_in_time_is_taken_after_the_last_day(open_database: Database) -> None:
    batches = ResponseBatches(open_database)
    late = TODAY.replace(year=2100) + timedelta(days=1)

    with pytest.raises(RoundNotOpen):
        batches.submit(some(1)[0], today=late)
    assert batches.submit(replace(some(1)[0], begun_on=TODAY), today=late).is_new
