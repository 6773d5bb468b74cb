"""Personal codes of those who were drawn: made for units, downloaded for letters and messages, withdrawn."""

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from survey.i18n import current_language
from survey.services import invitations, rounds
from survey.services.invitations import LARGEST_BATCH, SMALLEST_BATCH, Batch
from survey.services.problems import BatchOfCodesUnknown, InvitationsRefused
from survey.services.round_forms import get_round_form
from survey.services.rounds import UnitLine, get_line, plain_letters
from survey.web import clock, database, request_guard, signed_in
from survey.web.forms.invitations import IssueForm, WithdrawForm
from survey.web.public_address import guessed_address, public_url

blueprint = Blueprint("invitations", __name__, url_prefix="/quan-tri/dot/<round_code>/ma-khao-sat/<form_id>")
blueprint.before_request(signed_in.require_account)
# Who is judged hands out no invitations.
blueprint.before_request(signed_in.require_every_unit)
blueprint.context_processor(signed_in.page_values)
request_guard.init_blueprint(blueprint)

Errors = list[tuple[str, str]]


@blueprint.get("")
def list_batches(round_code: str, form_id: str) -> ResponseReturnValue:
    return _list_page(round_code, form_id, IssueForm(formdata=None), [])


@blueprint.post("")
def issue(round_code: str, form_id: str) -> ResponseReturnValue:
    form = IssueForm()
    units = _list_units(round_code, form_id)
    errors = _issue_errors(form, units)
    if not errors:
        every = form.unit_code.data == IssueForm.EVERY_UNIT
        wanted = [unit.code for unit in units] if every else [form.unit_code.data or ""]
        try:
            with database.write() as session:
                invitations.issue_codes(
                    session,
                    secret_key=_secret_key(),
                    round_code=round_code,
                    form_id=form_id,
                    unit_codes=wanted,
                    count=_count(form),
                    account_id=signed_in.get_account().account_id,
                    today=clock.today(),
                )
        except InvitationsRefused as refusal:
            errors = [("count", _refusal_sentence(refusal))]
        else:
            made = len(wanted) * _count(form)
            flash(ngettext("%(num)s code was made.", "%(num)s codes were made.", made), "success")
            return redirect(url_for(".list_batches", round_code=round_code, form_id=form_id), 303)
    return _list_page(round_code, form_id, form, errors), 422


@blueprint.get("/tat-ca.csv")
def all_codes(round_code: str, form_id: str) -> Response:
    """The codes of every batch that was not withdrawn, for a mail merge."""
    with database.read() as session:
        batches = invitations.list_batches(session, round_code, form_id)
    return _csv(
        [batch for batch in reversed(batches) if batch.withdrawn_on is None], f"{round_code}-{form_id}"
    )


@blueprint.get("/<batch_code>.csv")
def codes_as_csv(round_code: str, form_id: str, batch_code: str) -> Response:
    batch = _get_batch(round_code, form_id, batch_code)
    return _csv([batch], batch.code)


@blueprint.get("/<batch_code>.pdf")
def codes_as_slips(round_code: str, form_id: str, batch_code: str) -> Response:
    from survey.reports.invitation_slips import render_slips

    batch = _get_batch(round_code, form_id, batch_code)
    codes = _list_codes(batch)
    content = render_slips(batch, [(code, _address(code)) for code in codes], public_url("/ma"))
    headers = {"Content-Disposition": f'attachment; filename="giay-moi-{batch.code}.pdf"'}
    return Response(content, content_type="application/pdf", headers=headers)


@blueprint.get("/<batch_code>/thu-hoi")
def show_withdrawal(round_code: str, form_id: str, batch_code: str) -> ResponseReturnValue:
    batch = _get_batch(round_code, form_id, batch_code)
    if batch.withdrawn_on is not None:
        return redirect(url_for(".list_batches", round_code=round_code, form_id=form_id), 303)
    return _withdrawal_page(form_id, batch, [])


@blueprint.post("/<batch_code>/thu-hoi")
def withdraw(round_code: str, form_id: str, batch_code: str) -> ResponseReturnValue:
    """Once the code of the batch has been typed. A second press finds it done."""
    batch, form = _get_batch(round_code, form_id, batch_code), WithdrawForm()
    errors = _lost_page(form)
    if not errors and form.typed_code.data != batch_code:
        errors = [("typed_code", _("Please type the code of the batch exactly: %(code)s", code=batch_code))]
    if errors and batch.withdrawn_on is None:
        return _withdrawal_page(form_id, batch, errors, form.typed_code.data or ""), 422
    if not errors:
        with database.write() as session:
            count = invitations.withdraw_batch(session, round_code, batch_code, today=clock.today())
        flash(ngettext("%(num)s code was withdrawn.", "%(num)s codes were withdrawn.", count), "success")
    return redirect(url_for(".list_batches", round_code=round_code, form_id=form_id), 303)


