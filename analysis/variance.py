"""The one place where a variance is computed.

An estimator supplies the influence of each row on the estimate, z (weight included); the design does the
rest.
"""

from __future__ import annotations

import numpy as np

from analysis.columns import Codes, Flags, Floats
from analysis.design import SurveyDesign
from analysis.errors import LonelyPsuError
from analysis.replicates import ReplicateDesign, replicate_covariance
from analysis.stages import Stage, group_sums

Design = SurveyDesign | ReplicateDesign


def rows_of_reference(design: Design, valid: Flags) -> Flags:
    """Give the rows that R keeps for a domain: of a calibrated sample all, with weight 0 outside it."""
    if isinstance(design, SurveyDesign) and design.calibration:
        return np.ones(design.n, dtype=np.bool_)
    return valid


def covariance(design: SurveyDesign, influence: Floats, active: Flags | None = None) -> Floats:
    """Estimate the covariance matrix of estimates from their influence values.

    Parameters
    ----------
    design : SurveyDesign
        The design of the full sample.
    influence : ndarray, shape (n, k)
        Influence of each row on each of k estimates, weight included; 0 for rows outside the domain.
    active : ndarray of bool, shape (n,), optional
        Rows of the domain. Only the rules for strata with one unit look at it: a stratum without active rows
        is left out of account. With calibrated weights every row is active.

    Returns
    -------
    ndarray, shape (k, k)

    Raises
    ------
    LonelyPsuError
        Under ``lonely_psu="fail"``, with the strata (or parent units) that have one selected unit.

    Notes
    -----
    First stage: Σ_h (1 − f_h) n_h/(n_h − 1) Σ_i (z_hi − z̄_h)(z_hi − z̄_h)ᵀ over the totals z_hi of the
    n_h units selected in stratum h. A further stage adds the same expression within each unit of the stage
    before, times the sampling fractions of the stages above (Särndal, Swensson & Wretman 1992, result
    4.3.1; R survey, `svyrecvar`).

    Examples
    --------
    Variance of an estimated total of four rows selected with replacement:

    >>> design = SurveyDesign.from_columns([10.0, 10.0, 10.0, 10.0])
    >>> y = np.array([[1.0], [2.0], [3.0], [4.0]])
    >>> round(float(covariance(design, y * 10.0)[0, 0]), 6)
    666.666667
    """
    values = influence.reshape(len(influence), -1)
    if design.calibration:
        for step in design.calibration:
            values = step.residuals(values)
        active = None
    rows = np.flatnonzero(active) if active is not None else np.arange(design.n)
    return _recursive_covariance(design, values[rows], rows)


def _recursive_covariance(design: SurveyDesign, values: Floats, rows: Codes) -> Floats:
    """Add up the contributions of all stages; `values` has shape (rows, k), all other rows have none."""
    result = np.zeros((values.shape[1], values.shape[1]))
    multipliers = np.ones(design.stages[0].group_count)
    for stage in design.stages:
        result += _between_units(design, stage, values, rows, multipliers)
        multipliers = (multipliers * stage.fractions)[stage.groups]
    return result


def ratio_covariance(
    design: Design, numerators: Floats, denominators: Floats | None, active: Flags | None = None
) -> tuple[Floats, Floats]:
    """Estimate ratios of weighted totals with their covariance.

    Parameters
    ----------
    design : SurveyDesign or ReplicateDesign
    numerators : ndarray, shape (n, k)
        Values outside the domain are 0.
    denominators : ndarray, shape (n, k), or None
        None for totals, which have no denominator.
    active : ndarray of bool, shape (n,), optional
        See `covariance`.

    Returns
    -------
    estimates : ndarray, shape (k,)
    covariance : ndarray, shape (k, k)

    Notes
    -----
    R = Σ w a / Σ w b with influence z = w (a − R b) / Σ w b; a total Σ w a has z = w a. With replicate
    weights the ratio is computed anew for each replicate.

    Examples
    --------
    >>> design = SurveyDesign.from_columns([1.0, 1.0, 1.0, 1.0])
    >>> y = np.array([[1.0], [0.0], [1.0], [1.0]])
    >>> estimate, variance = ratio_covariance(design, y, np.ones_like(y))
    >>> float(estimate[0]), float(variance[0, 0])
    (0.75, 0.0625)
    """
    if isinstance(design, ReplicateDesign):
        estimates = _weighted_ratios(design.weights[:, None], numerators, denominators)[0]
        replicates = _weighted_ratios(design.replicate_weights, numerators, denominators)
        return estimates, replicate_covariance(design, replicates, estimates)
    if active is None or design.calibration:
        estimates, influence = ratio_influence(design.weights, numerators, denominators)
        return estimates, _where_defined(estimates, covariance(design, influence, active))
    rows = np.flatnonzero(active)
    below = None if denominators is None else denominators[rows]
    estimates, influence = ratio_influence(design.weights[rows], numerators[rows], below)
    return estimates, _where_defined(estimates, _recursive_covariance(design, influence, rows))


