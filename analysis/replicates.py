"""Designs whose variance comes from replicate weights."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analysis.columns import Flags, Floats
from analysis.design import check_weights
from analysis.errors import DesignError, WeightError

_RANK_TOLERANCE = 1e-5


@dataclass(frozen=True, eq=False)
class ReplicateDesign:
    """A sample with replicate weights.

    Build it with `from_columns`, or from a `SurveyDesign` with the functions of this module.

    Attributes
    ----------
    weights : ndarray, shape (n,)
        Final weight of each row.
    replicate_weights : ndarray, shape (n, R)
        Analysis weights of each replicate, the sampling weight included.
    scale : float
        Factor of the sum over replicates.
    replicate_scales : ndarray, shape (R,)
        Factor of each replicate.
    mse : bool
        Deviations from the full-sample estimate, instead of the mean over the replicates.

    Notes
    -----
    V = scale · Σ_r rscale_r (θ_r − θ̄)(θ_r − θ̄)ᵀ (Wolter 2007, Introduction to Variance Estimation; R survey,
    `svrVar`).
    """

    weights: Floats
    replicate_weights: Floats
    scale: float
    replicate_scales: Floats
    mse: bool = False

    @classmethod
    def from_columns(
        cls,
        weights: npt.ArrayLike,
        replicate_weights: npt.ArrayLike,
        *,
        scale: float,
        replicate_scales: npt.ArrayLike | None = None,
        combined: bool = True,
        mse: bool = False,
    ) -> ReplicateDesign:
        """Build a design from given replicate weights.

        Parameters
        ----------
        weights : array_like, shape (n,)
        replicate_weights : array_like, shape (n, R)
            Finite and not negative.
        scale : float
        replicate_scales : array_like, shape (R,), optional
            1 for each replicate if not given.
        combined : bool
            True if the replicate weights include the sampling weight already.
        mse : bool

        Raises
        ------
        WeightError
            A faulty weight, with its row (and replicate).
        DesignError
            Numbers of rows or replicates that do not agree.

        Examples
        --------
        >>> design = ReplicateDesign.from_columns([1.0, 1.0], [[0.0, 2.0], [2.0, 0.0]], scale=0.5)
        >>> design.degrees_of_freedom
        1
        """
        checked = check_weights(weights)
        matrix = np.asarray(replicate_weights, dtype=np.float64)
        if matrix.ndim != 2 or len(matrix) != len(checked):
            raise DesignError("replicates_do_not_match", rows=len(checked), shape=list(matrix.shape))
        faulty = np.argwhere(~np.isfinite(matrix) | (matrix < 0))
        if len(faulty):
            row, replicate = (int(position) + 1 for position in faulty[0])
            raise WeightError("replicate_weight_not_valid", row=row, replicate=replicate)
        if replicate_scales is None:
            scales = np.ones(matrix.shape[1])
        else:
            scales = np.asarray(replicate_scales, dtype=np.float64)
        if scales.shape != (matrix.shape[1],):
            raise DesignError(
                "replicate_scales_do_not_match", replicates=matrix.shape[1], scales=int(scales.size)
            )
        combined_matrix = matrix if combined else matrix * checked[:, None]
        return cls(checked, combined_matrix, float(scale), scales, mse)

    @property
    def n(self) -> int:
        """Number of rows."""
        return len(self.weights)

    @property
    def n_replicates(self) -> int:
        """Number of replicates."""
        return int(self.replicate_weights.shape[1])

    @property
    def degrees_of_freedom(self) -> int:
        """Rank of the replicate weights minus 1."""
        return self.degrees_of_freedom_of(np.ones(self.n, dtype=np.bool_))

    def degrees_of_freedom_of(self, rows: Flags) -> int:
        """Rank of the replicate weights of these rows minus 1; shape (n,) boolean."""
        if not rows.any():
            return 0
        return _rank(self.replicate_weights if rows.all() else self.replicate_weights[rows]) - 1

    def psu_count_of(self, rows: Flags) -> int | None:
        """Unknown in a replicate design."""
        del rows
        return None

    def estimates(self, numerator: Floats, denominator: Floats) -> Floats:
        """Give the ratio Σ w a / Σ w b with each replicate weight; columns of shape (n,), result of shape
        (R,)."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(
                (self.replicate_weights.T @ numerator) / (self.replicate_weights.T @ denominator)
            )

    def with_weights(self, weights: Floats, replicate_weights: Floats) -> ReplicateDesign:
        """Give the same design with other weights."""
        return ReplicateDesign(weights, replicate_weights, self.scale, self.replicate_scales, self.mse)


