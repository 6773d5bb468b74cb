"""Words of the interviewers' list: outcomes of visits, faults of an imported file."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from flask_babel import LazyString, gettext
from flask_babel import lazy_gettext as _

from survey.i18n import format_day
from survey.services.problems import RowFault

OUTCOMES: Mapping[str, LazyString] = {
    "completed": _("Interview completed"),
    "partial": _("Interview broken off"),
    "refused": _("Refused to answer"),
    "not_at_home": _("Nobody at home"),
    "away": _("Away for a long time"),
    "not_eligible": _("Not eligible"),
    "not_found": _("Address not found"),
    "unable": _("Unable to answer (health, language)"),
    "other": _("Other reason, come again"),
    "not_visited": _("Not visited yet"),
    "visited": _("Visited"),
}
# AAPOR's letters, for those who compare with other surveys.
CATEGORIES: Mapping[str, str] = {
    "completed": "I",
    "partial": "P",
    "refused": "R",
    "not_at_home": "NC",
    "away": "NC",
    "not_eligible": "–",
    "not_found": "UH",
    "unable": "O",
    "other": "O",
    "not_visited": "UH",
}

_FAULTS: Mapping[str, LazyString] = {
    "column_missing": _("the column is missing"),
    "column_unknown": _("the column is not known"),
    "column_twice": _("the column stands twice"),
    "no_rows": _("the file has no rows"),
    "empty": _("the cell is empty"),
    "too_many_cells": _("the row has more cells than the heading"),
    "not_csv": _("cannot be read as CSV; please check the quotation marks"),
    "encoding": _("the file is not in UTF-8; please save it as “CSV UTF-8”"),
    "encoding_unknown": _(
        "the file is not in UTF-8 (it may be in Windows-1258 or TCVN3); please save it as “CSV UTF-8”"
    ),
    "twice": _("stands twice in the file"),
    "not_in_round": _("is not part of this survey round"),
    "not_an_interviewer": _("is not an interviewer's device"),
    "device_withdrawn": _("was withdrawn; please name another device"),
    "device_other_unit": _("belongs to another unit than this address"),
    "too_long": _("the text is too long"),
    "not_printable": _("has characters that cannot be printed"),
    "personal_number": _(
        "looks like a phone number or an identity card; the list must have nothing that names a person"
    ),
    "visited": _("cannot be changed: somebody has been there already"),
}


def outcome_words(outcome: str) -> str:
    return str(OUTCOMES[outcome])


def visit_day_words(outcome: str, day: date | None) -> str:
    """The day of the last visit; where it may be a completed interview only the week is told."""
    if day is None:
        return ""
    if outcome in ("completed", "visited"):
        return gettext(
            "week %(first)s–%(last)s", first=format_day(day), last=format_day(day + timedelta(days=6))
        )
    return format_day(day)


def fault_lines(faults: Sequence[RowFault]) -> list[tuple[str, str, str]]:
    """Row, column and what is wrong there."""
    return [(str(fault.row) if fault.row else "", fault.column, _fault_words(fault)) for fault in faults]


def _fault_words(fault: RowFault) -> str:
    words = str(_FAULTS[fault.code])
    return f"“{fault.value}” {words}" if fault.value else words
