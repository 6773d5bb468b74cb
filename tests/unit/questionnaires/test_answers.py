"""Reading what respondents typed, and checking answers."""

from __future__ import annotations

import unicodedata

import pytest

from questionnaires import answers
from questionnaires.examples import example_document
from questionnaires.loader import parse_questionnaire
from questionnaires.model import Questionnaire
from questionnaires.problems import Problem
from questionnaires.values import AnswerValue

COMPLETE: dict[str, AnswerValue] = {"visited": "yes", "q01": 3, "q02": 1}


def _parse_one(questionnaire: Questionnaire, question_id: str, raw: object) -> object:
    """Return the answer, or the code of its problem, or None for no answer."""
    found, problems = answers.parse_answers(questionnaire, {question_id: raw})
    return problems[0].code if problems else found.get(question_id)


def _with_procedure() -> Questionnaire:
    document = example_document()
    text = {"vi": "Thủ tục", "en": "Procedure"}
    other = {"code": "other", "label": {"vi": "Khác", "en": "Other"}}
    question = {"id": "procedure", "kind": "single", "options_from": "procedures", "text": text}
    document["sections"][0]["questions"].append({**question, "options": [other]})
    return parse_questionnaire(document)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        *[("85", 85), (" 85 % ", 85), ("85%", 85), (85, 85), (85.0, 85), (["85"], 85), ("085", 85)],
        *[("0", 0), ("-0", 0), ("+7", 7), ("85,0", 85), ("85.0", 85), ("1\u00a000", 100)],
        *[("-5", "too_small"), (-5, "too_small"), ("201", "too_large"), ("1.234", "too_large")],
        *[("9" * 5000, "too_large"), ("-" + "9" * 5000, "too_small"), (10**30, "too_large")],
        *[("85,5", "not_a_whole_number"), ("85.5", "not_a_whole_number"), (85.5, "not_a_whole_number")],
        *[("1,234", "not_a_whole_number"), ("1.2.3", "not_a_whole_number"), ("1,000", "not_a_whole_number")],
        *[("nhiều", "not_a_number"), ("%", "not_a_number"), ("1e2", "not_a_number"), ("٨٥", "not_a_number")],
        *[(float("nan"), "not_a_number"), (float("inf"), "not_a_number")],
        *[(True, "wrong_type"), ({"a": 1}, "wrong_type"), (["1", "2"], "wrong_type"), (b"85", "wrong_type")],
        *[(None, None), ("", None), (" \u00a0\t", None), ([], None)],
    ],
)
def test_a_percentage_is_read_the_vietnamese_way(
    questionnaire: Questionnaire, raw: object, expected: object
) -> None:
    assert _parse_one(questionnaire, "expected", raw) == expected


def test_grouped_digits_are_one_number() -> None:
    document = example_document()
    document["sections"][2]["questions"][0]["max"] = 2_000_000
    questionnaire = parse_questionnaire(document)
    assert _parse_one(questionnaire, "expected", "1.234.567") == 1_234_567
    assert _parse_one(questionnaire, "expected", "1 234 567") == 1_234_567
    assert _parse_one(questionnaire, "expected", "1.234,00") == 1234


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        *[("3", 3), (" 3 ", 3), (3, 3), (["3"], 3), ("", None)],
        *[("4", "not_an_option"), (4, "not_an_option"), ("ba", "not_an_option"), ("03", "not_an_option")],
        *[("³", "not_an_option"), (True, "wrong_type"), (3.0, "wrong_type"), (["1", "2"], "wrong_type")],
    ],
)
def test_a_rating_is_a_code_of_its_scale(questionnaire: Questionnaire, raw: object, expected: object) -> None:
    assert _parse_one(questionnaire, "q01", raw) == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        *[("yes", "yes"), (" no\r\n", "no"), (["yes"], "yes"), ("maybe", "not_an_option")],
        *[("Yes", "not_an_option"), (1, "not_an_option"), (1.5, "wrong_type"), (True, "wrong_type")],
    ],
)
def test_a_choice_is_one_of_the_codes(questionnaire: Questionnaire, raw: object, expected: object) -> None:
    assert _parse_one(questionnaire, "visited", raw) == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        *[(["web", "radio"], ("radio", "web")), ("web", ("web",)), (("web", "web"), ("web",)), ([""], None)],
        *[(["none"], ("none",)), (["none", "web"], "exclusive_choice"), (["tv"], "not_an_option")],
        *[(["radio", "web", "friends"], "too_many_choices"), ([1], "wrong_type"), ({"a": 1}, "wrong_type")],
        *[(5, "wrong_type"), ([["web"]], "wrong_type"), ([], None), (None, None)],
    ],
)
def test_a_multiple_choice_is_kept_in_the_order_of_the_file(
    questionnaire: Questionnaire, raw: object, expected: object
) -> None:
    assert _parse_one(questionnaire, "channels", raw) == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("  Tốt  ", "Tốt"),
        ("một\r\nhai\rba", "một\nhai\nba"),
        (unicodedata.normalize("NFD", "Hài lòng"), "Hài lòng"),
        ("a\x00b\x07\ud800c", "abc"),
        ("\x00", None),
        ("x" * 100, "x" * 100),
        ("x" * 101, "too_long"),
        (3, "wrong_type"),
    ],
)
def test_text_is_cleaned_and_measured(questionnaire: Questionnaire, raw: object, expected: object) -> None:
    assert _parse_one(questionnaire, "why", raw) == expected


