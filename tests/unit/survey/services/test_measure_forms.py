"""Forms of one measure must agree on how they make its index; those of different measures need not."""

from collections.abc import Sequence
from typing import Any

import pytest

from questionnaires.loader import load_shipped, parse_questionnaire
from questionnaires.model import Questionnaire
from survey.services.measure_forms import require_one_index_each
from survey.services.problems import SurveyError
from tests.rounds import small_document


def weighted_form(form_id: str, weights: Sequence[float], **options: Any) -> Questionnaire:
    document = small_document(form_id, composition="weighted_elements", **options)
    for element, weight in zip(document["index"]["elements"], weights, strict=True):
        element["weight"] = weight
    return parse_questionnaire(document)


def test_other_weights_for_the_same_measure_are_refused() -> None:
    with pytest.raises(SurveyError) as caught:
        require_one_index_each([weighted_form("a", (0.5, 0.5)), weighted_form("b", (0.7, 0.3))])

    assert caught.value.params["reason"] == "index_rules_differ"
    assert (caught.value.params["form_id"], caught.value.params["other_form_id"]) == ("b", "a")


def test_equal_weights_for_the_same_measure_are_taken() -> None:
    require_one_index_each([weighted_form("a", (0.7, 0.3)), weighted_form("b", (0.7, 0.3))])


def test_another_measure_may_have_other_weights() -> None:
    require_one_index_each([weighted_form("a", (0.5, 0.5)), weighted_form("b", (0.7, 0.3), measure="health")])


def test_the_shipped_forms_can_be_asked_together() -> None:
    require_one_index_each(load_shipped())
