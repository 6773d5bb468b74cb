"""Every answer path ends, and what is left off it is left off for good."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from questionnaires import answers, routing
from questionnaires.model import Questionnaire, Section
from questionnaires.values import AnswerValue
from tests.property.questionnaire_strategies import build_answers, build_questionnaires, build_values


def _walk(questionnaire: Questionnaire, data: st.DataObject) -> tuple[list[str], dict[str, AnswerValue]]:
    """Fill the form page by page, as a respondent who answers everything shown."""
    given: dict[str, AnswerValue] = {}
    visited: list[str] = []
    section: Section | None = routing.visible_sections(questionnaire, given)[0]
    while section is not None:
        assert section.id not in visited, "a page came twice"
        visited.append(section.id)
        for question in section.questions:
            if question in routing.visible_questions(questionnaire, given, section):
                given[question.id] = data.draw(build_values(question))
        section = routing.next_section(questionnaire, given, section.id)
    return visited, given


@given(build_questionnaires(), st.data())
def test_every_path_ends_and_visits_each_visible_section_once(
    questionnaire: Questionnaire, data: st.DataObject
) -> None:
    visited, given = _walk(questionnaire, data)
    shown = routing.visible_sections(questionnaire, given)
    assert visited == [section.id for section in shown]


@given(build_questionnaires(), st.data())
def test_a_respondent_who_answers_what_is_shown_has_a_response_to_store(
    questionnaire: Questionnaire, data: st.DataObject
) -> None:
    _visited, given = _walk(questionnaire, data)
    assert answers.check_response(questionnaire, given) == []


@given(build_questionnaires(), st.data())
def test_walking_back_is_walking_forward_reversed(questionnaire: Questionnaire, data: st.DataObject) -> None:
    given = data.draw(build_answers(questionnaire))
    forward = [section.id for section in routing.visible_sections(questionnaire, given)]
    backward = [forward[-1]]
    while (before := routing.previous_section(questionnaire, given, backward[-1])) is not None:
        backward.append(before.id)
    assert backward == forward[::-1]


@given(build_questionnaires(), st.data())
def test_dropping_leaves_no_answer_off_the_path_and_is_done_once(
    questionnaire: Questionnaire, data: st.DataObject
) -> None:
    kept = answers.drop_off_path(questionnaire, data.draw(build_answers(questionnaire)))
    codes = {problem.code for problem in answers.check_response(questionnaire, kept)}
    assert codes <= {"required"}
    assert answers.drop_off_path(questionnaire, kept) == kept


@given(build_questionnaires(), st.data())
def test_dropping_changes_nothing_that_is_shown(questionnaire: Questionnaire, data: st.DataObject) -> None:
    given = data.draw(build_answers(questionnaire))
    kept = answers.drop_off_path(questionnaire, given)
    shown = routing.visible_questions(questionnaire, given)
    assert routing.visible_questions(questionnaire, kept) == shown
    assert kept.items() <= given.items()
