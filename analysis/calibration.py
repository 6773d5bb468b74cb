"""Weights that reproduce known totals: post-stratification, raking, calibration, trimming.

Every function takes a `SurveyDesign` or a `ReplicateDesign` and gives a new one. The variance reflects the
step; with replicate weights the step is repeated in every replicate.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import numpy as np
import numpy.typing as npt

from analysis.calibration_functions import CALIBRATION_FUNCTIONS, CalibrationFunction, solve_calibration
from analysis.calibration_steps import RegressionStep
from analysis.columns import Codes, Floats, combine_codes, factorize, float_column, require_length
from analysis.design import SurveyDesign
from analysis.errors import CalibrationError, DataError, MethodError
from analysis.raking import rake_cells
from analysis.replicates import ReplicateDesign

AnyDesign = TypeVar("AnyDesign", bound=SurveyDesign | ReplicateDesign)
Reweight = Callable[[Floats], Floats]


@dataclass(frozen=True, eq=False)
class Margin:
    """Known population totals of the levels of one variable, or of combinations of several.

    Attributes
    ----------
    name : str
        For errors, such as ``"sex × age"``.
    columns : tuple of array_like, each of shape (n,)
    totals : mapping
        Level, or tuple of levels where there are several columns, to its total.
    """

    name: str
    columns: tuple[npt.ArrayLike, ...]
    totals: Mapping[Any, float]


@dataclass(frozen=True, eq=False)
class _Levels:
    """A margin as codes, with the total of each observed level."""

    name: str
    codes: Codes
    labels: list[Hashable]
    totals: Floats


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
    levels = _levels(margin, design.n)

    def reweight(weights: Floats) -> Floats:
        sums = _sums(levels.codes, weights, len(levels.totals))
        _require_positive(sums, levels)
        factors = np.divide(levels.totals, sums, out=np.zeros_like(sums), where=sums > 0)
        return np.asarray(weights * factors[levels.codes])

    return _reweighted(design, reweight, levels.codes, np.eye(len(levels.totals)))


def rake(design: AnyDesign, margins: Sequence[Margin], *, tolerance: float = 1e-10) -> AnyDesign:
    """Make the weights add up to several margins at once by iterative proportional fitting.

    Parameters
    ----------
    design : SurveyDesign or ReplicateDesign
    margins : sequence of Margin
        With equal grand totals.
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
    depend on n. The variance uses residuals from the weighted regression on the margins (Deville, Särndal
    & Sautory 1993).

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
    levels = [_levels(margin, design.n) for margin in margins]
    _require_equal_totals(levels)
    codes, cells = _cells(levels)

    def reweight(weights: Floats) -> Floats:
        sums = _sums(codes, weights, len(cells))
        factors = rake_cells(
            sums, [cells[:, k] for k in range(len(levels))], [level.totals for level in levels],
            [level.name for level in levels], [level.labels for level in levels], tolerance,
        )  # fmt: skip
        return np.asarray(weights * factors[codes])

    dummies = [np.eye(len(level.totals))[cells[:, k]] for k, level in enumerate(levels)]
    return _reweighted(design, reweight, codes, np.hstack(dummies))


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
        Least and greatest ratio of new to old weight.

    Raises
    ------
    CalibrationError
        ``calibration_failed`` with the variable that misses its total most, ``bounds_not_valid``,
        ``bounds_missing``.

    Notes
    -----
    Σ w x = T with w = d F(xᵀλ) (Deville & Särndal 1992, JASA 87): F(u) = 1 + u, exp(u), or the logistic
    function between the bounds; solved by Newton's method.

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

    def reweight(weights: Floats) -> Floats:
        return np.asarray(weights * solve_calibration(matrix, weights, totals, function, names))

    return _reweighted(design, reweight, np.arange(design.n, dtype=np.intp), matrix)


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


def _reweighted(design: AnyDesign, reweight: Reweight, codes: Codes, auxiliaries: Floats) -> AnyDesign:
    """Apply a step to the weights, and to every replicate; remember it for the variance."""
    weights = reweight(design.weights)
    if isinstance(design, ReplicateDesign):
        columns = [reweight(design.replicate_weights[:, r]) for r in range(design.n_replicates)]
        return cast(AnyDesign, design.with_weights(weights, np.column_stack(columns)))
    sample = cast(SurveyDesign, design)
    step = RegressionStep(codes, auxiliaries, sample.weights, weights)
    return cast(AnyDesign, sample.with_weights(weights, step))


def _levels(margin: Margin, n: int) -> _Levels:
    if not margin.columns:
        raise CalibrationError("margin_without_columns", margin=margin.name)
    codes, first = factorize(margin.columns[0], margin.name)
    require_length(codes, n, margin.name)
    labels: list[Any] = list(first) if len(margin.columns) == 1 else [(label,) for label in first]
    for column in margin.columns[1:]:
        more, names = factorize(column, margin.name)
        require_length(more, n, margin.name)
        codes, firsts, seconds = combine_codes(codes, more, len(names))
        labels = [(*labels[a], names[b]) for a, b in zip(firsts, seconds, strict=True)]
    return _Levels(margin.name, codes, labels, _totals(margin, labels))


def _totals(margin: Margin, labels: list[Any]) -> Floats:
    totals = dict(margin.totals)
    for label, total in totals.items():
        if not np.isfinite(total) or total < 0:
            raise CalibrationError("total_not_valid", margin=margin.name, level=label, total=total)
        if total > 0 and label not in set(labels):
            raise CalibrationError("level_not_in_sample", margin=margin.name, level=label)
    for label in labels:
        if label not in totals:
            raise CalibrationError("level_without_total", margin=margin.name, level=label)
        if totals[label] == 0:
            raise CalibrationError("level_with_total_zero", margin=margin.name, level=label)
    return np.array([totals[label] for label in labels], dtype=np.float64)


def _sums(codes: Codes, weights: Floats, count: int) -> Floats:
    return np.bincount(codes, weights=weights, minlength=count).astype(np.float64)


def _require_positive(sums: Floats, levels: _Levels) -> None:
    empty = np.flatnonzero(~(sums > 0))
    if empty.size:
        raise CalibrationError("level_without_weight", margin=levels.name, level=levels.labels[int(empty[0])])


def _require_equal_totals(levels: list[_Levels]) -> None:
    first = float(levels[0].totals.sum())
    for level in levels[1:]:
        total = float(level.totals.sum())
        if abs(total - first) > 1e-9 * max(abs(first), 1.0):
            raise CalibrationError(
                "margin_totals_differ", margins=[levels[0].name, level.name], totals=[first, total]
            )


def _cells(levels: list[_Levels]) -> tuple[Codes, Codes]:
    """Number the observed combinations of levels; give the level codes of each cell, shape (cells,
    margins)."""
    codes = levels[0].codes
    members = np.arange(len(levels[0].totals), dtype=np.intp)[:, None]
    for level in levels[1:]:
        codes, firsts, seconds = combine_codes(codes, level.codes, len(level.totals))
        members = np.column_stack([members[firsts], seconds])
    return codes, members
