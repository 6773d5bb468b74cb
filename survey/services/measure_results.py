"""From a measure's sample to its line of the scorecard: figures, verdict, sectors, units."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from analysis import (
    Domain,
    DomainIndices,
    Estimate,
    IndexTable,
    NotEstimable,
    SurveyDesign,
    estimate_indices,
    further_responses,
    judge,
)
from analysis import Measure as MeasureEstimates
from questionnaires.model import Text
from survey.models import Sector, Target, Unit
from survey.services.index_report_values import (
    NOT_SURVEYED,
    SELF_SELECTED,
    SUPPRESSED,
    DomainFigures,
    ElementLine,
    Figure,
    IndexFigures,
    ItemLine,
    MeasureResult,
    SectorLine,
    TargetLine,
    UnitResult,
    WeightSummary,
)
from survey.services.measure_samples import MeasureSample

MINIMUM_RESPONDENTS = 5
"""A cell with fewer respondents is not published: an answer could be traced to a person."""


@dataclass(frozen=True)
class MeasureTables:
    """All estimates of a measure: by the design of the round, and within units."""

    sample: MeasureSample
    level: float
    by_round: IndexTable
    within_unit: IndexTable
    units_with_several_psus: frozenset[int]


def estimate_measure(sample: MeasureSample, level: float) -> MeasureTables:
    """Estimate every item, element and index by sector and unit in two passes over the rows."""
    rows = len(sample)
    by_sector_and_unit = Domain.from_columns(sample.sectors, sample.unit_ids)
    domains = {
        "all": Domain.whole(rows),
        "sector": Domain.from_columns(sample.sectors),
        "unit": Domain.from_columns(sample.unit_ids),
        "sector_unit": by_sector_and_unit,
    }
    unit_domains = {name: domains[name] for name in ("unit", "sector_unit")}

    def estimate(design: SurveyDesign, wanted: Mapping[str, Domain]) -> IndexTable:
        return estimate_indices(
            design,
            sample.ratings,
            sample.definition(),
            wanted,
            numeric={"expectation": sample.expectation},
            level=level,
        )

    return MeasureTables(
        sample=sample,
        level=level,
        by_round=estimate(sample.round_design(), domains),
        within_unit=estimate(sample.within_unit_design(), unit_domains),
        units_with_several_psus=_units_with_several_psus(sample),
    )


def build_result(
    tables: MeasureTables,
    target: Target,
    name: Text,
    units: Mapping[int, Unit],
    sectors: Mapping[str, Sector],
    weights: WeightSummary,
    selection: str,
) -> MeasureResult:
    """The scorecard line of a target, from the tables of its measure."""
    sector = target.sector_code
    cell = _find_cell(tables.by_round, *(("sector", sector) if sector else ("all", "all")))
    figures = _domain_figures(tables.sample, cell, selection) if cell else empty_figures(NOT_SURVEYED)
    result = MeasureResult(
        measure_code=target.measure_code,
        sector_code=sector,
        name=name,
        target=target_line(target),
        composition=tables.sample.composition,
        selection=selection,
        figures=figures,
        verdict="inconclusive",
        verdict_reason=figures.index.satisfied_share.reason,
        further_responses=None,
        weights=weights,
        sectors=() if sector else _sector_lines(tables, sectors, selection),
        units=_unit_results(tables, sector, units, selection),
    )
    if cell is None or not figures.index.satisfied_share.has_interval:
        return result
    return _judged(result, cell, tables.level)


def not_surveyed(target: Target, name: Text) -> MeasureResult:
    """The scorecard line of a target that no questionnaire of the round serves, or that has no response."""
    return MeasureResult(
        measure_code=target.measure_code,
        sector_code=target.sector_code,
        name=name,
        target=target_line(target),
        composition="pooled",
        selection="invited",
        figures=empty_figures(NOT_SURVEYED),
        verdict="inconclusive",
        verdict_reason=NOT_SURVEYED,
        further_responses=None,
        weights=WeightSummary(False, 0, 0, 0, 0, 0, None, 0),
        sectors=(),
        units=(),
    )


def target_line(target: Target) -> TargetLine:
    return TargetLine(target.minimum_share, target.year, target.section, target.text)


def empty_figures(reason: str) -> DomainFigures:
    nothing = Figure(n=0, reason=reason)
    return DomainFigures(0, IndexFigures(0, 0, nothing, nothing, nothing), nothing, nothing, (), ())


def _judged(result: MeasureResult, cell: DomainIndices, level: float) -> MeasureResult:
    share = cell.index.satisfied_share
    assert isinstance(share, Estimate)
    minimum = result.target.minimum_share
    verdict = judge(share.confidence_interval(level), minimum).value
    more = further_responses(share, minimum, level=level) if verdict == "inconclusive" else None
    return replace(result, verdict=verdict, verdict_reason="", further_responses=more)


def _sector_lines(
    tables: MeasureTables, sectors: Mapping[str, Sector], selection: str
) -> tuple[SectorLine, ...]:
    lines = []
    for code, sector in sectors.items():
        cell = _find_cell(tables.by_round, "sector", code)
        if cell is not None:
            figures = _domain_figures(tables.sample, cell, selection)
            lines.append(SectorLine(code, Text(vi=sector.name_vi, en=sector.name_en), figures))
    return tuple(lines)


def _unit_results(
    tables: MeasureTables, sector: str, units: Mapping[int, Unit], selection: str
) -> tuple[UnitResult, ...]:
    results = []
    for unit_id, unit in units.items():
        several = unit_id in tables.units_with_several_psus
        table = tables.by_round if several else tables.within_unit
        cell = _find_cell(table, *(("sector_unit", (sector, unit_id)) if sector else ("unit", unit_id)))
        if cell is None:
            continue
        results.append(
            UnitResult(
                unit_code=unit.code,
                name=Text(vi=unit.name, en=unit.name_en),
                kind=unit.kind,
                design="round" if several else "within_unit",
                figures=_domain_figures(tables.sample, cell, selection),
            )
        )
    return tuple(results)


def _units_with_several_psus(sample: MeasureSample) -> frozenset[int]:
    """Units that can be judged by the design of the round; the others are one PSU of it."""
    pairs = {
        (int(unit), stratum, psu)
        for unit, stratum, psu in zip(sample.unit_ids, sample.strata, sample.psus, strict=True)
    }
    counts: dict[int, int] = {}
    for unit, _, _ in pairs:
        counts[unit] = counts.get(unit, 0) + 1
    return frozenset(unit for unit, count in counts.items() if count > 1)


def _find_cell(table: IndexTable, domain: str, label: Hashable) -> DomainIndices | None:
    try:
        return table.cell(domain, label)
    except KeyError:
        return None


def _domain_figures(sample: MeasureSample, cell: DomainIndices, selection: str) -> DomainFigures:
    return DomainFigures(
        n=cell.index.n,
        index=_index_figures(cell.index, selection),
        wholly_satisfied_share=_figure(cell.wholly_satisfied_share, selection),
        expectation_percent=_figure(cell.numeric["expectation"], selection),
        elements=tuple(
            ElementLine(element_id, sample.element_titles[element_id], _index_figures(element, selection))
            for element_id, element in cell.elements.items()
        ),
        items=tuple(
            ItemLine(
                form_id=item.form_id,
                question_id=item.question.id,
                element_id=item.question.element or "",
                title=item.question.text,
                figures=_index_figures(estimates, selection),
            )
            for item, estimates in zip(sample.items, cell.items, strict=True)
        ),
    )


def _index_figures(estimates: MeasureEstimates, selection: str) -> IndexFigures:
    return IndexFigures(
        n=estimates.n,
        answer_count=estimates.answer_count,
        satisfied_share=_figure(estimates.satisfied_share, selection),
        mean_score=_figure(estimates.mean_score, selection),
        mean_score_100=_figure(estimates.mean_score_100, selection),
    )


def _figure(estimate: Estimate | NotEstimable, selection: str) -> Figure:
    """What may be shown of an estimate.

    Few respondents: nothing. Self-selected respondents: the value alone, since no interval holds for them.
    """
    if 0 < estimate.n < MINIMUM_RESPONDENTS:
        return Figure(n=estimate.n, reason=SUPPRESSED)
    if isinstance(estimate, NotEstimable):
        return Figure(n=estimate.n, reason=estimate.reason)
    if selection == "self_selected":
        return Figure(n=estimate.n, value=float(estimate.estimate), reason=SELF_SELECTED)
    interval = estimate.confidence_interval()
    return Figure(
        n=estimate.n,
        value=float(estimate.estimate),
        low=float(interval.low),
        high=float(interval.high),
        standard_error=float(estimate.standard_error),
        degrees_of_freedom=float(estimate.degrees_of_freedom),
        design_effect=None if estimate.design_effect is None else float(estimate.design_effect),
        interval_method=interval.method,
    )


def kish_design_effect(weights: np.ndarray) -> float | None:
    """What unequal weights alone cost: n Σw² / (Σw)²."""
    total = float(weights.sum())
    return len(weights) * float((weights**2).sum()) / total**2 if total else None
