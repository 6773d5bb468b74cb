"""What stands in place of a report that is being computed or could not be, and the new attempt."""

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey.web import signed_in
from survey.web.forms.quality import TryAgainForm
from survey.web.language import local_path, path_to_return_to
from survey.web.report_work import ReportNotReady, forget_failure, get_remark, report_file

_FILE_ENDINGS = (".csv", ".xlsx", ".svg", ".png")
_LEAST_SECONDS = 5
_RESPONSES_A_SECOND = 100_000


def register(blueprint: Blueprint) -> None:
    """For every page with figures; the new attempt becomes a page of this blueprint."""
    blueprint.app_errorhandler(ReportNotReady)(_show_not_ready)
    blueprint.app_context_processor(lambda: {"report_remark": get_remark})
    blueprint.post("/tinh-lai/<any(index, quality):kind>")(try_again)


def try_again(round_code: str, kind: str) -> ResponseReturnValue:
    """Let the page that comes next begin anew."""
    if not TryAgainForm().validate():
        abort(400)
    forget_failure(report_file(kind, round_code))
    return redirect(local_path(request.form.get("tiep", "")), 303)


def _show_not_ready(error: ReportNotReady) -> Response:
    """202 for a page, 503 for a file: a browser must not save this page under the name of a file."""
    values = {
        "response_count": error.response_count,
        "retry_url": url_for("quality.try_again", round_code=error.file.round_code, kind=error.file.kind),
        "return_path": path_to_return_to(),
        **signed_in.page_values(),
    }
    is_file = request.path.endswith(_FILE_ENDINGS)
    if error.failure:
        return make_response(
            render_template("reports/failed.html", failed_at=error.failure.failed_at, **values), 503
        )
    page = render_template("reports/computing.html", is_file=is_file, **values)
    response = make_response(page, 503 if is_file else 202)
    # Without a script; the more responses, the longer it takes.
    wait = _LEAST_SECONDS + error.response_count // _RESPONSES_A_SECOND
    response.headers["Refresh"] = response.headers["Retry-After"] = str(wait)
    return response
