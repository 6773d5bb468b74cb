"""The finding of a scorecard as sentences, and the line that says how its numbers were made."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import LazyString, lazy_gettext, ngettext
from flask_babel import gettext as _

from survey.i18n import current_language, format_moment, format_number, in_current_language
from survey.reports.findings import count_words, rounded_up, shown_verdict, used_response_count
from survey.services.index_report_values import IndexReport, MeasureResult

# Why measures are not judged, after their names: "Health: …".
_REASONS: dict[str, LazyString] = {
    "not_surveyed": lazy_gettext("no response yet."),
    "suppressed": lazy_gettext("too few responses, so the figure is not published."),
    "self_selected": lazy_gettext("self-selected responses only, so there is no interval and no conclusion."),
    "empty_domain": lazy_gettext("no response with a valid answer."),
    "empty_element": lazy_gettext("an element has no valid answer, so there is no index."),
    "no_degrees_of_freedom": lazy_gettext("only 1 survey point, so there is no interval and no conclusion."),
}
_NO_INTERVAL = lazy_gettext("the interval cannot be computed, so there is no conclusion.")


@dataclass(frozen=True)
class Finding:
    """`counts`: how many targets have which verdict. `follow_ups`: what that means for single measures."""

    counts: str
    follow_ups: tuple[str, ...]

    @property
    def text(self) -> str:
        return " ".join((f"{self.counts}.", *self.follow_ups))


def find_words(report: IndexReport) -> Finding:
    """`4 targets met, 1 not met, 2 without …` and what would settle the open ones."""
    counts = count_words(report, current_language())
    return Finding(counts, (*_further_responses(report), *_reasons(report)))


def how_made(report: IndexReport) -> list[str]:
    """Responses, cut-off, weights, targets: the parts of the line under the heading."""
    used = used_response_count(report)
    total = format_number(report.response_count)
    parts = [
        ngettext("%(count)s response", "%(count)s responses", report.response_count, count=total)
        if used == report.response_count
        else _("%(count)s responses, %(used)s of them in the indices", count=total, used=format_number(used)),
        _("data as of %(moment)s", moment=format_moment(report.cut_off_at)),
        _weights_words(report),
        _("targets of %(code)s for %(year)s", code=report.target_set_code, year=report.target_year),
    ]
    if report.status != "closed":
        parts.append(_("provisional: the round is not closed"))
    return parts


def measure_phrase(result: MeasureResult) -> str:
    """The name inside a sentence: `lĩnh vực đầu tư`, `the investment sector`."""
    name = lower_first(in_current_language(result.name))
    return _("the %(name)s sector", name=name) if result.sector_code else name


def lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]


def _further_responses(report: IndexReport) -> Iterable[str]:
    counted = [
        (measure_phrase(result), format_number(rounded_up(result.further_responses)))
        for result in report.undecided()
        if result.further_responses and shown_verdict(result) == "inconclusive"
    ]
    if len(counted) == 1:
        name, count = counted[0]
        yield _("For %(name)s about %(count)s more responses are needed to conclude.", name=name, count=count)
    elif counted:
        listed = _join(_("about %(count)s for %(name)s", name=name, count=count) for name, count in counted)
        yield _("To conclude, more responses are needed: %(list)s.", list=listed)


def _reasons(report: IndexReport) -> Iterable[str]:
    """One sentence a reason, with the measures it holds for."""
    names: dict[str, list[str]] = {}
    for result in report.results:
        if result.verdict_reason:
            names.setdefault(result.verdict_reason, []).append(measure_phrase(result))
    for reason, listed in names.items():
        sentence = _REASONS.get(reason, _NO_INTERVAL)
        phrase = ", ".join(listed)
        yield f"{phrase[:1].upper()}{phrase[1:]}: {sentence}"


def _weights_words(report: IndexReport) -> str:
    answered = [result for result in report.results if not result.sector_code and result.figures.n]
    weighted = [result for result in answered if result.weights.is_weighted]
    if not weighted:
        return _("no weights")
    if len(weighted) == len(answered):
        return _("weighted by transaction counts")
    return _(
        "weighted by transaction counts in %(weighted)s of %(all)s groups",
        weighted=len(weighted),
        all=len(answered),
    )


def _join(parts: Iterable[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    *first, last = parts
    return _("%(first)s and %(last)s", first=", ".join(first), last=last) if first else last
