"""One section as a page: how it is shown, and what becomes of what was sent from it."""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from questionnaires.model import AnswerValue, Section
from questionnaires.problems import Problem
from questionnaires.routing import visible_questions
from survey.i18n import LANGUAGES
from survey.services.drafts import Draft, merge_answers
from survey.web import open_responses, steps
from survey.web.forms.answers import (
    AnswersForm,
    RawAnswers,
    build_answers_form,
    field_name,
    read_answers,
    render_raw,
)
from survey.web.language import remember_language, show_in
from survey.web.question_fields import build_fields, group_fields, list_errors, mark_problems
from survey.web.respondent_memory import find_begun

_CORRECTING = "sua"
_ADDED = "them"


def section_url(draft: Draft, section: Section, **query: Any) -> str:
    return url_for("respond.section", response_id=draft.response_id, section_id=section.id, **query)


def correction_url(draft: Draft, section: Section, question_id: str | None = None) -> str:
    """The section, with the way straight back to the review."""
    anchor = field_name(question_id) if question_id else None
    return section_url(draft, section, **{_CORRECTING: 1}, _anchor=anchor)


def place_url(draft: Draft) -> str:
    """Where the respondent has to go on."""
    section = steps.find_unfinished_section(draft)
    return section_url(draft, section) if section else _review_url(draft)


def refused_url(draft: Draft) -> str:
    """Where a form that could not be sent is put right; from there straight back to the review."""
    section = steps.find_unfinished_section(draft)
    if section is None:
        return _review_url(draft, **open_responses.REFUSED)
    return section_url(draft, section, **{_CORRECTING: 1}, **open_responses.REFUSED)


def show_section(draft: Draft, section: Section) -> ResponseReturnValue:
    raw = render_raw(draft.questionnaire, draft.answers)
    problems = steps.list_missing(draft, section, draft.answers, ()) if open_responses.was_refused() else ()
    return _show(draft, section, raw, draft.answers, problems, has_added=_ADDED in request.args)


def take_section(draft: Draft, section: Section) -> ResponseReturnValue:
    """Store what was sent and lead on, or show the page again with what is wrong."""
    form = build_answers_form(section.questions, AnswersForm)()
    raw = form.raw_answers()
    given, problems = read_answers(draft.questionnaire, section.questions, raw, draft.choices)
    answers = merge_answers(draft, section.questions, given)
    if not form.has_token():
        return _show(draft, section, raw, answers, has_lost_token=True), 400
    move = form.move.data
    if move == "back" or move in LANGUAGES:
        if problems:
            # What cannot be read cannot be stored: it stays on the page, and the draft as it was.
            show = partial(_show, draft, section, raw, answers, problems)
            return show_in(move, lambda: (show(), 422)) if move in LANGUAGES else (show(), 422)
        return _leave(open_responses.save(draft, section.questions, given), section, move)
    added = steps.list_added_questions(draft, section, answers, form.shown_questions())
    problems = _without(
        [*problems, *steps.list_missing(draft, section, answers, problems)],
        {question.id for question in added},
    )
    if problems:
        return _show(draft, section, raw, answers, problems, has_added=bool(added)), 422
    draft = open_responses.save(draft, section.questions, given)
    if added:
        first = field_name(added[0].id)
        return redirect(section_url(draft, section, **_kept_query(), **{_ADDED: 1}, _anchor=first), 303)
    following = steps.find_next_section(draft, section, correcting=_CORRECTING in request.args)
    return redirect(section_url(draft, following) if following else _review_url(draft), 303)


def _leave(draft: Draft, section: Section, move: str) -> ResponseReturnValue:
    """Going back or changing the language asks for nothing and loses nothing."""
    if move in LANGUAGES:
        return remember_language(redirect(section_url(draft, section, **_kept_query()), 303), move)
    if _CORRECTING in request.args:
        return redirect(place_url(draft), 303)
    previous = steps.find_previous_section(draft, section)
    return redirect(section_url(draft, previous) if previous else _start_url(draft), 303)


def _show(
    draft: Draft,
    section: Section,
    raw: RawAnswers,
    answers: dict[str, AnswerValue],
    problems: Sequence[Problem] = (),
    *,
    has_added: bool = False,
    has_lost_token: bool = False,
) -> str:
    questionnaire = draft.questionnaire
    questions = visible_questions(questionnaire, answers, section)
    fields = build_fields(questions, raw, answers, draft.choice_labels)
    fields = mark_problems(
        fields, questionnaire.questions_by_id, problems, is_pupil=questionnaire.address == "em"
    )
    return render_template(
        "respond/section.html",
        draft=draft,
        questionnaire=questionnaire,
        section=section,
        step=steps.section_progress(draft, section),
        groups=group_fields(fields),
        shown=" ".join(question.id for question in questions),
        errors=list_errors(fields),
        has_added=has_added,
        has_lost_token=has_lost_token,
        was_refused=open_responses.was_refused(),
    )


def _without(problems: Iterable[Problem], question_ids: set[str]) -> list[Problem]:
    """Nobody is blamed for a question that was not on the page."""
    return [problem for problem in problems if problem.path not in question_ids]


def _kept_query() -> dict[str, Any]:
    return {_CORRECTING: 1} if _CORRECTING in request.args else {}


def _review_url(draft: Draft, **query: Any) -> str:
    return url_for("respond.review", response_id=draft.response_id, **query)


def _start_url(draft: Draft) -> str:
    begun = find_begun(draft.response_id)
    if begun is None:
        return section_url(draft, steps.first_section(draft))
    return f"{begun}{'&' if '?' in begun else '?'}phieu={draft.response_id}"
