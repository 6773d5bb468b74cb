"""One question as a screen of the kiosk, and the screens before and after the questions."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from questionnaires.model import Question
from questionnaires.problems import Problem
from survey.i18n import LANGUAGES
from survey.services.device_config import SETTINGS
from survey.services.drafts import Draft
from survey.services.sent_responses import SentResponse
from survey.web import clock, open_responses, respondent_memory, steps
from survey.web.forms.answers import AnswersForm, RawAnswers, build_answers_form, read_answers, render_raw
from survey.web.language import remember_language, show_in
from survey.web.question_fields import build_fields, list_errors, mark_problems

THANKS_SECONDS = 20


def home_url(round_code: str, form_id: str, unit_code: str) -> str:
    return url_for("kiosk.start", round_code=round_code, form_id=form_id, unit_code=unit_code)


def fresh_home_url(round_code: str, form_id: str, unit_code: str) -> str:
    """The first screen in the language in which the kiosk greets everybody, with a new response."""
    return url_for("kiosk.start_fresh", round_code=round_code, form_id=form_id, unit_code=unit_code)


def fresh_home_of(draft: Draft) -> str:
    return fresh_home_url(draft.round_code, draft.questionnaire.id, draft.unit_code)


def question_url(draft: Draft, question: Question, **query: Any) -> str:
    return url_for("kiosk.question", response_id=draft.response_id, question_id=question.id, **query)


def send_url(draft: Draft, **query: Any) -> str:
    return url_for("kiosk.send", response_id=draft.response_id, **query)


def place_url(draft: Draft, **query: Any) -> str:
    """Where the respondent has to go on."""
    question = steps.find_open_question(draft)
    return question_url(draft, question, **query) if question else send_url(draft, **query)


def refused_url(draft: Draft) -> str:
    """Where a form that could not be sent is put right."""
    return place_url(draft, **open_responses.REFUSED)


def show_question(draft: Draft, question: Question) -> str:
    return _show(draft, question, render_raw(draft.questionnaire, draft.answers))


def take_answer(draft: Draft, question: Question) -> ResponseReturnValue:
    """Store the answer and lead on, or show the screen again with what is wrong."""
    form = build_answers_form([question], AnswersForm)()
    raw = form.raw_answers()
    if not form.has_token():
        return _show(draft, question, raw, has_lost_token=True), 400
    given, problems = read_answers(draft.questionnaire, [question], raw, draft.choices)
    move = form.move.data
    if problems and move in LANGUAGES:
        return show_in(move, lambda: (_show(draft, question, raw, problems), 422))
    if not problems and (move == "back" or move in LANGUAGES):
        return _leave(open_responses.save(draft, [question], given) if given else draft, question, move)
    if move == "skip" and not question.required:
        return _go_on(open_responses.save(draft, [question], {}), question)
    if question.required and not given and not problems:
        problems = [Problem("required", question.id)]
    if problems:
        return _show(draft, question, raw, problems), 422
    return _go_on(open_responses.save(draft, [question], given), question)


def waiting_seconds() -> int:
    """How long the next form has to wait for after the last one, 0 for not at all."""
    return respondent_memory.seconds_to_wait(clock.now(), SETTINGS["minimum_interval_seconds"])


def show_wait(home: str, seconds: int) -> ResponseReturnValue:
    """Two forms in a row from one hand are no two people; the first screen comes by itself."""
    respondent_memory.forget()
    response = make_response(render_template("kiosk/wait.html"))
    response.headers["Refresh"] = f"{seconds}; url={home}"
    return response


def show_thanks(sent: SentResponse, stored_at: datetime | None) -> ResponseReturnValue:
    """Thanks; the next person finds the first screen again, without a script too."""
    home = fresh_home_url(sent.round_code, sent.questionnaire.id, sent.unit_code)
    page = render_template(
        "kiosk/thanks.html", sent=sent, stored_at=stored_at, home=home, return_seconds=THANKS_SECONDS
    )
    response = make_response(page)
    response.headers["Refresh"] = f"{THANKS_SECONDS + 5}; url={home}"
    return response


def _go_on(draft: Draft, question: Question) -> ResponseReturnValue:
    _before, after = steps.find_neighbours(draft, question)
    return redirect(question_url(draft, after) if after else send_url(draft), 303)


def _leave(draft: Draft, question: Question, move: str) -> ResponseReturnValue:
    if move in LANGUAGES:
        return remember_language(redirect(question_url(draft, question), 303), move)
    before, _after = steps.find_neighbours(draft, question)
    if before:
        return redirect(question_url(draft, before), 303)
    open_responses.discard(draft)
    return redirect(home_url(draft.round_code, draft.questionnaire.id, draft.unit_code), 303)


def _show(
    draft: Draft,
    question: Question,
    raw: RawAnswers,
    problems: Sequence[Problem] = (),
    *,
    has_lost_token: bool = False,
) -> str:
    questionnaire = draft.questionnaire
    section = questionnaire.section_of(question.id)
    progress = steps.question_progress(draft, question)
    fields = build_fields([question], raw, draft.answers, draft.choice_labels, first_number=progress.current)
    fields = mark_problems(
        fields, questionnaire.questions_by_id, problems, is_pupil=questionnaire.address == "em"
    )
    return render_template(
        "kiosk/question.html",
        field=fields[0],
        section=section,
        is_first_of_section=steps.is_first_of_section(draft, section, question),
        step=progress,
        errors=[("", sentence) for _field, sentence in list_errors(fields)],
        has_lost_token=has_lost_token,
        **screen_context(draft),
    )


def screen_context(draft: Draft) -> dict[str, Any]:
    """What every screen between the first and the last one needs."""
    return {
        "draft": draft,
        "questionnaire": draft.questionnaire,
        "idle_url": fresh_home_of(draft),
        "discard_url": url_for("kiosk.discard", response_id=draft.response_id),
        "was_refused": open_responses.was_refused(),
    }
