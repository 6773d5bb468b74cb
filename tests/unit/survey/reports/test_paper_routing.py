"""Conditions in the words of a paper form."""

import pytest
from pydantic import TypeAdapter

from questionnaires.conditions import Condition
from questionnaires.examples import example_document
from questionnaires.loader import parse_questionnaire
from survey.reports.paper_routing import RoutingWords

FORM = parse_questionnaire(example_document())
CONDITION: TypeAdapter = TypeAdapter(Condition)
VISITED = {"question": "visited", "in": ["yes"]}
LOW = {"question": "q01", "in": [1, 2]}


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (VISITED, "câu 1 chọn “Có”"),
        (LOW, "câu 2 chọn “Không hài lòng” hoặc “Bình thường”"),
        ({"question": "expected", "at_least": 90}, "câu 4 từ 90 trở lên"),
        ({"question": "expected", "at_most": 50}, "câu 4 từ 50 trở xuống"),
        ({"question": "why", "answered": True}, "câu 6 có câu trả lời"),
        ({"not": VISITED}, "không phải là: câu 1 chọn “Có”"),
        ({"all": [VISITED, {"any": [LOW, LOW]}]}, "câu 1 chọn “Có” và (câu 2"),
    ],
)
def test_each_condition_has_words(condition, words):
    assert RoutingWords(FORM, "vi").describe(CONDITION.validate_python(condition)).startswith(words)


def test_who_does_not_answer_is_told_where_to_go_on():
    service = FORM.section("service")
    assert RoutingWords(FORM, "vi").way_on(service.show_if, service.questions) == (
        "Chỉ trả lời các câu 2–3 nếu câu 1 chọn “Có”. Nếu không, xin chuyển sang câu 4."
    )
    assert RoutingWords(FORM, "en").way_on(service.show_if, service.questions) == (
        "Please answer questions 2–3 only if you chose “Yes” in question 1. Otherwise go to question 4."
    )


def test_a_negation_is_told_as_a_way_past():
    condition = CONDITION.validate_python({"not": VISITED})
    assert RoutingWords(FORM, "vi").way_on(condition, FORM.questions[-1:]) == (
        "Nếu câu 1 chọn “Có”, xin bỏ qua câu 6 và kết thúc phiếu."
    )
