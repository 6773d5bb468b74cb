"""A page of a response that is no longer open: it was sent, it was left for too long, or it never was."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from questionnaires.answers import parse_answers
from questionnaires.routing import visible_questions
from survey.services.problems import DraftUnknown, ResponseConflict
from survey.services.sent_responses import SentResponse, find_sent_response
from survey.web import database
from survey.web.errors import show_survey_error
from survey.web.forms.answers import PREFIX, TokenForm
from survey.web.respondent_memory import find_begun


def init_blueprint(blueprint: Blueprint) -> None:
    blueprint.register_error_handler(DraftUnknown, _show_ended)


def _show_ended(error: DraftUnknown) -> ResponseReturnValue:
    response_id: UUID = error.params["response_id"]
    with database.read() as session:
        sent = find_sent_response(session, response_id)
    if sent is not None:
        if request.method == "POST" and _is_of_this_browser(response_id) and _says_otherwise(sent):
            return show_survey_error(ResponseConflict(response_id))
        return redirect(url_for("respond.thanks", response_id=response_id), 303)
    begun = find_begun(response_id)
    if begun is None:
        return show_survey_error(error)
    return render_template("respond/discarded.html", begun=begun), 410


def _is_of_this_browser(response_id: UUID) -> bool:
    """Only who began the response may learn whether what is sent now equals what is stored."""
    return find_begun(response_id) is not None and TokenForm().validate()


def _says_otherwise(sent: SentResponse) -> bool:
    """Whether a whole section sent after its response differs from what is stored.

    A part of a section is not compared: question by question the stored answers could be read out.
    """
    section = sent.questionnaire.find_section((request.view_args or {}).get("section_id", ""))
    questions = visible_questions(sent.questionnaire, sent.answers, section) if section else []
    required = [question for question in questions if question.id in sent.answers]
    if not required or any(PREFIX + question.id not in request.form for question in required):
        return False
    raw = {question.id: request.form.getlist(PREFIX + question.id) for question in questions}
    # Codes of the catalogue are compared, not checked: what is stored is an option.
    choices = {question.id: raw[question.id] for question in questions}
    given, problems = parse_answers(sent.questionnaire, raw, questions=questions, choices=choices)
    return bool(problems) or any(sent.answers.get(name) != value for name, value in given.items())
