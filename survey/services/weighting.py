"""From stored responses to a weighted sample: which responses count, with which weight, in which design."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from survey.models import FrameCell
from survey.store.survey_data import ResponseColumns

Strings = NDArray[np.str_]
Mask = NDArray[np.bool_]

# What was drawn first: the frame says so; without one units are, or the respondents of a single unit.
FIRST_STAGES = FROM_FRAME, UNITS, RESPONDENTS = "frame", "units", "respondents"
_NO_STRATA = "all"


@dataclass(frozen=True)
class WeightedSample:
    """The responses of one questionnaire version with their place in the design.

    Rows with `is_used` false are in no index: self-selected ones where some were invited, and those whose
    unit and sector the frame does not count.
    """

    columns: ResponseColumns
    is_used: Mask
    is_without_count: Mask
    final_weight: NDArray[np.float64]
    stratum: Strings
    psu: Strings
    is_weighted: bool
    selection: str
    first_stage: str


def select_mode(columns: Iterable[ResponseColumns]) -> str:
    """`invited` where a measure has any invited response, else `self_selected`: the two are never mixed."""
    return "invited" if any((each.selection == "invited").any() for each in columns) else "self_selected"


def choose_frames(
    columns: Mapping[str, ResponseColumns], frames: Mapping[str, list[FrameCell]], selection: str
) -> dict[str, list[FrameCell]]:
    """The frame of each questionnaire of a measure; none at all where one that was answered has no frame.

    A weight N/n beside a weight 1 would drown the questionnaire without counts.
    """
    answered = [form_id for form_id, each in columns.items() if (each.selection == selection).any()]
    is_complete = all(frames.get(form_id) for form_id in answered)
    return {form_id: list(frames.get(form_id, [])) if is_complete else [] for form_id in columns}


def weigh(
    form_id: str, columns: ResponseColumns, cells: list[FrameCell], selection: str, *, unit_count: int
) -> WeightedSample:
    """Give each used response the weight N_h / n_h of its unit and sector; 1 where there are no counts.

    `unit_count` says at how many units the round asks the measure. Without a frame these count as drawn from
    many, so that they are the first stage; a single one was chosen as such, and its respondents are.
    """
    chosen = columns.selection == selection
    cell_of_row = _match(columns, cells)
    is_weighted = bool(cells)
    without_count = chosen & (cell_of_row < 0) if is_weighted else np.zeros(len(columns), dtype=bool)
    used = chosen & ~without_count
    populations = np.array([cell.population for cell in cells], dtype=np.float64)
    counts = np.bincount(cell_of_row[used], minlength=len(cells)) if is_weighted else np.zeros(0)
    weight = np.ones(len(columns))
    if is_weighted:
        weight[used] = populations[cell_of_row[used]] / counts[cell_of_row[used]]
    if is_weighted:
        stratum = _framed(columns, cells, cell_of_row, "stratum", _units_of(columns))
        psu = _framed(columns, cells, cell_of_row, "psu", _respondents_of(form_id, columns))
    else:
        stratum = np.full(len(columns), _NO_STRATA)
        psu = _units_of(columns) if unit_count > 1 else _respondents_of(form_id, columns)
    return WeightedSample(
        columns=columns,
        is_used=used,
        is_without_count=without_count,
        final_weight=weight,
        stratum=stratum,
        psu=psu,
        is_weighted=is_weighted,
        selection=selection,
        first_stage=FROM_FRAME if is_weighted else UNITS if unit_count > 1 else RESPONDENTS,
    )


def _match(columns: ResponseColumns, cells: list[FrameCell]) -> NDArray[np.int64]:
    """The frame cell of each response, -1 where the frame has none."""
    index = {(cell.unit_id, cell.sector_code): position for position, cell in enumerate(cells)}
    pairs = zip(columns.unit_id.tolist(), columns.sector_code.tolist(), strict=True)
    return np.array([index.get(pair, -1) for pair in pairs], dtype=np.int64)


def _framed(
    columns: ResponseColumns, cells: list[FrameCell], cell_of_row: NDArray[np.int64], name: str, own: Strings
) -> Strings:
    """What the frame says, so that one frame holds for all; else what was fixed when the response came."""
    stored: Strings = getattr(columns, name)
    framed = np.array([getattr(cell, name) or "" for cell in cells] + [""], dtype=np.str_)[cell_of_row]
    named = np.where(cell_of_row >= 0, framed, stored)
    return np.where(named != "", named, own)


def _units_of(columns: ResponseColumns) -> Strings:
    return _named("unit", columns.unit_id)


def _respondents_of(form_id: str, columns: ResponseColumns) -> Strings:
    """A name for each row."""
    return _named(form_id, np.arange(len(columns)))


def _named(kind: str, numbers: NDArray[np.int64]) -> Strings:
    """No wider than the largest number: NumPy's own width takes four times the memory."""
    digits = len(str(int(numbers.max(initial=0))))
    return np.char.add(f"{kind} ", numbers.astype(f"U{digits}"))
