"""Batches of paper forms: made, counted, reconciled and closed."""

from datetime import date

import pytest

from survey.services import paper_batches, paper_progress, rounds
from survey.services.paper_problems import BatchUnknown, PaperRefused
from survey.services.problems import UnitUnknown
from survey.store import paper as store
from survey.store.database import Session
from tests import factories
from tests.paper import ANSWERS, TODAY, add_people, key, make_batch

ROUND = factories.ROUND_CODE


@pytest.fixture(autouse=True)
def small_round(session: Session) -> None:
    factories.open_small_round(session)


def count(session, batch, handed_out, returned):
    paper_batches.count_forms(session, ROUND, batch.code, handed_out=handed_out, returned=returned)


def close(session, batch):
    paper_progress.close_batch(session, ROUND, batch.code, TODAY, closed_by="Lan")


def progress_of(session, batch):
    return paper_progress.get_progress(session, batch)


def reconciled(session, batch):
    fresh = paper_batches.get_batch(session, ROUND, batch.code)
    return paper_progress.reconcile(fresh, progress_of(session, fresh))


def refusal(deed, *args):
    with pytest.raises(PaperRefused) as caught:
        deed(*args)
    return caught.value.reason


def test_a_batch_has_numbers_that_say_where_they_belong(session):
    batch = make_batch(session)
    assert batch.serial_text(7) == f"{batch.code}-0007"
    assert batch.qr_text(7) == f"hailong:{batch.code}:7:vi-du:v1"
    assert make_batch(session).code != batch.code


def test_a_batch_belongs_to_its_round(session):
    batch = make_batch(session)
    with pytest.raises(BatchUnknown):
        paper_batches.get_batch(session, "2031", batch.code)


def test_batches_are_listed_by_unit(session):
    make_batch(session)
    make_batch(session, unit_code=factories.OTHER_UNIT_CODE)
    assert len(paper_batches.list_batches(session, ROUND)) == 2
    (line,) = paper_batches.list_batches(session, ROUND, factories.OTHER_UNIT_CODE)
    assert line.batch.unit_code == factories.OTHER_UNIT_CODE


@pytest.mark.parametrize("printed", [0, paper_batches.LARGEST_BATCH + 1])
def test_a_batch_has_a_sensible_size(session, printed):
    with pytest.raises(PaperRefused, match="printed_out_of_range"):
        make_batch(session, printed=printed)


def test_a_unit_outside_the_round_gets_no_batch(session):
    with pytest.raises(UnitUnknown):
        make_batch(session, unit_code="19333")


def test_a_round_that_is_over_gets_no_more_paper(session):
    rounds.close_round(session, ROUND)
    with pytest.raises(PaperRefused, match="round_over"):
        make_batch(session)


def test_counts_cannot_exceed_what_went_out(session):
    batch = make_batch(session, printed=5)
    assert refusal(count, session, batch, 6, None) == "handed_out_above_printed"
    assert refusal(count, session, batch, 3, 4) == "returned_above_handed_out"
    assert refusal(count, session, batch, None, 1) == "returned_above_handed_out"
    count(session, batch, 5, 4)
    fresh = paper_batches.get_batch(session, ROUND, batch.code)
    assert (fresh.handed_out_count, fresh.returned_count) == (5, 4)


def test_every_form_is_in_one_state(session):
    first, second, third = add_people(session, "a", "b", "c")
    batch = make_batch(session, printed=6)
    key(session, batch, 1, first, ANSWERS)
    for person in (first, second):
        key(session, batch, 2, person, ANSWERS)
        key(session, batch, 3, person, None)
    key(session, batch, 4, first, ANSWERS)
    key(session, batch, 4, second, {**ANSWERS, "q01": 1})
    found = progress_of(session, batch)
    assert (found.keyed_once, found.stored, found.spoilt, found.differing) == ((1,), (2,), (3,), (4,))
    assert found.not_keyed == (5, 6)
    assert (found.compared_count, found.difference_count) == (10, 1)
    assert third not in (first, second)


def test_a_batch_closes_only_when_every_returned_form_is_settled(session):
    people = add_people(session, "a", "b")
    batch = make_batch(session, printed=5)
    assert refusal(close, session, batch) == "not_reconciled"
    count(session, batch, 4, 2)
    for person in people:
        key(session, batch, 1, person, ANSWERS)
    assert reconciled(session, batch).missing == 1
    assert refusal(close, session, batch) == "not_reconciled"
    for person in people:
        key(session, batch, 3, person, None)
    assert reconciled(session, batch).is_balanced
    close(session, batch)
    assert paper_batches.get_batch(session, ROUND, batch.code).status == "closed"
    assert refusal(close, session, batch) == "batch_closed"


