"""The words of the officials' pages for codes: the same as in the files of `survey.reports`."""

from datetime import date
from functools import partial

from flask import Blueprint
from flask_babel import gettext as _

from survey.i18n import at_rendering, current_language, format_day
from survey.reports import labels
from survey.reports.figure_words import missing_interval_reason
from survey.reports.findings import rounded_up
from survey.services.rounds import RoundLine

_TABLES: dict[str, labels.Words] = {
    "channel_words": labels.CHANNELS,
    "selection_words": labels.SELECTIONS,
    "reason_words": labels.REASONS,
    "unit_kind_words": labels.UNIT_KINDS,
    "composition_words": labels.COMPOSITIONS,
    "interval_method_words": labels.INTERVAL_METHODS,
    "interval_method_uses": labels.INTERVAL_METHOD_USES,
}


def register(blueprint: Blueprint) -> None:
    """Make the words filters of every template."""
    for name, words in _TABLES.items():
        blueprint.add_app_template_filter(at_rendering(partial(_in_current_language, words)), name)
    blueprint.add_app_template_filter(at_rendering(missing_interval_reason))
    blueprint.add_app_template_filter(at_rendering(rounded_up))


def round_state(line: RoundLine, today: date) -> str:
    """Whether a round takes answers today, in words."""
    if line.status == "draft":
        return _("Draft, not open yet")
    if line.status == "closed":
        return _("Closed")
    if today < line.opens_on:
        return _("Opens on %(day)s", day=format_day(line.opens_on))
    if today > line.closes_on:
        return _("Ended on %(day)s, not closed yet", day=format_day(line.closes_on))
    return _("Taking responses")


def _in_current_language(words: labels.Words, code: str) -> str:
    return labels.words_of(words, code, current_language())
