"""What a respondent's browser never sends is turned away before any page looks at it."""

from flask import Blueprint, Flask, abort, current_app, g, request

_PLAIN_FORM = "application/x-www-form-urlencoded"
_FORM_TYPES = (_PLAIN_FORM, "multipart/form-data")


def init_app(app: Flask) -> None:
    app.before_request(_refuse_large_form)


def init_blueprint(blueprint: Blueprint) -> None:
    blueprint.before_request(_refuse_other_content)
    blueprint.before_request(_refuse_unprintable_address)


def allow_upload(largest_file: int) -> None:
    """Let this request carry a file of that size; to be called before the form is looked at."""
    g.largest_upload = largest_file
    request.max_content_length = largest_file + 64 * 1024
    # Werkzeug's limit for fields hits files of short lines too: it keeps in memory what follows a line end.
    request.max_form_memory_size = largest_file + 64 * 1024


def largest_upload() -> int | None:
    """The size of the file that this request may carry; None where it may carry none."""
    largest_file: int | None = g.get("largest_upload")
    return largest_file


def _refuse_large_form() -> None:
    # Werkzeug applies this limit to the fields of multipart forms alone (since 3.1.9).
    limit = current_app.config["MAX_FORM_MEMORY_SIZE"]
    if request.mimetype == _PLAIN_FORM and (request.content_length or 0) > limit:
        abort(413)


def _refuse_other_content() -> None:
    if request.method == "POST" and request.mimetype not in _FORM_TYPES:
        abort(415)


def _refuse_unprintable_address() -> None:
    # PostgreSQL takes no NUL in a text, and no code has a control character.
    values = (request.view_args or {}).values()
    if any(isinstance(value, str) and not value.isprintable() for value in values):
        abort(404)
