"""Values that estimators give: an estimate with its uncertainty, or the reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from analysis.intervals import (
    BOUNDED_MEAN_METHOD,
    Bounds,
    ConfidenceInterval,
    Kind,
    bounded_mean_limits,
    default_method,
    interval_limits,
)

Reason = Literal[
    "empty_domain", "empty_element", "mixed_scales", "no_degrees_of_freedom", "no_variance", "suppressed"
]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its uncertainty and its origin.

    Attributes
    ----------
    estimate : float
        Point estimate: 0–1 for shares and indices of shares, scale units for means.
    standard_error : float
        Design-based standard error, in the same unit.
    degrees_of_freedom : float
        First-stage units minus strata that have valid rows.
    n : int
        Respondents (rows) with a valid answer.
    kind : {"share", "index", "mean"}
        What the number is; it decides the default interval.
    method : str
        Name of the estimator, such as ``"proportion"`` or ``"pooled_index"``.
    design_effect : float or None
        Variance relative to that of a simple random sample of n rows with replacement.
    answer_count : int or None
        Number of valid answers behind an index.
    n_psu : int or None
        First-stage units with valid rows.
    level : float
        Confidence of the interval that is given by default.
    bounds : tuple of float or None
        Lowest and highest value that a mean can have; its default interval then stays between them.

    Examples
    --------
    >>> share = Estimate(0.9, 0.02, 30, 400, kind="share", method="proportion")
    >>> share.confidence_interval().method
    'kg_nchs'
    >>> round(share.confidence_interval(method="wilson").low, 4)
    0.8516
    """

    estimate: float
    standard_error: float
    degrees_of_freedom: float
    n: int
    kind: Kind = "mean"
    method: str = "mean"
    design_effect: float | None = None
    answer_count: int | None = None
    n_psu: int | None = None
    level: float = 0.95
    bounds: Bounds | None = None

    def confidence_interval(
        self, level: float | None = None, method: str | None = None
    ) -> ConfidenceInterval:
        """Give a two-sided interval.

        Parameters
        ----------
        level : float, optional
            Confidence; by default that of the estimate.
        method : str, optional
            A name in `analysis.intervals.METHODS`; by default the choice of `default_method`.

        Returns
        -------
        ConfidenceInterval
            Its limits are NaN where the method has no answer (`exists` is False).

        Raises
        ------
        MethodError
            For an unknown method or a level outside (0, 1).
        """
        confidence = self.level if level is None else level
        name = default_method(self.kind, self.estimate, self.bounds) if method is None else method
        numbers = (self.estimate, self.standard_error, self.degrees_of_freedom)
        if name == BOUNDED_MEAN_METHOD and self.bounds is not None:
            low, high = bounded_mean_limits(*numbers, confidence, *self.bounds)
        else:
            low, high = interval_limits(name, *numbers, self.n, confidence)
        return ConfidenceInterval(float(low), float(high), confidence, name)

    def lower_limit(self, level: float | None = None, method: str | None = None) -> float:
        """Give the one-sided lower limit at `level`."""
        confidence = self.level if level is None else level
        return self.confidence_interval(1 - 2 * (1 - confidence), method).low

    def upper_limit(self, level: float | None = None, method: str | None = None) -> float:
        """Give the one-sided upper limit at `level`."""
        confidence = self.level if level is None else level
        return self.confidence_interval(1 - 2 * (1 - confidence), method).high

    @property
    def margin_of_error(self) -> float:
        """Half the width of the default interval."""
        return self.confidence_interval().width / 2


@dataclass(frozen=True, slots=True)
class NotEstimable:
    """A cell that has no number, and why.

    Attributes
    ----------
    reason : str
        ``empty_domain`` (no valid answer), ``empty_element`` (an element of a combined index has none),
        ``mixed_scales`` (items on different scales have no common mean; use the score 0–100),
        ``no_degrees_of_freedom`` (too few first-stage units),
        ``no_variance``, ``suppressed``.
    n : int
        Respondents with a valid answer.
    answer_count : int or None
        Number of valid answers behind an index.
    n_psu : int or None
        First-stage units with valid rows.

    Examples
    --------
    >>> NotEstimable("no_degrees_of_freedom", n=12, n_psu=1).reason
    'no_degrees_of_freedom'
    """

    reason: Reason
    n: int = 0
    answer_count: int | None = None
    n_psu: int | None = None


Result = Estimate | NotEstimable
