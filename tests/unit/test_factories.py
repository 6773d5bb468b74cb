"""What other tests build on: the answers of the factory are ones that the product takes."""

from random import Random

import pytest

from questionnaires.answers import check_response
from tests import factories


@pytest.mark.parametrize("form_id", factories.SHIPPED_FORMS)
def test_random_answers_are_valid(form_id: str) -> None:
    questionnaire = factories.shipped_form(form_id)

    for seed in range(30):
        answers = factories.fill_answers(questionnaire, Random(seed))
        assert check_response(questionnaire, answers) == []


def test_random_answers_use_the_choices_of_the_catalogue() -> None:
    questionnaire = factories.shipped_form("tthc")
    choices = {"procedure": ["VD-DD-01", "VD-DD-02"]}
    answers = [factories.fill_answers(questionnaire, Random(seed), choices) for seed in range(20)]

    assert {answer["procedure"] for answer in answers} == {"VD-DD-01", "VD-DD-02", "other"}
