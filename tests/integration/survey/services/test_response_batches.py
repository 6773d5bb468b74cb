"""Responses written together: one commit, and each as if it had come alone."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import event, func, select

from survey.models import Response
from survey.services.response_batches import MOST_IN_A_BATCH, ResponseBatches
from survey.services.response_lookups import Lookups
from survey.services.responses import CheckedResponse, NewResponse, check_with, submit_response
from survey.services.rounds import close_round
from survey.store.database import Database
from tests.factories import ROUND_CODE, open_small_round
from tests.gateway import run_in_loop
from tests.rounds import TODAY, new_response, small_answers, small_document

SIDES = 16


@pytest.fixture
def open_database(database: Database) -> Database:
    with database.write() as session:
        open_small_round(session, small_document())
    return database


@pytest.fixture
def check(open_database: Database) -> Callable[..., CheckedResponse]:
    def check_one(new: NewResponse, today: date = TODAY) -> CheckedResponse:
        with open_database.read() as session:
            return check_with(Lookups(session), new, today=today)

    return check_one


def some(count: int = SIDES) -> list[NewResponse]:
    return [new_response(small_answers(4, 5), channel="kiosk") for _ in range(count)]


def store_all(database: Database, checked: list[CheckedResponse], today: date = TODAY) -> list[bool]:
    """As they come in one turn of the event loop: the first goes alone, the others wait together."""

    async def store() -> list[bool]:
        batches = ResponseBatches(database)
        return await asyncio.gather(*(batches.store(each, today=today) for each in checked))

    return run_in_loop(store())


def count_stored(database: Database) -> int:
    with database.read() as session:
        return session.scalars(select(func.count()).select_from(Response)).one()


def test_what_waits_is_written_in_one_transaction(open_database: Database, check: Any) -> None:
    commits: list[Any] = []
    checked = [check(new) for new in some()]
    event.listen(open_database._writer, "commit", commits.append)

    outcomes = store_all(open_database, checked)

    assert outcomes == [True] * SIDES
    assert len(commits) == 1
    assert count_stored(open_database) == SIDES


def test_more_than_a_batch_takes_several(open_database: Database, check: Any) -> None:
    commits: list[Any] = []
    checked = [check(new) for new in some(MOST_IN_A_BATCH + 1)]
    event.listen(open_database._writer, "commit", commits.append)

    assert all(store_all(open_database, checked))
    assert len(commits) == 2


def test_nobody_is_answered_before_the_commit(open_database: Database, check: Any) -> None:
    seen: list[int] = []
    checked = check(some(1)[0])
    other = Database(open_database.url)
    event.listen(open_database._writer, "commit", lambda connection: seen.append(count_stored(other)))

    async def store() -> None:
        assert await ResponseBatches(open_database).store(checked, today=TODAY)
        seen.append(count_stored(other))

    run_in_loop(store())
    other.dispose()
    assert seen == [0, 1]


def test_what_nobody_waits_for_any_more_is_stored_all_the_same(open_database: Database, check: Any) -> None:
    checked = [check(new) for new in some(3)]

    async def leave() -> bool:
        batches = ResponseBatches(open_database)
        leaving, *others = [asyncio.create_task(batches.store(each, today=TODAY)) for each in checked]
        await asyncio.sleep(0)
        leaving.cancel()
        return all(await asyncio.gather(*others))

    assert run_in_loop(leave())
    assert count_stored(open_database) == 3


def test_one_id_twice_in_a_batch_is_one_row(open_database: Database, check: Any) -> None:
    new = some(1)[0]

    outcomes = store_all(open_database, [check(each) for each in (new, new, new)])

    assert sorted(outcomes) == [False, False, True]
    assert count_stored(open_database) == 1


def test_other_content_under_an_id_is_left_to_be_judged(open_database: Database, check: Any) -> None:
    response_id = uuid4()
    two = [
        new_response(small_answers(4, rating), response_id=response_id, channel="kiosk") for rating in (1, 2)
    ]

    assert sorted(store_all(open_database, [check(each) for each in two])) == [False, True]
    assert count_stored(open_database) == 1


def test_stored_before_is_left_to_be_judged(open_database: Database, check: Any) -> None:
    old, *fresh = some(3)
    with open_database.write() as session:
        submit_response(session, old, today=TODAY)

    assert store_all(open_database, [check(each) for each in (old, *fresh)]) == [False, True, True]
    assert count_stored(open_database) == 3


def test_faulty_row_spoils_its_batch_only(open_database: Database, check: Any) -> None:
    checked = [check(new) for new in some()]
    checked[5].row["clock_band"] = "a quarter past"

    assert store_all(open_database, checked) == [False] * SIDES
    assert count_stored(open_database) == 0
    assert store_all(open_database, [each for each in checked if each is not checked[5]]) == [True] * (
        SIDES - 1
    )


def test_round_closed_between_check_and_write(open_database: Database, check: Any) -> None:
    checked = [check(new) for new in some()]
    with open_database.write() as session:
        close_round(session, ROUND_CODE)

    assert store_all(open_database, checked) == [False] * SIDES
    assert count_stored(open_database) == 0


def test_what_was_begun_in_time_is_taken_after_the_last_day(open_database: Database, check: Any) -> None:
    late = TODAY.replace(year=2100) + timedelta(days=1)
    in_time, too_late = replace(some(1)[0], begun_on=TODAY), some(1)[0]

    outcomes = store_all(open_database, [check(in_time, late), check(too_late)], today=late)

    assert outcomes == [True, False]


# A server that is away is met in the kill tests; only SQLite takes a missing table for an outage.
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_outage_leaves_all_to_be_judged_and_ends_with_it(open_database: Database, check: Any) -> None:
    checked = [check(new) for new in some()]
    with open_database.write() as session:
        session.connection().exec_driver_sql("ALTER TABLE survey_round RENAME TO elsewhere")
    refused = store_all(open_database, checked)
    with open_database.write() as session:
        session.connection().exec_driver_sql("ALTER TABLE elsewhere RENAME TO survey_round")

    assert refused == [False] * SIDES
    assert store_all(open_database, checked) == [True] * SIDES
