"""The tables of data quality as words: the page and the CSV file show the very same cells."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from questionnaires.model import Text
from survey.reports.csv_files import render_csv
from survey.reports.figure_words import (
    NOTHING,
    TIME_ZONE,
    format_number,
    format_percent,
    mark_words,
    show_interval,
    show_share,
)
from survey.reports.labels import DEMONSTRATION_MARK, REASONS, SURVEY_DATA, words_of
from survey.reports.quality_words import CLOCK_OFF, COVERAGE_FAULTS, NAMES, interviews_words, signs_words
from survey.services.index_report_values import SUPPRESSED, Figure
from survey.services.quality_values import (
    COVERAGE,
    INTERVIEWS,
    RULES,
    Coverage,
    EffectLine,
    QualityReport,
    RuleShare,
    UnitQuality,
)
from survey.services.withholding import MINIMUM_RESPONDENTS

_HEADS = {
    "measure": Text(vi="Chỉ tiêu đo lường", en="Measure"),
    "unit": Text(vi="Đơn vị", en="Unit"),
    "unit_code": Text(vi="Mã đơn vị", en="Unit code"),
    "form": Text(vi="Mẫu phiếu", en="Questionnaire"),
    "n": Text(vi="Số phiếu", en="Responses"),
    "signs": Text(vi="Cần xem lại", en="To look at"),
    "used": Text(vi="Số phiếu trong chỉ số", en="Responses in the index"),
    "all": Text(vi="Chỉ số, tất cả phiếu", en="Index, all responses"),
    "taken_out": Text(vi="Bỏ phiếu có dấu hiệu", en="Flagged, left out"),
    "without": Text(vi="Chỉ số còn lại", en="Index without them"),
    "also": Text(vi="Bỏ thêm phiếu chọn một mức", en="One level throughout, left out too"),
    "without_straight": Text(vi="Chỉ số khi bỏ cả hai", en="Index without both"),
}
_ORIGIN_HEADS = (
    Text(vi="Loại số liệu", en="Data"),
    Text(vi="Mã đợt khảo sát", en="Round code"),
    Text(vi="Số liệu tính đến", en="Data as of"),
    Text(vi="Phiên bản chương trình", en="Version of the program"),
)


@dataclass(frozen=True)
class WordTable:
    """Heads and rows as they are read. Column 0 names the row; a page sets `code_column` under the name."""

    heads: list[str]
    rows: list[list[str]]
    numeric: frozenset[int]
    code_column: int | None = None
    note: str = ""

    @property
    def columns(self) -> list[dict[str, Any]]:
        """The heads of a page's table."""
        return [{"label": self.heads[place], "numeric": place in self.numeric} for place in self._shown]

    def cells(self, row: Sequence[str]) -> list[tuple[str, str, bool]]:
        """Head, words and whether they are a number, of each cell beside the name."""
        return [(self.heads[place], row[place], place in self.numeric) for place in self._shown if place]

    @property
    def _shown(self) -> list[int]:
        return [place for place in range(len(self.heads)) if place != self.code_column]


def effects_table(lines: Sequence[EffectLine], language: str) -> WordTable:
    """The index with all responses, without the flagged ones, and without straight-lined ones too."""
    with_units = any(line.unit for line in lines)
    names = [*(["unit", "unit_code"] if with_units else []), "measure", "used", "all"]
    heads = _heads(language, *names, "taken_out", "without", "also", "without_straight")
    rows = []
    for line in lines:
        place = [line.unit.name.in_language(language), line.unit.code] if line.unit else []
        rows.append(
            [
                *place,
                line.name.in_language(language),
                format_number(line.all.n, language),
                _index_words(line.all, language),
                _count(line.taken_out, language),
                _index_words(line.without, language) if line.taken_out else NOTHING,
                _count(line.also_taken_out, language),
                _index_words(line.without_straight, language) if line.also_taken_out else NOTHING,
            ]
        )
    numeric = frozenset(range(len(heads) - 6, len(heads)))
    marks = [
        mark
        for line in lines
        for figure in (line.all, line.without, line.without_straight)
        if figure.value is not None
        for mark in figure.marks
    ]
    return WordTable(
        heads, rows, numeric, code_column=1 if with_units else None, note=mark_words(marks, language)
    )


def units_table(lines: Iterable[UnitQuality], language: str) -> WordTable:
    """Flags of each unit: the count and its share of the responses that the rule could judge."""
    names = ("unit", "unit_code", "form", "n")
    rules = [words_of(NAMES, rule, language) for rule in (*RULES, COVERAGE, INTERVIEWS)]
    heads = [*_heads(language, *names), *rules, CLOCK_OFF.in_language(language), *_heads(language, "signs")]
    rows = [
        [
            line.unit.name.in_language(language),
            line.unit.code,
            line.form_title.in_language(language),
            format_number(line.n, language),
            *(share_words(line.rule(rule), language) for rule in RULES),
            coverage_words(line.coverage, language),
            interviews_words(line.interviews, language) or NOTHING,
            _clock_count(line, language),
            signs_words(line, language) or NOTHING,
        ]
        for line in lines
    ]
    return WordTable(heads, rows, frozenset(range(len(names) - 1, len(heads) - 1)), code_column=1)


def render_quality_csv(report: QualityReport, table: WordTable, language: str) -> bytes:
    """A table as it is seen, with its origin in every row."""
    cut_off = report.cut_off_at.astimezone(TIME_ZONE).isoformat(timespec="seconds")
    data = (DEMONSTRATION_MARK if report.is_demonstration else SURVEY_DATA).in_language(language)
    origin = [data, report.round_code, cut_off, f"hailong {report.code_version}"]
    heads = [*table.heads, *(head.in_language(language) for head in _ORIGIN_HEADS)]
    return render_csv(heads, [[*row, *origin] for row in table.rows])


def share_words(share: RuleShare | None, language: str) -> str:
    """`54 (0,9%)`; a dash where the rule judges no response of the unit."""
    if share is None:
        return NOTHING
    if share.share is None:
        return words_of(REASONS, SUPPRESSED, language)
    if not share.flagged:
        return format_number(0, language)
    return f"{format_number(share.flagged, language)} ({format_percent(share.share, language)})"


def coverage_words(coverage: Coverage | None, language: str) -> str:
    """Responses for a hundred transactions; with the reason where it stands out."""
    if coverage is None:
        return NOTHING
    share = coverage.share
    words = NOTHING if share is None else format_percent(share, language)
    fault = words_of(COVERAGE_FAULTS, coverage.fault, language)
    return f"{words}: {fault}" if fault else words


def _index_words(figure: Figure, language: str) -> str:
    """`91,2% (90,3–92,1%)`, or why there is no number or no interval."""
    if figure.value is None:
        return show_share(figure, language)
    return f"{show_share(figure, language)} ({show_interval(figure, language)})"


def _clock_count(line: UnitQuality, language: str) -> str:
    if line.n and line.n < MINIMUM_RESPONDENTS:
        return words_of(REASONS, SUPPRESSED, language)
    return format_number(line.clock_off_count, language)


def _count(count: int, language: str) -> str:
    return format_number(count, language)


def _heads(language: str, *names: str) -> list[str]:
    return [_HEADS[name].in_language(language) for name in names]
