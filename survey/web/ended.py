"""A page of a response that is open no more: sent, left for too long, ended by a closing, or never begun."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from questionnaires.answers import parse_answers
from questionnaires.model import Answers, Question
from questionnaires.routing import visible_questions
from survey.services import drafts
from survey.services.drafts import Draft
from survey.services.problems import ClosedMeanwhile, DraftUnknown, ResponseConflict, ResponseSent
from survey.services.sent_responses import SentResponse, find_sent_response, quarantine_section
from survey.web import clock, database
from survey.web.errors import show_survey_error
from survey.web.forms.answers import (
    AnswersForm,
    RawAnswers,
    TokenForm,
    build_answers_form,
    field_name,
    render_raw,
)
from survey.web.given_back import show_entered
from survey.web.respondent_memory import find_begun


def init_blueprint(blueprint: Blueprint) -> None:
    blueprint.register_error_handler(DraftUnknown, _show_ended)
    blueprint.register_error_handler(ClosedMeanwhile, _show_closed)


def _show_ended(error: DraftUnknown) -> ResponseReturnValue:
    response_id: UUID = error.params["response_id"]
    with database.read() as session:
        sent = find_sent_response(session, response_id)
    if sent is not None:
        return _show_sent(sent)
    begun = find_begun(response_id)
    if begun is None:
        return show_survey_error(error)
    with database.write() as session:
        # The page says that the answers are deleted: they are, whether or not somebody has started since.
        drafts.purge_drafts(session, now=clock.now())
    return render_template("respond/discarded.html", begun=begun, response_id=response_id), 410


def _show_sent(sent: SentResponse) -> ResponseReturnValue:
    """The thanks; to answers that are not those that are stored, what became of them."""
    place = request.view_args or {}
    section_id = place.get("section_id", "")
    if request.method != "POST" or not (section_id or "question_id" in place):
        return redirect(url_for("respond.thanks", response_id=sent.response_id), 303)
    part = f"{sent.response_id} {section_id}"
    questions = _list_questions(sent, section_id)
    stored = {question.id: sent.answers[question.id] for question in questions if question.id in sent.answers}
    if not questions or not _is_comparable(sent, stored):
        return show_survey_error(ResponseSent(sent.response_id), forget=part)
    given = _read_given(sent, questions)
    if given == stored:
        return redirect(url_for("respond.thanks", response_id=sent.response_id), 303)
    with database.write() as session:
        quarantine_section(session, sent, section_id, given, today=clock.today())
    return show_survey_error(ResponseConflict(sent.response_id), forget=part)


def _list_questions(sent: SentResponse, section_id: str) -> list[Question]:
    section = sent.questionnaire.find_section(section_id)
    return visible_questions(sent.questionnaire, sent.answers, section) if section else []


def _is_comparable(sent: SentResponse, stored: Answers) -> bool:
    """Only who began the response may learn whether a section equals what is stored.

    A part of a section is not compared: question by question the stored answers could be read out.
    """
    if find_begun(sent.response_id) is None or not TokenForm().validate():
        return False
    return all(field_name(question_id) in request.form for question_id in stored)


def _read_given(sent: SentResponse, questions: list[Question]) -> dict[str, object]:
    """What a section says that came after its response, unreadable values as typed."""
    raw = build_answers_form(questions, AnswersForm)().raw_answers()
    # Codes of the catalogue are compared, not checked: what is stored is an option.
    given, problems = parse_answers(sent.questionnaire, raw, questions=questions, choices=raw)
    return {**given, **{problem.path: raw[problem.path] for problem in problems}}


def _show_closed(error: ClosedMeanwhile) -> ResponseReturnValue:
    """Give back what was entered for as long as a draft lives; a kiosk shows it to nobody and drops it."""
    with database.read() as session:
        draft = drafts.find_ended_draft(session, error.response_id, now=clock.now())
    if draft is None:
        return show_survey_error(error)
    if draft.layout == "kiosk":
        with database.write() as session:
            drafts.discard_draft(session, error.response_id)
        return show_survey_error(error)
    return show_entered(
        error,
        draft.questionnaire,
        _raw_answers(draft),
        draft.answers,
        draft.choice_labels,
        is_demonstration=draft.is_demonstration,
        kept_id=draft.response_id,
    )


def _raw_answers(draft: Draft) -> RawAnswers:
    """The answers that were kept, those of the page that is being sent in place of its old ones."""
    raw = render_raw(draft.questionnaire, draft.answers)
    section = draft.questionnaire.find_section((request.view_args or {}).get("section_id", ""))
    if section and request.method == "POST":
        raw |= build_answers_form(section.questions, AnswersForm)().raw_answers()
    return raw
