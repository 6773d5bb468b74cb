"""Adjusted p-values for several tests at once; NaN stays NaN and does not count."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from analysis.columns import Floats
from analysis.errors import MethodError


def holm(p_values: npt.ArrayLike) -> Floats:
    """Adjust by Holm's step-down method, which controls the chance of any false claim.

    Parameters
    ----------
    p_values : array_like, shape (k,)

    Returns
    -------
    ndarray, shape (k,)

    Notes
    -----
    Source: Holm 1979, Scandinavian Journal of Statistics 6, 65–70.

    Examples
    --------
    >>> holm([0.01, 0.04, 0.03]).round(4).tolist()
    [0.03, 0.06, 0.06]
    """
    return _adjusted(p_values, _holm)


def benjamini_hochberg(p_values: npt.ArrayLike) -> Floats:
    """Adjust by the step-up method that controls the false discovery rate.

    Notes
    -----
    Source: Benjamini & Hochberg 1995, J. Royal Statistical Society B 57, 289–300.

    Examples
    --------
    >>> benjamini_hochberg([0.01, 0.04, 0.03]).round(4).tolist()
    [0.03, 0.04, 0.04]
    """
    return _adjusted(p_values, lambda ordered: _step_up(ordered, 1.0))


def benjamini_yekutieli(p_values: npt.ArrayLike) -> Floats:
    """Adjust as Benjamini–Hochberg, valid under any dependence.

    Notes
    -----
    Source: Benjamini & Yekutieli 2001, Annals of Statistics 29, 1165–1188.
    """
    return _adjusted(
        p_values, lambda ordered: _step_up(ordered, float((1 / np.arange(1, len(ordered) + 1)).sum()))
    )


ADJUSTMENTS = {"holm": holm, "bh": benjamini_hochberg, "by": benjamini_yekutieli}
"""Adjustments by their short name."""


def _adjusted(p_values: npt.ArrayLike, rule: object) -> Floats:
    values = np.asarray(p_values, dtype=np.float64)
    defined = np.flatnonzero(~np.isnan(values))
    result = np.full(values.shape, np.nan)
    if defined.size and (values[defined].min() < 0 or values[defined].max() > 1):
        raise MethodError("p_value_out_of_range")
    if defined.size and callable(rule):
        order = defined[np.argsort(values[defined], kind="stable")]
        result[order] = rule(values[order])
    return result


def _holm(ordered: Floats) -> Floats:
    remaining = np.arange(len(ordered), 0, -1)
    return np.minimum(np.maximum.accumulate(ordered * remaining), 1.0)


def _step_up(ordered: Floats, factor: float) -> Floats:
    scaled = ordered * factor * len(ordered) / np.arange(1, len(ordered) + 1)
    return np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
