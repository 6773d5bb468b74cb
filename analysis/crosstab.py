"""Tests of association in a cross-table: Pearson's statistic with the Rao–Scott correction."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import special

from analysis.columns import Codes, Flags, Floats
from analysis.design import SurveyDesign
from analysis.errors import DataError, MethodError
from analysis.variance import Design, ratio_covariance, rows_of_reference


@dataclass(frozen=True, slots=True)
class AssociationTest:
    """A corrected chi-square test.

    Attributes
    ----------
    statistic : float
        F for the second-order correction, Pearson's X² for the first-order one.
    numerator_df : float
    denominator_df : float or None
        None for the first-order correction.
    p_value : float
        Where the table has no variance, F and its p are NaN; so they are where the domain of a calibrated
        design lacks a level of the sample.
    """

    statistic: float
    numerator_df: float
    denominator_df: float | None
    p_value: float


def association_test(
    design: Design, rows: Codes, columns: Codes, domain: Flags, *, statistic: str = "F"
) -> AssociationTest:
    """Test whether two classifications are independent.

    Parameters
    ----------
    design : SurveyDesign or ReplicateDesign
    rows, columns : ndarray of int, shape (n,)
        Codes; −1 is missing.
    domain : ndarray of bool, shape (n,)
    statistic : {"F", "Chisq"}
        Second- or first-order Rao–Scott correction.

    Returns
    -------
    AssociationTest

    Raises
    ------
    DataError
        ``table_without_two_levels``.

    Notes
    -----
    With P the weighted cell shares, V their covariance, C a basis of the interactions and D = diag(P):
    Δ = (Cᵀ D⁻¹ C/n)⁻¹ (Cᵀ D⁻¹ V D⁻¹ C). First order: X²/mean eigenvalue on its df. Second order: X²/tr Δ on
    d = (tr Δ)²/tr Δ² and d ν degrees of freedom (Rao & Scott 1984; Thomas & Rao 1987; R survey, `svychisq`).
    In a domain of a calibrated design n, ν and the levels are those of the whole sample, as in R, which keeps
    all its rows.

    Examples
    --------
    >>> from analysis import SurveyDesign
    >>> a = np.array([0, 0, 1, 1] * 10)
    >>> b = np.array([0, 1, 0, 1] * 10)
    >>> test = association_test(SurveyDesign.from_columns(np.ones(40)), a, b, np.ones(40, dtype=bool))
    >>> abs(test.statistic) < 1e-12, round(test.p_value, 3)
    (True, 1.0)
    """
    if statistic not in ("F", "Chisq"):
        raise MethodError("unknown_option", option="statistic", value=statistic, known=["F", "Chisq"])
    valid = domain & (design.weights != 0) & (rows >= 0) & (columns >= 0)
    kept = rows_of_reference(design, valid)
    row_levels, column_levels = (np.unique(codes[kept & (codes >= 0)]) for codes in (rows, columns))
    row_codes, column_codes = (
        np.searchsorted(levels, codes[valid])
        for levels, codes in ((row_levels, rows), (column_levels, columns))
    )
    shape = (len(row_levels), len(column_levels))
    if min(shape) < 2:
        raise DataError("table_without_two_levels", rows=shape[0], columns=shape[1])
    cells = np.zeros((design.n, shape[0] * shape[1]))
    cells[np.flatnonzero(valid), row_codes * shape[1] + column_codes] = 1.0
    shares, variances = ratio_covariance(
        design, cells, np.broadcast_to(valid[:, None], cells.shape) * 1.0, valid
    )
    n = _reference_size(design, domain)
    effects = _design_effects(shares, variances, shape, n)
    pearson = n * _pearson(shares.reshape(shape))
    trace = float(np.trace(effects))
    if statistic == "Chisq":
        df = effects.shape[0]
        p_value = float(special.chdtrc(df, pearson / (trace / df))) if trace > 0 else 0.0
        if math.isnan(pearson):
            p_value = math.nan
        return AssociationTest(float(pearson), float(df), None, p_value)
    if not trace > 0:
        return AssociationTest(math.nan, math.nan, math.nan, math.nan)
    d = trace**2 / float(np.trace(effects @ effects))
    nu = _reference_df(design, domain)
    value = pearson / trace
    return AssociationTest(float(value), d, d * nu, float(special.fdtrc(d, d * nu, value)))


def _reference_size(design: Design, domain: Flags) -> int:
    """Count the rows of the domain, those with a missing classification included, as R does."""
    return int(np.count_nonzero(rows_of_reference(design, domain)))


def _reference_df(design: Design, domain: Flags) -> int:
    """Give ν: of the domain, or of the whole sample where it is calibrated, as R does."""
    if isinstance(design, SurveyDesign) and design.calibration:
        return design.degrees_of_freedom
    return design.degrees_of_freedom_of(domain)


def _pearson(shares: Floats) -> float:
    expected = np.outer(shares.sum(axis=1), shares.sum(axis=0))
    with np.errstate(invalid="ignore"):
        return float(((shares - expected) ** 2 / expected).sum())


def _design_effects(shares: Floats, variances: Floats, shape: tuple[int, int], n: int) -> Floats:
    basis = np.kron(_contrasts(shape[0]), _contrasts(shape[1]))
    inverse = np.where(shares > 0, 1 / np.where(shares > 0, shares, 1.0), 0.0)
    weighted = basis * inverse[:, None]
    return np.asarray(np.linalg.solve(basis.T @ weighted / n, weighted.T @ variances @ weighted))


def _contrasts(levels: int) -> Floats:
    """Give a basis of the vectors of this length that add up to 0, shape (levels, levels − 1)."""
    return np.vstack([np.eye(levels - 1), -np.ones((1, levels - 1))])
