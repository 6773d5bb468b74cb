"""Which figures are withheld: those of few respondents, and those that would give them away."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

MINIMUM_RESPONDENTS = 5
"""A cell with fewer respondents is not published: an answer could be traced to a person."""

Counts = NDArray[np.int64]
Mask = NDArray[np.bool_]
Cell = tuple[int, int]
_NEVER = np.iinfo(np.int64).max
# A total is withheld only where no part is left to withhold.
_OF_A_TOTAL = 1e9


def withheld_cells(counts: Counts, figure_sums: Sequence[Sequence[int]] = ()) -> Mask:
    """Choose the cells to withhold of tables whose margins are published too.

    `counts` has the shape (units + 1, sectors + 1, figures): respondents of each figure by unit and sector.
    The last row is the whole of all units, the last column the whole of all sectors. Of each sum, its total
    included, nothing is withheld or at least two cells, and where the total is shown these hold at least five
    respondents, so that no subtraction leads back to a small cell; nor do several sums together, of units and
    sectors, determine a withheld cell. `figure_sums` names figures that add up, such as the items of an
    element and, last, the element.
    """
    withheld = (counts > 0) & (counts < MINIMUM_RESPONDENTS)
    changed = True
    while changed:
        over_units = _close_sums(counts, withheld)
        over_sectors = _close_sums(counts.swapaxes(0, 1), withheld.swapaxes(0, 1))
        over_figures = [_close_figures(counts, withheld, list(figures)) for figures in figure_sums]
        over_tables = [_close_tables(counts[:, :, each], withheld[:, :, each]) for each in _hidden(withheld)]
        changed = over_units or over_sectors or any(over_figures) or any(over_tables)
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


def _hidden(withheld: Mask) -> list[int]:
    """The figures of which something is withheld."""
    return np.flatnonzero(withheld.any(axis=(0, 1))).tolist()


def _close_tables(counts: Counts, withheld: Mask) -> bool:
    """Withhold further cells of one figure until no sums together determine a withheld one.

    Units and sectors are the nodes of a graph, withheld cells its edges, a published sum says what the edges
    of a node add up to. Such a system leaves an edge free exactly where it lies on a cycle, so that a bridge
    of the graph is a cell that can be computed (Gusfield 1988). It is put on the cheapest cycle of four.
    """
    if min(counts.shape) < 2:
        return False
    has_changed = False
    while bridges := [cell for cell in _find_bridges(withheld) if counts[cell] > 0]:
        partners = next(filter(None, (_cheapest_cycle(counts, withheld, cell) for cell in bridges)), None)
        if partners is None:
            break
        for cell in partners:
            withheld[cell] = True
        has_changed = True
    return has_changed


def _cheapest_cycle(counts: Counts, withheld: Mask, cell: Cell) -> list[Cell] | None:
    """The three other corners of the rectangle that withholds the fewest respondents more."""
    price = np.where(withheld, 0.0, np.where(counts > 0, counts, np.inf))
    price[-1] += np.where(withheld[-1], 0.0, _OF_A_TOTAL)
    price[:, -1] += np.where(withheld[:, -1], 0.0, _OF_A_TOTAL)
    row, column = cell
    together = price + price[row] + price[:, [column]]
    together[row] = together[:, column] = np.inf
    other_row, other_column = np.unravel_index(together.argmin(), together.shape)
    if not np.isfinite(together[other_row, other_column]):
        return None
    return [(row, int(other_column)), (int(other_row), column), (int(other_row), int(other_column))]


def _find_bridges(withheld: Mask) -> list[Cell]:
    """The cells without which the graph would fall apart (Tarjan 1974), without recursion."""
    rows = withheld.shape[0]
    neighbours: dict[int, list[int]] = {}
    for row, column in np.argwhere(withheld).tolist():
        neighbours.setdefault(row, []).append(rows + column)
        neighbours.setdefault(rows + column, []).append(row)
    order: dict[int, int] = {}
    lowest: dict[int, int] = {}
    bridges = []
    for root in neighbours:
        if root in order:
            continue
        order[root] = lowest[root] = len(order)
        path = [(root, -1, iter(neighbours[root]))]
        while path:
            node, parent, rest = path[-1]
            following = next((each for each in rest if each != parent), None)
            if following is None:
                path.pop()
                if path:
                    lowest[parent] = min(lowest[parent], lowest[node])
                    if lowest[node] > order[parent]:
                        bridges.append((min(node, parent), max(node, parent) - rows))
            elif following in order:
                lowest[node] = min(lowest[node], order[following])
            else:
                order[following] = lowest[following] = len(order)
                path.append((following, node, iter(neighbours[following])))
    return bridges
