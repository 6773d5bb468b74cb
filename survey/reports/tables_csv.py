"""The numbers of a report as CSV: everything unrounded in one long file, or one table as it is seen."""

from collections.abc import Iterator, Sequence

from questionnaires.model import Text
from survey.reports.csv_files import CsvCell, render_csv
from survey.reports.domains import ReportDomain, list_domains
from survey.reports.figure_words import TIME_ZONE, exact_percent, known
from survey.reports.findings import shown_verdict
from survey.reports.labels import (
    COMPOSITIONS,
    DEMONSTRATION_MARK,
    INTERVAL_METHODS,
    SURVEY_DATA,
    WEIGHTED,
    words_of,
)
from survey.reports.shown_tables import Level, ShownTable, measure_table, scorecard_table
from survey.services.index_report_values import (
    DomainFigures,
    Figure,
    IndexFigures,
    IndexReport,
    MeasureResult,
)

_Line = dict[str, CsvCell]

_ORIGIN = (
    "data",
    "round_code",
    "is_demonstration",
    "cut_off_at",
    "code_version",
    "target_set",
    "target_year",
)
_PLACE = (
    *("measure", "sector", "level", "unit_code", "unit_design", "element", "form", "item", "label"),
    *("selection", "composition", "is_weighted"),
)
_SHARE = ("satisfied_share_percent", "low_percent", "high_percent", "standard_error_percent")
_REST = (
    *("degrees_of_freedom", "design_effect", "interval_method", "reason", "marks"),
    *("mean_score", "mean_score_low", "mean_score_high", "mean_score_standard_error"),
    *("mean_score_interval_method", "mean_score_reason"),
    *("wholly_satisfied_percent", "wholly_satisfied_low_percent", "wholly_satisfied_high_percent"),
    *("wholly_satisfied_reason", "wholly_satisfied_marks"),
    *("expectation_n", "expectation_percent", "expectation_low", "expectation_high"),
    *("target_percent", "verdict", "further_responses"),
)
COLUMNS = (*_ORIGIN, *_PLACE, "n", "answer_count", *_SHARE, *_REST)


def render_scorecard_csv(report: IndexReport, language: str = "vi") -> bytes:
    """The scorecard exactly as the page shows it, then its origin."""
    return _with_origin(report, scorecard_table(report, language), report.results, language)


def render_measure_csv(
    report: IndexReport, measure_code: str, sector_code: str, level: Level, language: str = "vi"
) -> bytes:
    """A table of a measure's page exactly as it is shown, then its origin.

    Raise `MeasureUnknown` where there is no such line.
    """
    table = measure_table(report, measure_code, sector_code, level, language)
    result = report.find_result(measure_code, sector_code) or report.find_result(measure_code)
    return _with_origin(report, table, [result] * len(table.rows), language)


def render_report_csv(report: IndexReport, language: str = "vi") -> bytes:
    """Every number of the report unrounded, one line a measure, sector and level, with its origin.

    Decimals have a point in both languages: the file is for programs.
    """
    origin = _origin(report, language)
    lines = ({**origin, **line} for domain in list_domains(report) for line in _lines(domain, language))
    return render_csv(COLUMNS, ([line.get(column) for column in COLUMNS] for line in lines))


_ORIGIN_HEADS = (
    Text(vi="Loại số liệu", en="Data"),
    Text(vi="Mã đợt khảo sát", en="Round code"),
    Text(vi="Số liệu tính đến", en="Data as of"),
    Text(vi="Cách tính chỉ số", en="Index rule"),
    Text(vi="Cách tính khoảng tin cậy", en="Interval method"),
    Text(vi="Quyền số", en="Weights"),
    Text(vi="Phiên bản chương trình", en="Version of the program"),
)


def _with_origin(
    report: IndexReport, table: ShownTable, results: Sequence[MeasureResult | None], language: str
) -> bytes:
    """A shown table with columns at its end that say of each row whence and how it comes."""
    data = (DEMONSTRATION_MARK if report.is_demonstration else SURVEY_DATA).in_language(language)
    cut_off = report.cut_off_at.astimezone(TIME_ZONE).isoformat(timespec="seconds")
    version = f"hailong {report.code_version}"
    rows = (
        [*row, data, report.round_code, cut_off, *_method_words(result, share, language), version]
        for row, result, share in zip(table.rows, results, table.shares, strict=True)
    )
    return render_csv([*table.heads, *(head.in_language(language) for head in _ORIGIN_HEADS)], rows)


