"""What calibration explains: the residuals that carry the variance of calibrated weights."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from analysis.columns import Codes, Floats
from analysis.stages import group_sums

_RANK_TOLERANCE = 1e-10


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
