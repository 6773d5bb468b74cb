"""The faults that pydantic finds in a document, as problems with our codes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from questionnaires.problems import FaultAt, Location

_TYPE_NAMES: Final[Mapping[str, str]] = {
    "string_type": "text",
    "int_type": "whole_number",
    "int_from_float": "whole_number",
    "float_type": "number",
    "finite_number": "number",
    "bool_type": "true_or_false",
    "list_type": "list",
    "tuple_type": "list",
    "dict_type": "mapping",
    "model_type": "mapping",
    "model_attributes_type": "mapping",
    "code_type": "code",
}

_LANGUAGE_CODES: Final[Mapping[object, str]] = {"vi": "missing_vietnamese", "en": "missing_english"}


def list_schema_faults(error: ValidationError) -> list[FaultAt]:
    """Translate every error of a validation."""
    details = error.errors(include_url=False)
    return [_translate(detail) for detail in details if not _is_echo(detail)]


def _is_echo(details: ErrorDetails) -> bool:
    """Say whether an error only follows from another one of the same question or list."""
    if details["type"] == "default_factory_not_called":
        return True
    return details["type"] == "too_short" and len(details["input"]) >= _context(details, "min_length")


def _translate(details: ErrorDetails) -> FaultAt:
    location = _clean_location(details["loc"])
    kind = details["type"]
    if _is_absent_text(kind, location, details["input"]):
        return _LANGUAGE_CODES[location[-1]], location, {}
    if kind in ("greater_than_equal", "less_than_equal") and _is_rating_code(location):
        return "code_not_one_digit", location, {"value": details["input"]}
    if kind in _TYPE_NAMES:
        return "wrong_type", location, {"expected": _TYPE_NAMES[kind]}
    translate = _TRANSLATIONS.get(kind)
    if translate is None:
        return "invalid", location, {"reason": details["msg"]}
    code, params = translate(details)
    return code, location, params


def _is_absent_text(kind: str, location: Location, value: object) -> bool:
    absent = kind in ("missing", "string_too_short") or (kind == "string_type" and value is None)
    return absent and bool(location) and location[-1] in _LANGUAGE_CODES


def _is_rating_code(location: Location) -> bool:
    return location[:1] == ("scales",) or location[:2] == ("index", "satisfied")


def _clean_location(raw: tuple[int | str, ...]) -> Location:
    """Drop what pydantic adds to a location: union tags and the mark of a mapping's key."""
    return tuple(part for part in raw if not (str(part).startswith("<") or part == "[key]"))


def _context(details: ErrorDetails, name: str) -> Any:
    return details.get("ctx", {}).get(name)


def _list_allowed(expected: str) -> list[str]:
    """The values of pydantic's `'index' or 'pulse'`, whose "or" is English in every language."""
    return [value.strip("'") for value in re.split(r", | or ", expected)]


_TRANSLATIONS: Final[Mapping[str, Callable[[ErrorDetails], tuple[str, Mapping[str, object]]]]] = {
    "missing": lambda details: ("missing_field", {"field": details["loc"][-1]}),
    "extra_forbidden": lambda details: ("unknown_field", {"field": details["loc"][-1]}),
    "literal_error": lambda details: (
        "not_one_of",
        {"allowed": _list_allowed(_context(details, "expected")), "value": details["input"]},
    ),
    "string_pattern_mismatch": lambda details: ("bad_id", {"value": details["input"]}),
    "string_too_long": lambda details: ("too_long", {"max": _context(details, "max_length")}),
    "string_too_short": lambda _details: ("missing_text", {}),
    "too_short": lambda details: ("too_few_entries", {"min": _context(details, "min_length")}),
    "greater_than_equal": lambda details: ("too_small", {"min": _context(details, "ge")}),
    "greater_than": lambda details: ("not_above", {"min": _context(details, "gt")}),
    "less_than_equal": lambda details: ("too_large", {"max": _context(details, "le")}),
    "invalid_key": lambda _details: ("key_not_text", {}),
    "union_tag_not_found": lambda _details: ("bad_condition", {}),
}