def _where_defined(estimates: Floats, variances: Floats) -> Floats:
    """Give no covariance (NaN) to what has no estimate, such as the mean of an empty domain."""
    undefined = np.isnan(estimates)
    variances[undefined, :] = np.nan
    variances[:, undefined] = np.nan
    return variances


def ratio_influence(
    weights: Floats, numerators: Floats, denominators: Floats | None
) -> tuple[Floats, Floats]:
    """Give ratios of shape (k,) and the influence of each row on them, shape (n, k)."""
    weighted = weights[:, None] * numerators
    if denominators is None:
        return weighted.sum(axis=0), weighted
    weighted_denominators = weights[:, None] * denominators
    totals = weighted_denominators.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        estimates = weighted.sum(axis=0) / totals
        influence = (weighted - estimates * weighted_denominators) / totals
    return estimates, influence


def _weighted_ratios(weights: Floats, numerators: Floats, denominators: Floats | None) -> Floats:
    """Give the ratios for each column of weights of shape (n, R), shape (R, k)."""
    totals = weights.T @ numerators
    if denominators is None:
        return np.asarray(totals)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(totals / (weights.T @ denominators))


def standard_errors(variances: Floats) -> Floats:
    """Give the square roots of the diagonal of a covariance matrix, shape (k,); tiny negatives become 0."""
    return np.sqrt(np.maximum(np.diagonal(variances), 0.0))


def _between_units(
    design: SurveyDesign, stage: Stage, values: Floats, rows: Codes, multipliers: Floats
) -> Floats:
    """Give the contribution of one stage, shape (k, k).

    Units without rows have a total of 0; they are accounted for without being listed. Under ``adjust`` a
    single unit of a stratum is compared with the mean over the units of all strata present; within one parent
    unit there are no other strata, so a single unit of a further stage contributes nothing, and ``average``
    has no answer (NaN). A sample of one first-stage unit that is no census has no answer under any rule. That
    a domain leaves one unit counts in a census too, as in R survey 4.5: it contributes 0, but the strata that
    ``average`` takes for complete are one fewer.
    """
    units, codes = np.unique(stage.units[rows], return_inverse=True)
    totals = group_sums(values, codes.reshape(-1), len(units))
    groups = stage.groups[units]
    present = np.bincount(groups, minlength=stage.group_count)
    factors = stage.variance_factors * multipliers
    lonely = stage.is_lonely & (present > 0) & (multipliers > 0)
    if design.lonely_psu == "fail" and lonely.any():
        raise lonely_error(stage, lonely)
    if stage.is_sole:
        return np.full((values.shape[1], values.shape[1]), np.nan)
    centres = group_sums(totals, groups, stage.group_count) / stage.sample_sizes[:, None]
    share_kept = 1.0
    if design.adjust_domain_lonely:
        lonely = lonely | ((present == 1) & (stage.sample_sizes > 1) & (multipliers > 0))
    if design.lonely_psu == "adjust":
        if stage.level == 0:
            centres[lonely] = totals.sum(axis=0) / stage.sample_sizes[present > 0].sum()
    elif design.lonely_psu == "average":
        factors = np.where(lonely, 0.0, factors)
        share_kept = _share_kept(lonely, present) if stage.level == 0 else float(not lonely.any())
    else:
        factors = np.where(stage.is_lonely, 0.0, factors)
    deviations = totals - centres[groups]
    absent = factors * (stage.sample_sizes - present) * (present > 0)
    contribution = (deviations * factors[groups, None]).T @ deviations + (
        centres * absent[:, None]
    ).T @ centres
    return np.asarray(contribution / share_kept if share_kept else np.full_like(contribution, np.nan))


def _share_kept(lonely: Flags, present: Codes) -> float:
    """Give the share of the groups present that are not lonely."""
    count = np.count_nonzero(present > 0)
    return (count - np.count_nonzero(lonely)) / count if count else 1.0


def lonely_error(stage: Stage, lonely: Flags) -> LonelyPsuError:
    """Name the strata, or the parent units of a further stage, that have one selected unit."""
    names = [stage.group_labels[group] for group in np.flatnonzero(lonely)]
    if stage.level == 0:
        return LonelyPsuError("lonely_psu", strata=names)
    return LonelyPsuError("lonely_unit", stage=stage.level + 1, parents=names)
