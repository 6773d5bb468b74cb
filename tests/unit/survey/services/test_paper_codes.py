"""What is keyed from paper, read as answers."""

from random import Random

import pytest

from questionnaires.examples import example_document
from questionnaires.loader import parse_questionnaire
from survey.services.paper_codes import is_one_key, number_questions, paper_options, read_keyed, write_keyed
from tests import factories

FORM = parse_questionnaire(example_document())
TTHC = factories.shipped_form("tthc")


def read(**keyed):
    return read_keyed(FORM, keyed, {})


def codes(**keyed):
    return [(problem.code, problem.path) for problem in read(**keyed)[1]]


def test_questions_are_numbered_through_the_whole_form():
    assert [(each.number, each.question.id) for each in number_questions(FORM)][:3] == [
        (1, "visited"),
        (2, "q01"),
        (3, "q02"),
    ]


def test_a_choice_has_the_place_of_its_option_and_a_rating_its_own_digit():
    assert [option.number for option in paper_options(TTHC.question("sector"))] == ["1", "2", "3", "4"]
    assert [option.number for option in paper_options(TTHC.question("q01"))] == ["1", "2", "3", "4", "5", "0"]


def test_printed_numbers_are_read_as_answers():
    answers, problems = read(visited="1", q01="3", q02="1", expected="85", channels="1, 2", why="Chờ lâu")
    assert problems == []
    assert answers == {
        "visited": "yes",
        "q01": 3,
        "q02": 1,
        "expected": 85,
        "channels": ("radio", "web"),
        "why": "Chờ lâu",
    }


@pytest.mark.parametrize("text", ["12", "1,2", "1 2", "2;1", "1.2", " 1 ,2 "])
def test_several_boxes_are_read_however_they_are_separated(text):
    assert read(visited="2", channels=text)[0]["channels"] == ("radio", "web")


@pytest.mark.parametrize("text", ["", " ", "-", "--", "/", "–"])
def test_a_blank_or_a_dash_is_no_answer(text):
    assert read(visited="1", q01=text)[0] == {"visited": "yes"}


def test_paper_insists_on_no_answer():
    assert codes(visited="1", q01="3") == []


@pytest.mark.parametrize(
    ("field", "text", "code"),
    [
        ("visited", "3", "not_an_option"),
        ("visited", "yes", "not_an_option"),
        ("q01", "4", "not_an_option"),
        ("q01", "33", "not_an_option"),
        ("expected", "201", "too_large"),
        ("expected", "x", "not_a_number"),
        ("channels", "5", "not_an_option"),
        ("channels", "1, 4", "exclusive_choice"),
        ("channels", "123", "too_many_choices"),
    ],
)
def test_what_is_not_on_the_form_is_a_problem_of_its_question(field, text, code):
    assert (code, field) in codes(**{"visited": "1", field: text})


def test_an_answer_off_the_path_is_named():
    assert codes(visited="2", q01="3") == [("off_path", "q01")]


def test_an_unreadable_filter_does_not_blame_the_questions_behind_it():
    assert codes(visited="7", q01="3") == [("not_an_option", "visited")]


def test_a_procedure_is_keyed_by_its_own_code():
    keyed = {"respondent_kind": "1", "sector": "1", "procedure": "vd-dd-01"}
    answers, problems = read_keyed(TTHC, keyed, {"procedure": ["1.013978", "VD-DD-01"]})
    assert (answers["procedure"], problems) == ("VD-DD-01", [])
    assert read_keyed(TTHC, {"procedure": "1"}, {})[0]["procedure"] == "other"


def test_ten_options_need_a_separator():
    sipas = factories.shipped_form("sipas")
    assert read_keyed(sipas, {"improvements": "135"}, {})[1][0].code == "not_separated"
    assert len(read_keyed(sipas, {"improvements": "1 3 5"}, {})[0]["improvements"]) == 3
    assert read_keyed(sipas, {"improvements": "10"}, {})[0]["improvements"] == ("none",)


def test_only_single_digits_move_on_by_themselves():
    assert is_one_key(TTHC.question("q01"))
    assert is_one_key(TTHC.question("sector"))
    assert not is_one_key(TTHC.question("procedure"))
    assert not is_one_key(TTHC.question("visits"))


@pytest.mark.parametrize("form_id", factories.SHIPPED_FORMS)
def test_keying_what_is_written_gives_the_same_answers(form_id):
    form = factories.shipped_form(form_id)
    for seed in range(20):
        answers = factories.fill_answers(form, Random(seed))
        keyed = {question.id: write_keyed(question, answers.get(question.id)) for question in form.questions}
        assert read_keyed(form, keyed, {}) == (answers, [])
