"""Walks a report: every domain (a measure, or one of its sectors) once, in the order of the scorecard."""

from collections.abc import Iterator
from dataclasses import dataclass

from questionnaires.model import Text
from survey.reports.labels import WHOLE
from survey.services.index_report_values import DomainFigures, IndexReport, MeasureResult


@dataclass(frozen=True)
class ReportDomain:
    """A measure in all or in one sector; `result` is its scorecard line, where a target is set for it."""

    measure_code: str
    measure_name: Text
    sector_code: str
    sector_name: Text
    selection: str
    figures: DomainFigures
    result: MeasureResult | None


def list_domains(report: IndexReport) -> list[ReportDomain]:
    """The lines of the scorecard, each measure followed by its sectors that have no target."""
    judged = {result.key for result in report.results}
    domains = []
    for position, result in enumerate(report.results):
        domains.append(_domain_of(report, result))
        following = report.results[position + 1 :]
        if all(later.measure_code != result.measure_code for later in following):
            domains.extend(_sectors_without_target(report, result.measure_code, judged))
    return domains


def whole_results(report: IndexReport) -> list[MeasureResult]:
    """The lines of the scorecard that are a whole measure and have a published index."""
    return [
        result
        for result in report.results
        if not result.sector_code and result.figures.index.satisfied_share.value is not None
    ]


def _domain_of(report: IndexReport, result: MeasureResult) -> ReportDomain:
    whole = report.find_result(result.measure_code)
    return ReportDomain(
        measure_code=result.measure_code,
        measure_name=whole.name if whole else Text(vi=result.measure_code, en=result.measure_code),
        sector_code=result.sector_code,
        sector_name=result.name if result.sector_code else WHOLE,
        selection=result.selection,
        figures=result.figures,
        result=result,
    )


def _sectors_without_target(
    report: IndexReport, measure_code: str, judged: set[str]
) -> Iterator[ReportDomain]:
    whole = report.find_result(measure_code)
    for sector in whole.sectors if whole else ():
        if whole and f"{measure_code}/{sector.sector_code}" not in judged:
            yield ReportDomain(
                measure_code=measure_code,
                measure_name=whole.name,
                sector_code=sector.sector_code,
                sector_name=sector.name,
                selection=whole.selection,
                figures=sector.figures,
                result=None,
            )
