"""Batches of paper forms: making, printing, counting and closing them."""

import re

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey.i18n import current_language
from survey.services import paper_batches, paper_corrections, paper_progress, rounds
from survey.services.paper_batches import LANGUAGES, LARGEST_BATCH, Batch
from survey.services.paper_printing import (
    FORMS_PER_FILE,
    Part,
    PrintingBusy,
    PrintingFailed,
    list_parts,
    print_part,
)
from survey.services.paper_problems import PaperRefused
from survey.services.problems import QuestionnaireUnknown, UnitUnknown
from survey.settings import Settings
from survey.web import clock, database, request_guard, signed_in
from survey.web.forms.paper import CloseBatchForm, CountsForm, DiscardForm, NewBatchForm
from survey.web.paper_lines import serial_ranges
from survey.web.paper_sentences import refusal_sentence

blueprint = Blueprint("paper", __name__, url_prefix="/quan-tri/dot/<round_code>/phieu-giay")
blueprint.before_request(signed_in.require_account)
blueprint.context_processor(signed_in.page_values)
request_guard.init_blueprint(blueprint)

PDF = "application/pdf"
# How long a request waits while another file is typeset: longer than one takes on a machine at rest.
_PRINTING_WAIT = 8
Errors = list[tuple[str, str]]
# Also as it is written in Vietnamese, with a dot between thousands; 1.5 is no number of forms.
_WHOLE_NUMBER = re.compile(r"[0-9]{1,9}|[0-9]{1,3}(\.[0-9]{3}){1,2}")


@blueprint.get("/")
def list_batches(round_code: str) -> ResponseReturnValue:
    return _list_page(round_code, NewBatchForm(formdata=None), [])


@blueprint.post("/")
def create_batch(round_code: str) -> ResponseReturnValue:
    form = NewBatchForm()
    if signed_in.own_unit() is not None:
        form.selection.data = form.selection.data or "self_selected"
    errors = _new_batch_errors(form)
    if not errors:
        signed_in.require_unit(form.unit_code.data or "")
        try:
            return redirect(
                url_for(".show_batch", round_code=round_code, batch_code=_create(round_code, form)), 303
            )
        except PaperRefused as refusal:
            name = "" if refusal.reason == "of_one_unit" else "printed_count"
            errors = [(name, refusal_sentence(refusal))]
        except UnitUnknown:
            errors = [("unit_code", _("This questionnaire is not asked at this unit."))]
        except QuestionnaireUnknown:
            errors = [("form_id", _("Please choose a questionnaire."))]
    return _list_page(round_code, form, errors), 422


@blueprint.get("/<batch_code>")
def show_batch(round_code: str, batch_code: str) -> ResponseReturnValue:
    return _batch_page(load_batch(round_code, batch_code), [])


@blueprint.post("/<batch_code>/so-luong")
def count_forms(round_code: str, batch_code: str) -> ResponseReturnValue:
    batch, form = load_batch(round_code, batch_code), CountsForm()
    errors = _lost_page(form)
    numbers = {
        "handed_out": _whole_number(form.handed_out.data),
        "returned": _whole_number(form.returned.data),
    }
    errors += [(name, _("Please write a whole number.")) for name, value in numbers.items() if value == -1]
    if not errors:
        try:
            with database.write() as session:
                paper_batches.count_forms(session, round_code, batch_code, **numbers)
        except PaperRefused as refusal:
            name = "handed_out" if refusal.reason == "handed_out_above_printed" else "returned"
            errors = [(name, refusal_sentence(refusal))]
    if errors:
        return _batch_page(batch, errors, counts=form), 422
    flash(_("The counts are saved."), "success")
    return redirect(url_for(".show_batch", round_code=round_code, batch_code=batch_code), 303)


@blueprint.post("/<batch_code>/dong")
def close_batch(round_code: str, batch_code: str) -> ResponseReturnValue:
    batch, form = load_batch(round_code, batch_code), CloseBatchForm()
    errors = _lost_page(form)
    if not errors and (form.typed_code.data or "").casefold() != batch_code.casefold():
        errors = [("typed_code", _("Please type the code of the batch exactly: %(code)s", code=batch_code))]
    if not errors:
        try:
            with database.write() as session:
                name = signed_in.get_account().display_name
                paper_progress.close_batch(session, round_code, batch_code, clock.today(), closed_by=name)
        except PaperRefused as refusal:
            errors = [("", refusal_sentence(refusal))]
    if errors:
        return _batch_page(batch, errors), 422
    flash(_("The batch is closed."), "success")
    return redirect(url_for(".show_batch", round_code=round_code, batch_code=batch_code), 303)


@blueprint.post("/<batch_code>/xoa-lan-nhap")
def discard_keying(round_code: str, batch_code: str) -> ResponseReturnValue:
    """Delete somebody else's keying under a wrong number, without seeing it."""
    signed_in.require_every_unit()
    batch, form = load_batch(round_code, batch_code), DiscardForm()
    errors, serial = _lost_page(form), _whole_serial(batch, form.wrong_serial.data or "")
    if not errors and serial is None:
        example = batch.serial_text(7)
        errors = [
            ("wrong_serial", _("Please type the whole number of the form, like %(serial)s", serial=example))
        ]
    if not errors and serial is not None:
        try:
            with database.write() as session:
                keyer = paper_corrections.discard_keying(session, batch, serial)
        except PaperRefused as refusal:
            errors = [("wrong_serial", refusal_sentence(refusal))]
        else:
            text, own = batch.serial_text(serial), signed_in.get_account().account_id
            # A lower level is written nowhere.
            current_app.logger.warning("account %s deleted the keying of %s by account %s", own, text, keyer)
            flash(
                _("The keying of form %(serial)s is deleted; the number is free again.", serial=text),
                "success",
            )
    if errors:
        return _batch_page(batch, errors, wrong_serial=form.wrong_serial.data), 422
    return redirect(url_for(".show_batch", round_code=round_code, batch_code=batch_code), 303)


