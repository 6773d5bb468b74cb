"""What a respondent's browser never sends is turned away before any page looks at it."""

from typing import IO, Any

from flask import Blueprint, Flask, Request, abort, g, request
from werkzeug.formparser import FormDataParser

_PLAIN_FORM = "application/x-www-form-urlencoded"
_FORM_TYPES = (_PLAIN_FORM, "multipart/form-data")
# A person may paste 200 KB, and a letter of three bytes travels as nine: the field says that it is too long.
_LARGEST_ANSWERS = 640 * 1024


class GuardedRequest(Request):
    """Reads forms of no more than they may have, and files only where the page has asked for one."""

    def make_form_data_parser(self) -> FormDataParser:
        # Werkzeug applies this limit to the fields of multipart forms alone (since 3.1.9).
        limit = self.max_form_memory_size
        if self.mimetype == _PLAIN_FORM and limit is not None and (self.content_length or 0) > limit:
            abort(413)
        return super().make_form_data_parser()

    def _get_file_stream(self, *args: Any, **options: Any) -> IO[bytes]:
        # As a file, a field of a form would pass for one that was left empty.
        if largest_upload() is None:
            abort(400)
        return super()._get_file_stream(*args, **options)


def init_app(app: Flask) -> None:
    app.request_class = GuardedRequest


def init_blueprint(blueprint: Blueprint) -> None:
    blueprint.before_request(_refuse_other_content)
    blueprint.before_request(_refuse_unprintable_address)


def allow_long_answers() -> None:
    """Let this request carry what a person may paste into a field."""
    request.max_content_length = request.max_form_memory_size = _LARGEST_ANSWERS


def allow_upload(largest_file: int) -> None:
    """Let this request carry a file of that size; to be called before the form is looked at."""
    g.largest_upload = largest_file
    request.max_content_length = largest_file + 64 * 1024
    if request.mimetype == _PLAIN_FORM:
        return
    # Werkzeug's limit for fields hits files of short lines too: it keeps in memory what follows a line end.
    request.max_form_memory_size = largest_file + 64 * 1024


def largest_upload() -> int | None:
    """The size of the file that this request may carry; None where it may carry none."""
    largest_file: int | None = g.get("largest_upload")
    return largest_file


def _refuse_other_content() -> None:
    if request.method == "POST" and request.mimetype not in _FORM_TYPES:
        abort(415)


def _refuse_unprintable_address() -> None:
    # PostgreSQL takes no NUL in a text, and no code has a control character.
    values = (request.view_args or {}).values()
    if any(isinstance(value, str) and not value.isprintable() for value in values):
        abort(404)
