"""Intervals that use the replicates themselves."""

from __future__ import annotations

import numpy as np
from scipy import special

from analysis.columns import Flags, Floats
from analysis.intervals import t_quantile
from analysis.replicates import ReplicateDesign, replicate_covariance


def replicate_logit_limits(
    design: ReplicateDesign, values: Floats, valid: Flags, df: float, level: float
) -> tuple[float, float]:
    """Give the logit interval of a share with the replicate variance of its log-odds.

    Parameters
    ----------
    design : ReplicateDesign
    values : ndarray, shape (n,)
        Indicator of 0 and 1; NaN outside `valid`.
    valid : ndarray of bool, shape (n,)
    df, level : float

    Returns
    -------
    tuple of float
        NaN where the share is 0 or 1.

    Notes
    -----
    The log-odds are computed for each replicate; replicates with a share of 0 or 1 are left out. R survey
    does so by a logistic regression on a constant (`svyciprop(method = "logit")`).
    """
    numerator, denominator = np.where(valid, values, 0.0), valid.astype(np.float64)
    full = (design.weights @ numerator) / (design.weights @ denominator)
    with np.errstate(divide="ignore", invalid="ignore"):
        centre = special.logit(np.array([full]))
        log_odds = special.logit(design.estimates(numerator, denominator))[:, None]
    log_odds = np.where(np.isfinite(log_odds), log_odds, np.nan)
    error = np.sqrt(replicate_covariance(design, log_odds, centre)[0, 0])
    half = t_quantile(level, df) * error
    return float(special.expit(centre[0] - half)), float(special.expit(centre[0] + half))
