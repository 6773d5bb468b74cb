"""Rounds as officials see them: what comes in, where citizens answer, opening and closing."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from survey.i18n import current_language
from survey.services import rounds
from survey.services.devices import count_unsent
from survey.services.invitations import has_invitations
from survey.services.paper_batches import count_open
from survey.services.quarantine_decisions import KeptCounts, count_kept
from survey.services.round_forms import get_round, get_round_form
from survey.services.rounds import RoundOverview
from survey.web import clock, database, official_words, request_guard, signed_in
from survey.web.device_lines import list_fleet
from survey.web.form_addresses import list_addresses
from survey.web.forms.rounds import RoundDeedForm
from survey.web.public_address import guessed_address
from survey.web.round_lines import find_units, list_channels, list_days, unit_keys
from survey.web.sorting import address_with, sort_lines, wanted_order

blueprint = Blueprint("manage", __name__, url_prefix="/quan-tri")
blueprint.before_request(signed_in.require_account)
blueprint.context_processor(signed_in.page_values)
request_guard.init_blueprint(blueprint)
official_words.register(blueprint)

# What a deed asks of the round, what it does, and what is said when it is done.
DEEDS = {
    "mo": ("draft", rounds.open_round, lazy_gettext("The round is open.")),
    "dong": ("open", rounds.close_round, lazy_gettext("The round is closed.")),
}


@blueprint.get("/")
def list_rounds() -> ResponseReturnValue:
    with database.read() as session:
        lines = rounds.list_rounds(session)
    return render_template(
        "manage/rounds.html",
        lines=[(line, official_words.round_state(line, clock.today())) for line in lines],
        sees_every_unit=signed_in.sees_every_unit(),
        kept_without_round=_count_kept(None).waiting if signed_in.is_administrator() else 0,
    )


@blueprint.get("/dot/<round_code>")
def show_round(round_code: str) -> ResponseReturnValue:
    unit = signed_in.own_unit()
    if unit is not None:
        return redirect(url_for("results.show_own_unit", round_code=round_code), 303)
    overview = _get_overview(round_code)
    order = wanted_order(unit_keys("vi"), "ten")
    search = request.args.get("tim", "").strip()
    units = find_units(overview.by_unit, search)
    return render_template(
        "manage/round.html",
        overview=overview,
        state=official_words.round_state(overview.line, clock.today()),
        fleet=list_fleet(round_code),
        kept=_count_kept(round_code),
        channels=list_channels(overview),
        days=list_days(overview),
        units=sort_lines(units, unit_keys(current_language()), order),
        order=order,
        search=search,
        address_with=address_with,
        now=clock.now(),
    )


@blueprint.get("/dot/<round_code>/dia-chi/<form_id>")
def show_addresses(round_code: str, form_id: str) -> ResponseReturnValue:
    """The full addresses of a questionnaire: for a link, a poster, a kiosk."""
    search = request.args.get("tim", "").strip()
    own = signed_in.own_unit()
    with database.read() as session:
        line = rounds.get_overview(session, round_code).line
        form = get_round_form(session, round_code, form_id)
        units = rounds.list_units(session, round_code, form_id, search)
    if own is not None:
        units = [unit for unit in units if unit.code == own.code]
    with_invited = own is None and signed_in.sees_every_unit() and has_invitations(form.questionnaire)
    return render_template(
        "manage/addresses.html",
        line=line,
        form_title=form.questionnaire.title,
        addresses=list_addresses(round_code, form_id, units, with_invited=with_invited),
        with_invited=with_invited,
        guessed_address=guessed_address(),
        search=search,
        is_bound=own is not None,
    )


@blueprint.get("/dot/<round_code>/<any(mo, dong):deed>")
def show_deed(round_code: str, deed: str) -> ResponseReturnValue:
    signed_in.require_every_unit()
    overview = _get_overview(round_code)
    if overview.line.status != DEEDS[deed][0]:
        return redirect(url_for("manage.show_round", round_code=round_code), 303)
    return _deed_page(overview, deed, [])


@blueprint.post("/dot/<round_code>/<any(mo, dong):deed>")
def do_deed(round_code: str, deed: str) -> ResponseReturnValue:
    """Open or close the round, once its code has been typed. A second press finds it done."""
    signed_in.require_every_unit()
    form = RoundDeedForm()
    wanted_status, change, done = DEEDS[deed]
    overview = _get_overview(round_code)
    errors = _deed_errors(form, round_code)
    if errors and overview.line.status == wanted_status:
        return _deed_page(overview, deed, errors, form.typed_code.data or ""), 400
    with database.write() as session:
        if not errors and get_round(session, round_code).status == wanted_status:
            change(session, round_code)
            flash(str(done), "success")
    return redirect(url_for("manage.show_round", round_code=round_code), 303)


def _count_kept(round_code: str | None) -> KeptCounts:
    with database.read() as session:
        return count_kept(session, round_code)


def _get_overview(round_code: str) -> RoundOverview:
    with database.read() as session:
        return rounds.get_overview(session, round_code)


def _deed_errors(form: RoundDeedForm, round_code: str) -> list[tuple[str, str]]:
    if not form.validate():
        return [("", _("This page was open for too long or was opened twice. Please send it again."))]
    if form.typed_code.data != round_code:
        return [("typed_code", _("Please type the code of the round exactly: %(code)s", code=round_code))]
    return []


def _deed_page(
    overview: RoundOverview, deed: str, errors: list[tuple[str, str]], typed_code: str = ""
) -> str:
    with database.read() as session:
        unsent = count_unsent(session, overview.line.code)
        open_batches = count_open(session, overview.line.code)
        waiting = count_kept(session, overview.line.code).waiting
    return render_template(
        "manage/deed.html",
        overview=overview,
        unsent=unsent,
        open_batches=open_batches,
        waiting=waiting,
        is_opening=deed == "mo",
        is_late=clock.today() > overview.line.closes_on,
        errors=errors,
        typed_code=typed_code,
    )
