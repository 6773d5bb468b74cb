"""Correcting one's own keying: until a second person keys the form, and never somebody else's."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from survey.services import paper_corrections
from survey.services.paper_batches import Batch
from survey.services.paper_comparison import KeyedForm
from survey.services.paper_corrections import OwnForms
from survey.services.paper_problems import PaperRefused
from survey.services.paper_progress import close_batch, get_progress
from survey.services.problems import AnswersRefused
from survey.services.rounds import close_round
from survey.store import paper as store
from survey.store.database import Database, Session
from tests import factories
from tests.paper import ANSWERS, TODAY, add_people, key, make_batch, stored_response

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


def own_keying(session, batch, serial, person):
    return paper_corrections.get_correctable(session, batch, serial, person, TODAY)


def correct(session, batch, serial, person, answers, state=None):
    """Correct what is saved now, or what had that `state`."""
    form = KeyedForm({}, is_spoilt=True) if answers is None else KeyedForm(answers)
    seen = own_keying(session, batch, serial, person).state if state is None else state
    return paper_corrections.correct_form(
        session, batch, serial, form, state=seen, account_id=person, today=TODAY
    )


def take_back(session, batch, serial, person):
    paper_corrections.take_back(session, batch, serial, account_id=person, today=TODAY)


def own_forms(session, batch, person):
    return paper_corrections.list_correctable(session, batch, person)


def reason_of(deed, *args):
    with pytest.raises(PaperRefused) as caught:
        deed(*args)
    return caught.value.reason


def test_the_second_keying_is_compared_with_the_corrected_first(session, batch, people):
    key(session, batch, 1, people[0], OTHER)
    assert correct(session, batch, 1, people[0], ANSWERS) == "corrected"
    assert key(session, batch, 1, people[1], ANSWERS) == "stored"
    result = store.find_result(session, batch.id, 1)
    assert (result.difference_count, result.is_corrected) == (0, True)
    response = stored_response(session)
    assert response.ratings == "31"


def test_corrected_forms_are_counted_also_after_the_batch_is_closed(session, batch, people):
    for serial in (1, 2):
        key(session, batch, serial, people[0], OTHER)
    correct(session, batch, 1, people[0], ANSWERS)
    assert get_progress(session, batch).corrected_count == 1
    key(session, batch, 1, people[1], ANSWERS)
    key(session, batch, 2, people[1], OTHER)
    row = store.find_batch(session, batch.code).batch
    row.handed_out_count = row.returned_count = 2
    close_batch(session, batch.round_code, batch.code, TODAY, closed_by="Lan")
    assert get_progress(session, batch).corrected_count == 1


def test_saving_the_same_again_is_no_correction(session, batch, people):
    key(session, batch, 1, people[0], ANSWERS)
    assert correct(session, batch, 1, people[0], ANSWERS) == "unchanged"
    assert get_progress(session, batch).corrected_count == 0


def test_a_form_marked_spoilt_by_mistake_is_keyed_after_all_and_back(session, batch, people):
    key(session, batch, 1, people[0], None)
    assert correct(session, batch, 1, people[0], ANSWERS) == "corrected"
    assert own_keying(session, batch, 1, people[0]).form == KeyedForm(ANSWERS)
    assert correct(session, batch, 1, people[0], None) == "corrected"
    assert own_keying(session, batch, 1, people[0]).form == KeyedForm({}, is_spoilt=True)


def test_a_form_corrected_to_nothing_is_refused(session, batch, people):
    key(session, batch, 1, people[0], ANSWERS)
    with pytest.raises(AnswersRefused):
        correct(session, batch, 1, people[0], {})


@pytest.mark.parametrize("second", [ANSWERS, OTHER, None], ids=["equal", "differs", "spoilt"])
def test_after_the_second_keying_nobody_corrects(session, batch, people, second):
    key(session, batch, 1, people[0], ANSWERS)
    state = own_keying(session, batch, 1, people[0]).state
    key(session, batch, 1, people[1], second)
    for person in people[:2]:
        assert reason_of(correct, session, batch, 1, person, OTHER, state) == "keyed_by_another"
        assert reason_of(take_back, session, batch, 1, person) == "keyed_by_another"
    assert store.list_keyings(session, batch.id, 1)[0].answers["q01"] == 3


def test_nobody_corrects_or_reads_what_another_person_keyed(session, batch, people):
    key(session, batch, 1, people[0], ANSWERS)
    for deed in (own_keying, take_back):
        assert reason_of(deed, session, batch, 1, people[1]) == "not_keyed_by_you"
    assert reason_of(correct, session, batch, 1, people[1], OTHER, "") == "not_keyed_by_you"


def test_what_was_saved_in_another_window_is_not_overwritten_unseen(session, batch, people):
    key(session, batch, 1, people[0], ANSWERS)
    seen_by_both = own_keying(session, batch, 1, people[0]).state
    correct(session, batch, 1, people[0], OTHER, seen_by_both)
    third = {**ANSWERS, "q02": 3}
    assert reason_of(correct, session, batch, 1, people[0], third, seen_by_both) == "keying_changed"
    assert own_keying(session, batch, 1, people[0]).form == KeyedForm(OTHER)
    assert correct(session, batch, 1, people[0], third) == "corrected"


def test_a_second_press_of_the_button_is_one_correction(session, batch, people):
    key(session, batch, 1, people[0], ANSWERS)
    seen = own_keying(session, batch, 1, people[0]).state
    assert correct(session, batch, 1, people[0], OTHER, seen) == "corrected"
    assert correct(session, batch, 1, people[0], OTHER, seen) == "unchanged"


def test_own_forms_are_listed_latest_first_until_somebody_else_keys_them(session, batch, people):
    assert own_forms(session, batch, people[0]) == OwnForms()
    for serial in (3, 1, 2):
        key(session, batch, serial, people[0], ANSWERS)
    assert own_forms(session, batch, people[0]) == OwnForms((2, 1, 3), last=2)
    key(session, batch, 2, people[1], ANSWERS)
    assert own_forms(session, batch, people[0]) == OwnForms((1, 3))
    assert own_forms(session, batch, people[1]) == OwnForms()


def test_a_keying_under_the_wrong_number_is_taken_back_and_the_batch_can_close(session, batch, people):
    key(session, batch, 4, people[0], ANSWERS)
    take_back(session, batch, 4, people[0])
    assert 4 in get_progress(session, batch).not_keyed
    for person in people[:2]:
        key(session, batch, 5, person, ANSWERS)
    row = store.find_batch(session, batch.code).batch
    row.handed_out_count = row.returned_count = 1
    close_batch(session, batch.round_code, batch.code, TODAY, closed_by="Lan")
    assert store.find_batch(session, batch.code).batch.status == "closed"


def test_the_keying_of_somebody_who_left_is_deleted_unseen_and_the_number_is_free(session, batch, people):
    key(session, batch, 4, people[0], ANSWERS)
    assert paper_corrections.discard_keying(session, batch, 4) == people[0]
    assert 4 in get_progress(session, batch).not_keyed
    for person in people[1:]:
        key(session, batch, 4, person, OTHER)
    response = stored_response(session)
    assert response.ratings == "11"


def test_only_the_single_keying_of_an_open_form_is_deleted_unseen(session, batch, people):
    for person, answers in ((people[0], ANSWERS), (people[1], OTHER)):
        key(session, batch, 1, person, answers)
        key(session, batch, 2, person, ANSWERS)
    for serial, reason in (
        (1, "keyed_twice"),
        (2, "serial_settled"),
        (3, "not_keyed"),
        (6, "serial_unknown"),
    ):
        assert reason_of(paper_corrections.discard_keying, session, batch, serial) == reason
    assert len(store.list_keyings(session, batch.id)) == 4


def test_after_the_round_is_closed_nothing_is_corrected(session, batch, people):
    key(session, batch, 1, people[0], ANSWERS)
    close_round(session, batch.round_code)
    assert reason_of(own_keying, session, batch, 1, people[0]) == "round_not_open"


@pytest.mark.parametrize("serial", [0, 6, 10**12])
def test_a_number_that_was_not_printed_is_refused(session, batch, people, serial):
    assert reason_of(own_keying, session, batch, serial, people[0]) == "serial_unknown"


def test_a_correction_and_a_second_keying_at_once_are_one_after_the_other(
    database: Database, session: Session, batch: Batch, people: list[int]
) -> None:
    for serial in range(1, 6):
        key(session, batch, serial, people[0], OTHER)
    states = {serial: own_keying(session, batch, serial, people[0]).state for serial in range(1, 6)}
    session.commit()

    def first(serial: int) -> str:
        with database.write() as own:
            try:
                return correct(own, batch, serial, people[0], ANSWERS, states[serial])
            except PaperRefused as refusal:
                return refusal.reason

    def second(serial: int) -> str:
        with database.write() as own:
            return key(own, batch, serial, people[1], ANSWERS)

    with ThreadPoolExecutor(4) as pool:
        pairs = [(pool.submit(first, serial), pool.submit(second, serial)) for serial in range(1, 6)]
        outcomes = {(one.result(timeout=60), other.result(timeout=60)) for one, other in pairs}
    assert outcomes <= {("corrected", "stored"), ("keyed_by_another", "differs")}
