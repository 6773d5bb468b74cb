"""The kiosk: the same questionnaires and the same way of sending, one question a screen."""

from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey.services.drafts import Draft
from survey.services.round_forms import RoundForm, get_round_form, require_open
from survey.web import (
    clock,
    database,
    ended,
    kiosk_page,
    open_responses,
    request_guard,
    respondent_memory,
    section_page,
    start_page,
    steps,
)
from survey.web.forms.answers import TokenForm
from survey.web.language import remember_language
from survey.web.single_screen import SingleScreen

blueprint = Blueprint("kiosk", __name__)
ended.init_blueprint(blueprint)
request_guard.init_blueprint(blueprint)
blueprint.before_request(request_guard.allow_long_answers)


@blueprint.route("/kiosk/<round_code>/<form_id>/<unit_code>", methods=["GET", "POST"])
def start(round_code: str, form_id: str, unit_code: str) -> ResponseReturnValue:
    with database.read() as session:
        round_form = get_round_form(session, round_code, form_id, unit_code)
    fresh_home = kiosk_page.fresh_home_url(round_code, form_id, unit_code)
    respondent_memory.enter_kiosk(fresh_home)
    if round_form.questionnaire.layout == "single_screen":
        path, context = kiosk_page.home_url(round_code, form_id, unit_code), {"home": fresh_home}
        return SingleScreen(round_form, "kiosk", path, "kiosk/single_screen.html", context).answer()
    wait = kiosk_page.waiting_seconds() if request.method == "GET" else 0
    if wait:
        return kiosk_page.show_wait(fresh_home, wait)
    respondent_memory.forget()
    require_open(round_form.survey_round, clock.today())
    return start_page.answer_start(
        "kiosk/start.html",
        round_form,
        lambda response_id: _begin(response_id, round_form),
        home=fresh_home,
    )


@blueprint.get("/kiosk/<round_code>/<form_id>/<unit_code>/phieu-moi")
def start_fresh(round_code: str, form_id: str, unit_code: str) -> ResponseReturnValue:
    """The first screen for the next person: in Vietnamese, and nothing is left of the last one."""
    wait = kiosk_page.waiting_seconds()
    if wait:
        return kiosk_page.show_wait(kiosk_page.fresh_home_url(round_code, form_id, unit_code), wait)
    respondent_memory.forget()
    home = kiosk_page.home_url(round_code, form_id, unit_code)
    return remember_language(redirect(home, 303), "vi")


@blueprint.route("/phieu/<uuid:response_id>/cau/<question_id>", methods=["GET", "POST"])
def question(response_id: UUID, question_id: str) -> ResponseReturnValue:
    draft = _fetch_draft(response_id)
    wanted = draft.questionnaire.find_question(question_id)
    if wanted is None:
        abort(404)
    if not steps.is_question_reachable(draft, wanted):
        return redirect(kiosk_page.place_url(draft), 303)
    if request.method == "POST":
        return kiosk_page.take_answer(draft, wanted)
    return kiosk_page.show_question(draft, wanted)


@blueprint.route("/phieu/<uuid:response_id>/gui", methods=["GET", "POST"])
def send(response_id: UUID) -> ResponseReturnValue:
    form = TokenForm()
    if form.validate_on_submit():
        return open_responses.send(response_id, kiosk_page.refused_url)
    draft = _fetch_draft(response_id)
    if steps.find_open_question(draft):
        return redirect(kiosk_page.place_url(draft), 303)
    page = render_template(
        "kiosk/send.html",
        back_url=kiosk_page.question_url(draft, steps.last_question(draft)),
        has_lost_token=form.is_submitted(),
        **kiosk_page.screen_context(draft),
    )
    return page, 400 if form.is_submitted() else 200


@blueprint.post("/phieu/<uuid:response_id>/bo")
def discard(response_id: UUID) -> ResponseReturnValue:
    """An abandoned kiosk: nothing of the answers stays."""
    draft = _fetch_draft(response_id)
    if TokenForm().validate_on_submit():
        open_responses.discard(draft)
    return redirect(kiosk_page.fresh_home_of(draft), 303)


def _begin(response_id: UUID, round_form: RoundForm) -> ResponseReturnValue:
    open_responses.begin(response_id, round_form, channel="kiosk", layout="kiosk")
    first = round_form.questionnaire.questions[0]
    return redirect(url_for("kiosk.question", response_id=response_id, question_id=first.id), 303)


def _fetch_draft(response_id: UUID) -> Draft:
    """The draft of a kiosk; one that was begun on a phone goes on there."""
    draft = open_responses.fetch(response_id)
    if draft.layout != "kiosk":
        abort(redirect(section_page.place_url(draft), 303))
    return draft
