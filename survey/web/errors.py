"""One table: what went wrong → status, page, words, log level."""

import logging
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from flask import Flask, Response, current_app, make_response, render_template, request, session
from flask_babel import LazyString
from flask_babel import lazy_gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from survey.i18n import format_day, format_moment
from survey.services.problems import SurveyError
from survey.web import clock, official_errors
from survey.web.api import problems
from survey.web.language import path_to_return_to


@dataclass(frozen=True)
class ErrorPage:
    """`heading` and `message` say what happened, `advice` what to do next."""

    status: int
    heading: LazyString
    message: LazyString
    advice: LazyString
    log_level: int = logging.INFO
    template: str = "errors/page.html"


_START_AGAIN = _("Please start again from the first page or scan the QR code again.")
_CHECK_ADDRESS = _("Please check the address, or start again from the first page.")
_NOTHING_LOST = _("Answers that were saved before are kept. Please go back and try again.")

HTTP_ERRORS: dict[int, ErrorPage] = {
    400: ErrorPage(
        400,
        _("The page could not be processed"),
        _("What was sent is incomplete or came from a page that is no longer valid. Nothing was stored."),
        _NOTHING_LOST,
    ),
    403: ErrorPage(
        403,
        _("No permission for this page"),
        _("This account may not open the page."),
        _("Please sign in with another account, or ask the administrator of the system."),
        logging.WARNING,
    ),
    404: ErrorPage(
        404,
        _("Page not found"),
        _("The address is wrong, or the page no longer exists."),
        _CHECK_ADDRESS,
    ),
    405: ErrorPage(
        405,
        _("This page cannot be opened in this way"),
        _("The address takes answers from a form only; it cannot be opened directly."),
        _NOTHING_LOST,
    ),
    409: ErrorPage(
        409,
        _("This was already stored"),
        _("The same thing was already stored with other content. Nothing was changed."),
        _START_AGAIN,
        logging.WARNING,
    ),
    413: ErrorPage(
        413,
        _("Too much was sent at once"),
        _("What was sent is larger than the system accepts. Nothing of it was stored."),
        _("Please go back, shorten the long answers and send again."),
    ),
    415: ErrorPage(
        415,
        _("This kind of content is not accepted"),
        _("The system cannot read what was sent. Nothing was stored."),
        _("Please send the form from its own page."),
    ),
    429: ErrorPage(
        429,
        _("Too many attempts"),
        _("Too many requests came from here in a short time."),
        _("Please wait a few minutes and try again."),
        logging.WARNING,
    ),
    500: ErrorPage(
        500,
        _("The system has a fault"),
        _("The page could not be shown because of a fault on our side. Nothing was stored."),
        _("Please try again in a few minutes. The fault was noted for the administrator."),
        logging.ERROR,
    ),
    503: ErrorPage(
        503,
        _("The system is not ready"),
        _("The system cannot reach its data at the moment. Nothing was stored."),
        _("Please keep this page open and try again in a few minutes."),
        logging.ERROR,
    ),
}

