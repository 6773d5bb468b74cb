"""The switch between Vietnamese and English."""

from collections.abc import Callable
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, make_response, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import force_locale

from survey.i18n import LANGUAGE_COOKIE, LANGUAGES

blueprint = Blueprint("language", __name__)

_ONE_YEAR = 365 * 24 * 3600


@blueprint.get("/ngon-ngu/<language>")
def switch(language: str) -> ResponseReturnValue:
    if language not in LANGUAGES:
        abort(404)
    return remember_language(redirect(local_path(request.args.get("tiep", "")), 303), language)


def remember_language(page: ResponseReturnValue, language: str) -> Response:
    """The page with the choice of the language in a cookie."""
    response = make_response(page)
    response.set_cookie(
        LANGUAGE_COOKIE, language, max_age=_ONE_YEAR, httponly=True, secure=request.is_secure, samesite="Lax"
    )
    return response


def show_in(language: str, show: Callable[[], ResponseReturnValue]) -> Response:
    """The page in this language, and every further one too."""
    with force_locale(language):
        page = show()
    return remember_language(page, language)


def local_path(wanted: str) -> str:
    """The wanted path if it stays on this site, else the first page: no open redirect."""
    here = request.script_root + "/"
    if not wanted.startswith("/") or wanted.startswith("//") or "\\" in wanted or not wanted.isprintable():
        return here
    try:
        parts = urlsplit(wanted)
    except ValueError:
        return here
    return here if parts.scheme or parts.netloc else wanted


def path_to_return_to() -> str:
    """Where the switch leads back to: the page that is being shown."""
    path = request.script_root + request.full_path
    return path.removesuffix("?")
