"""The words of the pages on data quality: names of the flags, fields and faults of the thresholds."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from flask import Blueprint
from flask_babel import gettext as _

from survey.i18n import at_rendering, current_language, format_number
from survey.reports import quality_words as words
from survey.reports.labels import Words, words_of
from survey.services.quality_thresholds import BOUNDS, ThresholdFault, Thresholds


@dataclass(frozen=True)
class ThresholdField:
    name: str
    label: str
    hint: str
    value: str


def register(blueprint: Blueprint) -> None:
    """Make the words filters of every template."""
    tables = {
        "flag_name": words.NAMES,
        "flag_meaning": words.MEANINGS,
        "flag_advice": words.ADVICE,
    }
    for name, table in tables.items():
        blueprint.add_app_template_filter(at_rendering(partial(_in_current_language, table)), name)


def typed_values(thresholds: Thresholds) -> dict[str, str]:
    """The values as somebody would type them."""
    return {name: _plain(getattr(thresholds, name)) for name in BOUNDS}


def threshold_fields(typed: Mapping[str, str], usual: Thresholds) -> list[ThresholdField]:
    labels = _labels()
    return [
        ThresholdField(
            name,
            labels[name],
            _(
                "From %(least)s to %(most)s; usually %(usual)s.",
                least=format_number(bounds.least),
                most=format_number(bounds.most),
                usual=format_number(getattr(usual, name)),
            ),
            typed.get(name, ""),
        )
        for name, bounds in BOUNDS.items()
    ]


def fault_sentence(fault: ThresholdFault) -> str:
    label, bounds = _labels()[fault.name], BOUNDS[fault.name]
    if fault.code == "not_whole":
        return _("%(label)s: please give a whole number.", label=label)
    if fault.code == "hours_reversed":
        return _("%(label)s: please give an hour after the opening.", label=label)
    if fault.code == "not_a_number":
        return _("%(label)s: please give a number.", label=label)
    return _(
        "%(label)s: please give a number from %(least)s to %(most)s.",
        label=label,
        least=format_number(bounds.least),
        most=format_number(bounds.most),
    )


def threshold_label(name: str) -> str:
    """What a threshold is called; one of an earlier release by its own name."""
    return _labels().get(name, name)


def _labels() -> dict[str, str]:
    return {
        "minimum_items": _("Rated criteria of a response that can be “one level” or “identical”"),
        "seconds_per_item": _("Too fast: seconds for a criterion"),
        "burst_per_hour": _("Burst: responses of a device in an hour"),
        "burst_per_hour_short": _("Burst: the same, of a short questionnaire"),
        "burst_per_hour_phones": _("Burst: responses by phones of a unit in an hour, open link"),
        "first_hour": _("Opening hours: first hour"),
        "last_hour": _("Opening hours: closing hour"),
        "last_weekday": _("Opening hours: last day of the week (5 Friday, 6 Saturday, 7 Sunday)"),
        "last_hour_interviewer": _("Interviewers: hour of the last visit"),
        "identical_count": _("Identical: equal responses of a unit"),
        "distance": _("Standing out: distance from the other units, in standard deviations"),
        "honest_percent": _("Standing out: percentage points above the other units that are no sign"),
        "coverage_most_percent": _("Coverage: most responses for 100 transactions"),
        "coverage_least_percent_of_median": _("Coverage: least, in percent of the median unit's"),
    }


def _plain(value: float) -> str:
    """Without marks between thousands, which a decimal point could be taken for."""
    written = f"{value:g}"
    return written if current_language() == "en" else written.replace(".", ",")


def _in_current_language(table: Words, code: str) -> str:
    return words_of(table, code, current_language())
