"""Which figures are withheld: those of few respondents, and those that would give them away."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

MINIMUM_RESPONDENTS = 5
"""A cell with fewer respondents is not published: an answer could be traced to a person."""

Counts = NDArray[np.int64]
Mask = NDArray[np.bool_]
_NEVER = np.iinfo(np.int64).max


def withheld_cells(counts: Counts, figure_sums: Sequence[Sequence[int]] = ()) -> Mask:
    """Choose the cells to withhold of tables whose margins are published too.

    `counts` has the shape (units + 1, sectors + 1, figures): respondents of each figure by unit and sector.
    The last row is the whole of all units, the last column the whole of all sectors. Of each sum, its total
    included, nothing is withheld or at least two cells, and where the total is shown these hold at least five
    respondents, so that no subtraction leads back to a small cell. `figure_sums` names figures that add up,
    such as the items of an element and, last, the element.
    """
    withheld = (counts > 0) & (counts < MINIMUM_RESPONDENTS)
    changed = True
    while changed:
        over_units = _close_sums(counts, withheld)
        over_sectors = _close_sums(counts.swapaxes(0, 1), withheld.swapaxes(0, 1))
        over_figures = [_close_figures(counts, withheld, list(figures)) for figures in figure_sums]
        changed = over_units or over_sectors or any(over_figures)
    return withheld


def _close_figures(counts: Counts, withheld: Mask, figures: list[int]) -> bool:
    """Close the sums over these figures, the last of which is their total, in every unit and sector."""
    by_figure = withheld.transpose(2, 0, 1)
    part = by_figure[figures]
    changed = _close_sums(counts.transpose(2, 0, 1)[figures], part)
    by_figure[figures] = part
    return changed


def _close_sums(counts: Counts, withheld: Mask) -> bool:
    """Withhold the smallest further part of every open sum over the first axis; say whether there was one.

    The last entry of the axis is the total of the others.
    """
    parts, hidden_parts, total_hidden = counts[:-1], withheld[:-1], withheld[-1]
    hidden_count = withheld.sum(axis=0)
    hidden_sum = np.where(hidden_parts, parts, 0).sum(axis=0)
    is_open = (hidden_count == 1) | ((hidden_count > 0) & ~total_hidden & (hidden_sum < MINIMUM_RESPONDENTS))
    candidates = np.where(hidden_parts | (parts == 0), _NEVER, parts)
    smallest = candidates.argmin(axis=0)
    can_close = np.take_along_axis(candidates, smallest[None], axis=0)[0] < _NEVER
    sums = np.nonzero(is_open & can_close)
    hidden_parts[(smallest[sums], *sums)] = True
    return bool(sums[0].size)
