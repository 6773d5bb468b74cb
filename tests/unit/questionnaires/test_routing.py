"""The path through a questionnaire."""

from __future__ import annotations

import pytest

from questionnaires import routing
from questionnaires.examples import example_document
from questionnaires.loader import parse_questionnaire
from questionnaires.model import Questionnaire


def test_a_section_is_shown_when_its_condition_holds(questionnaire: Questionnaire) -> None:
    shown = routing.visible_sections(questionnaire, {"visited": "yes"})
    assert [section.id for section in shown] == ["visit", "service", "closing"]


def test_walking_forward_and_back_skips_what_is_hidden(questionnaire: Questionnaire) -> None:
    after = routing.next_section(questionnaire, {"visited": "no"}, "visit")
    assert after is not None
    assert after.id == "closing"
    before = routing.previous_section(questionnaire, {"visited": "no"}, "closing")
    assert before is not None
    assert before.id == "visit"


def test_the_path_has_two_ends(questionnaire: Questionnaire) -> None:
    assert routing.next_section(questionnaire, {}, "closing") is None
    assert routing.previous_section(questionnaire, {}, "visit") is None


def test_walking_on_from_a_hidden_section_is_possible(questionnaire: Questionnaire) -> None:
    after = routing.next_section(questionnaire, {"visited": "no"}, "service")
    assert after is not None
    assert after.id == "closing"


def test_an_unknown_section_is_a_key_error(questionnaire: Questionnaire) -> None:
    with pytest.raises(KeyError):
        routing.next_section(questionnaire, {}, "nowhere")
    with pytest.raises(KeyError):
        routing.previous_section(questionnaire, {}, "nowhere")


def test_the_questions_of_one_section_can_be_asked_for(questionnaire: Questionnaire) -> None:
    section = questionnaire.section("service")
    assert routing.visible_questions(questionnaire, {"visited": "no"}, section) == []
    shown = routing.visible_questions(questionnaire, {"visited": "yes"}, section)
    assert [question.id for question in shown] == ["q01", "q02"]


def test_a_stale_answer_off_the_path_shows_nothing() -> None:
    document = example_document()
    document["sections"][2]["show_if"] = {"question": "q01", "in": [1]}
    questionnaire = parse_questionnaire(document)
    shown = routing.visible_sections(questionnaire, {"visited": "no", "q01": 1})
    assert [section.id for section in shown] == ["visit"]


def test_a_section_without_a_question_to_show_is_left_out() -> None:
    document = example_document()
    for question in document["sections"][2]["questions"]:
        question["show_if"] = {"question": "visited", "in": ["yes"]}
    questionnaire = parse_questionnaire(document)
    shown = routing.visible_sections(questionnaire, {"visited": "no"})
    assert [section.id for section in shown] == ["visit"]


def test_a_question_may_depend_on_one_of_its_own_section() -> None:
    document = example_document()
    document["sections"][2]["questions"][2]["show_if"] = {"question": "expected", "at_most": 50}
    questionnaire = parse_questionnaire(document)
    section = questionnaire.section("closing")
    assert "why" in [q.id for q in routing.visible_questions(questionnaire, {"expected": 50}, section)]
    assert "why" not in [q.id for q in routing.visible_questions(questionnaire, {"expected": 51}, section)]


def test_visibility_of_a_part_looks_at_its_own_condition(questionnaire: Questionnaire) -> None:
    assert routing.is_visible(questionnaire.question("q01"), {"visited": "no"})
    assert not routing.is_visible(questionnaire.section("service"), {})
