"""Interviewers' work: the list of places, who goes there, what came of it.

For those alone who see every unit: an agency must not know who is asked about it.
"""

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey.i18n import at_rendering, format_number
from survey.services import assignments
from survey.services.assignments import LARGEST_FILE, AssignmentLine, AssignmentList
from survey.services.dispositions import VISITED
from survey.services.problems import DeviceUnknown, ImportRefused, RowFault, SurveyError
from survey.services.rounds import get_line
from survey.web import assignment_words, clock, database, official_words, request_guard, signed_in
from survey.web.assignment_lines import find_lines, page_of, render_list, render_totals
from survey.web.device_lines import FleetLine, fleet_line, list_fleet
from survey.web.forms.assignments import AssignmentFileForm, GiveForm

blueprint = Blueprint("assignments", __name__, url_prefix="/quan-tri/dot/<round_code>/dia-ban")
blueprint.before_request(signed_in.require_account)
blueprint.before_request(signed_in.require_every_unit)
blueprint.context_processor(signed_in.page_values)
blueprint.add_app_template_filter(at_rendering(assignment_words.outcome_words))
request_guard.init_blueprint(blueprint)

CSV = "text/csv; charset=utf-8"
NOBODY = "-"
# The parts of the form around the file.
Errors = list[tuple[str, str]]


@blueprint.get("")
def show_list(round_code: str) -> ResponseReturnValue:
    return _list_page(round_code, [])


@blueprint.post("/giao")
def give(round_code: str) -> ResponseReturnValue:
    """Give the marked assignments, or all that the search shows, to a device."""
    form = GiveForm()
    lines = _wanted_lines(_fetch_list(round_code).lines)
    numbers = [line.number for line in lines] if form.everything.data else form.number.data or []
    errors = _give_errors(form, numbers)
    if not errors:
        try:
            with database.write() as session:
                code = None if form.device.data == NOBODY else form.device.data
                count = assignments.give_to_device(session, round_code, numbers, code)
        except DeviceUnknown:
            errors = [("device", _("Please choose one of the devices of the list."))]
        except SurveyError as refusal:
            errors = [("device", _refusal_sentence(refusal))]
    if errors:
        return _list_page(round_code, errors, form), 422
    flash(_("The device of %(count)s addresses is changed.", count=format_number(count)), "success")
    return redirect(_page_address(round_code), 303)


@blueprint.get("/nhap")
def show_import(round_code: str) -> ResponseReturnValue:
    return _import_page(round_code, [])


@blueprint.post("/nhap")
def take_file(round_code: str) -> ResponseReturnValue:
    # A list of a whole province is larger than any other form of the site.
    request_guard.allow_upload(LARGEST_FILE)
    form = AssignmentFileForm()
    if not form.validate():
        return _import_page(round_code, [("", _lost_page())]), 400
    file = form.file.data
    if not file or not file.filename:
        return _import_page(round_code, [("file", _("Please choose the CSV file."))]), 422
    try:
        with database.write() as session:
            counts = assignments.import_assignments(session, round_code, file.read())
    except ImportRefused as refusal:
        words = _("The file has %(count)s faults. Nothing of it was taken.", count=len(refusal.faults))
        return _import_page(round_code, [("file", words)], refusal.faults), 422
    except SurveyError as refusal:
        return _import_page(round_code, [("file", _refusal_sentence(refusal))]), 422
    flash(
        _(
            "The file was taken: %(added)s addresses are new, %(changed)s were changed.",
            added=format_number(counts.added),
            changed=format_number(counts.changed),
        ),
        "success",
    )
    return redirect(url_for(".show_list", round_code=round_code), 303)


@blueprint.get("/mau.csv")
def template(round_code: str) -> Response:
    """An empty file with the right heading."""
    with database.read() as session:
        get_line(session, round_code)
    heading = ",".join(column.name for column in assignments.COLUMNS)
    return _file(f"\ufeff{heading}\r\n".encode(), "mau-danh-sach-phong-van.csv")


