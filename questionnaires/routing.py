"""Which sections and questions a respondent is shown, and in what order.

Conditions name earlier questions only, so one walk through the file decides
everything.  A stale answer to a question that is no longer shown counts as no
answer.
"""

from __future__ import annotations

from collections.abc import Iterator

from questionnaires.model import Question, Questionnaire, Section
from questionnaires.values import Answers, AnswerValue

__all__ = [
    "is_visible",
    "next_section",
    "previous_section",
    "visible_questions",
    "visible_sections",
    "walk_path",
]


def is_visible(part: Question | Section, answers: Answers) -> bool:
    """Say whether the part's own condition holds; a question's section is not looked at.

    Examples
    --------
    >>> from questionnaires.examples import example_document
    >>> from questionnaires.loader import parse_questionnaire
    >>> questionnaire = parse_questionnaire(example_document())
    >>> is_visible(questionnaire.section("service"), {"visited": "no"})
    False
    """
    return part.show_if is None or part.show_if.holds(answers)


def walk_path(
    questionnaire: Questionnaire, answers: Answers
) -> Iterator[tuple[Section, Question, AnswerValue | None]]:
    """Yield each question on the respondent's path, with its section and its answer or None."""
    on_path: dict[str, AnswerValue] = {}
    for section in questionnaire.sections:
        if section.show_if is not None and not section.show_if.holds(on_path):
            continue
        for question in section.questions:
            if question.show_if is not None and not question.show_if.holds(on_path):
                continue
            value = answers.get(question.id)
            if value is not None:
                on_path[question.id] = value
            yield section, question, value


def visible_sections(questionnaire: Questionnaire, answers: Answers) -> list[Section]:
    """Return the sections with at least one question to show, in file order.

    Examples
    --------
    >>> from questionnaires.examples import example_document
    >>> from questionnaires.loader import parse_questionnaire
    >>> questionnaire = parse_questionnaire(example_document())
    >>> [section.id for section in visible_sections(questionnaire, {"visited": "no"})]
    ['visit', 'closing']
    """
    sections: list[Section] = []
    for section, _question, _value in walk_path(questionnaire, answers):
        if not sections or sections[-1] is not section:
            sections.append(section)
    return sections


def visible_questions(
    questionnaire: Questionnaire, answers: Answers, section: Section | None = None
) -> list[Question]:
    """Return the questions on the path, of one section or of all, in file order.

    Examples
    --------
    >>> from questionnaires.examples import example_document
    >>> from questionnaires.loader import parse_questionnaire
    >>> questionnaire = parse_questionnaire(example_document())
    >>> [question.id for question in visible_questions(questionnaire, {})]
    ['visited', 'expected', 'channels', 'why']
    """
    return [
        question
        for place, question, _value in walk_path(questionnaire, answers)
        if section is None or place.id == section.id
    ]


def next_section(questionnaire: Questionnaire, answers: Answers, section_id: str) -> Section | None:
    """Return the first visible section after this one, None after the last.

    The named section itself need not be visible.

    Raises
    ------
    KeyError
        If the questionnaire has no section of this id.

    Examples
    --------
    >>> from questionnaires.examples import example_document
    >>> from questionnaires.loader import parse_questionnaire
    >>> questionnaire = parse_questionnaire(example_document())
    >>> next_section(questionnaire, {"visited": "no"}, "visit").id
    'closing'
    """
    places = questionnaire.section_positions
    later = (s for s in visible_sections(questionnaire, answers) if places[s.id] > places[section_id])
    return next(later, None)


def previous_section(questionnaire: Questionnaire, answers: Answers, section_id: str) -> Section | None:
    """Return the last visible section before this one, None before the first.

    Raises
    ------
    KeyError
        If the questionnaire has no section of this id.

    Examples
    --------
    >>> from questionnaires.examples import example_document
    >>> from questionnaires.loader import parse_questionnaire
    >>> questionnaire = parse_questionnaire(example_document())
    >>> previous_section(questionnaire, {"visited": "yes"}, "closing").id
    'service'
    """
    places = questionnaire.section_positions
    shown = reversed(visible_sections(questionnaire, answers))
    return next((s for s in shown if places[s.id] < places[section_id]), None)
