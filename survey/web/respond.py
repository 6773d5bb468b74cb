"""The citizen's pages: choose, start, answer section by section, review, send, thanks."""

from uuid import UUID, uuid4

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from questionnaires.answer_values import clean_text
from survey.services import rounds
from survey.services.drafts import Draft
from survey.services.problems import ClosedMeanwhile, DraftUnknown, InvitationUnknown, RoundNotOpen
from survey.services.procedures import ProcedureLine, find_procedure
from survey.services.round_forms import RoundForm, get_round_form, require_open
from survey.services.sent_responses import SentResponse, find_sent_response
from survey.web import (
    clock,
    database,
    ended,
    invited_limit,
    keeping,
    kiosk_page,
    open_responses,
    request_guard,
    respondent_memory,
    review_page,
    section_page,
    start_page,
    steps,
)
from survey.web.form_addresses import code_path, code_query, given_code, procedure_of_poster, start_path
from survey.web.forms.answers import TokenForm
from survey.web.origins import Origin, find_code_place, read_origin
from survey.web.single_screen import SingleScreen
from survey.web.unit_groups import group_units

# A code with marks between its letters, and no book.
_LONGEST_CODE = 40

blueprint = Blueprint("respond", __name__)
ended.init_blueprint(blueprint)
invited_limit.init_blueprint(blueprint)
request_guard.init_blueprint(blueprint)
blueprint.before_request(request_guard.allow_long_answers)
keeping.init_blueprint(blueprint)


@blueprint.get("/")
def choose_form() -> ResponseReturnValue:
    with database.read() as session:
        open_rounds = rounds.list_open(session, clock.today())
    return render_template("respond/choose_form.html", rounds=open_rounds)


@blueprint.get("/ma")
def enter_code() -> ResponseReturnValue:
    """Where a code is typed that stands on a letter."""
    typed = request.args.get("ma", "").strip()
    if typed:
        return follow_code(typed)
    errors = [("ma", _("Please enter the code."))] if "ma" in request.args else []
    return _code_page("", errors), 400 if errors else 200


@blueprint.get("/ma/<code>")
def follow_code(code: str) -> ResponseReturnValue:
    try:
        place = find_code_place(code)
    except InvitationUnknown:
        return _thanks_or_refusal(code_query(code), code)
    return redirect(code_path(place, code), 303)


@blueprint.get("/khao-sat/<round_code>/<form_id>/")
def choose_unit(round_code: str, form_id: str) -> ResponseReturnValue:
    search = clean_text(request.args.get("tim", ""), lines=False)
    with database.read() as session:
        round_form = rounds.get_open_form(session, round_code, form_id, None, clock.today())
        units = rounds.list_units(session, round_code, form_id)
        found = rounds.list_units(session, round_code, form_id, search) if search else units
    if len(units) == 1:
        return redirect(_start_url(round_code, form_id, units[0].code))
    return render_template(
        "respond/choose_unit.html",
        round_form=round_form,
        groups=group_units(found),
        count=len(found),
        search=search,
        has_search=len(units) > 8,
    )


@blueprint.route("/khao-sat/<round_code>/<form_id>/<unit_code>", methods=["GET", "POST"])
def start(round_code: str, form_id: str, unit_code: str) -> ResponseReturnValue:
    with database.read() as session:
        round_form = get_round_form(session, round_code, form_id, unit_code)
        unit_count = len(rounds.list_units(session, round_code, form_id))
    respondent_memory.leave_kiosk()
    try:
        origin = read_origin(round_form)
    except InvitationUnknown:
        return _thanks_or_refusal(start_path(), given_code() or "")
    context = {"has_other_units": unit_count > 1 and origin.selection != "invited"}
    if round_form.questionnaire.layout == "single_screen":
        path = _start_url(round_code, form_id, unit_code)
        return SingleScreen(round_form, "phone", path, "respond/single_screen.html", context).answer()
    begun = _begun_here()
    unfinished = None if begun else _left_here()
    is_open = True
    try:
        require_open(round_form.survey_round, clock.today())
    except RoundNotOpen:
        if begun is not None:
            return redirect(url_for("respond.go_on", response_id=begun), 303)
        if unfinished is None:
            raise
        is_open = False
    procedure = _procedure_of_poster(round_form)
    return start_page.answer_start(
        "respond/start.html",
        round_form,
        lambda response_id: _begin(response_id, round_form, origin, procedure),
        response_id=begun,
        unfinished_id=unfinished,
        is_open=is_open,
        procedure=procedure,
        has_own_code=origin.invitation_digest is not None,
        **context,
    )


@blueprint.get("/khao-sat/<round_code>/<form_id>/<unit_code>/phieu-moi")
def start_another(round_code: str, form_id: str, unit_code: str) -> ResponseReturnValue:
    """One more form of a single screen, after one that was sent in the same visit."""
    with database.read() as session:
        get_round_form(session, round_code, form_id, unit_code)
    path = _start_url(round_code, form_id, unit_code)
    respondent_memory.remember_begun(uuid4(), path)
    return redirect(path, 303)


