"""The populations of the study: every combination of share, PSUs and ICC, and sectors of small units."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import cached_property
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import special

Floats = npt.NDArray[np.float64]

SHARES = (0.70, 0.80, 0.85, 0.90, 0.95, 0.98, 0.99)
PSU_COUNTS = (3, 4, 5, 8, 12, 20, 30, 60)
ICCS = (0.01, 0.05, 0.10, 0.15)
STRATA = (1, 2, 4)
MEAN_SIZES = (15, 25, 40)
SIZE_SPREADS = (0.0, 0.5)
WEIGHT_CVS = (0.0, 0.35, 0.7)
SELECTIVE = (0.0, -0.3)
STRAIGHT_LINERS = (0.2, 0.5)
STRATUM_SPREAD = 0.3
LISTED_PSUS = 2_000

SECTOR_SHARES = (0.80, 0.90, 0.95, 0.98)
SECTOR_MIXES = ("alike", "shares", "iccs", "both", "outlier")
SECTOR_UNITS = 12


@dataclass(frozen=True)
class Population:
    """A population from which samples are drawn.

    Attributes
    ----------
    share : mean probability of a satisfied answer before strata and sizes move it; `truth` is exact.
    psus, strata : sampled first-stage units and strata.
    icc : correlation of two respondents of a PSU within its stratum.
    mean_size, size_spread : respondents of a PSU are uniform on mean_size · (1 ± size_spread).
    weight_cv : coefficient of variation of the weights, in equal parts between and within PSUs.
    selective : correlation of the PSU's weight with its satisfaction (on the normal scale).
    straight_liners : share of respondents who tick the same on every item.
    seed : of the list of PSUs.
    """

    share: float
    psus: int
    icc: float
    strata: int
    mean_size: int
    size_spread: float
    weight_cv: float
    selective: float
    straight_liners: float
    seed: tuple[int, ...]

    def described(self) -> dict[str, Any]:
        return asdict(self)

    @cached_property
    def psus_by_stratum(self) -> list[int]:
        least, rest = divmod(self.psus, self.strata)
        return [least + (stratum < rest) for stratum in range(self.strata)]

    @property
    def degrees_of_freedom(self) -> int:
        return self.psus - self.strata

    @property
    def log_variance(self) -> float:
        """Variance of the logarithm of each of the two parts of the weight."""
        return float(np.log1p(self.weight_cv**2) / 2)

    @cached_property
    def listed(self) -> tuple[Floats, Floats]:
        """Satisfaction and weight of each PSU that exists, shape (strata, LISTED_PSUS)."""
        rng = np.random.default_rng(self.seed)
        centre = special.logit(self.share) + STRATUM_SPREAD * rng.standard_normal((self.strata, 1))
        mean = special.expit(centre)
        normal = rng.standard_normal((2, self.strata, LISTED_PSUS))
        mixed = self.selective * normal[0] + np.sqrt(1 - self.selective**2) * normal[1]
        concentration = 1 / self.icc - 1
        satisfaction = special.betaincinv(
            mean * concentration, (1 - mean) * concentration, special.ndtr(normal[0])
        )
        weights = np.exp(np.sqrt(self.log_variance) * mixed)
        stratum_weights = np.linspace(1, 1 + self.weight_cv, self.strata)[:, None]
        return np.clip(satisfaction, 0.0, 1.0), weights * stratum_weights

    @cached_property
    def truth(self) -> float:
        """The share that a census would give."""
        satisfaction, weights = self.listed
        per_stratum = np.array(self.psus_by_stratum)[:, None] / LISTED_PSUS
        return float((per_stratum * weights * satisfaction).sum() / (per_stratum * weights).sum())


@dataclass(frozen=True)
class Scene:
    """Populations that are sampled together: one alone, or the units of a sector.

    Attributes
    ----------
    number : position in the study; the random numbers of the scene come from it.
    mix : ``"alone"``, or in which way the units of the sector differ.
    """

    number: int
    mix: str
    units: tuple[Population, ...]


def build_scenes(seed: int, populations: int | None = None) -> list[Scene]:
    """Give the scenes of the study in a shuffled order; at least `populations` populations if given."""
    rng = np.random.default_rng([seed, 1])
    grid = list(product(SHARES, PSU_COUNTS, ICCS))
    sectors = list(product(SECTOR_SHARES, SECTOR_MIXES))
    order = rng.permutation(len(grid) + len(sectors))
    scenes: list[Scene] = []
    for number, place in enumerate(order.tolist()):
        if populations is not None and sum(len(scene.units) for scene in scenes) >= populations:
            break
        rng = np.random.default_rng([seed, 2, number])
        if place < len(grid):
            share, psus, icc = grid[place]
            scenes.append(Scene(number, "alone", (_population(rng, share, psus, icc, (seed, 3, number)),)))
        else:
            base, mix = sectors[place - len(grid)]
            scenes.append(Scene(number, mix, _sector(rng, base, mix, (seed, 3, number))))
    return scenes


def _population(
    rng: np.random.Generator, share: float, psus: int, icc: float, seed: tuple[int, ...]
) -> Population:
    def one_of(values: tuple[Any, ...]) -> Any:
        return values[int(rng.integers(len(values)))]

    strata = one_of(tuple(count for count in STRATA if 2 * count <= psus))
    return Population(
        share, psus, icc, strata, one_of(MEAN_SIZES), one_of(SIZE_SPREADS), one_of(WEIGHT_CVS),
        one_of(SELECTIVE), one_of(STRAIGHT_LINERS), seed,
    )  # fmt: skip


def _sector(rng: np.random.Generator, base: float, mix: str, seed: tuple[int, ...]) -> tuple[Population, ...]:
    """Draw units of 3 to 9 PSUs; unit 0 of an ``outlier`` sector alone is strongly clustered."""
    units = []
    for unit in range(SECTOR_UNITS):
        share, icc = base, 0.05
        if mix in ("shares", "both"):
            odds = base / (1 - base) * np.exp(0.5 * rng.standard_normal())
            share = float(np.clip(odds / (1 + odds), 0.60, 0.99))
        if mix in ("iccs", "both"):
            icc = float(rng.choice(ICCS))
        if mix == "outlier":
            icc = 0.15 if unit == 0 else 0.01
        psus = int(rng.choice((3, 4, 5, 6, 9)))
        units.append(_population(rng, share, psus, icc, (*seed, unit)))
    return tuple(units)