def _method_words(result: MeasureResult | None, share: Figure, language: str) -> tuple[str, str, str]:
    """Rule of the index, method of the row's interval, weights; empty for what was not computed."""
    if result is None or not result.figures.n:
        return "", "", ""
    method = words_of(INTERVAL_METHODS, share.interval_method, language)
    return (
        f"{words_of(COMPOSITIONS, result.composition, language)} ({result.composition})",
        f"{method} ({share.interval_method})" if share.interval_method else "",
        words_of(WEIGHTED, "yes" if result.weights.is_weighted else "no", language),
    )


def _origin(report: IndexReport, language: str) -> _Line:
    return {
        "data": (DEMONSTRATION_MARK if report.is_demonstration else SURVEY_DATA).in_language(language),
        "round_code": report.round_code,
        "is_demonstration": int(report.is_demonstration),
        "cut_off_at": report.cut_off_at.astimezone(TIME_ZONE).isoformat(timespec="seconds"),
        "code_version": report.code_version,
        "target_set": report.target_set_code,
        "target_year": report.target_year,
    }


def _lines(domain: ReportDomain, language: str) -> Iterator[_Line]:
    """The index of a domain, its elements and criteria, then the same for each of its units."""
    place: _Line = {
        "measure": domain.measure_code,
        "sector": domain.sector_code,
        "selection": domain.selection,
    }
    if domain.result is not None:
        place["composition"] = domain.result.composition
        place["is_weighted"] = int(domain.result.weights.is_weighted)
    name = domain.sector_name if domain.sector_code else domain.measure_name
    index = {
        **place,
        "level": "sector" if domain.sector_code else "index",
        "label": name.in_language(language),
    }
    yield {**index, **_domain_numbers(domain.figures), **_judgement(domain)}
    yield from _parts(place, "", domain.figures, language)
    for unit in domain.result.units if domain.result else ():
        at_unit: _Line = {**place, "unit_code": unit.unit_code, "unit_design": unit.design}
        yield {
            **at_unit,
            "level": "unit",
            "label": unit.name.in_language(language),
            **_domain_numbers(unit.figures),
        }
        yield from _parts(at_unit, "unit_", unit.figures, language)


def _parts(place: _Line, prefix: str, figures: DomainFigures, language: str) -> Iterator[_Line]:
    for element in figures.elements:
        titled = _titled(element.title, language)
        line = {**place, "level": f"{prefix}element", "element": element.element_id, **titled}
        yield {**line, **_numbers(element.figures)}
    for item in figures.items:
        line = {
            **place,
            "level": f"{prefix}item",
            "element": item.element_id,
            **_titled(item.title, language),
        }
        yield {**line, "form": item.form_id, "item": item.question_id, **_numbers(item.figures)}


def _titled(title: Text, language: str) -> _Line:
    return {"label": title.in_language(language)}


def _numbers(figures: IndexFigures) -> _Line:
    share, mean = figures.satisfied_share, figures.mean_score
    return {
        "n": figures.n,
        "answer_count": figures.answer_count,
        **_limits(share, *_SHARE[:3]),
        "standard_error_percent": _percent(share.standard_error),
        "degrees_of_freedom": _plain(share.degrees_of_freedom),
        "design_effect": _plain(share.design_effect),
        "interval_method": share.interval_method,
        "reason": share.reason,
        "marks": " ".join(share.marks),
        "mean_score": _plain(mean.value),
        "mean_score_low": _plain(mean.low),
        "mean_score_high": _plain(mean.high),
        "mean_score_standard_error": _plain(mean.standard_error),
        "mean_score_interval_method": mean.interval_method if mean.has_interval else "",
        "mean_score_reason": mean.reason,
    }


def _domain_numbers(figures: DomainFigures) -> _Line:
    wholly, expectation = figures.wholly_satisfied_share, figures.expectation_percent
    names = (f"wholly_satisfied_{name}percent" for name in ("", "low_", "high_"))
    return {
        **_numbers(figures.index),
        **_limits(wholly, *names),
        "wholly_satisfied_reason": wholly.reason,
        "wholly_satisfied_marks": " ".join(wholly.marks),
        "expectation_n": expectation.n,
        "expectation_percent": _plain(expectation.value),
        "expectation_low": _plain(expectation.low),
        "expectation_high": _plain(expectation.high),
    }


def _judgement(domain: ReportDomain) -> _Line:
    if domain.result is None:
        return {}
    return {
        "target_percent": _percent(domain.result.target.minimum_share),
        "verdict": shown_verdict(domain.result),
        "further_responses": domain.result.further_responses,
    }


def _limits(figure: Figure, value: str, low: str, high: str) -> _Line:
    return {value: _percent(figure.value), low: _percent(figure.low), high: _percent(figure.high)}


def _percent(share: float | None) -> str | None:
    found = known(share)
    return None if found is None else f"{exact_percent(found):f}"


def _plain(value: float | None) -> str | None:
    found = known(value)
    return None if found is None else repr(found)
