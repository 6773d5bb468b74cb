"""The index with and without flagged responses, through the one way in which an index is computed.

Weights, design and intervals are computed anew from what remains, by `build_index_report`.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from survey.services.index_report_values import SUPPRESSED, Figure, IndexReport, MeasureResult
from survey.services.index_reports import build_index_report
from survey.services.quality_flags import FormFlags
from survey.services.quality_values import EffectLine
from survey.services.rounds import UnitLine
from survey.services.withholding import MINIMUM_RESPONDENTS, withheld_cells
from survey.store.database import Session
from survey.store.survey_data import ResponseColumns

NOTHING_LEFT = "empty_domain"
Mask = NDArray[np.bool_]
Reports = tuple[IndexReport, IndexReport, IndexReport]


def build_reports(
    session: Session,
    round_code: str,
    forms: Mapping[str, FormFlags],
    *,
    unit_codes: Collection[str],
    now: datetime,
) -> Reports:
    """The index report of all responses, of those not in question, and of these without straight lines.

    Of units, it has the figures of these alone.
    """

    def build(columns: Mapping[str, ResponseColumns]) -> IndexReport:
        return build_index_report(session, round_code, now=now, columns=columns, unit_codes=unit_codes)

    whole = build({form_id: form.columns for form_id, form in forms.items()})

    def without(choose: Callable[[FormFlags], Mask], known: IndexReport, taken_out: int) -> IndexReport:
        masks = {form_id: choose(form) for form_id, form in forms.items()}
        if sum(int(mask.sum()) for mask in masks.values()) == taken_out:
            return known
        return build({form_id: form.columns.chosen(~masks[form_id]) for form_id, form in forms.items()})

    sound = without(lambda form: form.in_question, whole, 0)
    in_question = sum(int(form.in_question.sum()) for form in forms.values())
    return whole, sound, without(lambda form: form.in_question_or_straight, sound, in_question)


def measure_effects(reports: Reports) -> tuple[EffectLine, ...]:
    """One line a target of the round that has a number."""
    whole, sound, varied = reports
    withheld = _withheld_sectors(whole, sound), _withheld_sectors(sound, varied)
    return tuple(
        _line(
            result,
            None,
            result,
            _matching(sound, result),
            _matching(varied, result),
            (result.key in withheld[0], result.key in withheld[1]),
        )
        for result in whole.results
        if result.figures.n
    )


def unit_effects(reports: Reports, units: Collection[tuple[str, UnitLine]]) -> tuple[EffectLine, ...]:
    """The index of these units, each given with the measure that its questionnaire serves."""
    by_measure: dict[str, list[UnitLine]] = {}
    for measure_code, unit in units:
        by_measure.setdefault(measure_code, []).append(unit)
    return tuple(
        line for code, listed in by_measure.items() for line in _measure_unit_effects(reports, code, listed)
    )


def _measure_unit_effects(reports: Reports, measure_code: str, units: Sequence[UnitLine]) -> list[EffectLine]:
    result = reports[0].find_result(measure_code)
    if result is None:
        return []
    matching = [result, *(_matching(report, result) for report in reports[1:])]
    found = [[_find_unit(each, unit.code) for each in matching] for unit in units]
    counts = [[_figure(part).n for part in parts] for parts in found]
    whole = [_figure(part).n for part in matching]
    withheld = [
        _withheld_parts([row[step] - row[step + 1] for row in counts], whole[step] - whole[step + 1])
        for step in (0, 1)
    ]
    return [
        _line(result, unit, parts[0], parts[1], parts[2], (withheld[0][place], withheld[1][place]))
        for place, (unit, parts) in enumerate(zip(units, found, strict=True))
        if parts[0] is not None
    ]


def _withheld_parts(parts: Sequence[int], total: int) -> list[bool]:
    """Which units may not show what they lose: with the measure's total it would tell of few elsewhere."""
    listed = [*parts, total - sum(parts), total]
    counts = np.array(listed, dtype=np.int64)[:, None, None].repeat(2, axis=1)
    hidden: list[bool] = withheld_cells(counts)[: len(parts), 0, 0].tolist()
    return hidden


def _line(
    result: MeasureResult,
    unit: UnitLine | None,
    whole: object,
    sound: object,
    varied: object,
    withheld: tuple[bool, bool],
) -> EffectLine:
    with_all, without, without_straight = _figure(whole), _figure(sound), _figure(varied)
    taken_out, also = with_all.n - without.n, without.n - without_straight.n
    return EffectLine(
        measure_code=result.measure_code,
        sector_code=result.sector_code,
        name=result.name,
        unit=unit,
        all=with_all,
        without=_shown(without, taken_out, withheld[0]),
        taken_out=taken_out,
        without_straight=_shown(without_straight, also, withheld[1]),
        also_taken_out=also,
    )


def _shown(figure: Figure, taken_out: int, is_withheld: bool) -> Figure:
    """Two figures that differ by one to four responses would give these away by subtraction."""
    if is_withheld or 0 < taken_out < MINIMUM_RESPONDENTS:
        return Figure(n=figure.n, reason=SUPPRESSED)
    return figure


def _figure(part: object) -> Figure:
    """The index of a measure or unit; where no response is left, nothing."""
    figures = getattr(part, "figures", None)
    if figures is None:
        return Figure(n=0, reason=NOTHING_LEFT)
    figure: Figure = figures.index.satisfied_share
    return figure


def _matching(report: IndexReport, result: MeasureResult) -> MeasureResult | None:
    """The same line of another report, unless it has come to rest on self-selected responses alone."""
    found = report.find_result(result.measure_code, result.sector_code)
    return found if found and found.selection == result.selection else None


def _find_unit(result: MeasureResult | None, unit_code: str) -> object:
    units = result.units if result else ()
    return next((unit for unit in units if unit.unit_code == unit_code), None)


def _withheld_sectors(more: IndexReport, fewer: IndexReport) -> set[str]:
    """Measures and sectors whose figures without some responses would give away those few of a sector."""
    withheld: set[str] = set()
    for result in more.results:
        if result.sector_code or not result.sectors:
            continue
        remaining = _matching(fewer, result)
        left = {line.sector_code: line.figures.n for line in remaining.sectors} if remaining else {}
        parts = [line.figures.n - left.get(line.sector_code, 0) for line in result.sectors]
        # The second column repeats the first: the rule works on tables, and this is a single sum.
        counts = np.array([*parts, sum(parts)], dtype=np.int64)[:, None, None].repeat(2, axis=1)
        hidden = withheld_cells(counts)[:, 0, 0]
        keys = [f"{result.measure_code}/{line.sector_code}" for line in result.sectors]
        withheld.update(key for key, is_hidden in zip([*keys, result.key], hidden, strict=True) if is_hidden)
    return withheld
