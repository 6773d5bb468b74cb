"""What is printed beside a box is what is keyed: numbers of questions and options on paper.

A rating is keyed as the digit of its level, a choice as the position of its option from 1, a procedure as its
own code. A field left empty, or a dash for what cannot be read, is no answer.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from questionnaires.answers import parse_answers
from questionnaires.model import AnswerValue, Choices, Question, Questionnaire, Section, Text
from questionnaires.problems import Problem
from survey.services.responses import check_answers

DASHES = frozenset("-–—/")
TEXT_KINDS = ("short_text", "long_text")
_CHOICE_KINDS = ("single", "yes_no", "multiple")
_ONE_DIGIT = 9
_SEPARATORS = re.compile(r"[\s,;.+]+")


@dataclass(frozen=True)
class PaperOption:
    """An option with the number that stands beside its box."""

    number: str
    code: str
    label: Text


@dataclass(frozen=True)
class NumberedQuestion:
    """A question with its number on paper, which counts through the whole form."""

    number: int
    question: Question
    section: Section


def number_questions(questionnaire: Questionnaire) -> list[NumberedQuestion]:
    pairs = [(section, question) for section in questionnaire.sections for question in section.questions]
    return [
        NumberedQuestion(number, question, section) for number, (section, question) in enumerate(pairs, 1)
    ]


def paper_options(question: Question) -> tuple[PaperOption, ...]:
    """The options with boxes, in the order of the form; a list from the catalogue has none."""
    if question.kind == "rating":
        return tuple(PaperOption(str(each.code), str(each.code), each.label) for each in question.options)
    return tuple(
        PaperOption(str(number), str(each.code), each.label)
        for number, each in enumerate(question.options, 1)
    )


def is_one_key(question: Question) -> bool:
    """Whether one digit is the whole answer, so that keying can move on by itself."""
    if question.kind == "rating":
        return True
    is_choice = question.kind in ("single", "yes_no") and question.options_from is None
    return is_choice and len(question.options) <= _ONE_DIGIT


def read_keyed(
    questionnaire: Questionnaire, keyed: Mapping[str, str], choices: Choices
) -> tuple[dict[str, AnswerValue], list[Problem]]:
    """Turn what was keyed into answers; a problem for each field that is none or not on the path.

    Paths are looked at once every field can be read: a mistyped filter question would blame all that follow.
    """
    raw: dict[str, object] = {}
    unprinted: list[Problem] = []
    for question in questionnaire.questions:
        text = keyed.get(question.id, "").strip()
        if not is_blank(text):
            value = _option_codes(question, text, choices)
            if value is None:
                unprinted.append(Problem(_unprinted_code(question), question.id, {"value": text[:40]}))
            else:
                raw[question.id] = value
    answers, unreadable = parse_answers(questionnaire, raw, choices=choices)
    problems = unprinted + unreadable
    return answers, problems or check_answers(questionnaire, answers, choices, channel="paper")


def write_keyed(question: Question, value: AnswerValue | None) -> str:
    """Write an answer as it is keyed; `read_keyed` reads it back."""
    if value is None:
        return ""
    numbers = {option.code: option.number for option in paper_options(question)}
    if isinstance(value, tuple):
        return ", ".join(numbers.get(code, code) for code in value)
    if question.kind in _CHOICE_KINDS:
        return numbers.get(str(value), str(value))
    return str(value)


def keyed_label(
    question: Question, value: AnswerValue | None, choices: Mapping[str, str]
) -> list[Text | str]:
    """The words of an answer: labels of options, names of the catalogue, else the value itself."""
    labels = {option.code: option.label for option in paper_options(question)}
    values = value if isinstance(value, tuple) else () if value is None else (value,)
    return [labels.get(str(each)) or choices.get(str(each), str(each)) for each in values]


def _option_codes(question: Question, text: str, choices: Choices) -> str | list[str] | None:
    """The option codes behind printed numbers; other kinds as they were keyed; None for an unknown number."""
    if question.kind not in _CHOICE_KINDS:
        return text
    codes = {option.number: option.code for option in paper_options(question)}
    if question.kind != "multiple":
        return codes.get(_plain_number(text)) or _listed_code(text, choices.get(question.id, ()))
    found = [codes.get(_plain_number(number)) for number in _numbers(text, len(codes))]
    return None if None in found else [code for code in found if code is not None]


def _unprinted_code(question: Question) -> str:
    """What to do differently depends on how the question is keyed."""
    if question.options_from is not None:
        return "not_listed"
    has_long_numbers = question.kind == "multiple" and len(question.options) > _ONE_DIGIT
    return "not_separated" if has_long_numbers else "not_an_option"


def is_blank(text: str) -> bool:
    """Whether nothing was keyed, or a dash for what cannot be read."""
    return DASHES.issuperset(text.strip())


def _numbers(text: str, count: int) -> list[str]:
    """`1, 3` or, where each number is one digit, `13`."""
    if count <= _ONE_DIGIT and text.isascii() and text.isdecimal():
        return list(text)
    return [part for part in _SEPARATORS.split(text) if part]


def _plain_number(text: str) -> str:
    return text.lstrip("0") or "0" if text.isascii() and text.isdecimal() else text


def _listed_code(text: str, codes: object) -> str | None:
    listed = codes if isinstance(codes, (list, tuple)) else ()
    return next((code for code in listed if str(code).casefold() == text.casefold()), None)