@blueprint.get("/phieu/<uuid:response_id>/")
def go_on(response_id: UUID) -> ResponseReturnValue:
    draft = open_responses.fetch(response_id)
    return redirect(_place_url(draft), 303)


@blueprint.route("/phieu/<uuid:response_id>/<section_id>", methods=["GET", "POST"])
def section(response_id: UUID, section_id: str) -> ResponseReturnValue:
    draft = open_responses.fetch(response_id)
    wanted = draft.questionnaire.find_section(section_id)
    if wanted is None:
        abort(404)
    if draft.layout == "kiosk" or not steps.is_section_reachable(draft, wanted):
        return redirect(_place_url(draft), 303)
    if request.method == "POST":
        return section_page.take_section(draft, wanted)
    return section_page.show_section(draft, wanted)


@blueprint.route("/phieu/<uuid:response_id>/xem-lai", methods=["GET", "POST"])
def review(response_id: UUID) -> ResponseReturnValue:
    form = TokenForm()
    if form.validate_on_submit():
        return open_responses.send(response_id, _refused_url)
    draft = open_responses.fetch(response_id)
    if draft.layout == "kiosk" or steps.find_unfinished_section(draft):
        return redirect(_place_url(draft), 303)
    page = review_page.show_review(draft, has_lost_token=form.is_submitted())
    return page, 400 if form.is_submitted() else 200


@blueprint.get("/phieu/<uuid:response_id>/cam-on")
def thanks(response_id: UUID) -> ResponseReturnValue:
    with database.read() as session:
        sent = find_sent_response(session, response_id)
    if sent is None:
        return redirect(_place_url(open_responses.fetch(response_id)), 303)
    stored_at = respondent_memory.find_stored(response_id)
    if sent.channel == "kiosk":
        return kiosk_page.show_thanks(sent, stored_at)
    return render_template(
        "respond/thanks.html", sent=sent, stored_at=stored_at, another_url=_another_url(sent)
    )


def _begin(
    response_id: UUID, round_form: RoundForm, origin: Origin, procedure: ProcedureLine | None
) -> ResponseReturnValue:
    invited_limit.count_start(round_form, origin.selection, origin.invitation_digest)
    is_open = open_responses.begin(
        response_id,
        round_form,
        channel="phone",
        layout="sections",
        origin=origin,
        answers=procedure.answers if procedure else None,
    )
    if is_open:
        # Not for one that was sent: a stranger who knows its id must not pass for who began it.
        respondent_memory.remember_begun(response_id, start_path())
    first = round_form.questionnaire.sections[0]
    return redirect(url_for("respond.section", response_id=response_id, section_id=first.id), 303)


def _place_url(draft: Draft) -> str:
    return kiosk_page.place_url(draft) if draft.layout == "kiosk" else section_page.place_url(draft)


def _refused_url(draft: Draft) -> str:
    return kiosk_page.refused_url(draft) if draft.layout == "kiosk" else section_page.refused_url(draft)


def _thanks_or_refusal(path_end: str, code: str) -> ResponseReturnValue:
    """For a code that is not valid: the thanks where this browser has used it, else where to type it anew."""
    sent = respondent_memory.find_sent(path_end)
    if sent is not None:
        return redirect(url_for("respond.thanks", response_id=sent), 303)
    sentence = _("This code is not valid: it is mistyped, was used already or was withdrawn.")
    typed = clean_text(code, lines=False)[:_LONGEST_CODE]
    return _code_page(typed, [("ma", sentence)], was_refused=True), 404


def _code_page(typed: str, errors: list[tuple[str, str]], *, was_refused: bool = False) -> str:
    return render_template("respond/code.html", typed=typed, errors=errors, was_refused=was_refused)


def _start_url(round_code: str, form_id: str, unit_code: str) -> str:
    return url_for("respond.start", round_code=round_code, form_id=form_id, unit_code=unit_code)


def _another_url(sent: SentResponse) -> str | None:
    """Where the start page itself would lead back to these thanks, the way to one more form."""
    if sent.questionnaire.layout != "single_screen":
        return None
    return url_for(
        "respond.start_another",
        round_code=sent.round_code,
        form_id=sent.questionnaire.id,
        unit_code=sent.unit_code,
    )


def _begun_here() -> UUID | None:
    """The response that this browser began on this page and came back from."""
    response_id = request.args.get("phieu", type=UUID)
    if response_id is None or respondent_memory.find_begun(response_id) != start_path():
        return None
    return response_id


def _left_here() -> UUID | None:
    """What this browser began last on this page and did not send: offered, not shown: phones are shared."""
    response_id = respondent_memory.find_newest_begun(start_path())
    if response_id is None:
        return None
    try:
        open_responses.fetch(response_id)
    except (DraftUnknown, ClosedMeanwhile):
        return None
    return response_id


def _procedure_of_poster(round_form: RoundForm) -> ProcedureLine | None:
    code = procedure_of_poster()
    if code is None:
        return None
    with database.read() as session:
        return find_procedure(session, round_form.questionnaire, code, clock.today())
