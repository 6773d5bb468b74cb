"""Correcting one's own keying of a paper form before a second person keys it, or taking it back."""

from flask import Blueprint, current_app, flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey.services import paper_corrections
from survey.services.paper_batches import Batch
from survey.services.paper_comparison import KeyedForm
from survey.services.paper_problems import PaperRefused
from survey.web import clock, database, request_guard, signed_in
from survey.web.forms.answers import KeyingForm
from survey.web.forms.paper import TakeBackForm
from survey.web.paper import load_batch
from survey.web.paper_key_pages import (
    back_to_choice,
    correction_page,
    get_correctable,
    is_only_checked,
    is_sector_unconfirmed,
    is_spoilt_unconfirmed,
    key_page,
    outcome_words,
    read_keyed_form,
    require_keyer,
    sent_form,
    spoilt_page,
    to_next_form,
    typed_values,
    written_values,
)

blueprint = Blueprint(
    "paper_corrections",
    __name__,
    url_prefix="/quan-tri/dot/<round_code>/phieu-giay/<batch_code>/nhap/<int:serial>",
)
request_guard.init_blueprint(blueprint)
blueprint.before_request(require_keyer)
blueprint.context_processor(signed_in.page_values)


@blueprint.get("/sua")
def show(round_code: str, batch_code: str, serial: int) -> ResponseReturnValue:
    batch = load_batch(round_code, batch_code)
    try:
        own = get_correctable(batch, serial)
    except PaperRefused as refusal:
        return back_to_choice(batch, refusal)
    return correction_page(batch, own, written_values(batch, own.form), [], state=own.state)


@blueprint.post("/sua")
def correct(round_code: str, batch_code: str, serial: int) -> ResponseReturnValue:
    """Put what was sent in place of what was keyed, or show it again with what is wrong."""
    batch = load_batch(round_code, batch_code)
    form = sent_form(batch)
    keyed, state = typed_values(form), form.state.data or ""
    try:
        own = get_correctable(batch, serial)
        if not form.has_token():
            return correction_page(batch, own, keyed, [], state=state, has_lost_token=True), 400
        if is_spoilt_unconfirmed(form):
            return spoilt_page(batch, serial), 422
        found, problems = read_keyed_form(batch, form)
        if is_only_checked(form):
            problems = [each for each in problems if each.path]
            page = correction_page(batch, own, keyed, problems, state=state, is_checked=not problems)
            return page, 422
        if problems:
            return correction_page(batch, own, keyed, problems, state=state), 422
        if is_sector_unconfirmed(batch, form, found):
            return correction_page(batch, own, keyed, [], state=state, is_without_sector=True), 422
        outcome = _correct(batch, serial, found, state)
    except PaperRefused as refusal:
        return _refused(batch, serial, form, refusal)
    flash(outcome_words(batch.serial_text(serial), outcome), "success")
    return to_next_form(batch)


@blueprint.post("/rut")
def take_back(round_code: str, batch_code: str, serial: int) -> ResponseReturnValue:
    """Delete one's own keying, which was made under the wrong number."""
    batch, form = load_batch(round_code, batch_code), TakeBackForm()
    account_id = signed_in.get_account().account_id
    try:
        own = get_correctable(batch, serial)
        error = _confirmation_error(batch, serial, form)
        if error:
            keyed = written_values(batch, own.form)
            return correction_page(batch, own, keyed, [], state=own.state, wrong_number=error), 422
        with database.write() as session:
            paper_corrections.take_back(session, batch, serial, account_id=account_id, today=clock.today())
    except PaperRefused as refusal:
        return back_to_choice(batch, refusal)
    current_app.logger.warning("account %s took back its keying of %s", account_id, batch.serial_text(serial))
    flash(
        _(
            "The keying of form %(serial)s is deleted; the number is free again.",
            serial=batch.serial_text(serial),
        ),
        "success",
    )
    return to_next_form(batch)


def _correct(batch: Batch, serial: int, found: KeyedForm, state: str) -> str:
    with database.write() as session:
        return paper_corrections.correct_form(
            session,
            batch,
            serial,
            found,
            state=state,
            account_id=signed_in.get_account().account_id,
            today=clock.today(),
        )


def _refused(batch: Batch, serial: int, form: KeyingForm, refusal: PaperRefused) -> ResponseReturnValue:
    """What was typed stays on the screen, beside what was saved in between or to be read only."""
    keyed = typed_values(form)
    if refusal.reason == "keying_changed":
        try:
            own = get_correctable(batch, serial)
        except PaperRefused as later:
            refusal = later
        else:
            return correction_page(batch, own, keyed, [], state=own.state, is_changed=True), 409
    if refusal.reason in ("serial_unknown", "not_keyed_by_you"):
        return back_to_choice(batch, refusal)
    return key_page(batch, serial, keyed, [], turn=None, refusal=refusal), 409


def _confirmation_error(batch: Batch, serial: int, form: TakeBackForm) -> str | None:
    if not form.validate():
        return _("This page was open for too long or was opened twice. Please send it again.")
    text = batch.serial_text(serial)
    if (form.typed_serial.data or "").casefold() != text.casefold():
        return _("Please type the number of the form exactly: %(serial)s", serial=text)
    return None
