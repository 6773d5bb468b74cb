"""Results as files: Excel, CSV, pictures. Each is made from the same report value as the pages."""

from contextlib import ExitStack
from typing import Literal

from flask import Blueprint, Response, abort, request

from survey.i18n import current_language
from survey.services.further_answers import list_further_answers
from survey.services.rounds import plain_letters
from survey.web import database, request_guard, signed_in
from survey.web.index_report_cache import get_index_report
from survey.web.quality_report_cache import get_quality_report

blueprint = Blueprint("result_files", __name__, url_prefix="/quan-tri/dot/<round_code>")
blueprint.before_request(signed_in.require_account)
blueprint.before_request(signed_in.require_every_unit)
request_guard.init_blueprint(blueprint)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"

PictureFormat = Literal["svg", "png"]
PICTURES: dict[PictureFormat, str] = {"svg": "image/svg+xml", "png": "image/png"}
LEVELS: tuple[Literal["element", "item", "sector", "unit"], ...] = ("element", "item", "sector", "unit")


@blueprint.get("/ket-qua.xlsx")
def workbook(round_code: str) -> Response:
    from survey.reports.workbook import render_workbook

    report = get_index_report(round_code)
    with database.read() as session:
        further = list_further_answers(session, round_code)
    content = render_workbook(report, current_language(), get_quality_report(round_code), further)
    return file_response(content, XLSX, f"ket-qua-{round_code}.xlsx")


@blueprint.get("/ket-qua.csv")
def scorecard_csv(round_code: str) -> Response:
    """The scorecard as it is shown."""
    from survey.reports.tables_csv import render_scorecard_csv

    report = get_index_report(round_code)
    return file_response(
        render_scorecard_csv(report, current_language()), CSV, f"bang-chi-tieu-{round_code}.csv"
    )


@blueprint.get("/so-lieu.csv")
def report_csv(round_code: str) -> Response:
    """Every number of the report, unrounded."""
    from survey.reports.tables_csv import render_report_csv

    report = get_index_report(round_code)
    return file_response(render_report_csv(report, current_language()), CSV, f"so-lieu-{round_code}.csv")


@blueprint.get("/ket-qua/<measure_code>/so-lieu.csv")
def measure_csv(round_code: str, measure_code: str) -> Response:
    """One table of a measure's page: `cap` names the level, `linh-vuc` the sector."""
    from survey.reports.tables_csv import render_measure_csv

    sector = request.args.get("linh-vuc", "")
    level = next((level for level in LEVELS if level == request.args.get("cap")), None)
    if level is None:
        abort(404)
    report = get_index_report(round_code)
    content = render_measure_csv(report, measure_code, sector, level, current_language())
    return file_response(
        content, CSV, "-".join(filter(None, (level, measure_code, sector, round_code))) + ".csv"
    )


@blueprint.get("/bang-chi-tieu.<any(svg, png):file_format>")
def picture(round_code: str, file_format: PictureFormat) -> Response:
    from survey.reports.picture import render_scorecard_picture

    report = get_index_report(round_code)
    content = render_scorecard_picture(report, current_language(), file_format)
    return file_response(content, PICTURES[file_format], f"bang-chi-tieu-{round_code}.{file_format}")


@blueprint.get("/phieu.csv")
def responses_csv(round_code: str) -> Response:
    """The responses of the round or of one questionnaire, streamed: they may be many."""
    from survey.reports.responses_csv import iterate_responses_csv

    form_id = request.args.get("phieu") or None
    with ExitStack() as stack:
        session = stack.enter_context(database.read())
        pieces = iterate_responses_csv(session, round_code, current_language(), form_id)
        held = stack.pop_all()
    response = Response(pieces, content_type=CSV)
    response.headers["Content-Disposition"] = _attachment(
        "-".join(filter(None, ("phieu", form_id, round_code))) + ".csv"
    )
    response.call_on_close(held.close)
    return response


def file_response(content: bytes, content_type: str, name: str) -> Response:
    return Response(content, content_type=content_type, headers={"Content-Disposition": _attachment(name)})


def _attachment(name: str) -> str:
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "-._") else "-" for c in plain_letters(name))
    return f'attachment; filename="{plain}"'
