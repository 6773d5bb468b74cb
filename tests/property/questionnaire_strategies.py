"""Random sound questionnaires, and random answers to them, for the property tests."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from questionnaires.examples import example_document
from questionnaires.loader import parse_questionnaire
from questionnaires.model import Question, Questionnaire
from questionnaires.values import AnswerValue

Document = dict[str, Any]

KINDS = ("rating", "single", "multiple", "yes_no", "percentage", "number", "short_text", "long_text")
# Vietnamese letters in both normal forms, and characters that may be stripped.
LETTERS = st.sampled_from([*"aZ9 .,\n\t", "ă", "Đ", "ề", "e\u0302\u0300", "\u200b", "🙂"])
WORDS = st.lists(LETTERS, min_size=1, max_size=8).map(lambda letters: f"x{''.join(letters)}x")
TEXTS = st.builds(lambda vi, en: {"vi": vi, "en": en}, WORDS, WORDS)


@st.composite
def build_conditions(draw: st.DrawFn, earlier: list[Document], depth: int = 2) -> Document:
    """Return a condition that names earlier questions only."""
    shape = draw(st.sampled_from(["leaf", "leaf", "all", "any", "not"])) if depth else "leaf"
    if shape == "not":
        return {"not": draw(build_conditions(earlier, depth - 1))}
    if shape != "leaf":
        return {shape: draw(st.lists(build_conditions(earlier, depth - 1), min_size=1, max_size=3))}
    return draw(_build_leaf(draw(st.sampled_from(earlier))))


def _build_leaf(question: Document) -> st.SearchStrategy[Document]:
    name, kind = question["id"], question["kind"]
    answered = st.just({"question": name, "answered": True})
    codes = _codes_of(question)
    if codes:
        chosen = st.lists(st.sampled_from(codes), min_size=1, max_size=3)
        return answered | chosen.map(lambda some: {"question": name, "in": some})
    if kind in ("percentage", "number"):
        bounds = st.integers(0, 100)
        return answered | bounds.map(lambda bound: {"question": name, "at_least": bound})
    return answered


def _codes_of(question: Document) -> list[int | str]:
    if question["kind"] == "rating":
        return [1, 2, 3]
    if question["kind"] == "yes_no":
        return ["yes", "no"]
    return [option["code"] for option in question.get("options", [])]


@st.composite
def build_questions(draw: st.DrawFn, question_id: str, earlier: list[Document]) -> Document:
    """Return a question of any kind, some of them shown on a condition."""
    kind = draw(st.sampled_from(KINDS))
    question: Document = {"id": question_id, "kind": kind, "text": draw(TEXTS)}
    if kind == "rating":
        question |= {"scale": "satisfaction"}
    elif kind in ("single", "multiple"):
        codes = ["a", "b", "c"][: draw(st.integers(2, 3))]
        question["options"] = [{"code": code, "label": draw(TEXTS)} for code in codes]
        if kind == "multiple" and draw(st.booleans()):
            alone = {"code": "none", "label": draw(TEXTS), "exclusive": True}
            question |= {"options": [*question["options"], alone], "max_choices": 2}
    elif kind in ("percentage", "number"):
        question |= {"min": draw(st.integers(-50, 0)), "max": draw(st.integers(100, 5000))}
    if earlier != [] and draw(st.booleans()):
        question["show_if"] = draw(build_conditions(earlier))
    if draw(st.booleans()):
        question["required"] = draw(st.booleans())
    return question


@st.composite
def build_documents(draw: st.DrawFn) -> Document:
    """Return a sound document with one to four sections of random questions."""
    document = example_document()
    earlier: list[Document] = []
    sections: list[Document] = []
    for place in range(draw(st.integers(1, 4))):
        section: Document = {"id": f"s{place}", "title": draw(TEXTS), "questions": []}
        if earlier != [] and draw(st.booleans()):
            section["show_if"] = draw(build_conditions(earlier))
        for number in range(draw(st.integers(1, 4))):
            question = draw(build_questions(f"q{place}_{number}", earlier))
            section["questions"].append(question)
            earlier = [*earlier, question]
        sections.append(section)
    # An index needs one item at least; it comes last and is always shown.
    item = example_document()["sections"][1]["questions"][0]
    document["sections"] = [*sections, {"id": "items", "title": draw(TEXTS), "questions": [item]}]
    return document


def build_questionnaires() -> st.SearchStrategy[Questionnaire]:
    """Return random sound questionnaires."""
    return build_documents().map(parse_questionnaire)


def build_values(question: Question) -> st.SearchStrategy[AnswerValue]:
    """Return allowed answers to a question."""
    if question.kind in ("percentage", "number"):
        return st.integers(question.min, question.max)
    if question.kind in ("short_text", "long_text"):
        return st.sampled_from(["Tốt", "Không có ý kiến", "x" * 200])
    if question.kind == "multiple":
        return st.sampled_from([("a",), ("b",), ("a", "b")])
    return st.sampled_from(question.option_codes)


@st.composite
def build_answers(draw: st.DrawFn, questionnaire: Questionnaire) -> dict[str, AnswerValue]:
    """Return allowed answers to any of the questions, on the path or not."""
    return {
        question.id: draw(build_values(question))
        for question in questionnaire.questions
        if draw(st.booleans())
    }
