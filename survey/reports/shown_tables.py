"""The tables of the result pages as words and rounded numbers, for a CSV of exactly what is seen."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, get_args

from questionnaires.model import Text
from survey.reports.domains import ReportDomain, list_domains
from survey.reports.figure_words import (
    format_number,
    format_percent,
    format_target,
    show_interval,
    show_number,
    show_share,
)
from survey.reports.findings import shown_verdict
from survey.reports.labels import OUTSIDE_INDEX, VERDICTS, words_of
from survey.services.index_report_values import DomainFigures, Figure, IndexFigures, IndexReport
from survey.services.problems import MeasureUnknown

Level = Literal["element", "item", "unit", "sector"]
LEVELS: tuple[Level, ...] = get_args(Level)


@dataclass(frozen=True)
class ShownTable:
    """What is seen, and of each row the share whose origin a file adds to it."""

    heads: list[str]
    rows: list[list[str]]
    shares: list[Figure]


_HEADS: dict[str, Text] = {
    "measure": Text(vi="Chỉ tiêu đo lường", en="Measure"),
    "sector": Text(vi="Lĩnh vực", en="Sector"),
    "element": Text(vi="Yếu tố", en="Element"),
    "item": Text(vi="Tiêu chí", en="Criterion"),
    "unit_code": Text(vi="Mã đơn vị", en="Unit code"),
    "unit": Text(vi="Đơn vị", en="Unit"),
    "n": Text(vi="Số phiếu", en="Responses"),
    "index": Text(vi="Chỉ số", en="Index"),
    "satisfied": Text(vi="Tỷ lệ hài lòng", en="Satisfied"),
    "interval": Text(vi="Khoảng tin cậy {level}", en="{level} confidence interval"),
    "target": Text(vi="Chỉ tiêu", en="Target"),
    "verdict": Text(vi="Kết luận", en="Conclusion"),
    "mean": Text(vi="Điểm trung bình", en="Mean score"),
    "wholly": Text(vi="Hài lòng toàn diện", en="Wholly satisfied"),
    "expectation": Text(vi="Đáp ứng mong đợi", en="Expectation met"),
}


def scorecard_table(report: IndexReport, language: str) -> ShownTable:
    rows = [
        [
            result.name.in_language(language),
            *_share_words(result.figures.index, language, result.target.minimum_share),
            format_target(result.target.minimum_share, language),
            words_of(VERDICTS, shown_verdict(result), language),
        ]
        for result in report.results
    ]
    heads = _heads(report, language, "measure", "n", "index", "interval", "target", "verdict")
    return ShownTable(heads, rows, [result.figures.index.satisfied_share for result in report.results])


def measure_table(
    report: IndexReport, measure_code: str, sector_code: str, level: Level, language: str
) -> ShownTable:
    """One table of a measure's page; raise `MeasureUnknown` where the report has no such line."""
    domain = next(
        (
            domain
            for domain in list_domains(report)
            if (domain.measure_code, domain.sector_code) == (measure_code, sector_code)
        ),
        None,
    )
    if domain is None:
        raise MeasureUnknown("/".join(filter(None, (measure_code, sector_code))))
    return _TABLES[level](report, domain, language)


def _element_table(report: IndexReport, domain: ReportDomain, language: str) -> ShownTable:
    rows = [
        [line.title.in_language(language), *_figures_words(line.figures, language)]
        for line in domain.figures.elements
    ]
    heads = _heads(report, language, "element", "n", "satisfied", "interval", "mean")
    return ShownTable(heads, rows, [line.figures.satisfied_share for line in domain.figures.elements])


def _item_table(report: IndexReport, domain: ReportDomain, language: str) -> ShownTable:
    titles = {element.element_id: element.title for element in domain.figures.elements}
    rows = [
        [
            titles.get(line.element_id, OUTSIDE_INDEX).in_language(language),
            line.title.in_language(language),
            *_figures_words(line.figures, language),
        ]
        for line in domain.figures.items
    ]
    heads = _heads(report, language, "element", "item", "n", "satisfied", "interval", "mean")
    return ShownTable(heads, rows, [line.figures.satisfied_share for line in domain.figures.items])


def _unit_table(report: IndexReport, domain: ReportDomain, language: str) -> ShownTable:
    units = domain.result.units if domain.result else ()
    rows = [
        [unit.unit_code, unit.name.in_language(language), *_domain_words(unit.figures, language)]
        for unit in units
    ]
    heads = _heads(report, language, "unit_code", "unit", *_DOMAIN_HEADS)
    return ShownTable(heads, rows, [unit.figures.index.satisfied_share for unit in units])


def _sector_table(report: IndexReport, domain: ReportDomain, language: str) -> ShownTable:
    sectors = domain.result.sectors if domain.result else ()
    rows = [[line.name.in_language(language), *_domain_words(line.figures, language)] for line in sectors]
    heads = _heads(report, language, "sector", *_DOMAIN_HEADS)
    return ShownTable(heads, rows, [line.figures.index.satisfied_share for line in sectors])


_DOMAIN_HEADS = ("n", "index", "interval", "mean", "wholly", "expectation")
_TABLES: dict[Level, Callable[[IndexReport, ReportDomain, str], ShownTable]] = {
    "element": _element_table,
    "item": _item_table,
    "unit": _unit_table,
    "sector": _sector_table,
}


def _heads(report: IndexReport, language: str, *names: str) -> list[str]:
    level = format_percent(report.confidence_level, language, digits=0)
    return [_HEADS[name].in_language(language).format(level=level) for name in names]


def _share_words(figures: IndexFigures, language: str, target: float | None = None) -> list[str]:
    figure = figures.satisfied_share
    return [
        format_number(figures.n, language),
        show_share(figure, language),
        show_interval(figure, language, target),
    ]


def _figures_words(figures: IndexFigures, language: str) -> list[str]:
    return [*_share_words(figures, language), show_number(figures.mean_score, language)]


def _domain_words(figures: DomainFigures, language: str) -> list[str]:
    return [
        *_figures_words(figures.index, language),
        show_share(figures.wholly_satisfied_share, language),
        show_number(figures.expectation_percent, language, digits=1, unit="%"),
    ]
