"""A round's devices: enrolling and pairing them, how they are, withdrawing them, their rescue files."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey.i18n import at_rendering
from survey.services import devices
from survey.services.devices import DeviceLine
from survey.services.problems import SurveyError
from survey.services.rescue_files import LARGEST_FILE, RescueOutcome, import_rescue_file
from survey.services.rounds import RoundLine, UnitLine, get_line
from survey.web import clock, database, device_words, official_words, pairing_page, request_guard, signed_in
from survey.web.device_lines import find_lines, fleet_keys, fleet_line, list_fleet
from survey.web.enrolment import enrolment_errors, first_values
from survey.web.forms.devices import DeviceDeedForm, EnrolForm, RescueForm, TokenForm
from survey.web.rescue_words import fault_sentences, refusal_sentence
from survey.web.sorting import address_with, sort_lines, wanted_order

blueprint = Blueprint("devices", __name__, url_prefix="/quan-tri/dot/<round_code>/thiet-bi")
blueprint.before_request(signed_in.require_account)
blueprint.context_processor(signed_in.page_values)
blueprint.add_app_template_filter(at_rendering(device_words.kind_words), "device_kind")
blueprint.add_app_template_filter(at_rendering(device_words.fleet_finding), "fleet_finding")
request_guard.init_blueprint(blueprint)


@blueprint.get("")
def list_devices(round_code: str) -> ResponseReturnValue:
    return _fleet_page(round_code)


@blueprint.get("/them")
def show_enrolment(round_code: str) -> ResponseReturnValue:
    return _enrolment_page(round_code, first_values(signed_in.own_unit()), [])


@blueprint.post("/them")
def enrol(round_code: str) -> ResponseReturnValue:
    """Enrol a device and lead to its page, which shows the pairing code once."""
    form = EnrolForm()
    own = signed_in.own_unit()
    if own is not None:
        form.unit.data, form.kind.data = own.code, form.kind.data or "kiosk"
    errors = enrolment_errors(form, _list_units(round_code, own))
    if errors:
        values = {name: getattr(form, name).data for name in ("unit", "kind", "name")}
        return _enrolment_page(round_code, values, errors), 400
    with database.write() as session:
        device, pairing_code = devices.create_device(
            session,
            round_code=round_code,
            unit_code=form.unit.data or "",
            kind=form.kind.data or "",
            name=form.name.data or "",
            pin=form.pin.data or "",
            now=clock.now(),
            account_id=signed_in.get_account().account_id,
        )
    pairing_page.remember(device.code, pairing_code)
    return redirect(_device_url(round_code, device.code), 303)


@blueprint.get("/<device_code>")
def show_device(round_code: str, device_code: str) -> ResponseReturnValue:
    _get_device(round_code, device_code)
    device = next(device for device in list_fleet(round_code) if device.code == device_code)
    return render_template(
        "manage/devices_one.html",
        line=_get_line(round_code),
        shown=fleet_line(device, clock.now()),
        pairing=pairing_page.take(device_code),
        may_pair=device.kind == "kiosk" or signed_in.sees_every_unit(),
    )


@blueprint.post("/<device_code>/ma-ghep")
def renew_pairing(round_code: str, device_code: str) -> ResponseReturnValue:
    device = _get_device(round_code, device_code)
    if TokenForm().validate() and device.status != "withdrawn":
        with database.write() as session:
            code = devices.renew_pairing(
                session, device_code, now=clock.now(), account_id=signed_in.get_account().account_id
            )
        pairing_page.remember(device_code, code)
    return redirect(_device_url(round_code, device_code), 303)


@blueprint.post("/<device_code>/da-xem")
def note_losses(round_code: str, device_code: str) -> ResponseReturnValue:
    """Staff have looked after lost forms and former hardware."""
    _get_device(round_code, device_code)
    if TokenForm().validate():
        with database.write() as session:
            devices.note_losses(session, device_code)
            flash(_("Noted: these alarms of the device have ended."), "success")
    return redirect(_device_url(round_code, device_code), 303)


@blueprint.get("/<device_code>/thu-hoi")
def show_withdrawal(round_code: str, device_code: str) -> ResponseReturnValue:
    device = _get_device(round_code, device_code)
    if device.status == "withdrawn":
        return redirect(_device_url(round_code, device_code), 303)
    return _withdrawal_page(round_code, device, [])


@blueprint.post("/<device_code>/thu-hoi")
def withdraw(round_code: str, device_code: str) -> ResponseReturnValue:
    """Withdraw the device once its code has been typed. A second press finds it done."""
    device = _get_device(round_code, device_code)
    form = DeviceDeedForm()
    errors = _withdrawal_errors(form, device_code)
    if errors and device.status != "withdrawn":
        return _withdrawal_page(round_code, device, errors, form.typed_code.data or ""), 400
    if not errors:
        with database.write() as session:
            if devices.withdraw_device(session, device_code, now=clock.now()):
                flash(_("The device has been withdrawn."), "success")
    return redirect(_device_url(round_code, device_code), 303)


@blueprint.post("/tep-cuu")
def import_rescue(round_code: str) -> ResponseReturnValue:
    """Take the sound lines of a rescue file. Handing it in again changes nothing."""
    request_guard.allow_upload(LARGEST_FILE)
    form = RescueForm()
    file = request.files.get("file")
    raw = file.read() if file else b""
    if not form.validate():
        return _fleet_page(round_code, [("", _lost_form())]), 400
    if not raw:
        return _fleet_page(round_code, [("file", _("Please choose the rescue file."))]), 400
    own = signed_in.own_unit()
    try:
        outcome = import_rescue_file(
            current_app.extensions["database"],
            raw,
            now=clock.now(),
            device_code=form.device.data or None,
            round_code=round_code,
            unit_code=own.code if own else None,
        )
    except SurveyError as refusal:
        return _fleet_page(round_code, [("file", refusal_sentence(refusal))]), 400
    return _outcome_page(round_code, outcome)


def _fleet_page(round_code: str, errors: list[tuple[str, str]] | None = None) -> str:
    now = clock.now()
    order = wanted_order(fleet_keys(), "canh-bao")
    search = request.args.get("tim", "").strip()
    fleet = list_fleet(round_code)
    lines = find_lines([fleet_line(device, now) for device in fleet], search)
    line = _get_line(round_code)
    return render_template(
        "manage/devices.html",
        line=line,
        state=official_words.round_state(line, clock.today()),
        finding=device_words.fleet_finding(fleet),
        has_alarms=any(device.alarms for device in fleet),
        has_tablets=any(device.kind == "interviewer" for device in fleet),
        lines=sort_lines(lines, fleet_keys(), order),
        is_empty=not fleet,
        order=order,
        search=search,
        address_with=address_with,
        errors=errors or [],
        is_bound=not signed_in.sees_every_unit(),
        now=now,
    )


def _enrolment_page(round_code: str, values: dict[str, str], errors: list[tuple[str, str]]) -> str:
    own = signed_in.own_unit()
    return render_template(
        "manage/devices_enrol.html",
        line=_get_line(round_code),
        units=_list_units(round_code, own),
        own=own,
        values=values,
        errors=errors,
        name_length=devices.NAME_LENGTH,
    )


def _withdrawal_page(
    round_code: str, device: DeviceLine, errors: list[tuple[str, str]], typed_code: str = ""
) -> str:
    return render_template(
        "manage/devices_withdraw.html",
        line=_get_line(round_code),
        device=device,
        errors=errors,
        typed_code=typed_code,
    )


def _outcome_page(round_code: str, outcome: RescueOutcome) -> str:
    return render_template(
        "manage/devices_rescue.html",
        line=_get_line(round_code),
        outcome=outcome,
        faults=fault_sentences(outcome.faults),
        sees_every_unit=signed_in.sees_every_unit(),
    )


def _withdrawal_errors(form: DeviceDeedForm, device_code: str) -> list[tuple[str, str]]:
    if not form.validate():
        return [("", _lost_form())]
    if form.typed_code.data != device_code:
        return [("typed_code", _("Please type the code of the device exactly: %(code)s", code=device_code))]
    return []


def _lost_form() -> str:
    return _("This page was open for too long or was opened twice. Please send it again.")


def _get_device(round_code: str, device_code: str) -> DeviceLine:
    """The device, if the account may see it; 403 for one of another unit."""
    with database.read() as session:
        device = devices.get_device(session, round_code, device_code)
    signed_in.require_unit(device.unit_code)
    return device


def _get_line(round_code: str) -> RoundLine:
    with database.read() as session:
        return get_line(session, round_code)


def _list_units(round_code: str, own: UnitLine | None) -> list[UnitLine]:
    with database.read() as session:
        units = devices.list_units(session, round_code)
    return [unit for unit in units if own is None or unit.code == own.code]


def _device_url(round_code: str, device_code: str) -> str:
    return url_for("devices.show_device", round_code=round_code, device_code=device_code)
