"""What calibration explains: the residuals that carry the variance of calibrated weights."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from analysis.columns import Codes, Floats
from analysis.stages import group_sums

_RANK_TOLERANCE = 1e-10
_RAKING_PASSES = 10
"""As many as R survey takes in `svyrecvar`."""


@dataclass(frozen=True, eq=False)
class RegressionStep:
    """A calibration of weights to totals of auxiliary variables.

    Attributes
    ----------
    codes : ndarray of int, shape (n,)
        Cell of each row; all rows of a cell have the same auxiliary values.
    auxiliaries : ndarray, shape (cells, q)
        Auxiliary values of each cell.
    before, after : ndarray, shape (n,)
        Weights before and after the step.

    Notes
    -----
    With u = z / w_after, the variance is that of w_after e, where e is the residual of u from its
    regression on the auxiliaries weighted by w_before (Deville & Särndal 1992; R survey, `svyrecvar`). The
    regression needs only totals by cell.
    """

    codes: Codes
    auxiliaries: Floats
    before: Floats
    after: Floats

    def residuals(self, influence: Floats) -> Floats:
        """Give the influence values of shape (n, k) without the part that the auxiliaries explain."""
        safe = np.where(self.after != 0, self.after, 1.0)
        scaled = np.where(self.after[:, None] != 0, influence / safe[:, None], 0.0)
        cells = group_sums(scaled * self.before[:, None], self.codes, len(self.auxiliaries))
        roots = self._roots[:, None]
        standardised = np.divide(cells, roots, out=np.zeros_like(cells), where=roots > 0)
        fitted = self._basis @ (self._basis.T @ standardised)
        fitted = np.divide(fitted, roots, out=np.zeros_like(fitted), where=roots > 0)
        return np.asarray(influence - fitted[self.codes] * self.after[:, None])

    @cached_property
    def _roots(self) -> Floats:
        totals = np.bincount(self.codes, weights=self.before, minlength=len(self.auxiliaries))
        return np.sqrt(np.maximum(totals, 0.0))

    @cached_property
    def _basis(self) -> Floats:
        """Orthonormal basis of the weighted auxiliaries, shape (cells, rank)."""
        scales = np.abs(self.auxiliaries).max(axis=0)
        columns = self.auxiliaries / np.where(scales > 0, scales, 1.0) * self._roots[:, None]
        left, values, _ = np.linalg.svd(columns, full_matrices=False)
        keep = values > _RANK_TOLERANCE * values.max(initial=0.0)
        return np.asarray(left[:, keep])


@dataclass(frozen=True, eq=False)
class RakingStep:
    """A raking of weights to the totals of several margins.

    Attributes
    ----------
    keys : ndarray of int, shape (n,)
        Cell of each row, below `count`.
    count : int
    cells : ndarray of int, shape (observed,)
        Cells that occur.
    members : tuple of ndarray of int, each of shape (observed,)
        Level of each observed cell, a margin each.
    after : ndarray, shape (n,)
        Raked weights.

    Notes
    -----
    With u = z / w, ten times over and for each margin in turn, the unweighted mean of u in each level is
    taken away; the variance is that of w u (R survey, `rake` and `svyrecvar`). All rows of a cell lose the
    same, so the passes need only sums and counts by cell. With equal weights and two margins this is the
    regression of `RegressionStep`, for which the passes converge; otherwise it is not.

    Examples
    --------
    >>> members = (np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1]))
    >>> step = RakingStep(np.arange(4), 4, np.arange(4), members, np.ones(4))
    >>> step.residuals(np.array([[1.0], [2.0], [3.0], [8.0]])).round(6).ravel().tolist()
    [1.0, -1.0, -1.0, 1.0]
    """

    keys: Codes
    count: int
    cells: Codes
    members: tuple[Codes, ...]
    after: Floats

    def residuals(self, influence: Floats) -> Floats:
        """Give the influence values of shape (n, k) without what the margins explain in ten passes."""
        weighted = self.after != 0
        scaled = np.divide(
            influence,
            self.after[:, None],
            out=np.zeros(influence.shape),
            where=np.broadcast_to(weighted[:, None], influence.shape),
        )
        sums = group_sums(scaled, self.keys, self.count)[self.cells]
        sizes = group_sums(weighted[:, None].astype(np.float64), self.keys, self.count)[self.cells]
        levels = [int(codes.max()) + 1 for codes in self.members]
        sizes_of_levels = [
            np.maximum(group_sums(sizes, codes, count), 1.0)
            for codes, count in zip(self.members, levels, strict=True)
        ]
        taken = np.zeros_like(sums)
        for _ in range(_RAKING_PASSES):
            for codes, count, level_sizes in zip(self.members, levels, sizes_of_levels, strict=True):
                means = group_sums(sums - sizes * taken, codes, count) / level_sizes
                taken += means[codes]
        by_cell = np.zeros((self.count, influence.shape[1]))
        by_cell[self.cells] = taken
        return np.asarray(influence - by_cell[self.keys] * self.after[:, None])