def test_more_forms_keyed_than_returned_is_said(session):
    first, second = add_people(session, "a", "b")
    batch = make_batch(session)
    count(session, batch, 5, 1)
    for person in (first, second):
        key(session, batch, 1, person, ANSWERS)
    key(session, batch, 2, first, ANSWERS)
    found = reconciled(session, batch)
    assert (found.surplus, found.missing, found.unfinished) == (1, 0, (2,))
    assert refusal(close, session, batch) == "not_reconciled"


def test_closing_deletes_what_each_person_keyed_and_keeps_the_counts(session):
    first, second = add_people(session, "a", "b")
    batch = make_batch(session)
    count(session, batch, 1, 1)
    for person in (first, second):
        key(session, batch, 1, person, ANSWERS)
    close(session, batch)
    assert store.list_keyings(session, batch.id) == []
    assert progress_of(session, batch).compared_count == 5
    assert refusal(count, session, batch, 1, 1) == "batch_closed"
    assert refusal(key, session, batch, 2, first, ANSWERS) == "batch_closed"


def test_a_batch_of_a_closed_round_is_closed_with_what_is_not_settled_counted(session):
    first, second = add_people(session, "a", "b")
    batch = make_batch(session, printed=6)
    for person in (first, second):
        key(session, batch, 1, person, ANSWERS)
        key(session, batch, 2, person, None)
    key(session, batch, 3, first, ANSWERS)
    key(session, batch, 4, first, ANSWERS)
    key(session, batch, 4, second, {**ANSWERS, "q01": 1})
    count(session, batch, 6, 5)
    assert refusal(close, session, batch) == "not_reconciled"

    rounds.close_round(session, ROUND)
    close(session, batch)

    closed = paper_batches.get_batch(session, ROUND, batch.code)
    found = progress_of(session, closed)
    assert (closed.status, closed.closed_on, closed.closed_by) == ("closed", TODAY, "Lan")
    assert closed.unsettled_count == 3
    assert closed.returned_count == len(found.stored) + len(found.spoilt) + closed.unsettled_count
    assert store.list_keyings(session, batch.id) == []


def test_a_batch_that_balances_has_nothing_unsettled(session):
    people = add_people(session, "a", "b")
    batch = make_batch(session)
    for person in people:
        key(session, batch, 1, person, ANSWERS)
    count(session, batch, 1, 1)
    close(session, batch)
    assert paper_batches.get_batch(session, ROUND, batch.code).unsettled_count == 0


def test_a_batch_of_a_closed_round_must_be_counted_and_never_has_more_than_came_back(session):
    people = add_people(session, "a", "b")
    batch = make_batch(session)
    for person in people:
        key(session, batch, 1, person, ANSWERS)
    key(session, batch, 2, people[0], ANSWERS)
    rounds.close_round(session, ROUND)
    assert refusal(close, session, batch) == "not_reconciled"
    assert refusal(count, session, batch, 5, 0) == "returned_below_settled"
    count(session, batch, 5, 1)
    assert refusal(close, session, batch) == "not_reconciled"
    count(session, batch, 5, 2)
    close(session, batch)
    assert store.list_keyings(session, batch.id) == []


def test_demonstration_batches_go_with_their_round(session):
    factories_code = "demo"
    factories.open_round_with(
        session, ["vi-du"], [factories.UNIT_CODE], code=factories_code, is_demonstration=True
    )
    code = paper_batches.create_batch(
        session,
        round_code=factories_code,
        form_id="vi-du",
        unit_code=factories.UNIT_CODE,
        selection="invited",
        printed_count=1,
        account_id=None,
        today=date(2026, 9, 1),
    )
    batch = paper_batches.get_batch(session, factories_code, code)
    for person in add_people(session, "a", "b"):
        key(session, batch, 1, person, ANSWERS)
    rounds.remove_demonstration(session, factories_code)
    with pytest.raises(BatchUnknown):
        paper_batches.get_batch(session, factories_code, code)


def test_no_form_is_settled_above_what_came_back(session):
    batch = make_batch(session)
    first, second = add_people(session, "a", "b")
    count(session, batch, 3, 1)
    for serial in (1, 2):
        key(session, batch, serial, first, ANSWERS)
    key(session, batch, 1, second, ANSWERS)
    assert refusal(key, session, batch, 2, second, ANSWERS) == "all_returned_settled"
    assert refusal(count, session, batch, 3, 0) == "returned_below_settled"


def test_a_batch_of_a_closed_round_is_not_closed_over_forms_that_would_be_counted_nowhere(session):
    batch = make_batch(session)
    first, second = add_people(session, "a", "b")
    count(session, batch, 3, 1)
    for serial in (1, 2):
        key(session, batch, serial, first, ANSWERS)
    key(session, batch, 1, second, ANSWERS)
    rounds.close_round(session, ROUND)
    assert refusal(close, session, batch) == "not_reconciled"
    count(session, batch, 3, 2)
    close(session, batch)
    assert paper_batches.get_batch(session, ROUND, batch.code).unsettled_count == 1
