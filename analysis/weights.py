"""Weights before calibration: from selection probabilities, adjusted for non-response; and a report on
weights."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analysis.columns import Floats, factorize, flag_column, float_column
from analysis.design import check_weights, kish_design_effect
from analysis.errors import CalibrationError, WeightError


def selection_weights(*probabilities: npt.ArrayLike) -> Floats:
    """Give design weights, the inverse of the product of the selection probabilities of all stages.

    Parameters
    ----------
    *probabilities : array_like, each of shape (n,)
        One column per stage, in (0, 1].

    Raises
    ------
    WeightError
        ``probability_out_of_range`` with stage and row.

    Notes
    -----
    d = 1/(π₁ π₂ …) (Horvitz & Thompson 1952).

    Examples
    --------
    >>> selection_weights([0.5, 0.25], [0.5, 1.0]).tolist()
    [4.0, 4.0]
    """
    if not probabilities:
        raise WeightError("no_probabilities")
    n = len(np.asarray(probabilities[0]))
    weights = np.ones(n)
    for stage, column in enumerate(probabilities, start=1):
        values = float_column(column, n, f"probability of stage {stage}")
        wrong = np.flatnonzero(~((values > 0) & (values <= 1)))
        if wrong.size:
            raise WeightError("probability_out_of_range", stage=stage, row=int(wrong[0]) + 1)
        weights /= values
    return weights


def adjust_for_nonresponse(
    weights: npt.ArrayLike,
    responded: npt.ArrayLike,
    classes: npt.ArrayLike,
    *,
    greatest_factor: float = np.inf,
) -> Floats:
    """Let the respondents of each class stand for its non-respondents too.

    Parameters
    ----------
    weights : array_like, shape (n,)
        Design weights of everybody selected.
    responded : array_like of bool, shape (n,)
    classes : array_like, shape (n,)
        Adjustment class, known for everybody selected.
    greatest_factor : float
        Refuse a class whose factor would exceed this.

    Returns
    -------
    ndarray, shape (n,)
        Adjusted weights of the respondents; 0 for non-respondents.

    Raises
    ------
    CalibrationError
        ``class_without_respondents`` or ``class_factor_too_great``, with the class: merge it with another.

    Notes
    -----
    w = d Σ_class d / Σ_class,respondents d (Oh & Scheuren 1983). Totals of the classes are kept.

    Examples
    --------
    >>> adjust_for_nonresponse([1.0, 1.0, 2.0], [True, False, True], ["a", "a", "b"]).tolist()
    [2.0, 0.0, 2.0]
    """
    design = check_weights(weights)
    answered = flag_column(responded, len(design), "responded")
    codes, labels = factorize(classes, "classes")
    selected = np.bincount(codes, weights=design, minlength=len(labels))
    reached = np.bincount(codes, weights=design * answered, minlength=len(labels))
    for code, label in enumerate(labels):
        if reached[code] == 0:
            raise CalibrationError("class_without_respondents", adjustment_class=label)
        if selected[code] / reached[code] > greatest_factor:
            factor = float(selected[code] / reached[code])
            raise CalibrationError("class_factor_too_great", adjustment_class=label, factor=factor)
    return np.asarray(np.where(answered, design * (selected / reached)[codes], 0.0))


@dataclass(frozen=True, slots=True)
class WeightReport:
    """What unequal weights cost.

    Attributes
    ----------
    n : int
    total, least, greatest : float
    ratio_of_extremes : float
        Greatest over least weight.
    design_effect : float
        Kish's 1 + cv².
    effective_n : float
        n over the design effect.
    efficiency : float
        Effective n over n.
    """

    n: int
    total: float
    least: float
    greatest: float
    ratio_of_extremes: float
    design_effect: float
    effective_n: float
    efficiency: float


def report_weights(weights: npt.ArrayLike) -> WeightReport:
    """Describe a column of weights; rows of weight 0 do not count.

    Examples
    --------
    >>> report = report_weights([1.0, 3.0])
    >>> report.design_effect, report.effective_n
    (1.25, 1.6)
    """
    checked = check_weights(weights)
    checked = checked[checked > 0]
    effect = kish_design_effect(checked)
    least, greatest = float(checked.min()), float(checked.max())
    n = len(checked)
    return WeightReport(
        n, float(checked.sum()), least, greatest, greatest / least, effect, n / effect, 1 / effect
    )


def trimming_bound(
    weights: npt.ArrayLike, *, spread: float | None = 5.0, multiple: float | None = None
) -> float:
    """Give an upper bound for weights: median + k · interquartile range, or a multiple of the mean.

    Parameters
    ----------
    weights : array_like, shape (n,)
        Rows of weight 0 do not count.
    spread : float, optional
        k of the first rule.
    multiple : float, optional
        If given, the bound is this multiple of the mean.

    Examples
    --------
    >>> trimming_bound([1.0, 1.0, 2.0, 2.0, 30.0], spread=3.0), trimming_bound([1.0, 3.0], multiple=2.0)
    (5.0, 4.0)
    """
    checked = check_weights(weights)
    checked = checked[checked > 0]
    if multiple is not None:
        return float(multiple * checked.mean())
    low, middle, high = np.quantile(checked, [0.25, 0.5, 0.75])
    return float(middle + (spread or 0.0) * (high - low))
