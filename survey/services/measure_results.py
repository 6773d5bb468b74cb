"""From a measure's sample to its line of the scorecard: figures, verdict, sectors, units."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import cast

import numpy as np

from analysis import (
    ConfidenceInterval,
    Domain,
    Estimate,
    IndexTable,
    estimate_indices,
    further_responses,
    judge,
)
from questionnaires.model import Text
from survey.models import Sector, Target, Unit
from survey.services.figures import DomainReader
from survey.services.index_report_values import (
    NOT_SURVEYED,
    DomainFigures,
    Figure,
    IndexFigures,
    MeasureResult,
    SectorLine,
    TargetLine,
    UnitResult,
    WeightSummary,
)
from survey.services.measure_samples import MeasureSample
from survey.services.withholding import Mask, withheld_cells


@dataclass(frozen=True)
class MeasureTables:
    """All estimates of a measure: by the design of the round, and within units."""

    sample: MeasureSample
    level: float
    selection: str
    by_round: Mapping[str, DomainReader]
    within_unit: Mapping[str, DomainReader]
    units_with_several_psus: frozenset[int]


def estimate_measure(
    sample: MeasureSample, level: float, selection: str, unit_ids: Collection[int] | None = None
) -> MeasureTables:
    """Estimate every item, element and index by sector and unit, in one pass a design over the rows.

    `unit_ids` are the units whose own figures are wanted; None: all.
    """
    domains = _domains(sample)
    definition, numeric = sample.definition(), {"expectation": sample.expectation}
    by_round = estimate_indices(
        sample.round_design(), sample.ratings, definition, domains, numeric=numeric, level=level
    )
    withheld = _withheld(by_round)
    return MeasureTables(
        sample=sample,
        level=level,
        selection=selection,
        by_round={
            name: DomainReader(sample, by_round, name, selection, withheld[name])
            for name in by_round.variables
        },
        within_unit=_within_units(sample, level, selection, unit_ids, domains, withheld),
        units_with_several_psus=_units_with_several_psus(sample),
    )


def _domains(sample: MeasureSample) -> dict[str, Domain]:
    return {
        "all": Domain.whole(len(sample)),
        "sector": Domain.from_columns(sample.sectors),
        "unit": Domain.from_columns(sample.unit_ids),
        "sector_unit": Domain.from_columns(sample.sectors, sample.unit_ids),
    }


def _within_units(
    sample: MeasureSample,
    level: float,
    selection: str,
    unit_ids: Collection[int] | None,
    domains: Mapping[str, Domain],
    withheld: Mapping[str, Mask],
) -> dict[str, DomainReader]:
    """The figures of units by the second stage alone, of the wanted units and no others."""
    own = sample if unit_ids is None else sample.of_units(unit_ids)
    if not len(own):
        return {}
    of_own = domains if own is sample else _domains(own)
    of_units = {name: of_own[name] for name in ("unit", "sector_unit")}
    table = estimate_indices(
        own.within_unit_design(),
        own.ratings,
        own.definition(),
        of_units,
        numeric={"expectation": own.expectation},
        level=level,
    )
    return {
        name: DomainReader(own, table, name, selection, _rows_of(domain, domains[name], withheld[name]))
        for name, domain in of_units.items()
    }


def _rows_of(some: Domain, every: Domain, withheld: Mask) -> Mask:
    """What is withheld of some groups, decided over all of them."""
    if some is every:
        return withheld
    row_of = {label: row for row, label in enumerate(every.labels)}
    return withheld[[row_of[label] for label in some.labels]]


def build_result(
    tables: MeasureTables,
    target: Target,
    name: Text,
    units: Mapping[int, Unit],
    sectors: Mapping[str, Sector],
    weights: WeightSummary,
) -> MeasureResult:
    """The scorecard line of a target, from the tables of its measure; `units` are those wanted."""
    sector = target.sector_code
    reader, label = tables.by_round["sector" if sector else "all"], sector or "all"
    figures = reader.find(label)
    if figures is None:
        return replace(not_surveyed(target, name), weights=weights)
    share = figures.index.satisfied_share
    result = MeasureResult(
        measure_code=target.measure_code,
        sector_code=sector,
        name=name,
        target=target_line(target),
        composition=tables.sample.composition,
        selection=tables.selection,
        figures=figures,
        verdict="inconclusive",
        verdict_reason=share.reason,
        further_responses=None,
        weights=weights,
        sectors=() if sector else _sector_lines(tables, sectors),
        units=_unit_results(tables, sector, units),
    )
    if share.low is None or share.high is None:
        return result
    interval = ConfidenceInterval(share.low, share.high, tables.level, share.interval_method)
    verdict = judge(interval, target.minimum_share).value
    more = None
    if verdict == "inconclusive":
        estimate = reader.arrays.shares.value(*reader.index_row(label))
        assert isinstance(estimate, Estimate)
        more = further_responses(estimate, target.minimum_share, level=tables.level)
    return replace(result, verdict=verdict, verdict_reason="", further_responses=more)


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
    return DomainFigures(0, IndexFigures(0, 0, nothing, nothing), nothing, nothing, (), ())


def _withheld(table: IndexTable) -> dict[str, Mask]:
    """What is withheld of each domain variable, decided over units and sectors together."""
    variables = table.variables
    units, sectors = variables["unit"].domain.labels, variables["sector"].domain.labels
    row_of = {unit: row for row, unit in enumerate(units)}
    column_of = {sector: column for column, sector in enumerate(sectors)}
    places = {
        "all": [(len(units), len(sectors))],
        "sector": [(len(units), column) for column in range(len(sectors))],
        "unit": [(row, len(sectors)) for row in range(len(units))],
        "sector_unit": [
            (row_of[unit], column_of[sector])
            for sector, unit in cast("list[tuple[str, int]]", variables["sector_unit"].domain.labels)
        ],
    }
    counts_of = {
        name: np.concatenate([arrays.shares.n, arrays.wholly.n, arrays.numeric.n], axis=1)
        for name, arrays in variables.items()
    }
    counts = np.zeros((len(units) + 1, len(sectors) + 1, counts_of["all"].shape[1]), dtype=np.int64)
    for name, listed in places.items():
        counts[tuple(zip(*listed, strict=True))] = counts_of[name]
    withheld = withheld_cells(counts, _figure_sums(table))
    return {name: withheld[tuple(zip(*listed, strict=True))] for name, listed in places.items()}


def _figure_sums(table: IndexTable) -> list[list[int]]:
    """Columns of the shares that add up: the items of each element, and the elements of the index."""
    elements = table.definition.elements
    first = table.item_count
    of_items = [[*element.items, first + place] for place, element in enumerate(elements)]
    return [*of_items, list(range(first, first + len(elements) + 1))]


def _sector_lines(tables: MeasureTables, sectors: Mapping[str, Sector]) -> tuple[SectorLine, ...]:
    reader = tables.by_round["sector"]
    found = ((sector, reader.find(code)) for code, sector in sectors.items())
    return tuple(
        SectorLine(sector.code, Text(vi=sector.name_vi, en=sector.name_en), figures)
        for sector, figures in found
        if figures is not None
    )


def _unit_results(tables: MeasureTables, sector: str, units: Mapping[int, Unit]) -> tuple[UnitResult, ...]:
    results = []
    for unit_id, unit in units.items():
        several = unit_id in tables.units_with_several_psus
        reader = (tables.by_round if several else tables.within_unit).get("sector_unit" if sector else "unit")
        figures = reader.find((sector, unit_id) if sector else unit_id) if reader else None
        if figures is None:
            continue
        results.append(
            UnitResult(
                unit_code=unit.code,
                name=Text(vi=unit.name, en=unit.name_en),
                kind=unit.kind,
                design="round" if several else "within_unit",
                figures=figures,
            )
        )
    return tuple(results)


def _units_with_several_psus(sample: MeasureSample) -> frozenset[int]:
    """Units that can be judged by the design of the round; the others are one PSU of it."""
    units, of_row = np.unique(sample.unit_ids, return_inverse=True)
    _, first = np.unique(of_row * (int(sample.psu_codes.max()) + 1) + sample.psu_codes, return_index=True)
    counts = np.bincount(of_row[first], minlength=len(units))
    return frozenset(units[counts > 1].tolist())


def kish_design_effect(weights: np.ndarray) -> float | None:
    """What unequal weights alone cost: n Σw² / (Σw)²."""
    total = float(weights.sum())
    return len(weights) * float((weights**2).sum()) / total**2 if total else None
