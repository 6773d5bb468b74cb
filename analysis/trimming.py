"""Trimming extreme weights and giving what was cut to the others."""

from __future__ import annotations

from typing import cast

import numpy as np

from analysis.calibration import AnyDesign
from analysis.columns import Floats
from analysis.design import SurveyDesign
from analysis.errors import CalibrationError
from analysis.replicates import ReplicateDesign


def trim_weights(
    design: AnyDesign, *, lower: float = -np.inf, upper: float = np.inf, strict: bool = True
) -> AnyDesign:
    """Cut weights to bounds and divide the difference equally among the others.

    Parameters
    ----------
    design : SurveyDesign or ReplicateDesign
    lower, upper : float
        Bounds of the weights.
    strict : bool
        Repeat until no weight is outside; otherwise cut once, after which the others may exceed the bounds.

    Raises
    ------
    CalibrationError
        ``trim_bounds_not_valid``; ``trimming_infeasible`` if every weight would have to be cut.

    Notes
    -----
    As `trimWeights` of R survey 4.5: a weight once cut receives nothing.

    Examples
    --------
    >>> from analysis import SurveyDesign
    >>> trim_weights(SurveyDesign.from_columns([1.0, 1.0, 4.0]), upper=3.0).weights.tolist()
    [1.5, 1.5, 3.0]
    """
    if not lower < upper:
        raise CalibrationError("trim_bounds_not_valid", lower=lower, upper=upper)
    weights = trimmed(design.weights, lower, upper, strict)
    if isinstance(design, ReplicateDesign):
        columns = [
            trimmed(design.replicate_weights[:, r], lower, upper, strict) for r in range(design.n_replicates)
        ]
        return cast(AnyDesign, design.with_weights(weights, np.column_stack(columns)))
    return cast(AnyDesign, cast(SurveyDesign, design).with_weights(weights))


def trimmed(weights: Floats, lower: float, upper: float, strict: bool) -> Floats:
    """Trim a column of weights, shape (n,)."""
    result = weights.copy()
    cut = np.zeros(len(weights), dtype=np.bool_)
    while True:
        outside = (result < lower) | (result > upper)
        if not outside.any():
            return result
        cut |= outside
        if cut.all():
            raise CalibrationError(
                "trimming_infeasible", lower=lower, upper=upper, total=float(weights.sum())
            )
        clipped = np.clip(result, lower, upper)
        surplus = float((result - clipped).sum())
        result = np.where(cut, clipped, result + surplus / np.count_nonzero(~cut))
        if not strict:
            return result
