"""When a share may be published: the presentation rule of the NCHS, and a least number of respondents."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from analysis.intervals import effective_size, korn_graubard_nchs

MINIMUM_SIZE = 30
MAXIMUM_WIDTH, MINIMUM_WIDTH, MAXIMUM_RELATIVE_WIDTH = 0.30, 0.05, 1.30
REVIEW_DEGREES_OF_FREEDOM = 8
MINIMUM_RESPONDENTS = 5
"""Fewer respondents than this are a risk to their anonymity, however precise the number."""


class Presentation(StrEnum):
    """What to do with a share."""

    SHOW = "show"
    SUPPRESS = "suppress"


@dataclass(frozen=True, slots=True)
class PresentationCheck:
    """The outcome of the presentation rule.

    Attributes
    ----------
    decision : Presentation
    effective_size : float
        min(n, p(1 − p)/v); n at 0 and 1.
    absolute_width : float
        Width of the 95% Korn–Graubard interval; 0 at 0 and 1.
    relative_width, relative_width_complement : float
        Width over p and over 1 − p; NaN where these are 0.
    complement_flagged : bool
        Shown, with a footnote that the complement is unreliable.
    few_degrees_of_freedom, at_edge : bool
        Shown, to be reviewed by a statistician.
    """

    decision: Presentation
    effective_size: float
    absolute_width: float
    relative_width: float
    relative_width_complement: float
    complement_flagged: bool
    few_degrees_of_freedom: bool
    at_edge: bool


def check_presentation(p: float, standard_error: float, df: float, n: int) -> PresentationCheck:
    """Apply the NCHS presentation rule for proportions.

    Parameters
    ----------
    p, standard_error : float
        Share 0–1 and its standard error.
    df : float
        Degrees of freedom.
    n : int
        Respondents with a valid answer.

    Returns
    -------
    PresentationCheck

    Notes
    -----
    n < 30 or effective size < 30: suppress. Width w of the 95% interval: w ≤ 0.05 show; w ≥ 0.30 suppress;
    w/p > 1.30 suppress; otherwise show, flagged where w/(1 − p) > 1.30. Source: Parker et al. 2017, Vital
    Health Stat 2(175).

    Examples
    --------
    >>> check_presentation(0.91, 0.0284, 99, 100).decision.value
    'show'
    >>> check_presentation(0.91, 0.0284, 99, 25).decision.value
    'suppress'
    """
    at_edge = p <= 0 or p >= 1
    effective = float(n) if at_edge else min(float(n), float(effective_size(p, standard_error)))
    low, high = korn_graubard_nchs(p, standard_error, df, n, 0.95)
    width = 0.0 if at_edge else float(high - low)
    decision, complement_flagged = _decide(p, n, effective, width)
    shown = decision is Presentation.SHOW
    return PresentationCheck(
        decision,
        effective,
        width,
        width / p if p > 0 else math.nan,
        width / (1 - p) if p < 1 else math.nan,
        complement_flagged,
        shown and df < REVIEW_DEGREES_OF_FREEDOM,
        shown and at_edge,
    )


def _decide(p: float, n: int, effective: float, width: float) -> tuple[Presentation, bool]:
    if n < MINIMUM_SIZE or effective < MINIMUM_SIZE or width != width:
        return Presentation.SUPPRESS, False
    if width <= MINIMUM_WIDTH:
        return Presentation.SHOW, False
    if width >= MAXIMUM_WIDTH or width / p > MAXIMUM_RELATIVE_WIDTH:
        return Presentation.SUPPRESS, False
    return Presentation.SHOW, width / (1 - p) > MAXIMUM_RELATIVE_WIDTH
