"""Planning a round: a new draft, its changes, its end. Coordinators and administrators alone."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from survey.services import round_drafts, rounds
from survey.services.problems import SurveyError
from survey.services.round_drafts import UNIT_KINDS
from survey.services.rounds import LONGEST_CONTACT, LONGEST_TITLE
from survey.services.tables import LONGEST_CODE
from survey.web import clock, database, official_words, request_guard, signed_in
from survey.web.forms.round_plans import RoundChangeForm, RoundPlanForm, read_day
from survey.web.forms.rounds import RoundDeedForm

blueprint = Blueprint("round_plans", __name__, url_prefix="/quan-tri")
blueprint.before_request(signed_in.require_account)
blueprint.before_request(signed_in.require_every_unit)
blueprint.context_processor(signed_in.page_values)
request_guard.init_blueprint(blueprint)

Errors = list[tuple[str, str]]
EVERY_KIND = "all"
# A part of the target's name that no code of a set has.
_SEPARATOR = "|"
# The field and the sentence of what a service refuses.
_REFUSED = {
    "round_code_malformed": (
        "code",
        lazy_gettext("A code has letters without marks, digits and hyphens, for instance 2027-q1."),
    ),
    "round_exists": ("code", lazy_gettext("There is a round with this code already.")),
    "title_malformed": ("title", lazy_gettext("Please write a title of at most 200 characters.")),
    "dates_reversed": ("closes_on", lazy_gettext("The last day is before the first day.")),
    "contact_malformed": ("contact", lazy_gettext("A contact has at most 300 characters in one line.")),
    "target_set_unknown": ("targets", lazy_gettext("Please choose the targets.")),
    "target_year_unknown": ("targets", lazy_gettext("Please choose the targets.")),
    "index_rules_differ": (
        "forms",
        lazy_gettext("Two of these questionnaires make the index of one measure in different ways."),
    ),
    "units_missing": ("forms", lazy_gettext("On the first day there is no unit of these kinds.")),
    "unit_not_valid": ("opens_on", lazy_gettext("A unit of the round does not exist on this day.")),
    "round_not_draft": ("", lazy_gettext("The round is no draft any more; only its contact can be changed.")),
    "round_closed": ("", lazy_gettext("The round is closed: nothing of it can be changed.")),
    "round_holds_responses": (
        "",
        lazy_gettext("Something was sent to this round and set aside, so it cannot be deleted."),
    ),
}


@blueprint.get("/dot-moi")
def show_plan() -> ResponseReturnValue:
    return _plan_page(RoundPlanForm(), [])


@blueprint.post("/dot-moi")
def make_draft() -> ResponseReturnValue:
    """Make a draft round and show its page."""
    form = RoundPlanForm()
    errors = _plan_errors(form)
    if errors:
        return _plan_page(form, errors), 400
    opens_on, closes_on = read_day(form.opens_on.data), read_day(form.closes_on.data)
    assert opens_on is not None
    assert closes_on is not None
    set_code, _bar, year = (form.targets.data or "").rpartition(_SEPARATOR)
    try:
        with database.write() as session:
            units = {
                form_id: rounds.list_unit_codes(
                    session, UNIT_KINDS if EVERY_KIND in kinds else kinds, opens_on
                )
                for form_id, kinds in _chosen_kinds().items()
            }
            survey_round = rounds.create_round(
                session,
                code=form.code.data or "",
                title=rounds.round_title(form.title.data or "", form.title_en.data),
                opens_on=opens_on,
                closes_on=closes_on,
                target_set_code=set_code,
                target_year=int(year) if year.isdecimal() else None,
                units=units,
                contact=rounds.round_contact(form.contact.data, form.contact_en.data),
            )
            code = survey_round.code
    except SurveyError as refusal:
        return _plan_page(form, [_refusal(refusal)]), 400
    flash(_("The draft has been made. It takes no response until it is opened."), "success")
    return redirect(url_for("manage.show_round", round_code=code), 303)


@blueprint.get("/dot/<round_code>/sua")
def show_change(round_code: str) -> ResponseReturnValue:
    with database.read() as session:
        details = round_drafts.get_details(session, round_code)
    if details.status == "closed":
        return redirect(url_for("manage.show_round", round_code=round_code), 303)
    contact = details.contact
    values = {
        "title": details.title.vi,
        "title_en": details.title.en,
        "opens_on": details.opens_on.isoformat(),
        "closes_on": details.closes_on.isoformat(),
        "contact": contact.vi if contact else "",
        "contact_en": contact.en if contact and contact.en != contact.vi else "",
    }
    return _change_page(round_code, values, [])


@blueprint.post("/dot/<round_code>/sua")
def change(round_code: str) -> ResponseReturnValue:
    """Change a draft, or the contact of an open round."""
    form = RoundChangeForm()
    with database.read() as session:
        is_draft = round_drafts.get_details(session, round_code).status == "draft"
    errors = _token_errors(form) + (_field_errors(form) if is_draft else [])
    if not errors:
        of_draft: dict[str, Any] = {
            "title": form.title.data,
            "title_en": form.title_en.data or form.title.data,
            "opens_on": read_day(form.opens_on.data),
            "closes_on": read_day(form.closes_on.data),
        }
        try:
            with database.write() as session:
                round_drafts.edit_round(
                    session,
                    round_code,
                    contact=form.contact.data or "",
                    contact_en=form.contact_en.data or "",
                    **(of_draft if is_draft else {}),
                )
        except SurveyError as refusal:
            errors = [_refusal(refusal)]
    if errors:
        return _change_page(round_code, form.data, errors), 400
    flash(_("The round has been changed."), "success")
    return redirect(url_for("manage.show_round", round_code=round_code), 303)


@blueprint.get("/dot/<round_code>/xoa")
def show_deletion(round_code: str) -> ResponseReturnValue:
    return _deletion_page(round_code, [])


@blueprint.post("/dot/<round_code>/xoa")
def delete(round_code: str) -> ResponseReturnValue:
    """Delete a draft, once its code has been typed."""
    form = RoundDeedForm()
    errors = _token_errors(form)
    if not errors and form.typed_code.data != round_code:
        errors = [("typed_code", _("Please type the code of the round exactly: %(code)s", code=round_code))]
    if not errors:
        try:
            with database.write() as session:
                round_drafts.delete_draft(session, round_code)
        except SurveyError as refusal:
            errors = [_refusal(refusal)]
    if errors:
        return _deletion_page(round_code, errors, form.typed_code.data or ""), 400
    flash(_("The draft has been deleted."), "success")
    return redirect(url_for("manage.list_rounds"), 303)


def _chosen_kinds() -> dict[str, list[str]]:
    """The questionnaires to be asked and the kinds of units where they are."""
    with database.read() as session:
        forms = round_drafts.list_askable_forms(session)
    chosen = {form.form_id: request.form.getlist(f"kinds-{form.form_id}") for form in forms}
    known = {EVERY_KIND, *UNIT_KINDS}
    return {form_id: kinds for form_id, kinds in chosen.items() if kinds and known.issuperset(kinds)}


def _plan_errors(form: RoundPlanForm) -> Errors:
    errors = _token_errors(form)
    if not form.code.data:
        errors.append(("code", _("Please write a code.")))
    errors += _field_errors(form)
    if not form.targets.data:
        errors.append(("targets", _("Please choose the targets.")))
    if not _chosen_kinds():
        errors.append(("forms", _("Please choose at least one questionnaire and where it is asked.")))
    return errors


def _field_errors(form: RoundChangeForm) -> Errors:
    errors = []
    if not form.title.data:
        errors.append(("title", str(_REFUSED["title_malformed"][1])))
    for name in ("opens_on", "closes_on"):
        if read_day(form[name].data) is None:
            errors.append((name, _("Please write a date, for instance 1/7/2027.")))
    return errors


def _token_errors(form: RoundChangeForm | RoundDeedForm) -> Errors:
    if form.validate():
        return []
    return [("", _("This page was open for too long or was opened twice. Please send it again."))]


def _refusal(refusal: SurveyError) -> tuple[str, str]:
    reason = str(refusal.params.get("reason", refusal.code))
    if reason not in _REFUSED:
        raise refusal
    field, sentence = _REFUSED[reason]
    return field, str(sentence)


def _plan_page(form: RoundPlanForm, errors: Errors) -> str:
    today = clock.today()
    with database.read() as session:
        forms = round_drafts.list_askable_forms(session)
        years = round_drafts.list_target_years(session)
        counts = round_drafts.count_units_by_kind(session, today)
    values = form.data
    if not values["targets"] and years:
        past = [line for line in years if line.year <= today.year]
        chosen = past[-1] if past else years[0]
        values["targets"] = f"{chosen.set_code}{_SEPARATOR}{chosen.year}"
    return render_template(
        "manage/round_plan.html",
        forms=forms,
        target_options=[
            {
                "code": f"{line.set_code}{_SEPARATOR}{line.year}",
                "label": _("%(set)s, targets of %(year)s", set=line.set_code, year=line.year),
            }
            for line in years
        ],
        kinds=[(kind, counts[kind]) for kind in UNIT_KINDS if counts.get(kind)],
        unit_count=sum(counts.values()),
        chosen={each.form_id: request.form.getlist(f"kinds-{each.form_id}") for each in forms},
        every_kind=EVERY_KIND,
        values=values,
        errors=errors,
        **_LENGTHS,
    )


def _change_page(round_code: str, values: dict[str, Any], errors: Errors) -> str:
    with database.read() as session:
        line = rounds.get_line(session, round_code)
    return render_template("manage/round_change.html", line=line, values=values, errors=errors, **_LENGTHS)


def _deletion_page(round_code: str, errors: Errors, typed_code: str = "") -> str:
    with database.read() as session:
        overview = rounds.get_overview(session, round_code)
    return render_template(
        "manage/round_delete.html",
        overview=overview,
        state=official_words.round_state(overview.line, clock.today()),
        errors=errors,
        typed_code=typed_code,
    )


_LENGTHS = {"code_length": LONGEST_CODE, "title_length": LONGEST_TITLE, "contact_length": LONGEST_CONTACT}
