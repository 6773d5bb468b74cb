"""Two keyings of one form side by side: what differs, and how much of what was compared."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from questionnaires.model import Answers, AnswerValue, Question, Questionnaire
from questionnaires.routing import visible_questions
from survey.services.paper_codes import TEXT_KINDS

_NOT_LETTERS = re.compile(r"\W+")


@dataclass(frozen=True)
class KeyedForm:
    """What one person keyed from one form: its answers, or that it cannot be used."""

    answers: Mapping[str, AnswerValue]
    is_spoilt: bool = False


@dataclass(frozen=True)
class Comparison:
    """`differing` names the questions to decide; the counts leave out what was written in words.

    Two people hardly type a sentence alike, so that texts would say nothing about keying.
    """

    differing: tuple[str, ...]
    compared_count: int
    difference_count: int

    @property
    def is_equal(self) -> bool:
        return not self.differing and not self.difference_count


def compare(questionnaire: Questionnaire, first: KeyedForm, second: KeyedForm) -> Comparison:
    """Compare the questions on the path of either keying; of a form spoilt for one of them, only that."""
    if first.is_spoilt or second.is_spoilt:
        differs = first.is_spoilt != second.is_spoilt
        return Comparison((), int(differs), int(differs))
    questions = _asked(questionnaire, first.answers, second.answers)
    differing = [
        question
        for question in questions
        if not _same(question, first.answers.get(question.id), second.answers.get(question.id))
    ]
    return Comparison(
        differing=tuple(question.id for question in differing),
        compared_count=sum(question.kind not in TEXT_KINDS for question in questions),
        difference_count=sum(question.kind not in TEXT_KINDS for question in differing),
    )


def _asked(questionnaire: Questionnaire, first: Answers, second: Answers) -> list[Question]:
    asked = {
        question.id for answers in (first, second) for question in visible_questions(questionnaire, answers)
    }
    return [question for question in questionnaire.questions if question.id in asked]


def _same(question: Question, first: AnswerValue | None, second: AnswerValue | None) -> bool:
    if question.kind in TEXT_KINDS and isinstance(first, str) and isinstance(second, str):
        return _letters(first) == _letters(second)
    return first == second


def _letters(text: str) -> str:
    """Letters and digits alone: capitals, spaces and stops are no other answer."""
    return _NOT_LETTERS.sub(" ", text.casefold()).strip()