@blueprint.get("/<any('danh-sach', 'ket-qua'):table>.csv")
def table_csv(round_code: str, table: str) -> Response:
    """The list as it is searched, or the counts of all."""
    fetched = _fetch_list(round_code)
    if table == "danh-sach":
        content = render_list(_wanted_lines(fetched.lines))
    else:
        content = render_totals(fetched.totals)
    return _file(content, f"phong-van-{table}-{round_code}.csv")


def _fetch_list(round_code: str) -> AssignmentList:
    with database.read() as session:
        return assignments.list_assignments(session, round_code)


def _wanted_lines(lines: Iterable[AssignmentLine]) -> list[AssignmentLine]:
    return find_lines(lines, request.args.get("tim", "").strip(), request.args.get("ket-qua", ""))


def _kept_search() -> dict[str, str]:
    return {name: request.args[name] for name in ("tim", "ket-qua", "trang") if request.args.get(name)}


def _list_page(round_code: str, errors: Errors, form: GiveForm | None = None) -> str:
    with database.read() as session:
        line = get_line(session, round_code)
        fetched = assignments.list_assignments(session, round_code)
        devices = assignments.list_interviewer_devices(session, round_code)
    found = _wanted_lines(fetched.lines)
    number, count, shown = page_of(found, request.args.get("trang", ""))
    return render_template(
        "assignments/list.html",
        line=line,
        state=official_words.round_state(line, clock.today()),
        now=clock.now(),
        totals=fetched.totals,
        categories=assignment_words.CATEGORIES,
        unassigned_count=sum(each.device_code is None for each in fetched.lines),
        has_small_cells=any(each.outcome == VISITED for each in fetched.lines),
        found=found,
        shown=[(each, assignment_words.visit_day_words(each.outcome, each.last_on)) for each in shown],
        devices=devices,
        holding=_list_holding(round_code),
        nobody=NOBODY,
        form=form,
        errors=errors,
        search=request.args.get("tim", "").strip(),
        outcome=request.args.get("ket-qua", ""),
        kept=_kept_search(),
        page=number,
        page_count=count,
        page_address=_page_address,
    )


def _list_holding(round_code: str) -> list[FleetLine]:
    """Tablets that by their last word still hold something, withdrawn ones too: the list may lack visits."""
    now = clock.now()
    return [
        fleet_line(device, now)
        for device in list_fleet(round_code)
        if device.kind == "interviewer" and device.unsent_count + device.held_count
    ]


def _page_address(round_code: str, **changes: str | int | None) -> str:
    """This list with another search; None takes a part of it away. `_` stands for `-` in a name."""
    named = {name.replace("_", "-"): value for name, value in changes.items()}
    parameters: dict[str, Any] = {
        name: value for name, value in ({**_kept_search(), **named}).items() if value
    }
    return url_for(".show_list", round_code=round_code, **parameters)


def _import_page(round_code: str, errors: Errors, faults: list[RowFault] | None = None) -> str:
    with database.read() as session:
        line = get_line(session, round_code)
    return render_template(
        "assignments/import.html",
        line=line,
        errors=errors,
        faults=assignment_words.fault_lines(faults or []),
    )


def _give_errors(form: GiveForm, numbers: list[str]) -> Errors:
    if not form.validate():
        return [("", _lost_page())]
    if not numbers:
        return [("everything", _("Please mark at least one address."))]
    if not form.device.data:
        return [("device", _("Please choose a device."))]
    return []


def _lost_page() -> str:
    return _("This page was open for too long or was opened twice. Please send it again.")


def _refusal_sentence(refusal: SurveyError) -> str:
    if refusal.params.get("reason") == "device_other_unit":
        return _(
            "The address %(number)s belongs to another unit than the device %(device_code)s. "
            "Nothing was changed.",
            **{name: refusal.params[name] for name in ("number", "device_code")},
        )
    if refusal.params.get("reason") == "round_closed":
        return _("The round is closed; its list cannot be changed any more.")
    raise refusal


def _file(content: bytes, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, content_type=CSV, headers=headers)