SURVEY_ERRORS: dict[str, ErrorPage] = {
    "round_unknown": ErrorPage(
        404,
        _("Survey round not found"),
        _("There is no survey round with the code “%(round_code)s”."),
        _CHECK_ADDRESS,
    ),
    "round_not_open": ErrorPage(
        409,
        _("The survey is not open"),
        _("This survey takes answers from %(opens_on)s to %(closes_on)s."),
        _("Please come back in that time. The first page lists the surveys that are open now."),
    ),
    "round_not_open.closed": ErrorPage(
        409,
        _("The survey has ended"),
        _("This survey no longer takes answers; it was planned from %(opens_on)s to %(closes_on)s."),
        _("Thank you for your interest. The first page lists the surveys that are open now."),
    ),
    "closed_meanwhile": ErrorPage(
        409,
        _("The survey was closed in the meantime"),
        _("The survey was closed while this form was being filled in. Nothing of the form was stored."),
        _("Thank you for the time that was given to it."),
    ),
    "questionnaire_unknown": ErrorPage(
        404,
        _("Questionnaire not found"),
        _("This survey has no questionnaire “%(form_id)s”."),
        _CHECK_ADDRESS,
    ),
    "unit_unknown": ErrorPage(
        404,
        _("Unit not found"),
        _("No unit with the code “%(unit_code)s” takes part in this survey."),
        _CHECK_ADDRESS,
    ),
    "measure_unknown": ErrorPage(
        404,
        _("Measure not found"),
        _("There is no measure with the code “%(measure_code)s”."),
        _CHECK_ADDRESS,
    ),
    "device_unknown": ErrorPage(
        404,
        _("Device not found"),
        _("This round has no device with the code “%(device_code)s”."),
        _("Please check the code on the page of devices."),
    ),
    "of_one_unit_refused": ErrorPage(
        403,
        _("A coordinator does this"),
        _("Interviews make the index of the unit, which therefore has no hand in its interviewers' tablets."),
        _("Please ask a coordinator or the administrator of the system. Nothing was changed."),
        logging.WARNING,
    ),
    "kept_unknown": ErrorPage(
        404,
        _("Nothing found under this number"),
        _("Nothing was set aside here under this number."),
        _("Please look for it in the list of what was set aside."),
    ),
    "draft_unknown": ErrorPage(
        404,
        _("The questionnaire is no longer open"),
        _(
            "It was sent already, or it was discarded without being stored: it was left for too long, or the"
            " survey was closed."
        ),
        _START_AGAIN,
    ),
    "answers_refused": ErrorPage(
        400,
        _("The answers could not be stored"),
        _("Some answers are missing or do not fit their question. Nothing was stored."),
        _("Please go back to the questionnaire and check the answers."),
    ),
    "response_conflict": ErrorPage(
        409,
        _("This questionnaire was already sent"),
        _("It was stored with other answers before. The stored answers were not changed."),
        _("To give another opinion, please start a new questionnaire from the first page."),
        logging.WARNING,
    ),
    "response_sent": ErrorPage(
        409,
        _("This questionnaire was already sent"),
        _("It is stored as it was sent. What came just now was not stored."),
        _("To give another opinion, please start a new questionnaire from the first page."),
    ),
    "invitation_busy": ErrorPage(
        429,
        _("Please wait a moment"),
        _("Very many people are answering through this link just now. The answers given so far are kept."),
        _("Please wait a minute, then press “Try again”."),
        logging.WARNING,
    ),
    "invitation_unknown": ErrorPage(
        409,
        _("This code has been used"),
        _("Another form was sent with it meanwhile, or it was withdrawn. Nothing of this form was stored."),
        _("Each code takes one form. Who has sent a form with it already need not do anything more."),
    ),
    "invitations_refused": ErrorPage(
        409,
        _("This could not be done"),
        _("The batch of codes does not allow it. Nothing was changed."),
        _("Please go back to the page of the codes, which says how far they are."),
    ),
    "batch_of_codes_unknown": ErrorPage(
        404,
        _("Batch not found"),
        _("This round has no batch of codes “%(batch_code)s”."),
        _CHECK_ADDRESS,
    ),
    "questionnaire_changed": ErrorPage(
        409,
        _("This questionnaire was already published"),
        _("Version %(version)s of “%(form_id)s” was published with other content. Nothing was changed."),
        _("Please publish the change as a new version."),
        logging.WARNING,
    ),
    "batch_unknown": ErrorPage(
        404,
        _("Batch not found"),
        _("This round has no batch of paper forms with the code “%(batch_code)s”."),
        _CHECK_ADDRESS,
    ),
    "paper_refused": ErrorPage(
        409,
        _("This could not be done"),
        _("The batch of paper forms does not allow it. Nothing was changed."),
        _("Please go back to the page of the batch, which says how far it is."),
    ),
    "printing_busy": ErrorPage(
        503,
        _("The file is not ready"),
        _("Another file is being made at the moment."),
        _("Please try again in a minute."),
    ),
    "printing_failed": ErrorPage(
        500,
        _("The file could not be made"),
        _("The reason is in the server's log."),
        _("Please try again later."),
    ),
    "workbook_refused": ErrorPage(
        400,
        _("The file could not be taken over"),
        _("The file has faults. Nothing of it was taken over."),
        _("Please correct the file and send it again."),
    ),
    "import_refused": ErrorPage(
        400,
        _("The file could not be taken over"),
        _("The file has faults. Nothing of it was taken over."),
        _("Please correct the file and send it again."),
    ),
    "password_refused": ErrorPage(
        400,
        _("The password was not changed"),
        _("The current password is not right, or the new one is too easy to guess."),
        _("Please go back and try again."),
    ),
    "sign_in_refused": ErrorPage(
        403,
        _("Sign-in refused"),
        _("The user name or the password is not right, or the account is locked for a while."),
        _("Please try again later, or ask the administrator of the system."),
        logging.WARNING,
    ),
}
_UNLISTED = replace(HTTP_ERRORS[400], log_level=logging.WARNING)


