"""Problem documents (RFC 9457) for whatever goes wrong below `/api/`."""

import json
import logging
from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Blueprint, Flask, Response, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from werkzeug.exceptions import HTTPException

from questionnaires.problems import Problem
from survey.i18n import LANGUAGES, format_day
from survey.services.delivered_responses import DeliveryMalformed
from survey.services.deliveries import DeliveryKept
from survey.services.problems import AnswersRefused, ResponseConflict, SurveyError
from survey.web.api.problem_words import ANSWER_DETAILS, ANSWER_UNFIT, OF_STATUS, PROBLEMS, malformed_detail

ROOT = "/api/"
MEDIA_TYPE = "application/problem+json"
RETRY_SECONDS = 5

blueprint = Blueprint("api_problems", __name__)


class ApiProblem(Exception):
    """A problem that the interface itself finds: no service knows of it."""

    def __init__(self, code: str, *, retry_after: int | None = None, **members: Any) -> None:
        super().__init__(code)
        self.code = code
        self.retry_after = retry_after
        self.members = members


def init_app(app: Flask) -> None:
    app.register_error_handler(ApiProblem, _show_own)


def is_api_request() -> bool:
    return request.path.startswith(ROOT)


@blueprint.get("/api/problems/<code>")
def show_meaning(code: str) -> ResponseReturnValue:
    """The page behind `type`."""
    words = PROBLEMS.get(code)
    if words is None:
        raise ApiProblem("not_found")
    with force_locale(chosen_language()):
        return render_template(
            "errors/page.html",
            heading=str(words.title),
            message=str(words.detail) % _NO_VALUES if "%(" in str(words.detail) else str(words.detail),
            advice=f"{words.status} · {code}",
            kiosk_home=None,
        )


class _NoValues(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "…"


_NO_VALUES = _NoValues()


def show_http_problem(error: HTTPException) -> Response:
    status = error.code or 500
    code = OF_STATUS.get(status, "malformed" if status < 500 else "fault")
    response = _show(code, status=status, retry_after=RETRY_SECONDS if code == "unavailable" else None)
    for name, value in error.get_headers(request.environ):
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


def show_survey_problem(error: SurveyError) -> Response:
    """A refused use case; a device learns whether what it sent was kept for staff."""
    refusal: SurveyError = error
    members: dict[str, Any] = {}
    if isinstance(error, DeliveryKept):
        refusal = error.refusal
        members |= _kept_members(error)
    if isinstance(refusal, ResponseConflict):
        members |= _kept_members(refusal)
    if isinstance(refusal, DeliveryMalformed):
        with force_locale(chosen_language()):
            members["problems"] = [
                {"field": problem.path, "code": problem.code, "detail": str(malformed_detail(problem.code))}
                for problem in refusal.problems
            ]
    if isinstance(refusal, AnswersRefused):
        with force_locale(chosen_language()):
            members["problems"] = [_about_answer(problem) for problem in refusal.problems]
    code = refusal.code if refusal.code in PROBLEMS else "malformed"
    return _show(code, refusal.params, **members)


def show_unavailable() -> Response:
    return _show("unavailable", retry_after=RETRY_SECONDS)


def chosen_language() -> str:
    """`lang`, else the best of Accept-Language, else Vietnamese."""
    named = request.args.get("lang", "")
    return named if named in LANGUAGES else request.accept_languages.best_match(LANGUAGES, "vi") or "vi"


def _show_own(error: ApiProblem) -> Response:
    return _show(error.code, retry_after=error.retry_after, **error.members)


def _show(
    code: str,
    params: Mapping[str, Any] | None = None,
    *,
    status: int | None = None,
    retry_after: int | None = None,
    **members: Any,
) -> Response:
    words = PROBLEMS[code]
    status = status or words.status
    level = logging.ERROR if status >= 500 else logging.INFO
    current_app.logger.log(level, "%s refused: %s", request.endpoint or "no address", code)
    language = chosen_language()
    with force_locale(language):
        values = {name: _in_words(value) for name, value in (params or {}).items()}
        detail = str((members.get("kept") and words.detail_kept) or words.detail)
        document = {
            "type": f"{request.script_root}{ROOT}problems/{code}",
            "title": str(words.title),
            "status": status,
            "detail": detail % values if values else detail,
            "code": code,
            **members,
        }
    body = json.dumps(document, ensure_ascii=False).encode("utf-8", "replace")
    response = Response(body, status, mimetype=MEDIA_TYPE)
    response.content_language.add(language)
    response.vary.add("Accept-Language")
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _kept_members(kept: DeliveryKept | ResponseConflict) -> dict[str, Any]:
    """That it is kept; once staff have decided on this very id and content, its sender may let go of it."""
    if isinstance(kept, ResponseConflict) and not kept.is_kept:
        return {"kept": False}
    if kept.state == "waiting" or kept.response_id is None:
        return {"kept": True}
    return {"kept": True, "decided": True, "decision": kept.state, "id": str(kept.response_id)}


def _about_answer(problem: Problem) -> dict[str, str]:
    detail = ANSWER_DETAILS.get(problem.code, ANSWER_UNFIT)
    return {"question": problem.path, "code": problem.code, "detail": str(detail)}


def _in_words(value: object) -> object:
    return format_day(value) if isinstance(value, date) else value
