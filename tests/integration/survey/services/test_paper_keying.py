"""Keying paper forms twice: who may, what is stored, and who decides where the two differ."""

from datetime import date, timedelta

import pytest

from survey.models import PaperResult
from survey.services import paper_batches, paper_keying
from survey.services.paper_comparison import KeyedForm
from survey.services.paper_problems import PaperRefused
from survey.services.problems import AnswersRefused
from survey.services.rounds import close_round, get_overview
from survey.store import paper as store
from survey.store.database import Session
from tests import factories
from tests.paper import (
    ANSWERS,
    TODAY,
    add_people,
    key,
    keyed,
    make_batch,
    stored_response,
    stored_responses,
)

ROUND = factories.ROUND_CODE
LAST_DAY = date(2026, 12, 31)


@pytest.fixture(autouse=True)
def small_round(session: Session) -> None:
    factories.open_small_round(session, closes_on=LAST_DAY)


@pytest.fixture
def people(session: Session) -> list[int]:
    return add_people(session, "a", "b", "c")


@pytest.fixture
def batch(session: Session) -> paper_batches.Batch:
    return make_batch(session)


def decide(session, batch, serial, person, answers):
    form = KeyedForm({}, is_spoilt=True) if answers is None else KeyedForm(answers)
    return paper_keying.decide(session, batch, serial, form, account_id=person, today=TODAY)


def reason_of(deed, *args):
    with pytest.raises(PaperRefused) as caught:
        deed(*args)
    return caught.value.reason


def test_two_equal_keyings_are_one_stored_response(session, batch, people):
    assert key(session, batch, 1, people[0], ANSWERS) == "first"
    assert stored_response(session) is None
    assert key(session, batch, 1, people[1], ANSWERS) == "stored"
    response = stored_response(session)
    assert (response.channel, response.selection, response.ratings) == ("paper", "invited", "31")
    assert response.received_hour is None
    assert get_overview(session, ROUND).line.response_count == 1


def test_the_id_of_a_response_says_nothing_of_its_form(session, batch, people):
    for serial in (1, 2):
        for person in people[:2]:
            key(session, batch, serial, person, ANSWERS)
    first, second = stored_responses(session)
    assert (first.id.version, second.id.version) == (4, 4)
    # All that is kept of a form: no id and no day to look for among the responses.
    assert {column.name for column in PaperResult.__table__.columns} == {
        "batch_id", "serial", "is_spoilt", "compared_count", "difference_count", "is_corrected",
        "decided_by", "workbook_count",
    }  # fmt: skip


def test_a_question_left_blank_on_paper_is_stored_without_answer(session, batch, people):
    for person in people[:2]:
        key(session, batch, 1, person, {"visited": "yes", "q02": 2})
    assert stored_response(session).ratings == ".2"


def test_the_same_person_does_not_key_a_form_twice(session, batch, people):
    key(session, batch, 1, people[0], ANSWERS)
    assert reason_of(key, session, batch, 1, people[0], {**ANSWERS, "q01": 1}) == "keyed_by_you"


def test_the_same_keying_sent_again_changes_nothing(session, batch, people):
    for _press in range(2):
        assert key(session, batch, 1, people[0], ANSWERS) == "first"
    assert len(store.list_keyings(session, batch.id, 1)) == 1
    for _press in range(2):
        assert key(session, batch, 1, people[1], ANSWERS) == "stored"
    assert get_overview(session, ROUND).line.response_count == 1
    for person in people[:2] * 2:
        changed = ANSWERS if person == people[0] else {**ANSWERS, "q01": 1}
        outcome = key(session, batch, 2, person, changed)
    assert outcome == "differs"


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_response_carries_the_language_in_which_its_form_was_printed(session, people, language):
    batch = make_batch(session, language=language)
    for person in people[:2]:
        key(session, batch, 1, person, ANSWERS)
    key(session, batch, 2, people[0], ANSWERS)
    key(session, batch, 2, people[1], {**ANSWERS, "q01": 1})
    decide(session, batch, 2, people[2], ANSWERS)
    assert [each.language for each in stored_responses(session)] == [language] * 2


@pytest.mark.parametrize("serial", [0, 6, 10**12])
def test_nothing_is_decided_on_a_number_that_was_not_printed(session, batch, people, serial):
    assert reason_of(decide, session, batch, serial, people[0], ANSWERS) == "serial_unknown"


def test_a_third_person_does_not_key_it_again(session, batch, people):
    key(session, batch, 1, people[0], ANSWERS)
    key(session, batch, 1, people[1], {**ANSWERS, "q01": 1})
    assert reason_of(key, session, batch, 1, people[2], ANSWERS) == "keyed_twice"


def test_a_settled_form_is_settled(session, batch, people):
    for person in people[:2]:
        key(session, batch, 1, person, ANSWERS)
    assert reason_of(key, session, batch, 1, people[2], ANSWERS) == "serial_settled"
    assert reason_of(decide, session, batch, 1, people[2], ANSWERS) == "serial_settled"


@pytest.mark.parametrize("serial", [0, 6, 10**12])
def test_a_number_that_was_not_printed_is_refused(session, batch, people, serial):
    assert reason_of(key, session, batch, serial, people[0], ANSWERS) == "serial_unknown"


