"""What holds for every response: storing and reading back is identity, and order makes no difference."""

from collections.abc import Iterator
from datetime import date
from random import Random
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from questionnaires.model import AnswerValue
from survey.services.responses import encode_ratings, receipt_number, submit_response
from survey.services.round_forms import get_round_form, list_procedure_choices
from survey.services.sent_responses import find_sent_response
from survey.store.database import Database
from survey.store.migrate import upgrade
from survey.store.survey_data import decode_ratings
from tests.factories import (
    SHIPPED_FORMS,
    UNITS_OF_FORM,
    fill_answers,
    open_shipped_round,
    shipped_form,
)
from tests.rounds import TODAY, new_response

FORMS = {form_id: shipped_form(form_id) for form_id in SHIPPED_FORMS}
FILLED = st.tuples(st.sampled_from(SHIPPED_FORMS), st.integers(0, 2**32), st.floats(0, 1))


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """One database for all examples: each response has an id of its own."""
    url = f"sqlite:///{tmp_path_factory.mktemp('responses') / 'hailong.db'}"
    upgrade(url)
    database = Database(url)
    with database.write() as session:
        open_shipped_round(session)
    yield database
    database.dispose()


def fill(database: Database, form_id: str, seed: int, optional_share: float) -> dict[str, AnswerValue]:
    """Answers along a path of the form, with procedures of the answered sector."""
    rng = Random(seed)
    sector = rng.choice(["land", "construction", "investment", "other"])
    with database.read() as session:
        form = get_round_form(session, "2026-h2", form_id)
        labels = list_procedure_choices(session, form.questionnaire, sector, TODAY)
    choices = {name: [code for code, _ in listed] for name, listed in labels.items()}
    answers = fill_answers(form.questionnaire, rng, choices, optional_share=optional_share)
    return {**answers, "sector": sector} if "sector" in answers else answers


@given(FILLED)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_stored_answers_are_read_back_unchanged(database: Database, filled: tuple[str, int, float]) -> None:
    form_id, *_ = filled
    answers = fill(database, *filled)
    new = new_response(answers, form_id=form_id, unit_code=UNITS_OF_FORM[form_id][0])

    with database.write() as session:
        receipt = submit_response(session, new, today=TODAY)
        sent = find_sent_response(session, new.response_id)

    assert sent is not None
    assert sent.answers == answers
    assert sent.receipt_number == receipt.number


@given(FILLED, st.randoms(use_true_random=False))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_repeat_in_any_order_of_answers_is_the_same_response(
    database: Database, filled: tuple[str, int, float], rng: Random
) -> None:
    form_id, *_ = filled
    answers = list(fill(database, *filled).items())
    place: dict[str, Any] = {"response_id": uuid4(), "form_id": form_id}
    place["unit_code"] = UNITS_OF_FORM[form_id][-1]
    with database.write() as session:
        submit_response(session, new_response(dict(answers), **place), today=TODAY)
    rng.shuffle(answers)

    with database.write() as session:
        repeated = submit_response(session, new_response(dict(answers), **place), today=date(2099, 12, 31))

    assert not repeated.is_new


@given(st.sampled_from(SHIPPED_FORMS), st.integers(0, 2**32))
@settings(deadline=None)
def test_ratings_text_holds_every_rating_and_nothing_else(form_id: str, seed: int) -> None:
    questionnaire = FORMS[form_id]
    rng = Random(seed)
    ratings = {
        question.id: rng.choice(question.option_codes)
        for question in questionnaire.rated
        if rng.random() < 0.8
    }

    text = encode_ratings(questionnaire, ratings)

    assert len(text) == len(questionnaire.rated)
    (codes,) = decode_ratings((text,), len(questionnaire.rated)).tolist()
    assert codes == [ratings.get(question.id, -1) for question in questionnaire.rated]


@given(st.uuids())
@settings(deadline=None)
def test_receipt_number_is_twelve_digits_of_the_id(response_id: UUID) -> None:
    number = receipt_number(response_id)

    assert [len(part) for part in number.split(" ")] == [4, 4, 4]
    assert int(number.replace(" ", "")) == response_id.int % 10**12
