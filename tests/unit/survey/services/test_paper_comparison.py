"""Two keyings of one form side by side."""

import pytest

from questionnaires.examples import example_document
from questionnaires.loader import parse_questionnaire
from survey.services.paper_comparison import KeyedForm, compare

FORM = parse_questionnaire(example_document())
FIRST = {"visited": "yes", "q01": 3, "q02": 1, "expected": 85, "channels": ("radio",), "why": "Chờ lâu."}
SPOILT = KeyedForm({}, is_spoilt=True)


def compared(**changes):
    second = {name: value for name, value in {**FIRST, **changes}.items() if value is not None}
    return compare(FORM, KeyedForm(FIRST), KeyedForm(second))


def test_equal_keyings_have_no_difference():
    found = compared()
    assert (found.is_equal, found.compared_count, found.difference_count) == (True, 5, 0)


def test_each_field_that_differs_is_counted_and_named():
    found = compared(q01=2, channels=("radio", "web"))
    assert (found.differing, found.difference_count) == (("q01", "channels"), 2)


def test_an_answer_that_one_left_out_is_a_difference():
    assert compared(q02=None).differing == ("q02",)


@pytest.mark.parametrize("text", ["chờ lâu", "Chờ  lâu", "Chờ lâu!"])
def test_capitals_spaces_and_stops_make_no_other_text(text):
    assert compared(why=text).is_equal


def test_other_words_are_decided_but_not_counted():
    found = compared(why="Chờ rất lâu")
    assert (found.differing, found.difference_count, found.is_equal) == (("why",), 0, False)


def test_questions_off_both_paths_are_not_compared():
    away = KeyedForm({"visited": "no"})
    assert compare(FORM, away, away).compared_count == 3
    assert compare(FORM, KeyedForm(FIRST), away).compared_count == 5


def test_a_form_spoilt_for_one_of_them_is_one_difference():
    found = compare(FORM, SPOILT, KeyedForm(FIRST))
    assert (found.is_equal, found.compared_count, found.difference_count) == (False, 1, 1)
    assert compare(FORM, SPOILT, SPOILT).is_equal
