"""How many responses a survey needs, and how to divide them among strata."""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy import special

from analysis.errors import MethodError


@dataclass(frozen=True, slots=True)
class SampleSize:
    """A planned sample.

    Attributes
    ----------
    completed : int
        Responses needed.
    contacts : int
        People to be invited, given the response rate.
    """

    completed: int
    contacts: int


def sipas_sample_size(population: int, margin: float = 0.05) -> int:
    """Give the sample size of the SIPAS rule, n = N / (1 + N e²), rounded up.

    Notes
    -----
    Yamane's formula (1967): a simple random sample, p = 0.5 and a z rounded to 2; no design effect.

    Examples
    --------
    >>> sipas_sample_size(10_000), sipas_sample_size(400)
    (385, 200)
    """
    if population < 1:
        raise MethodError("population_not_positive", population=population)
    _require_share(margin, "margin")
    return _round_up(population / (1 + population * margin**2))


def sample_size(
    margin: float,
    p: float = 0.5,
    level: float = 0.95,
    design_effect: float = 1.0,
    population: int | None = None,
    response_rate: float = 1.0,
) -> SampleSize:
    """Give the sample size for a margin of error.

    Parameters
    ----------
    margin : float
        Half-width of the interval, such as 0.03.
    p : float
        Expected share.
    level : float
        Confidence.
    design_effect : float
        Variance relative to a simple random sample.
    population : int, optional
        Size of the population, for the finite population correction.
    response_rate : float
        Share of the invited who answer.

    Returns
    -------
    SampleSize

    Notes
    -----
    n = z² p(1 − p)/e² · deff, and n/(1 + (n − 1)/N) in a population of N.

    Examples
    --------
    >>> sample_size(0.03, p=0.9, design_effect=1.6, population=2000, response_rate=0.5)
    SampleSize(completed=471, contacts=942)
    """
    _require_share(margin, "margin")
    _require_share(response_rate, "response_rate", closed=True)
    if not design_effect > 0:
        raise MethodError("design_effect_not_positive", design_effect=design_effect)
    n = size_for_margin(p, margin, level) * design_effect
    if population is not None:
        n = with_population(n, population)
    completed = _round_up(n)
    return SampleSize(completed, _round_up(completed / response_rate))


def size_for_margin(p: float, margin: float, level: float) -> float:
    """Give z² p(1 − p)/e², not rounded."""
    return normal_quantile((1 + level) / 2) ** 2 * p * (1 - p) / margin**2


def with_population(n: float, population: float) -> float:
    """Apply the finite population correction to a sample size, n/(1 + (n − 1)/N)."""
    return n / (1 + (n - 1) / population)


def normal_quantile(probability: float) -> float:
    """Give the quantile of the standard normal distribution."""
    if not 0 < probability < 1:
        raise MethodError("level_out_of_range", level=probability)
    return float(special.ndtri(probability))


def _round_up(value: float) -> int:
    return math.ceil(value - 1e-9)


def _require_share(value: float, name: str, *, closed: bool = False) -> None:
    if not (0 < value < 1 or (closed and value == 1)):
        raise MethodError(f"{name}_out_of_range", **{name: value})
