"""Responses as columns: one entry a response, what is missing marked."""

import numpy as np
import pytest

from survey.services.questionnaires import get_questionnaire
from survey.store.database import Database, Session
from survey.store.rounds import find_round, list_forms
from survey.store.survey_data import NO_ANSWER, ResponseColumns, decode_ratings, fetch_columns
from tests.factories import ROUND_CODE
from tests.rounds import open_small_round, open_tthc_round, send, small_answers, tthc_answers


def columns_of(session: Session) -> ResponseColumns:
    survey_round = find_round(session, ROUND_CODE)
    assert survey_round is not None
    (form,) = list_forms(session, survey_round.id)
    questionnaire = get_questionnaire(session, form.version_id, form.digest)
    return fetch_columns(session, survey_round.id, form.version_id, len(questionnaire.rated))


def test_round_without_responses_has_empty_columns(database: Database) -> None:
    with database.write() as session:
        open_small_round(session)
        columns = columns_of(session)

    assert len(columns) == 0
    assert columns.ratings.shape == (0, 3)


def test_each_response_is_an_entry_in_every_column(database: Database) -> None:
    with database.write() as session:
        open_small_round(session)
        send(session, small_answers(5, 0, 1, expected=120), channel="phone")
        columns = columns_of(session)

    assert columns.ratings.tolist() == [[5, 0, 1]]
    assert (columns.channel.tolist(), columns.selection.tolist()) == (["phone"], ["invited"])
    assert columns.expectation_percent.tolist() == [120]


def test_what_is_missing_is_marked(database: Database) -> None:
    with database.write() as session:
        open_small_round(session)
        send(session, small_answers(None, 3))
        columns = columns_of(session)

    assert columns.ratings.tolist() == [[NO_ANSWER, 3, NO_ANSWER]]
    assert (columns.sector_code.tolist(), columns.stratum.tolist(), columns.psu.tolist()) == (
        [""],
        [""],
        [""],
    )
    assert np.isnan(columns.expectation_percent).all()
    assert np.isnan(columns.design_weight).all()


def test_sectors_are_texts(database: Database) -> None:
    with database.write() as session:
        open_tthc_round(session)
        send(session, tthc_answers(), form_id="tthc")
        columns = columns_of(session)

    assert columns.sector_code.tolist() == ["land"]
    assert columns.ratings.shape == (1, 22)


@pytest.mark.parametrize(
    ("texts", "width", "codes"),
    [
        (("50.", "..1"), 3, [[5, 0, -1], [-1, -1, 1]]),
        ((), 4, []),
        (("", ""), 0, [[], []]),
        (("9",), 1, [[9]]),
    ],
)
def test_rating_texts_become_codes(texts: tuple[str, ...], width: int, codes: list[list[int]]) -> None:
    decoded = decode_ratings(texts, width)

    assert decoded.tolist() == codes
    assert decoded.shape == (len(texts), width)


def test_rating_text_of_another_length_is_an_error() -> None:
    with pytest.raises(ValueError, match="reshape"):
        decode_ratings(("55", "5"), 2)
