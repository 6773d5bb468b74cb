"""What the charts of the workbook draw: labels, shares and intervals, and the finding as their title."""

from collections.abc import Iterator
from dataclasses import dataclass

from questionnaires.model import Text
from survey.reports.columns import Row
from survey.reports.domains import whole_results
from survey.reports.figure_words import format_percent, known, show_interval
from survey.reports.findings import count_words, shown_verdict
from survey.reports.labels import VERDICT_SIGNS
from survey.services.index_report_values import Figure, IndexReport, MeasureResult

LOWEST_ITEMS = 10
LOWEST_UNITS = 12
LABEL_LENGTH = 70


@dataclass(frozen=True)
class ChartData:
    """The rows of one chart: label, share, limits, distances to them and, on the scorecard, the target."""

    title: str
    description: str
    rows: list[Row]
    is_scorecard: bool = False


def list_charts(report: IndexReport, language: str) -> list[ChartData]:
    """For each measure its lowest criteria and its lowest units, then the scorecard."""
    charts: list[ChartData] = []
    for result in whole_results(report):
        items = [
            (item.title, item.figures.satisfied_share) for item in result.figures.items if item.element_id
        ]
        units = [(unit.name, unit.figures.index.satisfied_share) for unit in result.units]
        charts.extend(_lowest(result, _ITEMS, items, LOWEST_ITEMS, language))
        charts.extend(_lowest(result, _UNITS, units, LOWEST_UNITS, language))
    return [*charts, *_scorecard(report, language)]


def shortened(text: str, length: int = LABEL_LENGTH) -> str:
    """The text, cut at a word where it is too long for an axis."""
    return text if len(text) <= length else text[: length - 1].rsplit(" ", 1)[0] + "…"


_ITEMS = Text(
    vi="{measure}: tiêu chí thấp nhất là “{label}”, {value}",
    en="{measure}: the lowest criterion is “{label}”, {value}",
)
_UNITS = Text(
    vi="{measure}: đơn vị thấp nhất là {label}, {value} (khoảng tin cậy {interval})",
    en="{measure}: the lowest unit is {label}, {value} (interval {interval})",
)
_BARS = Text(
    vi="{title}. Biểu đồ thanh ngang của {count} dòng, từ thấp lên cao, với khoảng tin cậy; số liệu ở bảng "
    "bên trái.",
    en="{title}. Bar chart of {count} rows, lowest first, with intervals; the numbers are in the table on "
    "the left.",
)
_SCORECARD = Text(
    vi="{title}. Chỉ số với khoảng tin cậy, so với từng chỉ tiêu: {lines}.",
    en="{title}. Index with its interval and the target of each measure: {lines}.",
)


def _scorecard(report: IndexReport, language: str) -> Iterator[ChartData]:
    results = [
        result for result in report.results if known(result.figures.index.satisfied_share.value) is not None
    ]
    if not results:
        return
    title = count_words(report, language)
    lines = "; ".join(_line(result, language) for result in results)
    yield ChartData(
        title=title,
        description=_SCORECARD.in_language(language).format(title=title, lines=lines),
        rows=[
            [
                *_bar(_signed_name(result, language), result.figures.index.satisfied_share),
                result.target.minimum_share,
            ]
            for result in results
        ],
        is_scorecard=True,
    )


def _lowest(
    result: MeasureResult, title: Text, lines: list[tuple[Text, Figure]], count: int, language: str
) -> Iterator[ChartData]:
    """The smallest shares first; nothing where fewer than two can be compared."""
    published = [(name, figure) for name, figure in lines if known(figure.value) is not None]
    lowest = sorted(published, key=lambda line: line[1].value or 0.0)[:count]
    if len(lowest) < 2:
        return
    name, figure = lowest[0]
    words = title.in_language(language).format(
        measure=result.name.in_language(language),
        label=shortened(name.in_language(language)),
        value=format_percent(figure.value or 0.0, language),
        interval=show_interval(figure, language),
    )
    yield ChartData(
        title=words,
        description=_BARS.in_language(language).format(title=words, count=len(lowest)),
        rows=[_bar(shortened(label.in_language(language)), each) for label, each in lowest],
    )


def _bar(label: str, figure: Figure) -> Row:
    """Without an interval the limits are the share itself, so that nothing is drawn around it."""
    value = known(figure.value) or 0.0
    low, high = known(figure.low), known(figure.high)
    if low is None or high is None:
        low = high = value
    return [label, value, low, high, value - low, high - value]


def _signed_name(result: MeasureResult, language: str) -> str:
    """The verdict's sign stands with the name, since colours are lost in grey print."""
    sign = VERDICT_SIGNS.get(shown_verdict(result), "")
    return f"{sign} {result.name.in_language(language)}".strip()


def _line(result: MeasureResult, language: str) -> str:
    share = format_percent(result.figures.index.satisfied_share.value or 0.0, language)
    target = format_percent(result.target.minimum_share, language, digits=0)
    return f"{result.name.in_language(language)} {share} / {target}"
