"""The workbook for keying offline: handed out, and taken back whole or not at all."""

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey.i18n import current_language, format_number
from survey.services import paper_keying
from survey.services.paper_batches import Batch
from survey.services.paper_problems import PaperRefused, SheetFault, WorkbookRefused
from survey.services.paper_workbook import LARGEST_FILE, ImportCounts, import_workbook
from survey.web import clock, database, request_guard, signed_in
from survey.web.forms.paper import KeyedFileForm
from survey.web.paper import load_batch
from survey.web.paper_sentences import fault_lines, refusal_sentence

blueprint = Blueprint(
    "paper_files", __name__, url_prefix="/quan-tri/dot/<round_code>/phieu-giay/<batch_code>"
)
blueprint.before_request(signed_in.require_account)
blueprint.context_processor(signed_in.page_values)
request_guard.init_blueprint(blueprint)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("/mau-nhap.xlsx")
def template(round_code: str, batch_code: str) -> Response:
    from survey.reports.paper_template import render_template as render_workbook

    batch = load_batch(round_code, batch_code)
    with database.read() as session:
        catalogue = paper_keying.list_choices(session, batch, clock.today())
    content = render_workbook(batch, catalogue, current_language())
    headers = {"Content-Disposition": f'attachment; filename="nhap-{batch.code}.xlsx"'}
    return Response(content, content_type=XLSX, headers=headers)


@blueprint.get("/nhap-tep")
def show_import(round_code: str, batch_code: str) -> ResponseReturnValue:
    return _page(load_batch(round_code, batch_code), [])


@blueprint.post("/nhap-tep")
def take_file(round_code: str, batch_code: str) -> ResponseReturnValue:
    batch = load_batch(round_code, batch_code)
    # A workbook is larger than any other form of the site.
    request_guard.allow_upload(LARGEST_FILE)
    form = KeyedFileForm()
    if not form.validate():
        sentence = _("This page was open for too long or was opened twice. Please send it again.")
        return _page(batch, [("", sentence)]), 400
    file = form.file.data
    if not file or not file.filename:
        return _page(batch, [("file", _("Please choose the filled-in workbook."))]), 422
    try:
        counts = _import(batch, file.read(LARGEST_FILE + 1))
    except WorkbookRefused as refusal:
        return _page(batch, [("file", _fault_count(refusal))], refusal.faults), 422
    except PaperRefused as refusal:
        return _page(batch, [("file", refusal_sentence(refusal))]), 422
    flash(_counts_words(counts), "success")
    return redirect(url_for("paper.show_batch", round_code=round_code, batch_code=batch_code), 303)


def _import(batch: Batch, content: bytes) -> ImportCounts:
    with database.write() as session:
        return import_workbook(
            session, batch, content, account_id=signed_in.get_account().account_id, today=clock.today()
        )


def _page(batch: Batch, errors: list[tuple[str, str]], faults: list[SheetFault] | None = None) -> str:
    return render_template("paper/import.html", batch=batch, errors=errors, faults=fault_lines(faults or []))


def _fault_count(refusal: WorkbookRefused) -> str:
    count, listed = format_number(refusal.fault_count), format_number(len(refusal.faults))
    if refusal.fault_count > len(refusal.faults):
        return _(
            "The file has %(count)s faults; the first %(listed)s are listed. Nothing of it was taken.",
            count=count,
            listed=listed,
        )
    return _("The file has %(count)s faults. Nothing of it was taken.", count=count)


def _counts_words(counts: ImportCounts) -> str:
    return _(
        "The file was taken: %(first)s forms keyed for the first time, %(stored)s stored, %(spoilt)s spoilt, "
        "%(differs)s differing, %(repeated)s taken before.",
        first=format_number(counts.first),
        stored=format_number(counts.stored),
        spoilt=format_number(counts.spoilt),
        differs=format_number(counts.differs),
        repeated=format_number(counts.repeated),
    )
