"""Iterative proportional fitting on the observed cells of several margins."""

from __future__ import annotations

from collections.abc import Hashable

import numpy as np
from scipy.sparse import csc_array

from analysis.columns import Codes, Floats
from analysis.errors import CalibrationError

_MAX_ITERATIONS = 5000
_STALLED = 0.999999
_BLOCK = 4096


def rake_cells(
    sums: Floats,
    members: list[Codes],
    totals: list[Floats],
    names: list[str],
    labels: list[list[Hashable]],
    tolerance: float,
) -> Floats:
    """Find the factor of each cell that makes every margin add up to its totals.

    Parameters
    ----------
    sums : ndarray, shape (cells,) or (cells, R)
        Sum of the weights in each cell; with R columns, of each of R sets of weights.
    members : list of ndarray of int, each of shape (cells,)
        Level of each cell in each margin.
    totals : list of ndarray
        Total of each level in each margin.
    names, labels : list
        Names of margins and levels, for errors.
    tolerance : float
        Greatest relative misfit.

    Returns
    -------
    ndarray, the shape of `sums`

    Raises
    ------
    CalibrationError
        ``level_without_weight`` with the margin and the level; ``raking_failed`` with the relative misfit
        besides. Both name the replicate, if there are several sets of weights.

    Notes
    -----
    The misfit of a margin is taken before it is adjusted, from the sums that the pass needs anyway. What
    follows in the same pass changes a margin by at most as much as the other margins missed: hence the
    number of margins in the rule for stopping.

    Examples
    --------
    >>> members = [np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])]
    >>> totals = [np.array([6.0, 4.0]), np.array([5.0, 5.0])]
    >>> rake_cells(np.ones(4), members, totals, ["a", "b"], [[0, 1], [0, 1]], 1e-10).tolist()
    [3.0, 3.0, 2.0, 2.0]
    """
    fitted = sums.astype(np.float64).copy()
    wanteds = [total.reshape((-1,) + (1,) * (fitted.ndim - 1)) for total in totals]
    _require_weight(fitted, members, wanteds, names, labels)
    previous = np.inf
    for iteration in range(_MAX_ITERATIONS):
        misfit = 0.0
        for codes, wanted in zip(members, wanteds, strict=True):
            reached = cell_sums(codes, fitted, len(wanted))
            misfit = max(misfit, float((np.abs(reached - wanted) / wanted).max()))
            fitted *= np.divide(wanted, reached, out=np.zeros_like(reached), where=reached > 0)[codes]
        if misfit * len(members) <= tolerance:
            return np.divide(fitted, sums, out=np.zeros_like(fitted), where=sums != 0)
        if iteration % 50 == 49:
            if misfit > _STALLED * previous:
                break
            previous = misfit
    raise _failure(fitted, members, wanteds, names, labels)


def _require_weight(
    fitted: Floats,
    members: list[Codes],
    wanteds: list[Floats],
    names: list[str],
    labels: list[list[Hashable]],
) -> None:
    for name, codes, wanted, level_labels in zip(names, members, wanteds, labels, strict=True):
        require_weight(cell_sums(codes, fitted, len(wanted)), name, level_labels)


def require_weight(sums: Floats, margin: str, labels: list[Hashable]) -> None:
    """Raise `CalibrationError` for the first level without weight, sums of shape (levels,) or (levels, R)."""
    for level, *replicate in np.argwhere(~(sums > 0)).tolist():
        where = {"replicate": replicate[0] + 1} if replicate else {}
        raise CalibrationError("level_without_weight", margin=margin, level=labels[level], **where)


def cell_sums(codes: Codes, values: Floats, count: int) -> Floats:
    """Add up values, shape (n,) or (n, R), by code; one pass over the rows for all columns.

    Examples
    --------
    >>> cell_sums(np.array([1, 0, 1]), np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]), 2).tolist()
    [[3.0, 4.0], [6.0, 8.0]]
    """
    if values.ndim == 1:
        return np.bincount(codes, weights=values, minlength=count).astype(np.float64, copy=False)
    n = len(codes)
    adder = csc_array((np.ones(n), codes, np.arange(n + 1)), shape=(count, n))
    return np.asarray(adder @ values)


def multiply_by_cell(weights: Floats, factors: Floats, codes: Codes) -> Floats:
    """Give weights, shape (n,) or (n, R), times the factor of their cell; in blocks that fit the cache."""
    if weights.ndim == 1:
        product = factors.take(codes)
        product *= weights
        return np.asarray(product)
    result = np.empty(weights.shape)
    for first in range(0, len(weights), _BLOCK):
        part = slice(first, first + _BLOCK)
        np.multiply(weights[part], factors[codes[part]], out=result[part])
    return result


def _failure(
    fitted: Floats,
    members: list[Codes],
    wanteds: list[Floats],
    names: list[str],
    labels: list[list[Hashable]],
) -> CalibrationError:
    misfits = [
        (np.abs(cell_sums(codes, fitted, len(wanted)) - wanted) / wanted).reshape(len(wanted), -1)
        for codes, wanted in zip(members, wanteds, strict=True)
    ]
    margin = int(np.argmax([values.max() for values in misfits]))
    level, column = np.unravel_index(int(np.argmax(misfits[margin])), misfits[margin].shape)
    where = {"replicate": int(column) + 1} if fitted.ndim > 1 else {}
    return CalibrationError(
        "raking_failed",
        margin=names[margin],
        level=labels[margin][int(level)],
        relative_misfit=float(misfits[margin][level, column]),
        **where,
    )
