"""Composite indices of item means, and the index of the respondents' own means.

Available case, listwise and respondent index are three estimands; each result names its own.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from analysis.columns import Flags, Floats
from analysis.domains import Domain
from analysis.errors import DataError, MethodError
from analysis.estimators import ByResult, JointMeans, by_groups, joint_means, mean_statistic
from analysis.results import Result
from analysis.statistics import Statistic, empty_statistic, statistic
from analysis.variance import Design


def composite_means(design: Design, items: Floats, rows: Flags, missing: str) -> JointMeans:
    """Give the item means of a composite: each over its own valid rows, or over rows valid on all items."""
    valid = rows[:, None] & ~np.isnan(items)
    if missing == "listwise":
        complete = np.all(valid, axis=1, keepdims=True)
        valid = np.repeat(complete, valid.shape[1], axis=1)
    elif missing != "available":
        raise MethodError("unknown_option", option="missing", value=missing, known=["available", "listwise"])
    return joint_means(design, items, valid, rows)


def composite_statistic(
    design: Design, items: Floats, weights: Floats, rows: Flags, missing: str, *, count_all: bool = False
) -> Statistic:
    """Give Σ c_j m_j / Σ c_j with the covariance of the item means.

    With `count_all`, n and degrees of freedom of an available-case composite are those of all rows of the
    domain, as in the fixture format; otherwise those of the respondents with any valid item.
    """
    answered = _answered(items, rows, missing)
    if not answered.any():
        return empty_statistic()
    if count_all and missing == "available":
        answered = rows
    joint = composite_means(design, items, rows, missing)
    estimate, variance = joint.combined(weights / weights.sum())
    return statistic(design, estimate, variance, answered, None)


def respondent_means(items: Floats, weights: Floats) -> Floats:
    """Give each respondent's weighted mean over his valid items, shape (n,); NaN without any.

    Examples
    --------
    >>> respondent_means(np.array([[1.0, 0.0], [np.nan, 1.0]]), np.array([3.0, 1.0])).tolist()
    [0.75, 1.0]
    """
    valid = ~np.isnan(items)
    share = valid @ weights
    with np.errstate(invalid="ignore", divide="ignore"):
        means = np.where(valid, items, 0.0) @ weights / share
    return np.asarray(np.where(valid.any(axis=1), means, np.nan))


def _answered(items: Floats, rows: Flags, missing: str) -> Flags:
    valid = ~np.isnan(items)
    return np.asarray(rows & (valid.all(axis=1) if missing == "listwise" else valid.any(axis=1)))


def estimate_composite(
    design: Design,
    items: npt.ArrayLike,
    weights: npt.ArrayLike,
    *,
    missing: str = "available",
    domain: npt.ArrayLike | None = None,
    by: Domain | None = None,
) -> Result | ByResult:
    """Estimate a composite index Σ c_j m_j / Σ c_j of item means.

    Parameters
    ----------
    design : SurveyDesign or ReplicateDesign
    items : array_like, shape (n, m)
        NaN is missing.
    weights : array_like, shape (m,)
    missing : {"available", "listwise"}
        Each item over its own valid rows, or all over the rows valid on every item. These are two estimands.
    domain, by
        As in `estimate_mean`.

    Examples
    --------
    >>> from analysis import SurveyDesign
    >>> design = SurveyDesign.from_columns([1.0] * 4)
    >>> items = [[1, 0], [1, 1], [0, float("nan")], [1, 1]]
    >>> round(estimate_composite(design, items, [1, 1]).estimate, 4)
    0.7083
    """
    matrix, shares = item_matrix(items, design.n), item_weights(weights)
    return by_groups(
        design,
        domain,
        by,
        lambda rows: composite_statistic(design, matrix, shares, rows, missing),
        "index",
        missing,
    )


def estimate_respondent_index(
    design: Design,
    items: npt.ArrayLike,
    weights: npt.ArrayLike,
    *,
    domain: npt.ArrayLike | None = None,
    by: Domain | None = None,
) -> Result | ByResult:
    """Estimate the mean of the respondents' own weighted means over their valid items; items as in a
    composite.

    Examples
    --------
    >>> from analysis import SurveyDesign
    >>> design = SurveyDesign.from_columns([1.0] * 3)
    >>> estimate_respondent_index(design, [[1, 0], [1, float("nan")], [0, 0]], [1, 1]).estimate
    0.5
    """
    column = respondent_means(item_matrix(items, design.n), item_weights(weights))
    return by_groups(
        design, domain, by, lambda rows: mean_statistic(design, column, rows), "index", "respondent_index"
    )


def item_matrix(items: npt.ArrayLike, n: int) -> Floats:
    """Give items as floats of shape (n, m)."""
    matrix = np.asarray(items, dtype=np.float64)
    if matrix.ndim != 2 or len(matrix) != n or not matrix.shape[1]:
        raise DataError("items_do_not_match", rows=n, shape=list(matrix.shape))
    return matrix


def item_weights(weights: npt.ArrayLike) -> Floats:
    """Give the weights of items, finite and not all 0."""
    shares = np.asarray(weights, dtype=np.float64)
    if not np.isfinite(shares).all() or (shares < 0).any() or not shares.sum() > 0:
        raise DataError("item_weights_not_valid", weights=shares.tolist())
    return shares
