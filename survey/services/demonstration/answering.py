"""Fills the questions of a form for one synthetic respondent, along the path that a citizen would take."""

from collections.abc import Mapping, Sequence

import numpy as np

from questionnaires.model import AnswerValue, Question, Questionnaire
from questionnaires.routing import is_visible

_ANSWERED_SHARE = 0.6


def answer_form(
    questionnaire: Questionnaire,
    ratings: Sequence[int],
    given: Mapping[str, AnswerValue],
    choices: Mapping[str, Sequence[str]],
    rng: np.random.Generator,
) -> dict[str, AnswerValue]:
    """Answers along the path: ratings as drawn, `given` where named, else any sensible answer."""
    rating_of = {question.id: int(code) for question, code in zip(questionnaire.rated, ratings, strict=True)}
    answers: dict[str, AnswerValue] = {}
    for section in questionnaire.sections:
        if not is_visible(section, answers):
            continue
        for question in section.questions:
            if not is_visible(question, answers):
                continue
            answer = _answer(question, rating_of, given, choices, rng)
            if answer is not None:
                answers[question.id] = answer
    return answers


def _answer(
    question: Question,
    rating_of: Mapping[str, int],
    given: Mapping[str, AnswerValue],
    choices: Mapping[str, Sequence[str]],
    rng: np.random.Generator,
) -> AnswerValue | None:
    if question.id in rating_of:
        return rating_of[question.id]
    if question.id in given:
        return given[question.id]
    if question.required or rng.random() < _ANSWERED_SHARE:
        return _any_answer(question, choices.get(question.id, ()), rng)
    return None


def _any_answer(question: Question, extra: Sequence[str], rng: np.random.Generator) -> AnswerValue | None:
    if question.kind in ("single", "yes_no"):
        codes = [*extra, *map(str, question.option_codes)]
        return codes[int(rng.integers(len(codes)))]
    if question.kind == "multiple":
        codes = [str(code) for code in question.option_codes if code not in question.exclusive_codes]
        count = 1 + int(rng.integers(min(2, len(codes))))
        return tuple(codes[index] for index in sorted(rng.choice(len(codes), count, replace=False)))
    if question.kind == "percentage":
        return int(np.clip(round(rng.normal(90, 12) / 5) * 5, question.min or 0, question.max or 100))
    if question.kind == "number":
        return int(np.clip(rng.poisson(1.4), question.min or 0, question.max or 50))
    return None
