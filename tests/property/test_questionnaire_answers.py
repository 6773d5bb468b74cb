"""Reading answers: what is written out is read back, and nothing typed can crash the reader."""

from __future__ import annotations

import json
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from questionnaires import answers
from questionnaires.examples import example_document
from questionnaires.loader import parse_questionnaire
from questionnaires.model import Questionnaire
from tests.property.questionnaire_strategies import build_answers, build_questionnaires

EXAMPLE = parse_questionnaire(example_document())
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)
RAW_ANSWERS = st.fixed_dictionaries({}, optional={question.id: JSON_VALUES for question in EXAMPLE.questions})


@given(build_questionnaires(), st.data())
def test_written_out_answers_are_read_back(questionnaire: Questionnaire, data: st.DataObject) -> None:
    given = data.draw(build_answers(questionnaire))
    raw = answers.render_answers(questionnaire, given)
    assert answers.parse_answers(questionnaire, raw) == (given, [])


@given(build_questionnaires(), st.data())
def test_answers_survive_json(questionnaire: Questionnaire, data: st.DataObject) -> None:
    given = data.draw(build_answers(questionnaire))
    stored = json.loads(json.dumps(given))
    assert answers.parse_answers(questionnaire, stored) == (given, [])


@given(RAW_ANSWERS)
def test_whatever_is_sent_is_read_or_reported(raw: dict[str, object]) -> None:
    found, problems = answers.parse_answers(EXAMPLE, raw)
    reported = {problem.path for problem in problems}
    assert reported.isdisjoint(found)
    assert all(answers.check_value(EXAMPLE.question(name), value) is None for name, value in found.items())


@given(RAW_ANSWERS)
def test_whatever_is_stored_is_checked_without_a_crash(raw: dict[str, object]) -> None:
    problems = answers.check_response(EXAMPLE, raw)  # type: ignore[arg-type]
    assert {problem.path for problem in problems} <= set(EXAMPLE.questions_by_id)


@given(st.text(max_size=60))
def test_read_text_can_be_stored(text: str) -> None:
    found, _problems = answers.parse_answers(EXAMPLE, {"why": text})
    value = found.get("why", "")
    assert isinstance(value, str)
    assert value == unicodedata.normalize("NFC", value)
    assert "\x00" not in value
    assert value.encode().decode() == value


@given(st.integers(0, 200), st.sampled_from(["{}", " {} ", "{}%", "{} %", "{},0", "0{}", "+{}"]))
def test_a_whole_number_is_read_in_any_usual_writing(number: int, writing: str) -> None:
    assert answers.parse_answers(EXAMPLE, {"expected": writing.format(number)})[0] == {"expected": number}


@given(st.text(alphabet="0123456789.,-+% eE", max_size=12))
def test_a_numeral_is_never_misread(text: str) -> None:
    found, _problems = answers.parse_answers(EXAMPLE, {"expected": text})
    if "expected" in found:
        digits = text.replace(" ", "").strip("%+-").split(",")[0].removesuffix(".0").removesuffix(".00")
        assert int(digits.replace(".", "")) == found["expected"]
