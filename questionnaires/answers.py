"""Reading and checking answers: the one rule for browser, kiosk, paper, import and API."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from questionnaires import routing
from questionnaires.answer_values import clean_text, read_value
from questionnaires.model import Question, Questionnaire, Section
from questionnaires.problems import Problem
from questionnaires.values import Answers, AnswerValue, Choices, QuestionKind

__all__ = [
    "check_response",
    "check_section",
    "check_value",
    "drop_off_path",
    "parse_answers",
    "render_answers",
]


def parse_answers(
    questionnaire: Questionnaire,
    raw: Mapping[str, object],
    *,
    questions: Iterable[Question] | None = None,
    choices: Choices | None = None,
) -> tuple[dict[str, AnswerValue], list[Problem]]:
    """Turn the values of a web form, an import or an API into answers.

    Parameters
    ----------
    questionnaire : Questionnaire
    raw : Mapping[str, object]
        Question id to str, int, a sequence of str, or None.  Blank is not answered.
    questions : Iterable[Question], optional
        Read only these and ignore other keys.  By default all are read and an
        unknown key is a problem.
    choices : Choices, optional
        The allowed codes of questions with ``options_from``.

    Returns
    -------
    tuple[dict[str, AnswerValue], list[Problem]]
        The readable answers, and a problem for each value that is not one; its
        path is the question id.

    Examples
    --------
    >>> from questionnaires.examples import example_document
    >>> from questionnaires.loader import parse_questionnaire
    >>> questionnaire = parse_questionnaire(example_document())
    >>> parse_answers(questionnaire, {"visited": "yes", "expected": "85 %", "why": " "})
    ({'visited': 'yes', 'expected': 85}, [])
    >>> parse_answers(questionnaire, {"expected": "1.234"})[1]
    [Problem(code='too_large', path='expected', params={'max': 200})]
    """
    answers: dict[str, AnswerValue] = {}
    problems: list[Problem] = []
    for question in questionnaire.questions if questions is None else questions:
        value = read_value(question, raw.get(question.id))
        if value is None:
            continue
        problem = value if isinstance(value, Problem) else check_value(question, value, choices)
        if problem is not None:
            problems.append(problem)
        elif not isinstance(value, Problem):
            answers[question.id] = value
    if questions is None:
        problems += _unknown_questions(questionnaire, raw)
    return answers, problems


def render_answers(questionnaire: Questionnaire, answers: Answers) -> dict[str, str | list[str]]:
    """Write answers as the values of a web form; `parse_answers` reads them back unchanged.

    Examples
    --------
    >>> from questionnaires.examples import example_document
    >>> from questionnaires.loader import parse_questionnaire
    >>> questionnaire = parse_questionnaire(example_document())
    >>> render_answers(questionnaire, {"q01": 3, "channels": ("radio", "web")})
    {'q01': '3', 'channels': ['radio', 'web']}
    """
    return {
        question_id: list(value) if isinstance(value, tuple) else str(value)
        for question_id, value in answers.items()
        if question_id in questionnaire.questions_by_id
    }


def check_section(
    questionnaire: Questionnaire, section: Section, answers: Answers, choices: Choices | None = None
) -> list[Problem]:
    """Return a problem for each required, visible question of the section without an answer.

    Answers of the section that are given are checked too, like `check_response` does.

    Examples
    --------
    >>> from questionnaires.examples import example_document
    >>> from questionnaires.loader import parse_questionnaire
    >>> questionnaire = parse_questionnaire(example_document())
    >>> check_section(questionnaire, questionnaire.section("visit"), {})
    [Problem(code='required', path='visited', params={})]
    """
    visible = routing.visible_questions(questionnaire, answers, section)
    return _check_questions(visible, answers, choices)


def check_response(
    questionnaire: Questionnaire, answers: Answers, choices: Choices | None = None
) -> list[Problem]:
    """Check a whole response: required answers, the path, types, ranges, unknown questions.

    Returns
    -------
    list[Problem]
        Empty for a response that may be stored.

    Examples
    --------
    >>> from questionnaires.examples import example_document
    >>> from questionnaires.loader import parse_questionnaire
    >>> questionnaire = parse_questionnaire(example_document())
    >>> check_response(questionnaire, {"visited": "no", "q01": 3})
    [Problem(code='off_path', path='q01', params={})]
    """
    visible = routing.visible_questions(questionnaire, answers)
    problems = _check_questions(visible, answers, choices)
    on_path = {question.id for question in visible}
    problems += [
        Problem("off_path", question_id)
        for question_id in answers
        if question_id not in on_path and question_id in questionnaire.questions_by_id
    ]
    return problems + _unknown_questions(questionnaire, answers)


def drop_off_path(questionnaire: Questionnaire, answers: Answers) -> dict[str, AnswerValue]:
    """Return the answers that are on the path, in file order, after an earlier answer changed.

    Examples
    --------
    >>> from questionnaires.examples import example_document
    >>> from questionnaires.loader import parse_questionnaire
    >>> drop_off_path(parse_questionnaire(example_document()), {"visited": "no", "q01": 3})
    {'visited': 'no'}
    """
    path = routing.walk_path(questionnaire, answers)
    return {question.id: value for _section, question, value in path if value is not None}


def check_value(question: Question, value: object, choices: Choices | None = None) -> Problem | None:
    """Check one typed answer against its question; None where it is allowed.

    Without ``choices`` a question with ``options_from`` allows its fixed options only.

    Examples
    --------
    >>> from questionnaires.examples import example_document
    >>> from questionnaires.loader import parse_questionnaire
    >>> check_value(parse_questionnaire(example_document()).question("q01"), 4)
    Problem(code='not_an_option', path='q01', params={'value': 4})
    """
    return _CHECKS[question.kind](question, value, choices)


def _check_questions(visible: Iterable[Question], answers: Answers, choices: Choices | None) -> list[Problem]:
    problems: list[Problem] = []
    for question in visible:
        if question.id in answers:
            problem = _CHECKS[question.kind](question, answers[question.id], choices)
            if problem is not None:
                problems.append(problem)
        elif question.required:
            problems.append(Problem("required", question.id))
    return problems


def _unknown_questions(questionnaire: Questionnaire, keys: Iterable[str]) -> list[Problem]:
    known = questionnaire.questions_by_id
    return [Problem("unknown_question", str(key), {"question": key}) for key in keys if key not in known]


def _is_option(question: Question, code: str, choices: Choices | None) -> bool:
    if code in question.option_codes:
        return True
    if question.options_from is None or choices is None:
        return False
    return code in choices.get(question.id, ())


def _check_rating(question: Question, value: object, _choices: Choices | None) -> Problem | None:
    if type(value) is not int:
        return Problem("wrong_type", question.id)
    if value in question.option_codes:
        return None
    return Problem("not_an_option", question.id, {"value": value})


def _check_code(question: Question, value: object, choices: Choices | None) -> Problem | None:
    if not isinstance(value, str):
        return Problem("wrong_type", question.id)
    if _is_option(question, value, choices):
        return None
    return Problem("not_an_option", question.id, {"value": value})


def _check_codes(question: Question, value: object, choices: Choices | None) -> Problem | None:
    if not isinstance(value, tuple) or not value or any(not isinstance(code, str) for code in value):
        return Problem("wrong_type", question.id)
    for code in value:
        if not _is_option(question, code, choices):
            return Problem("not_an_option", question.id, {"value": code})
    if len(set(value)) < len(value):
        return Problem("wrong_type", question.id)
    if len(value) > 1 and not question.exclusive_codes.isdisjoint(value):
        return Problem("exclusive_choice", question.id)
    if question.max_choices is not None and len(value) > question.max_choices:
        return Problem("too_many_choices", question.id, {"max": question.max_choices})
    return None


def _check_number(question: Question, value: object, _choices: Choices | None) -> Problem | None:
    if type(value) is not int:
        return Problem("wrong_type", question.id)
    if question.min is not None and value < question.min:
        return Problem("too_small", question.id, {"min": question.min})
    if question.max is not None and value > question.max:
        return Problem("too_large", question.id, {"max": question.max})
    return None


def _check_text(question: Question, value: object, _choices: Choices | None) -> Problem | None:
    if not isinstance(value, str) or not value:
        return Problem("wrong_type", question.id)
    if clean_text(value, lines=question.kind == "long_text") != value:
        return Problem("wrong_type", question.id)
    limit = question.length_limit
    if limit is not None and len(value) > limit:
        return Problem("too_long", question.id, {"max": limit})
    return None


_CHECKS: Final[Mapping[QuestionKind, Callable[[Question, object, Choices | None], Problem | None]]] = {
    "rating": _check_rating,
    "single": _check_code,
    "multiple": _check_codes,
    "yes_no": _check_code,
    "percentage": _check_number,
    "number": _check_number,
    "short_text": _check_text,
    "long_text": _check_text,
}
