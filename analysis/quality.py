"""When a share may be published: the presentation rule of the NCHS, and a least number of respondents."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from analysis.columns import Flags, Floats
from analysis.intervals import Limits, Numbers, effective_size, korn_graubard_nchs

MINIMUM_SIZE = 30
MAXIMUM_WIDTH, MINIMUM_WIDTH, MAXIMUM_RELATIVE_WIDTH = 0.30, 0.05, 1.30
REVIEW_DEGREES_OF_FREEDOM = 8
PRESENTATION_LEVEL = 0.95
"""The rule speaks of the 95% interval, whatever the confidence of a report is."""
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


@dataclass(frozen=True, slots=True)
class PresentationFlags:
    """The outcome of the rule for whole arrays; all flags but `suppressed` hold for what is shown.

    Attributes
    ----------
    suppressed, complement_flagged, few_degrees_of_freedom, at_edge : ndarray of bool
    """

    suppressed: Flags
    complement_flagged: Flags
    few_degrees_of_freedom: Flags
    at_edge: Flags


def check_presentations(
    p: Numbers, standard_error: Numbers, df: Numbers, n: Numbers, limits: Limits | None = None
) -> PresentationFlags:
    """Apply the rule of `check_presentation` to arrays of one shape; NaN is suppressed.

    Parameters
    ----------
    p, standard_error, df, n : array_like
        As in `check_presentation`.
    limits : tuple of ndarray, optional
        The 95% ``kg_nchs`` limits, where they are known already.

    Examples
    --------
    >>> check_presentations([0.91, 0.91], [0.0284, 0.0284], [99, 99], [100, 25]).suppressed.tolist()
    [False, True]
    """
    low, high = korn_graubard_nchs(p, standard_error, df, n, PRESENTATION_LEVEL) if limits is None else limits
    share = np.asarray(p, dtype=np.float64)
    at_edge = (share <= 0) | (share >= 1)
    width = np.where(at_edge & ~np.isnan(low), 0.0, high - low)
    size = _usable_size(share, standard_error, n)
    with np.errstate(divide="ignore", invalid="ignore"):
        is_wide = (width >= MAXIMUM_WIDTH) | (width / share > MAXIMUM_RELATIVE_WIDTH)
        is_wide_beside_complement = width / (1 - share) > MAXIMUM_RELATIVE_WIDTH
    is_narrow = width <= MINIMUM_WIDTH
    shown = (size >= MINIMUM_SIZE) & (is_narrow | (~np.isnan(width) & ~is_wide))
    return PresentationFlags(
        suppressed=~shown,
        complement_flagged=shown & ~is_narrow & is_wide_beside_complement,
        few_degrees_of_freedom=shown & (np.asarray(df) < REVIEW_DEGREES_OF_FREEDOM),
        at_edge=shown & at_edge,
    )


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
    limits = korn_graubard_nchs(p, standard_error, df, n, PRESENTATION_LEVEL)
    flags = check_presentations(p, standard_error, df, n, limits)
    width = 0.0 if p <= 0 or p >= 1 else float(limits[1] - limits[0])
    return PresentationCheck(
        Presentation.SUPPRESS if flags.suppressed else Presentation.SHOW,
        float(_usable_size(p, standard_error, n)),
        width,
        width / p if p > 0 else math.nan,
        width / (1 - p) if p < 1 else math.nan,
        bool(flags.complement_flagged),
        bool(flags.few_degrees_of_freedom),
        bool(flags.at_edge),
    )


def _usable_size(p: Numbers, standard_error: Numbers, n: Numbers) -> Floats:
    """Give min(n, n_e); n at 0 and 1."""
    share, rows = np.asarray(p, dtype=np.float64), np.asarray(n, dtype=np.float64)
    at_edge = (share <= 0) | (share >= 1)
    return np.where(at_edge, rows, np.minimum(rows, effective_size(share, standard_error)))
