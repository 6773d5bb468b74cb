"""Questionnaires of one measure, stacked: rows under each other, items beside each other."""

from typing import Any

import numpy as np
import pytest

from questionnaires.loader import parse_questionnaire
from survey.services.measure_samples import FormSample, MeasureSample, stack
from survey.services.problems import SurveyError
from survey.services.weighting import weigh
from survey.store.survey_data import ResponseColumns, decode_ratings
from tests.rounds import small_document


def form_sample(*texts: str, **options: Any) -> FormSample:
    """A questionnaire with one response a text of ratings, all of unit 1."""
    n = len(texts)
    blank = np.full(n, "", dtype=np.str_)
    columns = ResponseColumns(
        unit_id=np.ones(n, dtype=np.int64),
        sector_code=blank,
        channel=blank,
        selection=np.full(n, "invited"),
        stratum=blank,
        psu=blank,
        design_weight=np.full(n, np.nan),
        expectation_percent=np.arange(n, dtype=np.float64),
        ratings=decode_ratings(texts, 3),
    )
    questionnaire = parse_questionnaire(small_document(**options))
    return FormSample(questionnaire, weigh(questionnaire.id, columns, [], "invited", unit_count=1))


def stacked() -> MeasureSample:
    return stack([form_sample("54.", "031", form_id="a"), form_sample("222", form_id="b")])


def test_rows_stand_under_each_other_and_items_beside_each_other() -> None:
    sample = stacked()

    assert sample.ratings.tolist() == [
        [5, 4, -1, -1, -1, -1],
        [-1, 3, 1, -1, -1, -1],
        [-1, -1, -1, 2, 2, 2],
    ]
    assert [item.form_id for item in sample.items] == ["a", "a", "a", "b", "b", "b"]


def test_not_applicable_is_no_valid_answer() -> None:
    assert stack([form_sample("000")]).ratings.tolist() == [[-1, -1, -1]]


def test_elements_gather_the_items_of_all_questionnaires() -> None:
    definition = stacked().definition()

    assert {element.id: element.items for element in definition.elements} == {
        "access": (0, 1, 3, 4),
        "staff": (2, 5),
    }


def test_not_applicable_is_no_end_of_the_scale() -> None:
    definition = stacked().definition()

    assert definition.scales(6) == [(1, 5)] * 6
    assert definition.satisfied_of(6) == [(4, 5)] * 6


def test_respondents_of_two_questionnaires_are_different_psus() -> None:
    assert len(set(stacked().psus.tolist())) == 3


@pytest.mark.parametrize("composition", ["mean_of_elements", "pooled"])
def test_forms_that_make_their_index_in_one_way_are_stacked(composition: str) -> None:
    forms = [form_sample("54.", form_id=form_id, composition=composition) for form_id in "ab"]

    assert stack(forms).composition == composition


def test_forms_that_make_their_index_in_two_ways_are_refused() -> None:
    forms = [form_sample("54.", form_id="a"), form_sample("222", form_id="b", composition="mean_of_elements")]

    with pytest.raises(SurveyError) as caught:
        stack(forms)

    assert caught.value.params == {
        "reason": "index_rules_differ",
        "measure_code": "sipas",
        "form_id": "b",
        "other_form_id": "a",
    }


def test_expectation_stays_with_its_respondent() -> None:
    assert stacked().expectation.tolist() == [0, 1, 0]


def test_unused_rows_are_left_out() -> None:
    form = form_sample("555", "444")
    form.sample.is_used[0] = False

    sample = stack([form])

    assert sample.ratings.tolist() == [[4, 4, 4]]
    assert len(sample) == 1
