"""What stands on each sheet of the workbook: a table a level, as plain values."""

from collections.abc import Iterator
from dataclasses import dataclass

from questionnaires.model import Text
from survey.reports.columns import (
    MEAN_COLUMNS,
    SHARE_COLUMNS,
    Column,
    Row,
    columns_of,
    error_cells,
    note,
    share_cells,
    value_cells,
)
from survey.reports.domains import ReportDomain, list_domains
from survey.reports.figure_words import NOTHING
from survey.reports.findings import VERDICT_ORDER, shown_verdict
from survey.reports.labels import (
    CHANNELS,
    DESIGNS,
    OUTSIDE_INDEX,
    REASONS,
    SELECTIONS,
    UNIT_KINDS,
    VERDICT_SIGNS,
    VERDICTS,
    WEIGHTED,
    words_of,
)
from survey.services.index_report_values import (
    SUPPRESSED,
    ChannelLine,
    IndexReport,
    MeasureResult,
    PulseLine,
)

SHEET_NAMES: dict[str, Text] = {
    "scorecard": Text(vi="Bảng chỉ tiêu", en="Scorecard"),
    "charts": Text(vi="Biểu đồ", en="Charts"),
    "other": Text(vi="Số đo khác", en="Other figures"),
    "elements": Text(vi="Yếu tố", en="Elements"),
    "items": Text(vi="Tiêu chí", en="Criteria"),
    "sectors": Text(vi="Lĩnh vực", en="Sectors"),
    "units": Text(vi="Đơn vị", en="Units"),
    "channels": Text(vi="Kênh thu thập", en="Channels"),
    "pulses": Text(vi="Đánh giá nhanh tại quầy", en="Counter readings"),
    "method": Text(vi="Cách tính", en="Method"),
}
LEADS: dict[str, Text] = {
    "other": Text(
        vi="Điểm trung bình, tỷ lệ hài lòng toàn diện và mức đáp ứng mong đợi là những số đo khác "
        "nhau; kết luận về chỉ tiêu chỉ dựa vào chỉ số hài lòng.",
        en="Mean score, share of the wholly satisfied and expectation met are different figures; the "
        "conclusion rests on the index alone.",
    ),
    "channels": Text(
        vi="Số đếm không có quyền số, đặt cạnh nhau để so sánh, không cộng vào chỉ số. "
        "Phiếu tự nguyện không đại diện cho ai khác ngoài người trả lời.",
        en="Plain counts without weights, side by side for comparison, never added to the index. "
        "Self-selected responses stand for nobody but those who answered.",
    ),
    "pulses": Text(
        vi="Số lần bấm tại quầy. Đây không phải chỉ số và không so với chỉ tiêu nào.",
        en="Counts of what was pressed at the counter. They are no index and are compared with no target.",
    ),
    "units": Text(
        vi="Số liệu theo đơn vị không dùng để kết luận về chỉ tiêu của tỉnh; khoảng tin cậy chồng lên nhau "
        "thì không xếp hạng được.",
        en="Figures of units do not decide on the targets of the province; where intervals overlap there "
        "is no ranking.",
    ),
}
COLUMNS_OF_CHARTS = ("chart_label", "chart_value", "low", "high", "below", "above", "target")
EMPTY = Text(vi="Đợt khảo sát này không có số liệu ở mục này.", en="This round has no such data.")


@dataclass(frozen=True)
class Table:
    """One sheet's table. `sub_rows` are the rows that are set in below another one."""

    columns: list[Column]
    rows: list[Row]
    sub_rows: frozenset[int] = frozenset()


def scorecard_table(report: IndexReport, language: str) -> Table:
    names = ("target_name", "n", "index", "low", "high", "target", "verdict", "further")
    rows = [_scorecard_row(result, language) for result in report.results]
    return Table(
        columns_of(*names, "weights", "note"),
        rows,
        frozenset(position for position, result in enumerate(report.results) if result.sector_code),
    )


def other_table(report: IndexReport, language: str) -> Table:
    """The error of the index; means, shares of the wholly satisfied and expectation with their intervals."""
    names = (
        *("measure", "sector", "n", "answers", "error", "degrees", "effect", "method", *MEAN_COLUMNS),
        *("wholly", "low", "high", "note", "expectation_n", "expectation", "points_low", "points_high"),
    )
    return Table(columns_of(*names), [_other_row(domain, language) for domain in list_domains(report)])


def elements_table(report: IndexReport, language: str) -> Table:
    rows = [
        [
            *_place(domain, language),
            element.title.in_language(language),
            *share_cells(element.figures, language),
            *value_cells(element.figures.mean_score, language),
        ]
        for domain in list_domains(report)
        for element in domain.figures.elements
    ]
    names = ("measure", "sector", "element", "n", "answers", "share", *SHARE_COLUMNS, *MEAN_COLUMNS)
    return Table(columns_of(*names), rows)


def items_table(report: IndexReport, language: str) -> Table:
    names = ("measure", "sector", "element", "question", "item", "n", "share")
    return Table(
        columns_of(*names, *SHARE_COLUMNS, *MEAN_COLUMNS),
        [row for domain in list_domains(report) for row in _item_rows(domain, language)],
    )


