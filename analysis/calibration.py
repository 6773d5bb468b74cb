"""Weights that reproduce known totals: post-stratification, raking, calibration, trimming.

Every function takes a `SurveyDesign` or a `ReplicateDesign` and gives a new one. The variance reflects the
step; with replicate weights the step is repeated in every replicate.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar, cast

import numpy as np
import numpy.typing as npt

from analysis.calibration_functions import CALIBRATION_FUNCTIONS, CalibrationFunction, solve_calibration
from analysis.calibration_steps import RakingStep, RegressionStep
from analysis.columns import Codes, Floats, float_column
from analysis.design import CalibrationStep, SurveyDesign
from analysis.errors import CalibrationError, CalibrationWarning, DataError, MethodError
from analysis.margins import Levels, Margin, collapse_rows, margin_levels
from analysis.raking import cell_sums, multiply_by_cell, rake_cells, require_weight
from analysis.replicates import ReplicateDesign

AnyDesign = TypeVar("AnyDesign", bound=SurveyDesign | ReplicateDesign)
_EQUAL, _ROUNDING = 1e-9, 1e-4
"""Grand totals of margins are equal, or equal but for rounding, within these relative differences."""
_FAR_BELOW = 20.0
"""Weights whose totals are this many times too small are rescaled before they are calibrated."""

Reweight = Callable[[Floats], Floats]
Remember = Callable[[Floats, Floats], CalibrationStep]
"""Makes the step for the variance from the weights before and after it."""


def poststratify(design: AnyDesign, margin: Margin) -> AnyDesign:
    """Make the weights of each post-stratum add up to its known total.

    Parameters
    ----------
    design : SurveyDesign or ReplicateDesign
    margin : Margin

    Returns
    -------
    The same kind of design.

    Raises
    ------
    CalibrationError
        ``level_without_total`` (in the sample, not in the totals), ``level_not_in_sample``,
        ``total_not_valid``; each names margin and level.

    Notes
    -----
    w = d N_c / Σ_c d (Holt & Smith 1979, JRSS A 142).

    Examples
    --------
    >>> design = SurveyDesign.from_columns([1.0, 1.0, 1.0])
    >>> margin = Margin("sex", (["f", "f", "m"],), {"f": 10.0, "m": 5.0})
    >>> poststratify(design, margin).weights.tolist()
    [5.0, 5.0, 5.0]
    """
    levels = margin_levels(margin, design.n)

    def reweight(weights: Floats) -> Floats:
        sums = cell_sums(levels.codes, weights, len(levels.totals))
        require_weight(sums, levels.name, levels.labels)
        factors = levels.totals.reshape((-1,) + (1,) * (sums.ndim - 1)) / sums
        return multiply_by_cell(weights, factors, levels.codes)

    return _reweighted(design, reweight, _regression(levels.codes, np.eye(len(levels.totals))))


def rake(design: AnyDesign, margins: Sequence[Margin], *, tolerance: float = 1e-10) -> AnyDesign:
    """Make the weights add up to several margins at once by iterative proportional fitting.

    Parameters
    ----------
    design : SurveyDesign or ReplicateDesign
    margins : sequence of Margin
        With equal grand totals. Those that differ by rounding, up to 1e-4 of the total, are rescaled to the
        last margin, with which R's alternating fit ends, under a `CalibrationWarning`.
    tolerance : float
        Greatest relative misfit of a margin.

    Raises
    ------
    CalibrationError
        As `poststratify`; ``margin_totals_differ``; ``raking_failed`` with the margin, the level and the
        misfit.

    Notes
    -----
    Deming & Stephan 1940, on the observed cells of the margins, so that the cost of an iteration does not
    depend on n. The variance uses the residuals of R's `rake`: ten passes of unweighted means over the
    margins (`RakingStep`). For those of the weighted regression on the margins (Deville, Särndal & Sautory
    1993), use `calibrate` with ``method="raking"``; the weights are the same.

    Examples
    --------
    >>> design = SurveyDesign.from_columns([1.0] * 4)
    >>> sex = Margin("sex", (["f", "f", "m", "m"],), {"f": 6.0, "m": 4.0})
    >>> age = Margin("age", ([1, 2, 1, 2],), {1: 5.0, 2: 5.0})
    >>> rake(design, [sex, age]).weights.round(6).tolist()
    [3.0, 3.0, 2.0, 2.0]
    """
    if not margins:
        raise CalibrationError("no_margins")
    table = collapse_rows(margins, design.n)
    names, labels = [level.name for level in table.levels], [level.labels for level in table.levels]
    totals = _agreeing_totals(table.levels)

    def reweight(weights: Floats) -> Floats:
        sums = cell_sums(table.keys, weights, table.count)
        factors = np.zeros_like(sums)
        factors[table.cells] = rake_cells(sums[table.cells], table.members, totals, names, labels, tolerance)
        return multiply_by_cell(weights, factors, table.keys)

    def remember(before: Floats, after: Floats) -> CalibrationStep:
        del before
        return RakingStep(table.keys, table.count, table.cells, tuple(table.members), after)

    return _reweighted(design, reweight, remember)


@dataclass(frozen=True, eq=False)
class Auxiliary:
    """An auxiliary variable with its known population total.

    Attributes
    ----------
    name : str
        For errors.
    values : array_like, shape (n,)
        Without missing values; an indicator for a level, ones for the size of the population.
    total : float
    """

    name: str
    values: npt.ArrayLike
    total: float


def calibrate(
    design: AnyDesign,
    auxiliaries: Sequence[Auxiliary],
    *,
    method: str = "linear",
    bounds: tuple[float, float] | None = None,
) -> AnyDesign:
    """Change the weights as little as possible so that they reproduce totals of auxiliary variables.

    Parameters
    ----------
    design : SurveyDesign or ReplicateDesign
    auxiliaries : sequence of Auxiliary
    method : {"linear", "raking", "logit"}
        The distance; ``logit`` needs bounds.
    bounds : tuple of float, optional
        Least and greatest ratio of new to old weight. Where every total exceeds 20 times what the weights
        give, the weights are first multiplied by the mean of these ratios, and the bounds count from there,
        under a `CalibrationWarning`.

    Raises
    ------
    CalibrationError
        ``calibration_failed`` with the variable that misses its total most, ``bounds_not_valid``,
        ``bounds_missing``.

    Notes
    -----
    Σ w x = T with w = d F(xᵀλ) (Deville & Särndal 1992, JASA 87): F(u) = 1 + u, exp(u), or the logistic
    function between the bounds; solved by Newton's method. Weights far below their totals are rescaled first
    as in R survey (`grake`), unless the distance is linear without bounds.

    Examples
    --------
    >>> design = SurveyDesign.from_columns([1.0, 1.0, 1.0])
    >>> size = Auxiliary("size", [1, 1, 1], 6.0)
    >>> calibrate(design, [size]).weights.round(6).tolist()
    [2.0, 2.0, 2.0]
    """
    if method not in CALIBRATION_FUNCTIONS:
        raise MethodError("unknown_option", option="method", value=method, known=list(CALIBRATION_FUNCTIONS))
    if not auxiliaries:
        raise CalibrationError("no_auxiliaries")
    function = _function(method, bounds)
    names = [auxiliary.name for auxiliary in auxiliaries]
    matrix = np.column_stack([_complete(auxiliary, design.n) for auxiliary in auxiliaries])
    totals = np.array([auxiliary.total for auxiliary in auxiliaries], dtype=np.float64)

    plain = method == "linear" and bounds is None
    if bounds is not None and (factor := _rescaling(matrix, design.weights, totals)) != 1:
        _warn("weights_rescaled_before_bounds", factor=factor, low=bounds[0], high=bounds[1])

    def reweight(weights: Floats) -> Floats:
        if weights.ndim == 1:
            base = weights if plain else weights * _rescaling(matrix, weights, totals)
            return np.asarray(base * solve_calibration(matrix, base, totals, function, names))
        result = np.empty(weights.shape, order="F")
        for column, replicate in enumerate(weights.T):
            result[:, column] = reweight(np.ascontiguousarray(replicate))
        return result

    return _reweighted(design, reweight, _regression(np.arange(design.n, dtype=np.intp), matrix))


def _function(method: str, bounds: tuple[float, float] | None) -> CalibrationFunction:
    if method == "logit" and bounds is None:
        raise CalibrationError("bounds_missing", method=method)
    low, high = bounds if bounds is not None else (-np.inf, np.inf)
    if not low < 1 < high:
        raise CalibrationError("bounds_not_valid", low=low, high=high)
    return CALIBRATION_FUNCTIONS[method](low, high)


def _complete(auxiliary: Auxiliary, n: int) -> Floats:
    values = float_column(auxiliary.values, n, auxiliary.name)
    missing = np.flatnonzero(np.isnan(values))
    if missing.size:
        raise DataError("missing_auxiliary", column=auxiliary.name, row=int(missing[0]) + 1)
    return values


def _regression(codes: Codes, auxiliaries: Floats) -> Remember:
    return lambda before, after: RegressionStep(codes, auxiliaries, before, after)


def _reweighted(design: AnyDesign, reweight: Reweight, remember: Remember) -> AnyDesign:
    """Apply a step to the weights, and to every replicate; remember it for the variance."""
    weights = reweight(design.weights)
    if isinstance(design, ReplicateDesign):
        return cast(AnyDesign, design.with_weights(weights, reweight(design.replicate_weights)))
    sample = cast(SurveyDesign, design)
    return cast(AnyDesign, sample.with_weights(weights, remember(sample.weights, weights)))


def _agreeing_totals(levels: list[Levels]) -> list[Floats]:
    """Give the totals of each margin, rescaled to the last where they differ by rounding."""
    sums = [float(level.totals.sum()) for level in levels]
    agreeing = []
    for level, total in zip(levels, sums, strict=True):
        if abs(total - sums[0]) > _ROUNDING * max(abs(sums[0]), 1.0):
            raise CalibrationError(
                "margin_totals_differ", margins=[levels[0].name, level.name], totals=[sums[0], total]
            )
        if abs(total - sums[-1]) > _EQUAL * max(abs(sums[-1]), 1.0):
            _warn("margin_rescaled", margin=level.name, total=total, to=sums[-1], of=levels[-1].name)
        agreeing.append(level.totals * (sums[-1] / total) if total != sums[-1] else level.totals)
    return agreeing


def _rescaling(matrix: Floats, weights: Floats, totals: Floats) -> float:
    """Give the factor that brings weights far below their totals near them, as R survey (`grake`) does.

    1 unless every total exceeds 20 times what the weights give; then the mean of these ratios.
    """
    reached = matrix.T @ weights
    counted = (totals != 0) | (matrix != 0).any(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = totals[counted] / reached[counted]
    if not len(ratios) or not np.isfinite(ratios).all() or not ratios.min() > _FAR_BELOW:
        return 1.0
    return float(ratios.mean())


def _warn(code: str, **params: object) -> None:
    warnings.warn(str(CalibrationError(code, **params)), CalibrationWarning, stacklevel=4)
