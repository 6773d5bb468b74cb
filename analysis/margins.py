"""Known population totals, checked against the sample; rows collapsed to the cells of several margins."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from analysis.columns import Codes, Floats, combine_codes, factorize, require_length
from analysis.errors import CalibrationError

_MOST_POSSIBLE_CELLS = 16_384
"""Up to here the possible cells need not be renumbered: the regression of the variance has a row for each."""


@dataclass(frozen=True, eq=False)
class Margin:
    """Known population totals of the levels of one variable, or of combinations of several.

    Attributes
    ----------
    name : str
        For errors, such as ``"sex × age"``.
    columns : tuple of array_like, each of shape (n,)
    totals : mapping
        Level, or tuple of levels where there are several columns, to its total.
    """

    name: str
    columns: tuple[npt.ArrayLike, ...]
    totals: Mapping[Any, float]


@dataclass(frozen=True, eq=False)
class Levels:
    """A margin as codes, with the total of each observed level.

    `codes` is empty where `collapse_rows` did not need the code of each row.
    """

    name: str
    codes: Codes
    labels: list[Hashable]
    totals: Floats


@dataclass(frozen=True, eq=False)
class CollapsedRows:
    """Rows as cells of several margins.

    Attributes
    ----------
    levels : list of Levels
    keys : ndarray of int, shape (n,)
        Number of the cell of each row, below `count`.
    count : int
    cells : ndarray of int, shape (observed,)
        Numbers that occur.
    members : list of ndarray of int, each of shape (observed,)
        Level of each observed cell, a margin each.
    """

    levels: list[Levels]
    keys: Codes
    count: int
    cells: Codes
    members: list[Codes]


def collapse_rows(margins: Sequence[Margin], n: int) -> CollapsedRows:
    """Number the cells of several margins.

    Integer codes of small range are never numbered margin by margin: the key of a cell is computed from them
    in place, and the levels that occur are read off the few cells.

    Examples
    --------
    >>> sex, age = Margin("sex", ([5, 7, 7],), {5: 1, 7: 2}), Margin("age", ([1, 1, 2],), {1: 2, 2: 1})
    >>> rows = collapse_rows([sex, age], 3)
    >>> rows.keys.tolist(), [member.tolist() for member in rows.members]
    ([0, 4, 5], [[0, 1, 1], [0, 0, 1]])
    """
    columns = [np.asarray(margin.columns[0]) if len(margin.columns) == 1 else None for margin in margins]
    ready = [column for column in columns if column is not None and _is_small_integer(column)]
    if len(ready) == len(margins):
        for column, margin in zip(ready, margins, strict=True):
            require_length(column, n, margin.name)
        lows = [int(column.min()) for column in ready]
        widths = [int(column.max()) - low + 1 for column, low in zip(ready, lows, strict=True)]
        if math.prod(widths) <= _MOST_POSSIBLE_CELLS:
            return _collapse_integers(margins, ready, lows, widths)
    levels = [margin_levels(margin, n) for margin in margins]
    counts = [len(level.totals) for level in levels]
    if math.prod(counts) <= _MOST_POSSIBLE_CELLS:
        keys = _cell_keys([level.codes for level in levels], [0] * len(levels), counts)
        cells = np.flatnonzero(np.bincount(keys, minlength=math.prod(counts)))
        return CollapsedRows(levels, keys, math.prod(counts), cells, list(np.unravel_index(cells, counts)))
    return _collapse_pairwise(levels)


def _is_small_integer(column: npt.NDArray[Any]) -> bool:
    return column.dtype.kind in "iu" and np.can_cast(column.dtype, np.intp) and column.size > 0


def _collapse_integers(
    margins: Sequence[Margin], columns: list[npt.NDArray[Any]], lows: list[int], widths: list[int]
) -> CollapsedRows:
    keys, count = _cell_keys(columns, lows, widths), math.prod(widths)
    cells = np.flatnonzero(np.bincount(keys, minlength=count))
    levels, members = [], []
    nothing = np.empty(0, dtype=np.intp)
    for margin, places, low in zip(margins, np.unravel_index(cells, widths), lows, strict=True):
        present, codes = np.unique(places, return_inverse=True)
        labels = (present + low).tolist()
        levels.append(Levels(margin.name, nothing, labels, _totals(margin, labels)))
        members.append(codes)
    return CollapsedRows(levels, keys, count, cells, members)


def _cell_keys(columns: Sequence[npt.NDArray[Any]], lows: list[int], widths: list[int]) -> Codes:
    """Give the row-major number of the cell of each row; one array, changed in place."""
    keys = columns[0].astype(np.intp)
    if lows[0]:
        keys -= lows[0]
    for column, low, width in zip(columns[1:], lows[1:], widths[1:], strict=True):
        keys *= width
        keys += column
        if low:
            keys -= low
    return keys


def _collapse_pairwise(levels: list[Levels]) -> CollapsedRows:
    """Number only the combinations that occur, where the possible ones are too many to list."""
    keys = levels[0].codes
    members = [np.arange(len(levels[0].totals), dtype=np.intp)]
    for level in levels[1:]:
        keys, firsts, seconds = combine_codes(keys, level.codes, len(level.totals))
        members = [*(member[firsts] for member in members), seconds]
    count = len(members[0])
    return CollapsedRows(levels, keys, count, np.arange(count, dtype=np.intp), members)


def margin_levels(margin: Margin, n: int) -> Levels:
    """Number the levels of a margin that occur, and look up their totals."""
    if not margin.columns:
        raise CalibrationError("margin_without_columns", margin=margin.name)
    codes, first = factorize(margin.columns[0], margin.name)
    require_length(codes, n, margin.name)
    labels: list[Any] = list(first) if len(margin.columns) == 1 else [(label,) for label in first]
    for column in margin.columns[1:]:
        more, names = factorize(column, margin.name)
        require_length(more, n, margin.name)
        codes, firsts, seconds = combine_codes(codes, more, len(names))
        labels = [(*labels[a], names[b]) for a, b in zip(firsts, seconds, strict=True)]
    return Levels(margin.name, codes, labels, _totals(margin, labels))


def _totals(margin: Margin, labels: list[Any]) -> Floats:
    totals, observed = dict(margin.totals), set(labels)
    for label, total in totals.items():
        if not np.isfinite(total) or total < 0:
            raise CalibrationError("total_not_valid", margin=margin.name, level=label, total=total)
        if total > 0 and label not in observed:
            raise CalibrationError("level_not_in_sample", margin=margin.name, level=label)
    for label in labels:
        if label not in totals:
            raise CalibrationError("level_without_total", margin=margin.name, level=label)
        if totals[label] == 0:
            raise CalibrationError("level_with_total_zero", margin=margin.name, level=label)
    return np.array([totals[label] for label in labels], dtype=np.float64)
