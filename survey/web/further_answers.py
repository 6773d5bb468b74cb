"""What respondents told beside their ratings: counts, and comments to be screened."""

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from survey.i18n import current_language
from survey.services.further_answers import FurtherAnswers, get_further_answers
from survey.services.rounds import get_line
from survey.web import database, request_guard, signed_in
from survey.web.result_files import CSV, file_response

blueprint = Blueprint("further_answers", __name__, url_prefix="/quan-tri/dot/<round_code>/y-kien")
blueprint.before_request(signed_in.require_account)
blueprint.before_request(signed_in.require_every_unit)
blueprint.context_processor(signed_in.page_values)
request_guard.init_blueprint(blueprint)

PAGE_LENGTH = 50


@blueprint.get("/<form_id>")
def show_answers(round_code: str, form_id: str) -> ResponseReturnValue:
    """Unweighted counts of the questions without ratings, and some comments at a time."""
    answers = _get_answers(round_code, form_id)
    page_count = max(1, -(-len(answers.comments) // PAGE_LENGTH))
    page = min(max(request.args.get("trang", 1, type=int), 1), page_count)
    with database.read() as session:
        line = get_line(session, round_code)
    return render_template(
        "results/further_answers.html",
        line=line,
        answers=answers,
        comments=answers.comments[(page - 1) * PAGE_LENGTH : page * PAGE_LENGTH],
        page=page,
        page_count=page_count,
    )


@blueprint.get("/<form_id>/y-kien.csv")
def comments_csv(round_code: str, form_id: str) -> Response:
    from survey.reports.further_answers import render_comments_csv

    content = render_comments_csv(_get_answers(round_code, form_id), current_language())
    return file_response(content, CSV, f"y-kien-{form_id}-{round_code}.csv")


def _get_answers(round_code: str, form_id: str) -> FurtherAnswers:
    with database.read() as session:
        return get_further_answers(session, round_code, form_id)
