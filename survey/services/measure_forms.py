"""Questionnaires that serve one measure together: they must make their index in the same way."""

from collections.abc import Iterable

from questionnaires.model import Questionnaire
from survey.services.problems import SurveyError


def require_one_index_each(questionnaires: Iterable[Questionnaire]) -> None:
    """Refuse two forms of a measure with other compositions or weights: only one of the two could hold."""
    first_of: dict[str, Questionnaire] = {}
    for questionnaire in questionnaires:
        if questionnaire.measure is None or questionnaire.index is None:
            continue
        first = first_of.setdefault(questionnaire.measure, questionnaire)
        if _rule(questionnaire) != _rule(first):
            raise SurveyError(
                reason="index_rules_differ",
                measure_code=questionnaire.measure,
                form_id=questionnaire.id,
                other_form_id=first.id,
            )


def _rule(questionnaire: Questionnaire) -> tuple[str, dict[str, float]]:
    assert questionnaire.index is not None
    elements = questionnaire.index.elements
    weights = {element.id: element.weight for element in elements if element.weight is not None}
    return questionnaire.index.composition, weights
