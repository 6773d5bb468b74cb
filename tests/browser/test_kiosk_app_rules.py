"""The kiosk application decides as the server does: the same cases in Python and in the scripts."""

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from questionnaires import routing
from questionnaires.answer_values import clean_text, read_value
from questionnaires.answers import check_value, drop_off_path
from questionnaires.model import AnswerValue, Question, Questionnaire
from questionnaires.problems import Problem
from survey.services.responses import receipt_number
from tests import factories
from tests.fixtures.browsers import PageOpener
from tests.property.questionnaire_strategies import build_questionnaires

if TYPE_CHECKING:
    from playwright.sync_api import Page

# Each example asks the browser once; the page is the same for all of them.
asks_browser = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

DECIDE = """async ({form, answers}) => {
  const routing = await import("/static/js/kiosk-app/routing.js");
  const {findOpenQuestion} = await import("/static/js/kiosk-app/answers.js");
  const visible = routing.visibleQuestions(form, answers);
  return {
    visible: visible.map((question) => question.id),
    texts: visible.map((question) => routing.textFor(question, answers).vi),
    kept: routing.dropOffPath(form, answers),
    open: findOpenQuestion(form, answers)?.id ?? null,
  };
}"""
CHECK = """async ({form, pairs}) => {
  const {checkValue} = await import("/static/js/kiosk-app/answers.js");
  const questions = new Map(form.sections.flatMap((s) => s.questions).map((q) => [q.id, q]));
  return pairs.map(([id, value]) => checkValue(form, questions.get(id), value)?.code ?? null);
}"""
READ = """async ({question, raw}) => {
  const {readTyped} = await import("/static/js/kiosk-app/answers.js");
  const {value, problem} = readTyped(question, raw);
  return problem ? {problem: problem.code} : {value: value ?? null};
}"""
CLEAN = """async ({raw, lines}) => {
  const {cleanText} = await import("/static/js/kiosk-app/answers.js");
  return cleanText(raw, lines);
}"""
RECEIPT = """async (id) => (await import("/static/js/kiosk-app/receipt.js")).receiptNumber(id)"""

WRONG_VALUES: st.SearchStrategy[Any] = st.sampled_from(
    [-1, 0, 7, 99, 10**7, "yes", "no such", "", " x ", [], ["a", "a"]]
)
# Vietnamese letters in both normal forms, and characters that are stripped.
PIECES = [*"aZ9 .,\n\r\t\x00\x0b\x1f\x85", "\u1ec1", "e\u0302\u0300", "\ufeff", "\u2009", "\U0001f642"]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)
NUMERALS = st.text(alphabet="0123456789.,-+% ", max_size=10)


@pytest.fixture
def blank(new_page: PageOpener) -> "Page":
    """A page of the application's own address, so that its scripts can be loaded."""
    page = new_page()
    page.goto("/kiosk/may/")
    return page


@pytest.mark.parametrize("form_id", factories.SHIPPED_FORMS)
@asks_browser
@given(data=st.data())
def test_shipped_forms_show_the_same_questions(blank: "Page", form_id: str, data: st.DataObject) -> None:
    questionnaire = factories.shipped_form(form_id)
    _assert_same_way(blank, questionnaire, data.draw(_some_answers(questionnaire)))


@asks_browser
@given(questionnaire=build_questionnaires(), data=st.data())
def test_any_form_shows_the_same_questions(
    blank: "Page", questionnaire: Questionnaire, data: st.DataObject
) -> None:
    _assert_same_way(blank, questionnaire, data.draw(_some_answers(questionnaire)))


@asks_browser
@given(questionnaire=build_questionnaires(), data=st.data())
def test_the_same_answers_are_refused(
    blank: "Page", questionnaire: Questionnaire, data: st.DataObject
) -> None:
    pairs = [
        (question, data.draw(WRONG_VALUES | _allowed_values(question)))
        for question in questionnaire.questions
    ]

    found = blank.evaluate(
        CHECK,
        {"form": questionnaire.document(), "pairs": [[question.id, value] for question, value in pairs]},
    )

    assert found == [_code(check_value(question, _typed(value))) for question, value in pairs]


@asks_browser
@given(raw=NUMERALS)
def test_numbers_are_read_the_same_way(blank: "Page", raw: str) -> None:
    question = factories.shipped_form("tthc").question("visits")

    found = blank.evaluate(READ, {"question": question.model_dump(mode="json"), "raw": raw})

    expected = read_value(question, raw)
    assert found == ({"problem": expected.code} if isinstance(expected, Problem) else {"value": expected})


@asks_browser
@given(raw=TEXTS, lines=st.booleans())
def test_texts_are_cleaned_the_same_way(blank: "Page", raw: str, lines: bool) -> None:
    assert blank.evaluate(CLEAN, {"raw": raw, "lines": lines}) == clean_text(raw, lines=lines)


@asks_browser
@given(response_id=st.uuids())
def test_receipt_numbers_are_the_same(blank: "Page", response_id: Any) -> None:
    assert blank.evaluate(RECEIPT, str(response_id)) == receipt_number(response_id)


def _assert_same_way(page: "Page", questionnaire: Questionnaire, answers: dict[str, AnswerValue]) -> None:
    found = page.evaluate(DECIDE, {"form": questionnaire.document(), "answers": _plain(answers)})

    visible = routing.visible_questions(questionnaire, answers)
    open_question = next((question.id for question in visible if _is_open(question, answers)), None)
    assert found == {
        "visible": [question.id for question in visible],
        "texts": [question.text_for(answers).vi for question in visible],
        "kept": _plain(drop_off_path(questionnaire, answers)),
        "open": open_question,
    }


def _is_open(question: Question, answers: dict[str, AnswerValue]) -> bool:
    if question.id not in answers:
        return question.required
    return check_value(question, answers[question.id]) is not None


@st.composite
def _some_answers(draw: st.DrawFn, questionnaire: Questionnaire) -> dict[str, AnswerValue]:
    """Allowed answers to any of the questions, on the path or not."""
    asked = [question for question in questionnaire.questions if draw(st.booleans())]
    return {question.id: draw(_allowed_values(question)) for question in asked}


def _allowed_values(question: Question) -> st.SearchStrategy[Any]:
    if question.kind in ("percentage", "number"):
        return st.integers(question.min, question.max)
    if question.kind in ("short_text", "long_text"):
        return st.sampled_from(["Tốt", "Không có ý kiến", "x" * 200])
    if question.kind == "multiple":
        return st.lists(st.sampled_from(question.option_codes), min_size=1, max_size=3, unique=True).map(
            tuple
        )
    return st.sampled_from(question.option_codes)


def _plain(answers: dict[str, AnswerValue]) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in answers.items()}


def _typed(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _code(problem: Problem | None) -> str | None:
    return problem.code if problem else None