@blueprint.errorhandler(InvitationsRefused)
def show_refusal(refusal: InvitationsRefused) -> ResponseReturnValue:
    """Codes that cannot be shown: the page says why, and has what can be done."""
    flash(_refusal_sentence(refusal), "warning")
    place = request.view_args or {}
    return redirect(url_for(".list_batches", round_code=place["round_code"], form_id=place["form_id"]), 303)


def _issue_errors(form: IssueForm, units: list[UnitLine]) -> Errors:
    errors = _lost_page(form)
    if form.unit_code.data not in {IssueForm.EVERY_UNIT, *(unit.code for unit in units)}:
        errors.append(("unit_code", _("Please choose the unit for which people were drawn.")))
    if not SMALLEST_BATCH <= _count(form) <= LARGEST_BATCH:
        refusal = InvitationsRefused("count_out_of_range", min=SMALLEST_BATCH, max=LARGEST_BATCH)
        errors.append(("count", _refusal_sentence(refusal)))
    return errors


def _count(form: IssueForm) -> int:
    """0 for what is no whole number; with or without the dot between thousands."""
    text = (form.count.data or "").replace(".", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _refusal_sentence(refusal: InvitationsRefused) -> str:
    sentences = {
        "count_out_of_range": _(
            "Please write how many codes to make, from %(min)s to %(max)s: of fewer, the count of used codes "
            "would tell who has answered.",
            min=refusal.params.get("min"),
            max=refusal.params.get("max"),
        ),
        "round_over": _("The round is over; no more codes can be made for it."),
        "no_sample": _("Nobody is drawn for this questionnaire."),
        "withdrawn": _("These codes were withdrawn."),
        "key_changed": _(
            "The secret key of the system has changed since these codes were made. Those that were handed "
            "out are still valid, but they cannot be shown again. Please make new ones."
        ),
    }
    return sentences[refusal.reason]


def _lost_page(form: IssueForm | WithdrawForm) -> Errors:
    if form.validate():
        return []
    return [("", _("This page was open for too long or was opened twice. Please send it again."))]


def _list_page(round_code: str, form_id: str, form: IssueForm, errors: Errors) -> str:
    with database.read() as session:
        line = get_line(session, round_code)
        questionnaire = get_round_form(session, round_code, form_id).questionnaire
        batches = invitations.list_batches(session, round_code, form_id)
    units = _list_units(round_code, form_id)
    return render_template(
        "manage/invitations.html",
        line=line,
        questionnaire=questionnaire,
        batches=batches,
        units=sorted(units, key=lambda unit: plain_letters(unit.name.in_language(current_language()))),
        every_unit=IssueForm.EVERY_UNIT,
        form=form,
        errors=errors,
        is_over=line.status == "closed" or clock.today() > line.closes_on,
        is_sampled=invitations.has_invitations(questionnaire),
        guessed_address=guessed_address(),
        code_address=public_url("/ma"),
    )


def _withdrawal_page(form_id: str, batch: Batch, errors: Errors, typed_code: str = "") -> str:
    with database.read() as session:
        line = get_line(session, batch.round_code)
    return render_template(
        "manage/invitations_withdraw.html",
        line=line,
        batch=batch,
        form_id=form_id,
        errors=errors,
        typed_code=typed_code,
    )


def _list_units(round_code: str, form_id: str) -> list[UnitLine]:
    with database.read() as session:
        return rounds.list_units(session, round_code, form_id)


def _get_batch(round_code: str, form_id: str, batch_code: str) -> Batch:
    with database.read() as session:
        batch = invitations.get_batch(session, round_code, batch_code)
    if batch.questionnaire.id != form_id:
        raise BatchOfCodesUnknown(batch_code)
    return batch


def _list_codes(batch: Batch) -> list[str]:
    with database.read() as session:
        return invitations.list_codes(session, _secret_key(), batch.round_code, batch.code)


def _csv(batches: list[Batch], name: str) -> Response:
    from survey.reports.invitation_slips import render_codes

    listed = [(batch, [(code, _address(code)) for code in _list_codes(batch)]) for batch in batches]
    headers = {"Content-Disposition": f'attachment; filename="ma-khao-sat-{name}.csv"'}
    return Response(
        render_codes(listed, current_language()), content_type="text/csv; charset=utf-8", headers=headers
    )


def _address(code: str) -> str:
    """Short, for a text message and a small QR code."""
    return public_url(f"/ma/{code}")


def _secret_key() -> str:
    return str(current_app.secret_key)
