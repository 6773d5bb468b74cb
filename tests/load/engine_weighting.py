"""The cost of raking and of replicate weights, beside the arithmetic that nobody can do without."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analysis import Margin, ReplicateDesign, SurveyDesign, estimate_composite, rake, rescaled_bootstrap

LEVELS = (2, 6, 9, 12)
TOLERANCE = 1e-10
PSUS, REPLICATES, ITEMS = 200, 100, 20
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class RakingTask:
    """Rows with four margins, and the totals that they shall reach."""

    design: SurveyDesign
    codes: tuple[npt.NDArray[np.intp], ...]
    totals: tuple[Floats, ...]

    @property
    def margins(self) -> list[Margin]:
        return [
            Margin(f"margin-{place + 1}", (codes,), dict(enumerate(totals.tolist())))
            for place, (codes, totals) in enumerate(zip(self.codes, self.totals, strict=True))
        ]


def draw_raking_task(n: int, dependence: float, seed: int = 2) -> RakingTask:
    """Draw rows whose margins depend on one another: the more they do, the more iterations it takes."""
    rng = np.random.default_rng(seed)
    common = rng.random(n)
    codes = []
    for levels in LEVELS:
        mixed = np.where(rng.random(n) < dependence, common, rng.random(n))
        codes.append((mixed * levels).astype(np.intp))
    totals = []
    for levels in LEVELS:
        wanted = rng.uniform(0.7, 1.3, size=levels)
        totals.append(wanted / wanted.sum() * 3 * n)
    psus = np.arange(n) % 1000
    design = SurveyDesign.from_columns(rng.uniform(1.0, 2.0, size=n), ids=[psus])
    return RakingTask(design, tuple(codes), tuple(totals))


def rake_rows(task: RakingTask, tolerance: float = TOLERANCE) -> SurveyDesign:
    return rake(task.design, task.margins, tolerance=tolerance)


def fit_collapsed(task: RakingTask, tolerance: float = TOLERANCE) -> tuple[Floats, int]:
    """Give the floor: collapse the rows to cells, fit the cells, expand; with the iterations it took."""
    cells = task.codes[0]
    for levels, codes in zip(LEVELS[1:], task.codes[1:], strict=True):
        cells = cells * levels + codes
    sums = np.asarray(
        np.bincount(cells, weights=task.design.weights, minlength=int(np.prod(LEVELS))), dtype=np.float64
    )
    table, iterations = fit_table(sums.reshape(LEVELS), list(task.totals), tolerance)
    factors = np.divide(table.ravel(), sums, out=np.zeros_like(sums), where=sums > 0)
    return task.design.weights * factors[cells], iterations


def fit_table(table: Floats, totals: list[Floats], tolerance: float) -> tuple[Floats, int]:
    """Fit a table to its margins, one after the other, until all agree."""
    axes = range(table.ndim)
    others = [tuple(axis for axis in axes if axis != place) for place in axes]
    shapes = [tuple(-1 if axis == place else 1 for axis in axes) for place in axes]
    for iteration in range(1, 5001):
        for wanted, other, shape in zip(totals, others, shapes, strict=True):
            table = table * (wanted / table.sum(axis=other)).reshape(shape)
        misfit = max(
            np.abs(table.sum(axis=other) / wanted - 1).max()
            for wanted, other in zip(totals, others, strict=True)
        )
        if misfit <= tolerance:
            return table, iteration
    raise ValueError("the table was not fitted")


@dataclass(frozen=True, eq=False)
class ReplicateTask:
    """A replicate design with calibrated weights, and items to estimate."""

    design: ReplicateDesign
    items: Floats


def draw_replicate_task(n: int, seed: int = 3) -> tuple[ReplicateDesign, RakingTask, Floats]:
    """Give a replicate design before calibration, the margins, and the items."""
    task = draw_raking_task(n, 0.3, seed)
    rng = np.random.default_rng(seed)
    psus = np.arange(n) % PSUS
    sample = SurveyDesign.from_columns(task.design.weights, strata=psus % 10, ids=[psus])
    items = (rng.random((n, ITEMS)) < 0.9).astype(np.float64)
    items[rng.random((n, ITEMS)) < 0.1] = np.nan
    return rescaled_bootstrap(sample, REPLICATES, seed=seed), task, items


def calibrate_replicates(design: ReplicateDesign, task: RakingTask) -> ReplicateDesign:
    return rake(design, task.margins, tolerance=TOLERANCE)


def estimate_replicated(task: ReplicateTask) -> object:
    """Estimate a composite of all items with its standard error."""
    return estimate_composite(task.design, task.items, np.ones(task.items.shape[1]))


def multiply_matrices(task: ReplicateTask) -> tuple[Floats, Floats]:
    """Give the floor: totals of all items with every replicate weight."""
    valid = ~np.isnan(task.items)
    weights = task.design.replicate_weights.T
    return weights @ np.where(valid, task.items, 0.0), weights @ valid.astype(np.float64)
