"""One sampling stage: which units were selected from which groups, out of how many.

The groups of the first stage are the strata; the groups of a further stage are the units of the stage before.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from analysis.columns import Codes, Flags, Floats, float_column
from analysis.errors import DesignError

_CENSUS_RATE = 1e-7
"""A group of which less than this share was not selected counts as a census, as in R survey."""


@dataclass(frozen=True, eq=False)
class Stage:
    """The units selected at one stage.

    Attributes
    ----------
    units : ndarray of int, shape (n,)
        Unit of each row, numbered over the whole sample.
    groups : ndarray of int, shape (units,)
        Stratum or parent unit of each unit.
    sample_sizes : ndarray, shape (groups,)
        Number of units selected from each group, in the whole sample.
    population : ndarray, shape (groups,)
        Number of units that exist in each group; infinite for selection with replacement.
    group_labels : list
        Names of the groups for errors.
    level : int
        0 for the first stage.
    """

    units: Codes
    groups: Codes
    sample_sizes: Floats
    population: Floats
    group_labels: list[Any]
    level: int

    @property
    def unit_count(self) -> int:
        """Number of selected units."""
        return len(self.groups)

    @property
    def group_count(self) -> int:
        """Number of groups."""
        return len(self.sample_sizes)

    @cached_property
    def fractions(self) -> Floats:
        """Sampling fraction n/N of each group, shape (groups,)."""
        return self.sample_sizes / self.population

    @cached_property
    def is_census(self) -> Flags:
        """Groups all of whose units were selected, shape (groups,)."""
        return np.asarray(1.0 - self.fractions < _CENSUS_RATE)

    @cached_property
    def is_lonely(self) -> Flags:
        """Groups with a single selected unit that are no census, shape (groups,)."""
        return np.asarray((self.sample_sizes == 1) & ~self.is_census)

    @property
    def is_sole(self) -> bool:
        """Whether this is a first stage of one unit that is no census: nothing tells of its variance."""
        return self.level == 0 and self.unit_count == 1 and bool(self.is_lonely.any())

    @cached_property
    def variance_factors(self) -> Floats:
        """(1 − n/N) n/(n − 1) for each group; 1 − n/N where n = 1; 0 for a census. Shape (groups,)."""
        divisor = np.where(self.sample_sizes > 1, self.sample_sizes - 1, 1.0)
        factors = (1.0 - self.fractions) * self.sample_sizes / divisor
        return np.where(self.is_census, 0.0, factors)


def group_sums(values: Floats, codes: Codes, count: int) -> Floats:
    """Add up values of shape (n, k) by code, shape (count, k)."""
    sums = np.empty((count, values.shape[1]))
    for column in range(values.shape[1]):
        sums[:, column] = np.bincount(codes, weights=values[:, column], minlength=count)
    return sums


def build_stage(units: Codes, row_groups: Codes, group_labels: list[Any], level: int) -> Stage:
    """Count the units of each group; `units` and `row_groups` have shape (n,)."""
    unit_count = int(units.max()) + 1
    groups = np.zeros(unit_count, dtype=np.intp)
    groups[units] = row_groups
    group_count = int(row_groups.max()) + 1
    sizes = np.bincount(groups, minlength=group_count).astype(np.float64)
    return Stage(units, groups, sizes, np.full(group_count, np.inf), group_labels, level)


def population_sizes(stage: Stage, column: npt.ArrayLike | None, row_groups: Codes, kind: str) -> Floats:
    """Read the finite population of each group from a column with one value per row.

    Raises
    ------
    DesignError
        ``fpc_missing``, ``fpc_not_positive``, ``fpc_varies``, ``fpc_below_sample``; each names the group.
    """
    if column is None:
        return stage.population
    name = f"fpc[{stage.level}]"
    values = float_column(_finite_or_huge(column), len(row_groups), name)
    _require_rows(~np.isnan(values), "fpc_missing", name)
    _require_rows(values > 0, "fpc_not_positive", name)
    given = np.empty(stage.group_count)
    given[row_groups] = values
    _require_constant(values, given[row_groups], row_groups, stage, name)
    if kind == "fraction":
        _require_groups(given <= 1.0 + 1e-12, "fpc_fraction_above_one", stage, given)
        return np.asarray(stage.sample_sizes / given)
    _require_groups(given >= stage.sample_sizes, "fpc_below_sample", stage, given)
    return given


def _finite_or_huge(column: npt.ArrayLike) -> npt.ArrayLike:
    """Read an infinite population as one so large that its correction is nil."""
    values = np.asarray(column)
    return np.where(np.isposinf(values), 1e300, values) if values.dtype.kind == "f" else values


def _require_rows(good: Flags, code: str, column: str) -> None:
    bad = np.flatnonzero(~good)
    if bad.size:
        raise DesignError(code, column=column, row=int(bad[0]) + 1)


def _require_groups(good: Flags, code: str, stage: Stage, given: Floats) -> None:
    bad = np.flatnonzero(~good)
    if bad.size:
        group = int(bad[0])
        raise DesignError(
            code,
            stage=stage.level + 1,
            group=_group_name(stage, group),
            fpc=float(given[group]),
            selected=int(stage.sample_sizes[group]),
        )


def _require_constant(values: Floats, first: Floats, row_groups: Codes, stage: Stage, column: str) -> None:
    different = np.flatnonzero(values != first)
    if different.size:
        row = int(different[0])
        raise DesignError(
            "fpc_varies", column=column, group=_group_name(stage, int(row_groups[row])), row=row + 1
        )


def _group_name(stage: Stage, group: int) -> Any:
    return stage.group_labels[group] if group < len(stage.group_labels) else group