def replicate_covariance(design: ReplicateDesign, replicates: Floats, full: Floats) -> Floats:
    """Give the covariance of estimates from their replicates.

    Parameters
    ----------
    design : ReplicateDesign
    replicates : ndarray, shape (R, k)
        Estimates with each replicate weight; a replicate with NaN is left out.
    full : ndarray, shape (k,)
        Estimates with the full-sample weights.

    Returns
    -------
    ndarray, shape (k, k)
    """
    defined = ~np.isnan(replicates).any(axis=1)
    estimates, scales = replicates[defined], design.replicate_scales[defined]
    if not len(estimates):
        return np.full((len(full), len(full)), np.nan)
    centre = full if design.mse else estimates[scales > 0].mean(axis=0)
    deviations = (estimates - centre) * np.sqrt(scales)[:, None]
    return np.asarray(design.scale * (deviations.T @ deviations))


def default_scale(kind: str, replicates: int, fay: float | None = None) -> float | None:
    """Give the scale that follows from the kind of replicate weights, as R's `svrepdesign` takes it.

    Parameters
    ----------
    kind : str
        ``BRR``, ``Fay``, ``JK1``, ``JKn``, ``JK2``, ``bootstrap``, ``ACS``, ``successive-difference``.
    replicates : int
        R, their number.
    fay : float, optional
        ρ of Fay's method, 0 ≤ ρ < 1.

    Returns
    -------
    float or None
        None where the kind does not say it.

    Notes
    -----
    BRR 1/R; Fay 1/(R (1 − ρ)²); JK1 (R − 1)/R; JKn and JK2 1 (each replicate of JKn has a scale of its own);
    bootstrap 1/(R − 1); ACS and successive differences 4/R.

    Examples
    --------
    >>> default_scale("BRR", 8), default_scale("Fay", 8, 0.5), default_scale("other", 8)
    (0.125, 0.5, None)
    """
    if kind == "Fay":
        return 1 / (replicates * (1 - fay) ** 2) if fay is not None and 0 <= fay < 1 else None
    scales = {
        "BRR": 1 / replicates,
        "JK1": (replicates - 1) / replicates,
        "JKn": 1.0,
        "JK2": 1.0,
        "ACS": 4 / replicates,
        "successive-difference": 4 / replicates,
    }
    if kind == "bootstrap" and replicates > 1:
        return 1 / (replicates - 1)
    return scales.get(kind)


def _rank(matrix: Floats) -> int:
    """Count linearly independent replicates, column by column.

    A column depends on those before it where what they leave of it is shorter than 1e-5 of its own length:
    ``qr(x, tol = 1e-5)$rank`` in R, LINPACK's decomposition with limited pivoting, here from the products of
    the normed columns.
    """
    products = matrix.T @ matrix
    norms = np.sqrt(np.diagonal(products))
    kept = norms > 0
    left = products[np.ix_(kept, kept)] / np.outer(norms[kept], norms[kept])
    rank = 0
    for column in range(len(left)):
        rest = left[column, column]
        if not rest >= _RANK_TOLERANCE**2 or rank == len(matrix):
            continue
        rank += 1
        later = left[column, column + 1 :]
        left[column + 1 :, column + 1 :] -= np.outer(later, later / rest)
    return rank