@blueprint.get("/<batch_code>/phieu.pdf")
def print_forms(round_code: str, batch_code: str) -> ResponseReturnValue:
    """The forms from number `tu` to number `den`, as many as one file has at most."""
    batch = load_batch(round_code, batch_code)
    first = min(max(1, _whole_number(request.args.get("tu")) or 1), batch.printed_count)
    last = min(_whole_number(request.args.get("den")) or batch.printed_count, first + FORMS_PER_FILE - 1)
    part = Part(first, max(first, min(last, batch.printed_count)))
    settings: Settings = current_app.extensions["settings"]
    try:
        content = print_part(
            settings.database_url, settings.data_directory, batch, part, wait_seconds=_PRINTING_WAIT
        )
    except PrintingBusy:
        flash(_("Another file is being made at the moment. Please try again in a minute."))
        return redirect(url_for(".show_batch", round_code=round_code, batch_code=batch_code), 303)
    except PrintingFailed as failure:
        current_app.logger.error("forms %s of %s were not typeset: %s", part.name, batch.code, failure.reason)
        flash(_("The file could not be made; the reason is in the server's log. Please try again later."))
        return redirect(url_for(".show_batch", round_code=round_code, batch_code=batch_code), 303)
    headers = {"Content-Disposition": f'attachment; filename="phieu-{batch.code}-{part.name}.pdf"'}
    return Response(content, content_type=PDF, headers=headers)


def load_batch(round_code: str, batch_code: str) -> Batch:
    """The batch, for an account that may see its unit."""
    with database.read() as session:
        batch = paper_batches.get_batch(session, round_code, batch_code)
    signed_in.require_unit(batch.unit_code)
    return batch


def _create(round_code: str, form: NewBatchForm) -> str:
    with database.write() as session:
        return paper_batches.create_batch(
            session,
            round_code=round_code,
            form_id=form.form_id.data or "",
            unit_code=form.unit_code.data or "",
            selection=form.selection.data or "",
            language=form.language.data or "",
            printed_count=_whole_number(form.printed_count.data) or 0,
            account_id=signed_in.get_account().account_id,
            today=clock.today(),
        )


def _new_batch_errors(form: NewBatchForm) -> Errors:
    errors = _lost_page(form)
    if not form.form_id.data:
        errors.append(("form_id", _("Please choose a questionnaire.")))
    if not form.unit_code.data:
        errors.append(("unit_code", _("Please choose the unit at which the forms are handed out.")))
    if form.selection.data not in ("invited", "self_selected"):
        errors.append(("selection", _("Please say who gets the forms.")))
    if form.language.data not in LANGUAGES:
        errors.append(("language", _("Please say in which language the forms are printed.")))
    if not 1 <= (_whole_number(form.printed_count.data) or 0) <= LARGEST_BATCH:
        refusal = PaperRefused("printed_out_of_range", max=LARGEST_BATCH)
        errors.append(("printed_count", refusal_sentence(refusal)))
    return errors


def _lost_page(form: NewBatchForm | CountsForm | CloseBatchForm | DiscardForm) -> Errors:
    if form.validate():
        return []
    return [("", _("This page was open for too long or was opened twice. Please send it again."))]


def _whole_number(text: str | None) -> int | None:
    """None where nothing was written, -1 for what is no number."""
    plain = (text or "").strip()
    if not plain:
        return None
    return int(plain.replace(".", "")) if _WHOLE_NUMBER.fullmatch(plain) else -1


def _whole_serial(batch: Batch, typed: str) -> int | None:
    """The form that is named by its whole number: the batch, a hyphen and up to six digits."""
    match = re.fullmatch(rf"{re.escape(batch.code)}\s*[-–]\s*([0-9]{{1,6}})", typed, re.IGNORECASE)
    return int(match[1]) if match else None


def _list_page(round_code: str, form: NewBatchForm, errors: Errors) -> str:
    own = signed_in.own_unit()
    with database.read() as session:
        overview = rounds.get_overview(session, round_code)
        lines = paper_batches.list_batches(session, round_code, own.code if own else None)
    units = [unit for unit, _count in overview.by_unit if own is None or unit.code == own.code]
    return render_template(
        "paper/batches.html",
        line=overview.line,
        forms=overview.forms,
        units=sorted(units, key=lambda unit: rounds.plain_letters(unit.name.in_language(current_language()))),
        lines=lines,
        form=form,
        errors=errors,
        is_over=overview.line.status == "closed" or clock.today() > overview.line.closes_on,
        is_bound=own is not None,
    )


def _batch_page(
    batch: Batch, errors: Errors, counts: CountsForm | None = None, wrong_serial: str | None = None
) -> str:
    with database.read() as session:
        batch = paper_batches.get_batch(session, batch.round_code, batch.code)
        progress = paper_progress.get_progress(session, batch)
    return render_template(
        "paper/batch.html",
        batch=batch,
        progress=progress,
        reconciliation=paper_progress.reconcile(batch, progress),
        counts=counts,
        wrong_serial=wrong_serial,
        parts=list_parts(batch),
        errors=errors,
        serial_ranges=serial_ranges,
        is_bound=not signed_in.sees_every_unit(),
    )
