"""Distance functions of calibration, and Newton's method for the equations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from analysis.columns import Floats
from analysis.errors import CalibrationError

_TOLERANCE, _MAX_ITERATIONS, _MAX_HALVINGS = 1e-11, 200, 40
_ACCEPTED_MISFIT = 1e-7


@dataclass(frozen=True)
class CalibrationFunction:
    """The ratio of new to old weight F(u) and its derivative, for linear predictors u of shape (n,)."""

    ratio: Callable[[Floats], Floats]
    slope: Callable[[Floats], Floats]


def linear(low: float, high: float) -> CalibrationFunction:
    """F(u) = 1 + u within the bounds."""
    return CalibrationFunction(
        lambda u: np.clip(1 + u, low, high),
        lambda u: ((1 + u > low) & (1 + u < high)).astype(np.float64),
    )


def raking(low: float, high: float) -> CalibrationFunction:
    """F(u) = exp(u) within the bounds."""

    def ratio(u: Floats) -> Floats:
        with np.errstate(over="ignore"):
            return np.asarray(np.clip(np.exp(u), low, high))

    def slope(u: Floats) -> Floats:
        with np.errstate(over="ignore"):
            value = np.exp(u)
        return np.asarray(np.where((value > low) & (value < high), value, 0.0))

    return CalibrationFunction(ratio, slope)


def logit(low: float, high: float) -> CalibrationFunction:
    """F(u) = (L(U − 1) + U(1 − L)e)/((U − 1) + (1 − L)e), e = exp(A u), A = (U − L)/((1 − L)(U − 1))."""
    steepness = (high - low) / ((1 - low) * (high - 1))

    def share(u: Floats) -> Floats:
        """Give the position between the bounds, 0 to 1."""
        return np.asarray(1 / (1 + (high - 1) / (1 - low) * np.exp(-np.clip(steepness * u, -700, 700))))

    return CalibrationFunction(
        lambda u: low + (high - low) * share(u),
        lambda u: (high - low) * steepness * share(u) * (1 - share(u)),
    )


CALIBRATION_FUNCTIONS: dict[str, Callable[[float, float], CalibrationFunction]] = {
    "linear": linear,
    "raking": raking,
    "logit": logit,
}
"""Distance functions by name; each takes the bounds."""


def solve_calibration(
    matrix: Floats, weights: Floats, totals: Floats, function: CalibrationFunction, names: list[str]
) -> Floats:
    """Solve Σ w F(xᵀλ) x = T for the ratios F.

    Parameters
    ----------
    matrix : ndarray, shape (n, q)
    weights : ndarray, shape (n,)
        Weights before calibration.
    totals : ndarray, shape (q,)
    function : CalibrationFunction
    names : list of str
        Names of the columns, for errors.

    Returns
    -------
    ndarray, shape (n,)

    Raises
    ------
    CalibrationError
        ``calibration_failed`` with the column that misses its total most.
    """
    scales = np.abs(matrix).max(axis=0, initial=0.0)
    scales = np.where(scales > 0, scales, 1.0)
    columns, wanted = matrix / scales, totals / scales
    norm = 1 / scales + np.abs(wanted)
    coefficients = np.zeros(columns.shape[1])
    ratios, misfit = _evaluate(columns, weights, wanted, function, coefficients)
    for _ in range(_MAX_ITERATIONS):
        if _worst(misfit, norm) < _TOLERANCE:
            break
        slopes = weights * function.slope(columns @ coefficients)
        information = (columns * slopes[:, None]).T @ columns
        if not np.isfinite(information).all():
            break
        step = np.linalg.lstsq(information, misfit, rcond=1e-13)[0]
        previous = _worst(misfit, norm)
        for _ in range(_MAX_HALVINGS):
            candidate = coefficients + step
            new_ratios, new_misfit = _evaluate(columns, weights, wanted, function, candidate)
            if np.isfinite(new_misfit).all() and _worst(new_misfit, norm) < previous * (1 + 1e-6):
                break
            step = step / 2
        else:
            break
        stalled = _worst(new_misfit, norm) >= previous and previous < 1e-9
        coefficients, ratios, misfit = candidate, new_ratios, new_misfit
        if stalled:
            break
    _require_fit(misfit, norm, names, totals, scales)
    return ratios


def _evaluate(
    columns: Floats, weights: Floats, wanted: Floats, function: CalibrationFunction, coefficients: Floats
) -> tuple[Floats, Floats]:
    ratios = function.ratio(columns @ coefficients)
    with np.errstate(over="ignore", invalid="ignore"):
        return ratios, wanted - columns.T @ (weights * ratios)


def _worst(misfit: Floats, norm: Floats) -> float:
    return float(np.max(np.abs(misfit) / norm))


def _require_fit(misfit: Floats, norm: Floats, names: list[str], totals: Floats, scales: Floats) -> None:
    if np.isfinite(misfit).all() and _worst(misfit, norm) <= _ACCEPTED_MISFIT:
        return
    worst = int(np.argmax(np.abs(np.where(np.isfinite(misfit), misfit, np.inf)) / norm))
    raise CalibrationError(
        "calibration_failed",
        variable=names[worst],
        total=float(totals[worst]),
        reached=float(totals[worst] - misfit[worst] * scales[worst]),
    )
