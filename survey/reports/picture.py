"""The scorecard as a picture: the intervals against the targets on one axis."""

import textwrap
from typing import Literal

from analysis.charts import ScorecardRow, draw_scorecard
from analysis.targets import Verdict
from survey.reports.figure_words import (
    NOTHING,
    format_percent,
    format_target,
    known,
    missing_interval_reason,
    show_interval,
    show_share,
)
from survey.reports.findings import count_words, shown_verdict
from survey.reports.labels import DEMONSTRATION_MARK, REASONS, VERDICTS, words_of
from survey.services.index_report_values import Figure, IndexReport, MeasureResult

LABEL_WIDTH = 30
PictureFormat = Literal["svg", "png"]

_CUT = {"vi": "Trục không bắt đầu từ 0% mà từ {start}", "en": "Cut axis, starting at {start}"}


def render_scorecard_picture(
    report: IndexReport, language: str = "vi", format: PictureFormat = "svg"
) -> bytes:
    """Draw the scorecard under its finding; the same report gives the same bytes."""

    def tick(share: float) -> str:
        return format_percent(share, language, digits=0)

    title = count_words(report, language)
    if report.is_demonstration:
        title = f"{DEMONSTRATION_MARK.in_language(language)} · {title}"
    cut = _CUT["en" if language == "en" else "vi"]
    return draw_scorecard(
        [_row(result, language) for result in report.results],
        title=title,
        format_percent=tick,
        cut_label=lambda start: cut.format(start=tick(start)),
        format=format,
    )


def _row(result: MeasureResult, language: str) -> ScorecardRow:
    figure = result.figures.index.satisfied_share
    verdict = shown_verdict(result)
    value = known(figure.value)
    target = result.target.minimum_share
    return ScorecardRow(
        label="\n".join(textwrap.wrap(result.name.in_language(language), LABEL_WIDTH)),
        estimate=value,
        low=known(figure.low),
        high=known(figure.high),
        target=target,
        verdict=Verdict(verdict) if verdict in set(Verdict) else None,
        verdict_label=words_of(VERDICTS, verdict, language),
        value_label="" if value is None else show_share(figure, language),
        interval_label=_interval_words(figure, target, language),
        target_label=format_target(target, language),
        note=words_of(REASONS, figure.reason, language),
        indent=int(bool(result.sector_code)),
    )


def _interval_words(figure: Figure, target: float, language: str) -> str:
    """A dash for a share without an interval: there is no room for the reason."""
    if known(figure.value) is None:
        return ""
    return NOTHING if missing_interval_reason(figure) else show_interval(figure, language, target)
