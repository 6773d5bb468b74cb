"""Every code has a sentence in both languages, and a place in the documentation."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

import questionnaires
from questionnaires.checks import check_document
from questionnaires.messages import MESSAGES, render_problem
from questionnaires.problems import Problem
from questionnaires.yaml_reader import read_yaml

PACKAGE = Path(questionnaires.__file__).parent
DOCUMENTATION = PACKAGE.parent / "docs" / "questionnaire-format.md"
_REPORTED = re.compile(r'(?:yield |Problem\(|_report\(|return )f?"([a-z_0-9]+)",')


def _reported_codes() -> set[str]:
    sources = [path.read_text(encoding="utf-8") for path in PACKAGE.glob("*.py")]
    return {code for source in sources for code in _REPORTED.findall(source)}


def test_every_reported_code_has_a_sentence() -> None:
    assert len(_reported_codes()) > 40
    assert _reported_codes() - set(MESSAGES) == set()


def test_every_code_is_documented() -> None:
    documented = set(re.findall(r"`([a-z_0-9]+)`", DOCUMENTATION.read_text(encoding="utf-8")))
    assert set(MESSAGES) - documented == set()


@pytest.mark.parametrize("code", MESSAGES)
def test_both_languages_need_the_same_values(code: str) -> None:
    fields = [{name for _, name, _, _ in string.Formatter().parse(text) if name} for text in MESSAGES[code]]
    assert fields[0] == fields[1]


def test_a_message_is_one_line_in_the_asked_language() -> None:
    problem = Problem("not_one_of", "layout", {"value": "a\nb", "allowed": ["x", "y"]})
    assert render_problem(problem) == "a b không hợp lệ, chỉ dùng: x, y"
    assert render_problem(problem, "en") == "a b is not one of: x, y"


def test_a_type_is_named_in_the_asked_language() -> None:
    problem = Problem("wrong_type", "title", {"expected": "text"})
    assert render_problem(problem) == "sai kiểu, cần: chữ"


def test_a_missing_value_or_an_unknown_code_is_no_crash() -> None:
    assert render_problem(Problem("too_large", "x"), "en") == "is above ?"
    assert render_problem(Problem("wrong_type", "x"), "en") == "wrong type, expected: ?"
    assert render_problem(Problem("strange", "x")) == "strange"


def test_the_form_in_the_documentation_has_no_problem() -> None:
    text = DOCUMENTATION.read_text(encoding="utf-8")
    form = text.split("```yaml\n")[1].split("```")[0]
    document, problems = read_yaml(form.encode())
    assert [*problems, *check_document(document)] == []