def test_a_short_text_has_one_line_and_a_default_length() -> None:
    document = example_document()
    del document["sections"][2]["questions"][2]["max_length"]
    document["sections"][2]["questions"][2]["kind"] = "short_text"
    questionnaire = parse_questionnaire(document)
    assert _parse_one(questionnaire, "why", "một\n hai") == "một hai"
    assert _parse_one(questionnaire, "why", "x" * 201) == "too_long"


def test_catalogue_options_come_from_the_choices() -> None:
    questionnaire = _with_procedure()
    choices = {"procedure": ["1.004227"]}
    question = questionnaire.question("procedure")
    assert answers.check_value(question, "1.004227", choices) is None
    assert answers.check_value(question, "other", choices) is None
    refused = Problem("not_an_option", "procedure", {"value": "1.004228"})
    assert answers.check_value(question, "1.004228", choices) == refused


def test_without_choices_only_the_fixed_options_are_allowed() -> None:
    question = _with_procedure().question("procedure")
    assert answers.check_value(question, "other") is None
    assert answers.check_value(question, "1.004227") is not None


def test_an_unknown_key_is_a_problem_of_a_whole_form_only(questionnaire: Questionnaire) -> None:
    raw = {"visited": "yes", "csrf_token": "x"}
    assert answers.parse_answers(questionnaire, raw)[1][0].code == "unknown_question"
    section = questionnaire.section("visit")
    assert answers.parse_answers(questionnaire, raw, questions=section.questions) == ({"visited": "yes"}, [])


def test_every_unreadable_value_is_reported_and_the_others_are_kept(questionnaire: Questionnaire) -> None:
    found, problems = answers.parse_answers(questionnaire, {"visited": "?", "q01": "9", "why": "Tốt"})
    assert found == {"why": "Tốt"}
    assert [problem.path for problem in problems] == ["visited", "q01"]


def test_a_complete_response_has_no_problem(questionnaire: Questionnaire) -> None:
    assert answers.check_response(questionnaire, COMPLETE) == []


def test_every_problem_of_a_response_is_reported(questionnaire: Questionnaire) -> None:
    given = {"visited": "yes", "q01": 4, "expected": "85", "channels": ["web"], "why": " ", "who": "A"}
    assert [(p.code, p.path) for p in answers.check_response(questionnaire, given)] == [  # type: ignore[arg-type]
        ("not_an_option", "q01"),
        ("required", "q02"),
        ("wrong_type", "expected"),
        ("wrong_type", "channels"),
        ("wrong_type", "why"),
        ("unknown_question", "who"),
    ]


@pytest.mark.parametrize(
    "given",
    [
        *[{"q01": "3"}, {"q01": True}, {"q01": None}, {"visited": 1}, {"visited": ["yes"]}],
        *[{"channels": ()}, {"channels": ("web", "web")}, {"channels": "web"}, {"channels": (1,)}],
        *[{"why": ""}, {"why": "a\x00"}, {"why": unicodedata.normalize("NFD", "ồ")}, {"expected": 85.0}],
    ],
)
def test_a_value_of_another_type_is_not_stored(questionnaire: Questionnaire, given: object) -> None:
    problems = answers.check_response(questionnaire, {**COMPLETE, **given})  # type: ignore[dict-item]
    assert "wrong_type" in {problem.code for problem in problems}


def test_answers_off_the_path_are_reported_and_can_be_dropped(questionnaire: Questionnaire) -> None:
    given = {**COMPLETE, "visited": "no"}
    assert {problem.code for problem in answers.check_response(questionnaire, given)} == {"off_path"}
    assert answers.drop_off_path(questionnaire, given) == {"visited": "no"}


def test_a_section_misses_its_required_answers_only(questionnaire: Questionnaire) -> None:
    section = questionnaire.section("service")
    given: dict[str, AnswerValue] = {"visited": "yes", "q02": 1}
    assert answers.check_section(questionnaire, section, given) == [Problem("required", "q01")]


def test_a_hidden_section_misses_nothing(questionnaire: Questionnaire) -> None:
    section = questionnaire.section("service")
    assert answers.check_section(questionnaire, section, {"visited": "no"}) == []
