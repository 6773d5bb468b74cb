"""Where a respondent stands in a questionnaire and what comes next; nothing of HTTP, nothing of the page."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from questionnaires import routing
from questionnaires.answers import check_section, check_value
from questionnaires.model import AnswerValue, Question, Section
from questionnaires.problems import Problem
from survey.services.drafts import Draft

Answers = Mapping[str, AnswerValue]


@dataclass(frozen=True)
class Progress:
    """`Section 2 of 5`."""

    current: int
    total: int
    of: Literal["section", "question"]


# A page a section -------------------------------------------------------------------------------------------


def find_unfinished_section(draft: Draft) -> Section | None:
    """The first section on the path that lacks a required answer; None when the response can be sent."""
    for section in routing.visible_sections(draft.questionnaire, draft.answers):
        if check_section(draft.questionnaire, section, draft.answers, draft.choices):
            return section
    return None


def is_section_reachable(draft: Draft, section: Section) -> bool:
    """Whether the section is on the path and everything before it is answered."""
    unfinished = find_unfinished_section(draft)
    for visible in routing.visible_sections(draft.questionnaire, draft.answers):
        if visible.id == section.id:
            return True
        if visible is unfinished:
            return False
    return False


def find_next_section(draft: Draft, section: Section, *, correcting: bool) -> Section | None:
    """The section after this one, None for the review; who corrects goes straight back to the review."""
    if correcting:
        return find_unfinished_section(draft)
    return routing.next_section(draft.questionnaire, draft.answers, section.id)


def find_previous_section(draft: Draft, section: Section) -> Section | None:
    return routing.previous_section(draft.questionnaire, draft.answers, section.id)


def first_section(draft: Draft) -> Section:
    return routing.visible_sections(draft.questionnaire, draft.answers)[0]


def section_progress(draft: Draft, section: Section) -> Progress:
    ids = [visible.id for visible in routing.visible_sections(draft.questionnaire, draft.answers)]
    return Progress(ids.index(section.id) + 1, len(ids), "section")


def list_added_questions(
    draft: Draft, section: Section, answers: Answers, shown: Iterable[str]
) -> list[Question]:
    """Questions of the section that the answers of its own page have brought up."""
    known = set(shown)
    visible = routing.visible_questions(draft.questionnaire, answers, section)
    return [question for question in visible if question.id not in known]


def list_missing(draft: Draft, section: Section, answers: Answers, found: Iterable[Problem]) -> list[Problem]:
    """What the section still lacks, apart from what was found unreadable."""
    unreadable = {problem.path for problem in found}
    problems = check_section(draft.questionnaire, section, answers, draft.choices)
    return [problem for problem in problems if problem.path not in unreadable]


# A screen a question ----------------------------------------------------------------------------------------


def find_open_question(draft: Draft) -> Question | None:
    """The first question on the path that must be answered and is not."""
    for question in routing.visible_questions(draft.questionnaire, draft.answers):
        if _is_unanswered(draft, question) and question.required:
            return question
    return None


def is_question_reachable(draft: Draft, question: Question) -> bool:
    open_question = find_open_question(draft)
    for visible in routing.visible_questions(draft.questionnaire, draft.answers):
        if visible.id == question.id:
            return True
        if open_question is not None and visible.id == open_question.id:
            return False
    return False


def find_neighbours(draft: Draft, question: Question) -> tuple[Question | None, Question | None]:
    """The questions before and after this one on the path."""
    visible = routing.visible_questions(draft.questionnaire, draft.answers)
    position = [candidate.id for candidate in visible].index(question.id)
    before = visible[position - 1] if position else None
    after = visible[position + 1] if position + 1 < len(visible) else None
    return before, after


def is_first_of_section(draft: Draft, section: Section, question: Question) -> bool:
    return routing.visible_questions(draft.questionnaire, draft.answers, section)[0].id == question.id


def last_question(draft: Draft) -> Question:
    return routing.visible_questions(draft.questionnaire, draft.answers)[-1]


def question_progress(draft: Draft, question: Question) -> Progress:
    ids = [visible.id for visible in routing.visible_questions(draft.questionnaire, draft.answers)]
    return Progress(ids.index(question.id) + 1, len(ids), "question")


def _is_unanswered(draft: Draft, question: Question) -> bool:
    value: Any = draft.answers.get(question.id)
    return value is None or check_value(question, value, draft.choices) is not None
