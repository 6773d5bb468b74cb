"""Replicate weights made from a design: jackknife, balanced half-samples, bootstrap.

Each method scales the weights of whole first-stage units. Selection below the first stage needs nothing
more, as long as the first-stage fractions are small or the finite population enters through the scales.
"""

from __future__ import annotations

import numpy as np
from scipy.linalg import hadamard

from analysis.columns import Floats
from analysis.design import SurveyDesign
from analysis.errors import DesignError, MethodError
from analysis.replicates import ReplicateDesign
from analysis.stages import Stage
from analysis.variance import lonely_error


def jackknife_unstratified(design: SurveyDesign, *, mse: bool = False) -> ReplicateDesign:
    """Make JK1 weights: each replicate leaves out one first-stage unit.

    Raises
    ------
    DesignError
        ``strata_not_allowed`` if the design has more than one stratum.

    Notes
    -----
    Others × n/(n − 1); scale (1 − n/N)(n − 1)/n (Wolter 2007, chapter 4).

    Examples
    --------
    >>> replicated = jackknife_unstratified(SurveyDesign.from_columns([1.0, 1.0, 1.0]))
    >>> replicated.replicate_weights[:, 0].tolist()
    [0.0, 1.5, 1.5]
    """
    stage = _first_stage(design)
    if stage.group_count > 1:
        raise DesignError("strata_not_allowed", method="JK1", strata=stage.group_count)
    n = stage.unit_count
    factors = np.full((n, n), n / (n - 1))
    np.fill_diagonal(factors, 0.0)
    scale = float(1 - stage.fractions[0]) * (n - 1) / n
    return _replicated(design, factors, scale, np.ones(n), mse)


def jackknife_stratified(design: SurveyDesign, *, mse: bool = False) -> ReplicateDesign:
    """Make JKn weights: each replicate leaves out one first-stage unit and lets its stratum make up for it.

    Notes
    -----
    Others of the stratum × n_h/(n_h − 1); scale of the replicate (1 − f_h)(n_h − 1)/n_h.

    Examples
    --------
    >>> design = SurveyDesign.from_columns([1.0] * 4, strata=["a", "a", "b", "b"])
    >>> jackknife_stratified(design).replicate_weights[:, 0].tolist()
    [0.0, 2.0, 1.0, 1.0]
    """
    stage = _first_stage(design)
    sizes = stage.sample_sizes[stage.groups]
    same = stage.groups[:, None] == stage.groups[None, :]
    factors = np.where(same, (sizes / (sizes - 1))[None, :], 1.0)
    np.fill_diagonal(factors, 0.0)
    scales = (1 - stage.fractions[stage.groups]) * (sizes - 1) / sizes
    return _replicated(design, factors, 1.0, scales, mse)


def balanced_half_samples(design: SurveyDesign, *, fay: float = 0.0, mse: bool = False) -> ReplicateDesign:
    """Make BRR weights, or Fay's variant, for two first-stage units per stratum.

    Parameters
    ----------
    design : SurveyDesign
    fay : float
        Weight factor ρ of the half that is left out, 0 ≤ ρ < 1; 0 is plain BRR.
    mse : bool

    Raises
    ------
    DesignError
        ``not_two_units`` with the strata that have another number.

    Notes
    -----
    Factors 2 − ρ and ρ by the signs of a Hadamard matrix; scale 1/(R (1 − ρ)²) (McCarthy 1969; Judkins 1990).

    Examples
    --------
    >>> design = SurveyDesign.from_columns([1.0] * 4, strata=["a", "a", "b", "b"])
    >>> balanced_half_samples(design).n_replicates
    4
    """
    if not 0 <= fay < 1:
        raise MethodError("fay_out_of_range", fay=fay)
    stage = _first_stage(design)
    wrong = np.flatnonzero(stage.sample_sizes != 2)
    if wrong.size:
        raise DesignError("not_two_units", strata=[stage.group_labels[group] for group in wrong])
    count = 1 << int(stage.group_count).bit_length()
    signs = hadamard(count)[:, 1 : stage.group_count + 1].T
    order = np.argsort(stage.groups, kind="stable")
    side = np.empty(stage.unit_count)
    side[order] = np.tile([1.0, -1.0], stage.group_count)
    factors = 1 + (1 - fay) * side[:, None] * signs[stage.groups]
    return _replicated(design, factors, 1 / (count * (1 - fay) ** 2), np.ones(count), mse)


def rescaled_bootstrap(
    design: SurveyDesign, replicates: int = 500, *, seed: int = 0, mse: bool = False
) -> ReplicateDesign:
    """Make bootstrap weights: n_h − 1 units drawn with replacement from each stratum.

    Parameters
    ----------
    design : SurveyDesign
    replicates : int
    seed : int
        Of the random draws; the same seed gives the same weights.
    mse : bool

    Notes
    -----
    Factor n_h/(n_h − 1) × times drawn; scale 1/(R − 1) (Rao & Wu 1988; Rao, Wu & Yue 1992).

    Examples
    --------
    >>> design = SurveyDesign.from_columns([1.0] * 4)
    >>> bool((rescaled_bootstrap(design, 10).replicate_weights.sum(axis=0).round(9) == 4).all())
    True
    """
    if replicates < 2:
        raise MethodError("too_few_replicates", replicates=replicates)
    stage = _first_stage(design)
    random = np.random.default_rng(seed)
    factors = np.empty((stage.unit_count, replicates))
    for group in range(stage.group_count):
        units = np.flatnonzero(stage.groups == group)
        size = len(units)
        drawn = random.multinomial(size - 1, np.full(size, 1 / size), size=replicates).T
        factors[units] = drawn * size / (size - 1)
    return _replicated(design, factors, 1 / (replicates - 1), np.ones(replicates), mse)


def _first_stage(design: SurveyDesign) -> Stage:
    """Give the first stage of a design fit for replication."""
    stage = design.stages[0]
    if design.calibration:
        raise DesignError("calibrate_after_replication")
    if (stage.sample_sizes < 2).any():
        raise lonely_error(stage, stage.sample_sizes < 2)
    return stage


def _replicated(
    design: SurveyDesign, factors: Floats, scale: float, scales: Floats, mse: bool
) -> ReplicateDesign:
    weights = design.weights[:, None] * factors[design.stages[0].units]
    return ReplicateDesign(design.weights, weights, scale, scales, mse)
