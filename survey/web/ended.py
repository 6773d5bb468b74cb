"""A page of a response that is open no more: sent, left for too long, ended by a closing, or never begun."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from questionnaires.answers import parse_answers
from questionnaires.routing import visible_questions
from survey.services import drafts
from survey.services.drafts import Draft
from survey.services.problems import ClosedMeanwhile, DraftUnknown, ResponseConflict
from survey.services.sent_responses import SentResponse, find_sent_response, quarantine_section
from survey.web import clock, database
from survey.web.errors import show_survey_error
from survey.web.forms.answers import AnswersForm, TokenForm, build_answers_form, field_name, render_raw
from survey.web.question_fields import QuestionField, build_fields
from survey.web.respondent_memory import find_begun, find_closed, remember_closed


def init_blueprint(blueprint: Blueprint) -> None:
    blueprint.register_error_handler(DraftUnknown, _show_ended)
    blueprint.register_error_handler(ClosedMeanwhile, _show_closed)


def _show_ended(error: DraftUnknown) -> ResponseReturnValue:
    response_id: UUID = error.params["response_id"]
    with database.read() as session:
        sent = find_sent_response(session, response_id)
    if sent is not None:
        return _show_sent(sent)
    closed = find_closed(response_id)
    if closed is not None:
        return redirect(closed, 303)
    begun = find_begun(response_id)
    if begun is None:
        return show_survey_error(error)
    with database.write() as session:
        # The page says that the answers are deleted: they are, whether or not somebody has started since.
        drafts.purge_drafts(session, now=clock.now())
    return render_template("respond/discarded.html", begun=begun, response_id=response_id), 410


def _show_sent(sent: SentResponse) -> ResponseReturnValue:
    """The thanks, or the refusal of a section that says something else than what is stored."""
    if request.method == "POST" and _is_of_this_browser(sent.response_id):
        section_id = (request.view_args or {}).get("section_id", "")
        other = _read_other_answers(sent, section_id)
        if other is not None:
            with database.write() as session:
                quarantine_section(session, sent, section_id, other, today=clock.today())
            return show_survey_error(
                ResponseConflict(sent.response_id), forget=f"{sent.response_id} {section_id}"
            )
    return redirect(url_for("respond.thanks", response_id=sent.response_id), 303)


def _is_of_this_browser(response_id: UUID) -> bool:
    """Only who began the response may learn whether what is sent now equals what is stored."""
    return find_begun(response_id) is not None and TokenForm().validate()


def _read_other_answers(sent: SentResponse, section_id: str) -> dict[str, object] | None:
    """What a whole section says that came after its response, unreadable values as typed; None if it agrees.

    A part of a section is not compared: question by question the stored answers could be read out.
    """
    section = sent.questionnaire.find_section(section_id)
    questions = visible_questions(sent.questionnaire, sent.answers, section) if section else []
    answered = [question for question in questions if question.id in sent.answers]
    if not answered or any(field_name(question.id) not in request.form for question in answered):
        return None
    raw = build_answers_form(questions, AnswersForm)().raw_answers()
    # Codes of the catalogue are compared, not checked: what is stored is an option.
    given, problems = parse_answers(sent.questionnaire, raw, questions=questions, choices=raw)
    if not problems and all(sent.answers.get(name) == value for name, value in given.items()):
        return None
    return {**given, **{problem.path: raw[problem.path] for problem in problems}}


def _show_closed(error: ClosedMeanwhile) -> ResponseReturnValue:
    """Give back what was entered, once, and keep nothing of it; a kiosk shows it to nobody."""
    with database.write() as session:
        draft = drafts.take_back_draft(session, error.response_id, now=clock.now())
    if draft is None or draft.layout == "kiosk":
        return show_survey_error(error)
    remember_closed(error.response_id)
    return show_survey_error(error, "respond/closed.html", draft=draft, fields=_list_entered(draft))


def _list_entered(draft: Draft) -> list[QuestionField]:
    """The answers that were kept, those of the page that is being sent in place of its old ones."""
    raw = render_raw(draft.questionnaire, draft.answers)
    section = draft.questionnaire.find_section((request.view_args or {}).get("section_id", ""))
    if section and request.method == "POST":
        raw |= build_answers_form(section.questions, AnswersForm)().raw_answers()
    entered = [question for question in draft.questionnaire.questions if any(raw.get(question.id, ()))]
    return build_fields(entered, raw, draft.answers, draft.choice_labels)
