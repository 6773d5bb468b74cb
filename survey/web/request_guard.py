"""What a respondent's browser never sends is turned away before any page looks at it."""

from flask import Blueprint, abort, request

_FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")


def init_blueprint(blueprint: Blueprint) -> None:
    blueprint.before_request(_refuse_other_content)
    blueprint.before_request(_refuse_unprintable_address)


def _refuse_other_content() -> None:
    if request.method == "POST" and request.mimetype not in _FORM_TYPES:
        abort(415)


def _refuse_unprintable_address() -> None:
    # PostgreSQL takes no NUL in a text, and no code has a control character.
    values = (request.view_args or {}).values()
    if any(isinstance(value, str) and not value.isprintable() for value in values):
        abort(404)