def sectors_table(report: IndexReport, language: str) -> Table:
    rows: list[Row] = [
        [
            *_place(domain, language),
            *share_cells(domain.figures.index, language),
            *value_cells(domain.figures.index.mean_score, language),
            *_judgement(domain.result, language),
        ]
        for domain in list_domains(report)
        if domain.sector_code
    ]
    names = ("measure", "sector", "n", "answers", "index", *SHARE_COLUMNS, *MEAN_COLUMNS)
    return Table(columns_of(*names, "target", "verdict"), rows)


def units_table(report: IndexReport, language: str) -> Table:
    names = ("measure", "sector", "unit_code", "unit", "unit_kind", "n", "answers", "index")
    return Table(
        columns_of(*names, *SHARE_COLUMNS, *MEAN_COLUMNS, "design"),
        [row for domain in list_domains(report) for row in _unit_rows(domain, language)],
    )


def channels_table(report: IndexReport, language: str) -> Table:
    """Invited and self-selected responses apart, without weights."""
    lines = sorted(report.channels, key=lambda line: (_position(report, line), line.selection, line.channel))
    rows: list[Row] = [
        [
            _measure_name(report, line.measure_code, language),
            words_of(SELECTIONS, line.selection, language),
            words_of(CHANNELS, line.channel, language),
            line.n,
            line.answer_count,
            *_channel_share(line, language),
        ]
        for line in lines
    ]
    return Table(
        columns_of("measure", "selection", "channel", "n", "answers", "satisfied", "plain_share"), rows
    )


def pulses_table(report: IndexReport, language: str) -> Table:
    rows: list[Row] = [
        [
            line.form_id,
            line.question.in_language(language),
            line.option.in_language(language),
            *_pulse_counts(line, language),
        ]
        for line in report.pulses
    ]
    return Table(columns_of("form", "pulse_question", "option", "chosen", "answers", "plain_share"), rows)


def verdict_words(verdict: str, language: str) -> str:
    """Sign and word, never a colour alone."""
    assert verdict in VERDICT_ORDER
    return " ".join(filter(None, (VERDICT_SIGNS.get(verdict, ""), words_of(VERDICTS, verdict, language))))


def _scorecard_row(result: MeasureResult, language: str) -> Row:
    figure = result.figures.index.satisfied_share
    verdict = shown_verdict(result)
    return [
        result.name.in_language(language),
        result.figures.n,
        *value_cells(figure, language),
        result.target.minimum_share,
        verdict_words(verdict, language),
        NOTHING if result.further_responses is None else result.further_responses,
        _weights_words(result, language),
        note(figure, language),
    ]


def _weights_words(result: MeasureResult, language: str) -> str:
    if not result.figures.n:
        return ""
    return words_of(WEIGHTED, "yes" if result.weights.is_weighted else "no", language)


def _other_row(domain: ReportDomain, language: str) -> Row:
    figures = domain.figures
    return [
        *_place(domain, language),
        figures.n,
        figures.index.answer_count,
        *error_cells(figures.index.satisfied_share, language),
        *value_cells(figures.index.mean_score, language),
        *value_cells(figures.wholly_satisfied_share, language),
        note(figures.wholly_satisfied_share, language),
        figures.expectation_percent.n,
        *value_cells(figures.expectation_percent, language),
    ]


def _item_rows(domain: ReportDomain, language: str) -> Iterator[Row]:
    titles = {element.element_id: element.title for element in domain.figures.elements}
    for item in domain.figures.items:
        yield [
            *_place(domain, language),
            titles.get(item.element_id, OUTSIDE_INDEX).in_language(language),
            f"{item.form_id}.{item.question_id}",
            item.title.in_language(language),
            item.figures.n,
            *value_cells(item.figures.satisfied_share, language),
            *error_cells(item.figures.satisfied_share, language),
            *value_cells(item.figures.mean_score, language),
        ]


def _unit_rows(domain: ReportDomain, language: str) -> Iterator[Row]:
    for unit in domain.result.units if domain.result else ():
        yield [
            *_place(domain, language),
            unit.unit_code,
            unit.name.in_language(language),
            words_of(UNIT_KINDS, unit.kind, language),
            *share_cells(unit.figures.index, language),
            *value_cells(unit.figures.index.mean_score, language),
            words_of(DESIGNS, unit.design, language),
        ]


def _place(domain: ReportDomain, language: str) -> Row:
    return [domain.measure_name.in_language(language), domain.sector_name.in_language(language)]


def _judgement(result: MeasureResult | None, language: str) -> Row:
    if result is None:
        return [NOTHING, NOTHING]
    return [result.target.minimum_share, verdict_words(shown_verdict(result), language)]


def _channel_share(line: ChannelLine, language: str) -> Row:
    if line.satisfied_share is None:
        reason = SUPPRESSED if line.is_withheld else "empty_domain"
        return [words_of(REASONS, reason, language), NOTHING]
    return [line.satisfied_answer_count, line.satisfied_share]


def _pulse_counts(line: PulseLine, language: str) -> Row:
    if line.shown_count is None:
        return [words_of(REASONS, line.reason, language), line.answer_count, NOTHING]
    return [line.shown_count, line.answer_count, line.shown_count / line.answer_count]


def _measure_name(report: IndexReport, measure_code: str, language: str) -> str:
    result = report.find_result(measure_code)
    return result.name.in_language(language) if result else measure_code


def _position(report: IndexReport, line: ChannelLine) -> int:
    codes = [result.measure_code for result in report.results]
    return codes.index(line.measure_code) if line.measure_code in codes else len(codes)
