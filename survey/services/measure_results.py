"""From a measure's sample to its line of the scorecard: figures, verdict, sectors, units."""

from collections.abc import Mapping
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


def estimate_measure(sample: MeasureSample, level: float, selection: str) -> MeasureTables:
    """Estimate every item, element and index by sector and unit, in one pass a design over the rows."""
    domains = {
        "all": Domain.whole(len(sample)),
        "sector": Domain.from_columns(sample.sectors),
        "unit": Domain.from_columns(sample.unit_ids),
        "sector_unit": Domain.from_columns(sample.sectors, sample.unit_ids),
    }
    definition, numeric = sample.definition(), {"expectation": sample.expectation}
    by_round = estimate_indices(
        sample.round_design(), sample.ratings, definition, domains, numeric=numeric, level=level
    )
    of_units = {name: domains[name] for name in ("unit", "sector_unit")}
    within_unit = estimate_indices(
        sample.within_unit_design(), sample.ratings, definition, of_units, numeric=numeric, level=level
    )
    withheld = _withheld(by_round)

    def readers(table: IndexTable) -> dict[str, DomainReader]:
        return {
            name: DomainReader(sample, table, name, selection, withheld[name]) for name in table.variables
        }

    return MeasureTables(
        sample=sample,
        level=level,
        selection=selection,
        by_round=readers(by_round),
        within_unit=readers(within_unit),
        units_with_several_psus=_units_with_several_psus(sample),
    )


def build_result(
    tables: MeasureTables,
    target: Target,
    name: Text,
    units: Mapping[int, Unit],
    sectors: Mapping[str, Sector],
    weights: WeightSummary,
) -> MeasureResult:
    """The scorecard line of a target, from the tables of its measure."""
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
        readers = tables.by_round if several else tables.within_unit
        figures = readers["sector_unit"].find((sector, unit_id)) if sector else readers["unit"].find(unit_id)
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
    psus: dict[int, set[tuple[str, str]]] = {}
    rows = zip(sample.unit_ids.tolist(), sample.strata.tolist(), sample.psus.tolist(), strict=True)
    for unit_id, stratum, psu in rows:
        psus.setdefault(unit_id, set()).add((stratum, psu))
    return frozenset(unit_id for unit_id, found in psus.items() if len(found) > 1)


def kish_design_effect(weights: np.ndarray) -> float | None:
    """What unequal weights alone cost: n Σw² / (Σw)²."""
    total = float(weights.sum())
    return len(weights) * float((weights**2).sum()) / total**2 if total else None