def test_different_keyings_wait_for_a_third_person(session, batch, people):
    key(session, batch, 1, people[0], ANSWERS)
    assert key(session, batch, 1, people[1], {**ANSWERS, "q01": 1}) == "differs"
    assert stored_response(session) is None
    for keyer in people[:2]:
        assert reason_of(decide, session, batch, 1, keyer, ANSWERS) == "decided_by_keyer"
    assert decide(session, batch, 1, people[2], {**ANSWERS, "q01": 2}) == "stored"
    assert stored_response(session).ratings == "21"
    result = store.find_result(session, batch.id, 1)
    assert (result.decided_by, result.compared_count, result.difference_count) == (people[2], 5, 1)


def test_nothing_is_decided_before_two_have_keyed(session, batch, people):
    key(session, batch, 1, people[0], ANSWERS)
    assert reason_of(decide, session, batch, 1, people[2], ANSWERS) == "not_keyed_twice"


def test_a_form_spoilt_for_both_is_settled_without_a_response(session, batch, people):
    key(session, batch, 1, people[0], None)
    assert key(session, batch, 1, people[1], None) == "spoilt"
    assert stored_response(session) is None


def test_a_form_spoilt_for_one_is_decided(session, batch, people):
    key(session, batch, 1, people[0], None)
    assert key(session, batch, 1, people[1], ANSWERS) == "differs"
    assert decide(session, batch, 1, people[2], None) == "spoilt"


def test_a_form_without_any_answer_is_not_taken(session, batch, people):
    with pytest.raises(AnswersRefused):
        key(session, batch, 1, people[0], {})


def test_paper_is_keyed_after_the_last_day_until_the_round_is_closed(session, batch, people):
    later = LAST_DAY + timedelta(days=20)
    form = KeyedForm(ANSWERS)
    for person in people[:2]:
        paper_keying.key_form(session, batch, 1, form, account_id=person, today=later)
    assert stored_response(session).received_on == later
    close_round(session, ROUND)
    assert reason_of(key, session, batch, 2, people[0], ANSWERS) == "round_not_open"


def test_after_the_round_is_closed_only_spoilt_forms_are_settled(session, batch, people):
    for serial in (1, 2):
        key(session, batch, serial, people[0], ANSWERS)
        key(session, batch, serial, people[1], {**ANSWERS, "q01": 1})
    close_round(session, ROUND)
    assert reason_of(decide, session, batch, 1, people[2], ANSWERS) == "round_not_open"
    assert decide(session, batch, 2, people[2], None) == "spoilt"


def test_nobody_finds_what_another_person_keyed(session, batch, people):
    key(session, batch, 1, people[0], ANSWERS)
    assert paper_keying.find_own_keying(session, batch, 1, people[1]) is None
    assert paper_keying.find_own_keying(session, batch, 1, people[0]) == KeyedForm(ANSWERS)


def test_a_procedure_of_another_field_is_named(session):
    factories.publish_shipped_forms(session, ["tthc"])
    from survey.services.catalogue import import_shipped  # the whole catalogue, with procedures

    import_shipped(session)
    factories.open_round_with(session, ["tthc"], code="khac")
    code = paper_batches.create_batch(
        session,
        round_code="khac",
        form_id="tthc",
        unit_code="18880",
        selection="invited",
        printed_count=1,
        account_id=None,
        today=TODAY,
    )
    batch = paper_batches.get_batch(session, "khac", code)
    form = keyed(batch.questionnaire, {"sector": "construction", "procedure": "VD-DD-01"})
    _answers, problems = paper_keying.read_form(session, batch, form, TODAY)
    assert [(each.code, each.path) for each in problems] == [("not_of_sector", "procedure")]
    form = keyed(batch.questionnaire, {"sector": "land", "procedure": "VD-DD-01"})
    assert paper_keying.read_form(session, batch, form, TODAY)[1] == []
    # A field left blank follows from the procedure that was named.
    form = keyed(batch.questionnaire, {"procedure": "VD-DD-01"})
    answers, problems = paper_keying.read_form(session, batch, form, TODAY)
    assert (answers["sector"], problems) == ("land", [])
    _answers, problems = paper_keying.read_form(session, batch, {"procedure": "Cấp giấy chứng nhận"}, TODAY)
    assert [(each.code, each.path) for each in problems] == [("not_listed", "procedure")]


def test_forms_that_no_index_can_count_are_counted(session, people):
    factories.publish_shipped_forms(session, ["tthc"])
    factories.open_round_with(session, ["tthc"], code="khac")
    code = paper_batches.create_batch(
        session,
        round_code="khac",
        form_id="tthc",
        unit_code="18880",
        selection="invited",
        printed_count=2,
        account_id=None,
        today=TODAY,
    )
    batch = paper_batches.get_batch(session, "khac", code)
    rated = {batch.questionnaire.rated[0].id: 4}
    for serial, answers in ((1, rated), (2, {**rated, "sector": "land"})):
        for person in people[:2]:
            key(session, batch, serial, person, answers)
    assert paper_batches.get_batch(session, "khac", code).without_sector_count == 1
