"""Drawing samples, many at once, and estimating from PSU totals as the engine does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tests.studies.coverage.populations import Floats, Population

ITEMS, LEAST_ITEMS = 8, 5
ROWS_AT_ONCE = 600_000


@dataclass(frozen=True, eq=False)
class Samples:
    """Replicated samples; arrays of shape (replicates, PSUs, seats).

    A PSU has as many seats as the largest PSU has respondents; the weight of an empty seat is 0.

    Attributes
    ----------
    weights : of respondents.
    satisfied : answer to the first item, 0 or 1.
    score : position of the first answer on the five-point scale, 0 to 1.
    answered, satisfied_answers : valid and satisfied answers to all items.
    """

    population: Population
    weights: Floats
    satisfied: Floats
    score: Floats
    answered: Floats
    satisfied_answers: Floats


@dataclass(frozen=True, eq=False)
class Estimates:
    """Estimates of one quantity from each sample; arrays of shape (replicates,)."""

    value: Floats
    error: Floats
    n: Floats
    df: int
    truth: float

    @classmethod
    def joined(cls, parts: list[Estimates]) -> Estimates:
        value, error, n = (
            np.concatenate([getattr(part, name) for part in parts]) for name in ("value", "error", "n")
        )
        return cls(value, error, n, parts[0].df, parts[0].truth)


def draw_estimates(population: Population, replicates: int, rng: np.random.Generator) -> dict[str, Estimates]:
    """Give the estimates of the share of the first item, of the index and of the mean score."""
    parts = [estimates_of(samples) for samples in draw_samples(population, replicates, rng)]
    return {name: Estimates.joined([part[name] for part in parts]) for name in parts[0]}


def draw_samples(population: Population, replicates: int, rng: np.random.Generator) -> Iterator[Samples]:
    """Draw samples in portions that fit into the memory."""
    seats = _most_seats(population)
    portion = max(1, ROWS_AT_ONCE // (population.psus * seats))
    for start in range(0, replicates, portion):
        yield _draw(population, min(portion, replicates - start), seats, rng)


def estimates_of(samples: Samples) -> dict[str, Estimates]:
    population, weights = samples.population, samples.weights
    respondents = (weights > 0).sum(axis=(1, 2)).astype(np.float64)
    truth, df = population.truth, population.degrees_of_freedom
    ones = np.ones(1)
    columns: dict[str, tuple[Floats, Floats, float]] = {
        "share": (samples.satisfied, ones, truth),
        "index": (samples.satisfied_answers, samples.answered, truth),
        "score": (samples.score, ones, 0.25 + 0.625 * truth),
    }
    found = {}
    for name, (numerator, denominator, target) in columns.items():
        above = (weights * numerator).sum(axis=2)
        below = (weights * denominator).sum(axis=2)
        value, error = ratio(above, below, population.psus_by_stratum)
        found[name] = Estimates(value, error, respondents, df, target)
    return found


def ratio(above: Floats, below: Floats, psus_by_stratum: list[int]) -> tuple[Floats, Floats]:
    """Give the ratio of totals and its linearised standard error from PSU totals (replicates, PSUs)."""
    denominator = below.sum(axis=1)
    missed = (below - above).sum(axis=1)
    value = np.where(missed == 0, 1.0, above.sum(axis=1) / denominator)
    influence = (above - value[:, None] * below) / denominator[:, None]
    variance = np.zeros(len(value))
    start = 0
    for count in psus_by_stratum:
        part = influence[:, start : start + count]
        centred = part - part.mean(axis=1, keepdims=True)
        variance += count / (count - 1) * (centred**2).sum(axis=1)
        start += count
    return value, np.where((value <= 0) | (value >= 1), 0.0, np.sqrt(variance))


def _draw(population: Population, replicates: int, seats: int, rng: np.random.Generator) -> Samples:
    satisfaction, psu_weights = _draw_psus(population, replicates, rng)
    shape = (replicates, population.psus, seats)
    sizes = rng.integers(*_sizes(population), size=shape[:2], endpoint=True)
    weights = np.where(np.arange(seats) < sizes[:, :, None], psu_weights[:, :, None], 0.0)
    if population.weight_cv > 0:
        weights *= np.exp(
            np.float32(np.sqrt(population.log_variance)) * rng.standard_normal(shape, dtype=np.float32)
        )
    chance = satisfaction[:, :, None].astype(np.float32)
    first = rng.random(shape, dtype=np.float32) < chance
    answered, total = _answers(first, chance, population.straight_liners, rng)
    return Samples(population, weights, first.astype(np.float64), _scores(first, rng), answered, total)


def _answers(
    first: npt.NDArray[np.bool_],
    chance: npt.NDArray[np.float32],
    straight_liners: float,
    rng: np.random.Generator,
) -> tuple[Floats, Floats]:
    """Count valid and satisfied answers; who ticks the same on every item repeats the first answer."""
    shape = first.shape
    straight = rng.random(shape, dtype=np.float32) < straight_liners
    answered = rng.integers(LEAST_ITEMS, ITEMS, size=shape, endpoint=True, dtype=np.int8)
    total = first.astype(np.int8)
    for item in range(1, ITEMS):
        own = rng.random(shape, dtype=np.float32) < chance
        total += np.where(straight, first, own) & (answered > item)
    return answered.astype(np.float64), total.astype(np.float64)


def _scores(first: npt.NDArray[np.bool_], rng: np.random.Generator) -> Floats:
    """Give the satisfied 4 or 5 and the others 1, 2 or 3, each alike often, as positions 0 to 1."""
    draw = rng.integers(0, 6, size=first.shape, dtype=np.int8)
    return np.where(first, 0.75 + 0.25 * (draw % 2), 0.25 * (draw % 3))


def _draw_psus(population: Population, replicates: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Select PSUs with equal chances and with replacement in each stratum."""
    satisfaction, weights = population.listed
    chosen, carried = [], []
    for stratum, count in enumerate(population.psus_by_stratum):
        at = rng.integers(0, satisfaction.shape[1], size=(replicates, count))
        chosen.append(satisfaction[stratum][at])
        carried.append(weights[stratum][at])
    return np.concatenate(chosen, axis=1), np.concatenate(carried, axis=1)


def _sizes(population: Population) -> tuple[int, int]:
    spread = population.mean_size * population.size_spread
    return int(np.ceil(population.mean_size - spread)), int(population.mean_size + spread)


def _most_seats(population: Population) -> int:
    return _sizes(population)[1]
