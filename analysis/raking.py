"""Iterative proportional fitting on the observed cells of several margins."""

from __future__ import annotations

from collections.abc import Hashable

import numpy as np

from analysis.columns import Codes, Floats
from analysis.errors import CalibrationError

_MAX_ITERATIONS = 5000
_STALLED = 0.999999


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
    sums : ndarray, shape (cells,)
        Sum of the weights in each cell.
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
    ndarray, shape (cells,)

    Raises
    ------
    CalibrationError
        ``raking_failed`` with the margin, the level and the relative misfit.

    Examples
    --------
    >>> members = [np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])]
    >>> totals = [np.array([6.0, 4.0]), np.array([5.0, 5.0])]
    >>> rake_cells(np.ones(4), members, totals, ["a", "b"], [[0, 1], [0, 1]], 1e-10).tolist()
    [3.0, 3.0, 2.0, 2.0]
    """
    fitted = sums.astype(np.float64).copy()
    previous = np.inf
    for iteration in range(_MAX_ITERATIONS):
        for codes, wanted in zip(members, totals, strict=True):
            reached = np.bincount(codes, weights=fitted, minlength=len(wanted))
            fitted *= np.divide(wanted, reached, out=np.zeros_like(wanted), where=reached > 0)[codes]
        misfit = max(
            _misfits(fitted, codes, wanted).max() for codes, wanted in zip(members, totals, strict=True)
        )
        if misfit <= tolerance:
            return np.divide(fitted, sums, out=np.zeros_like(fitted), where=sums != 0)
        if iteration % 50 == 49:
            if misfit > _STALLED * previous:
                break
            previous = misfit
    raise _failure(fitted, members, totals, names, labels)


def _misfits(fitted: Floats, codes: Codes, wanted: Floats) -> Floats:
    reached = np.bincount(codes, weights=fitted, minlength=len(wanted))
    return np.asarray(np.abs(reached - wanted) / np.where(wanted > 0, wanted, 1.0))


def _failure(
    fitted: Floats, members: list[Codes], totals: list[Floats], names: list[str], labels: list[list[Hashable]]
) -> CalibrationError:
    misfits = [_misfits(fitted, codes, wanted) for codes, wanted in zip(members, totals, strict=True)]
    margin = int(np.argmax([values.max() for values in misfits]))
    level = int(np.argmax(misfits[margin]))
    return CalibrationError(
        "raking_failed",
        margin=names[margin],
        level=labels[margin][level],
        relative_misfit=float(misfits[margin][level]),
    )