def init_app(app: Flask) -> None:
    app.register_error_handler(HTTPException, show_http_error)
    app.register_error_handler(CSRFError, show_http_error)
    app.register_error_handler(SurveyError, _show_refusal)
    problems.init_app(app)


def _show_refusal(error: SurveyError) -> Response:
    return problems.show_survey_problem(error) if problems.is_api_request() else show_survey_error(error)


def show_http_error(error: HTTPException) -> Response:
    if problems.is_api_request():
        return problems.show_http_problem(error)
    status = error.code or 500
    page = HTTP_ERRORS.get(status) or HTTP_ERRORS[500 if status >= 500 else 400]
    # What was typed is still on the phone: its page shows it again.
    context = {"again_url": path_to_return_to()} if status == 413 else {}
    response = _show(replace(page, status=status), {}, str(status), **context)
    for name, value in error.get_headers(request.environ):
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


def show_survey_error(error: SurveyError, template: str | None = None, **context: Any) -> Response:
    """The page of a refused use case; a template of its own may show more, with the context it needs."""
    code = error.code
    if code == "round_not_open" and _is_over(error.params):
        code = "round_not_open.closed"
    page = SURVEY_ERRORS.get(code, _UNLISTED)
    return _show(replace(page, template=template or page.template), error.params, code, **context)


def show_unavailable(error: Exception) -> Response:
    current_app.logger.error("the database does not answer: %s", error)
    if problems.is_api_request():
        return problems.show_unavailable()
    return _show(HTTP_ERRORS[503], {}, "503")


def _show(page: ErrorPage, params: dict[str, Any], code: str, **context: Any) -> Response:
    # The address may name a response, and a reason may quote an answer: neither belongs in a log.
    current_app.logger.log(page.log_level, "%s refused: %s", request.endpoint or "no page", code)
    official = official_errors.find_official(page.status)
    if official is not None:
        page = _for_officials(page, code)
        context["account_name"] = official.display_name
    words = {name: _in_words(value) for name, value in params.items()}
    text = render_template(
        page.template,
        heading=str(page.heading),
        message=str(page.message) % words,
        advice=str(page.advice),
        kiosk_home=session.get("kiosk_home"),
        **context,
    )
    return make_response(text, page.status)


def _for_officials(page: ErrorPage, code: str) -> ErrorPage:
    words = official_errors.words_for(page.status, code)
    return replace(
        page,
        message=words.message if words and words.message else page.message,
        advice=words.advice if words else page.advice,
        template=official_errors.TEMPLATE if page.template == ErrorPage.template else page.template,
    )


def _in_words(value: object) -> object:
    if isinstance(value, datetime):
        return format_moment(value)
    return format_day(value) if isinstance(value, date) else value


def _is_over(params: dict[str, Any]) -> bool:
    return params["status"] == "closed" or params["closes_on"] < clock.today()
