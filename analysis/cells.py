"""Sufficient statistics of an index: totals by sampling unit and domain, and variances from them.

For a ratio, the totals of weight × numerator and weight × denominator of each sampling unit in each domain
are all that its variance needs. A cell is an observed pair (domain, unit); pairs that do not occur count
as zeros without being stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from analysis.columns import Codes, Flags, Floats, combine_codes
from analysis.design import SurveyDesign
from analysis.domains import Domain
from analysis.stages import Stage
from analysis.variance import covariance, lonely_error


def _bincount(codes: Codes, weights: npt.NDArray[Any], minlength: int) -> Floats:
    return np.bincount(codes, weights=weights, minlength=minlength).astype(np.float64, copy=False)


@dataclass(frozen=True, eq=False)
class BaseCells:
    """The finest cells: observed combinations of the last-stage unit and all domain variables.

    Attributes
    ----------
    codes : ndarray of int, shape (n,)
        Cell of each row.
    rows : ndarray of int, shape (cells,)
        A row of each cell, from which its unit and domains can be read.
    """

    codes: Codes
    rows: Codes

    @property
    def count(self) -> int:
        """Number of cells."""
        return len(self.rows)

    @property
    def are_rows(self) -> bool:
        """Whether each row is a cell of its own, in the order of the rows."""
        return self.codes is self.rows

    def sums(self, values: Floats) -> Floats:
        """Add up a row column by cell."""
        return _bincount(self.codes, weights=values, minlength=self.count)

    def counts(self, rows: Flags) -> Floats:
        """Count such rows by cell."""
        return _bincount(self.codes, weights=rows, minlength=self.count)


def build_base_cells(design: SurveyDesign, domains: list[Domain]) -> BaseCells:
    """Number the finest cells; with calibrated weights each row is a cell of its own."""
    stage = design.stages[-1]
    if design.calibration or stage.unit_count == design.n:
        every_row = np.arange(design.n, dtype=np.intp)
        return BaseCells(every_row, every_row)
    codes = stage.units
    for domain in domains:
        codes, _, _ = combine_codes(codes, domain.codes + 1, len(domain.labels) + 1)
    rows = np.zeros(int(codes.max()) + 1, dtype=np.intp)
    rows[codes] = np.arange(design.n)
    return BaseCells(codes, rows)


class CellVariances(Protocol):
    """Sums by domain and variances of totals by domain, from values on the base cells."""

    def sums(self, values: Floats) -> Floats:
        """Add up base-cell values by domain label, shape (labels,)."""
        ...

    def spread(self, values: Floats) -> Floats:
        """Give each base cell the value of its domain; `values` has shape (labels,); 0 outside."""
        ...

    def variances(self, influence: Floats, counts: Floats) -> Floats:
        """Give the variance of each domain's total of influence values, shape (labels,)."""
        ...

    def unit_counts(self, counts: Floats) -> tuple[Codes, Codes]:
        """Count first-stage units and strata with rows, by domain label."""
        ...


def build_cell_variances(design: SurveyDesign, domain: Domain, base: BaseCells) -> CellVariances:
    """Choose the way: from cell totals, or row by row where calibration reaches beyond the domain."""
    if design.calibration:
        return RowVariances(design, domain)
    return GroupedVariances.build(design, domain, base)


def _starts(*keys: Codes) -> Codes:
    """Give the positions where any of the sorted keys changes, the first included."""
    changed = np.zeros(len(keys[0]), dtype=np.bool_)
    changed[:1] = True
    for key in keys:
        changed[1:] |= key[1:] != key[:-1]
    return np.flatnonzero(changed)


def _reduce(values: Floats, starts: Codes) -> Floats:
    return np.add.reduceat(values, starts) if len(starts) else np.zeros(0)


def _ratio(present: Floats, kept: Floats) -> Floats:
    """Give present/kept: 1 where nothing is present, NaN where nothing is kept."""
    return np.divide(present, np.where(kept > 0, kept, np.nan), out=np.ones_like(present), where=present > 0)


@dataclass(frozen=True, eq=False)
class _Level:
    """One stage within the domains: units and groups as runs of the sorted cells."""

    stage: Stage
    unit_starts: Codes
    group_starts: Codes
    group_codes: Codes
    group_labels: Codes
    factors: Floats
    counted: Flags


@dataclass(frozen=True, eq=False)
class GroupedVariances:
    """Variances by domain from totals on the cells (domain, unit), for one domain variable.

    The base cells inside the domains are sorted by label, stratum, first-stage unit and so on; every sum
    is then a sum over runs.
    """

    design: SurveyDesign
    label_count: int
    order: Codes
    label_of_base: Codes
    levels: tuple[_Level, ...]

    @classmethod
    def build(cls, design: SurveyDesign, domain: Domain, base: BaseCells) -> GroupedVariances:
        """Sort the base cells and find the runs."""
        labels = domain.codes[base.rows]
        inside = np.flatnonzero(labels >= 0)
        units = [stage.units[base.rows][inside] for stage in design.stages]
        strata = design.stages[0].groups[units[0]]
        keys = [labels[inside], strata, *units]
        order = np.lexsort(keys[::-1])
        keys = [key[order] for key in keys]
        levels: list[_Level] = []
        multipliers = np.ones(design.stages[0].group_count)
        for depth, stage in enumerate(design.stages):
            unit_rows = _starts(*keys[: depth + 3])
            group_rows = _starts(*keys[: depth + 2])
            group_codes = keys[depth + 1][group_rows]
            levels.append(
                _Level(
                    stage,
                    unit_rows,
                    np.searchsorted(unit_rows, group_rows),
                    group_codes,
                    keys[0][group_rows],
                    (stage.variance_factors * multipliers)[group_codes],
                    (multipliers > 0)[group_codes],
                )
            )
            multipliers = (multipliers * stage.fractions)[stage.groups]
        table = cls(design, len(domain.labels), inside[order], labels, tuple(levels))
        table._refuse_lonely()
        return table

    def _refuse_lonely(self) -> None:
        if self.design.lonely_psu != "fail":
            return
        for level in self.levels:
            present = np.zeros(level.stage.group_count, dtype=np.bool_)
            present[level.group_codes[level.factors > 0]] = True
            lonely = level.stage.is_lonely & present
            if lonely.any():
                raise lonely_error(level.stage, lonely)

    @cached_property
    def _spread_index(self) -> Codes:
        return np.where(self.label_of_base >= 0, self.label_of_base, self.label_count)

    def sums(self, values: Floats) -> Floats:
        """Add up base-cell values by domain label."""
        return _bincount(self._spread_index, weights=values, minlength=self.label_count + 1)[
            : self.label_count
        ]

    def spread(self, values: Floats) -> Floats:
        """Give each base cell the value of its domain."""
        return np.append(values, 0.0)[self._spread_index]

    def variances(self, influence: Floats, counts: Floats) -> Floats:
        """Give the variance of each domain's total of influence values."""
        cells = influence[self.order]
        total = np.full(self.label_count, np.nan if self.design.stages[0].is_sole else 0.0)
        for level in self.levels:
            unit_totals = _reduce(cells, level.unit_starts)
            sums = _reduce(unit_totals, level.group_starts)
            squares = _reduce(unit_totals**2, level.group_starts)
            centred = np.maximum(squares - sums**2 / level.stage.sample_sizes[level.group_codes], 0.0)
            total += self._add_groups(level, centred, squares, counts)
        return total

    def _add_groups(self, level: _Level, centred: Floats, squares: Floats, counts: Floats) -> Floats:
        """Add up the contributions of the groups by domain, under the rule for groups with one unit."""
        option = self.design.lonely_psu
        lonely = level.stage.is_lonely[level.group_codes]
        factors = level.factors
        if not lonely.any() and not self.design.adjust_domain_lonely:
            return self._by_label(level, factors * centred)
        active = _reduce(
            (_reduce(counts[self.order], level.unit_starts) > 0).astype(np.float64), level.group_starts
        )
        if self.design.adjust_domain_lonely:
            sizes = level.stage.sample_sizes[level.group_codes]
            lonely = lonely | ((active == 1) & (sizes > 1) & level.counted)
        if option == "adjust" and level.stage.level == 0:
            return self._by_label(level, factors * np.where(lonely, squares, centred))
        if option == "average":
            present = self._by_label(level, (active > 0).astype(np.float64))
            kept = self._by_label(level, ((active > 0) & ~lonely).astype(np.float64))
            if level.stage.level > 0:
                kept = np.where(kept == present, kept, np.nan)
            return self._by_label(level, np.where(lonely, 0.0, factors * centred)) * _ratio(present, kept)
        return self._by_label(level, factors * centred)

    def _by_label(self, level: _Level, values: Floats) -> Floats:
        return _bincount(level.group_labels, weights=values, minlength=self.label_count)

    def unit_counts(self, counts: Floats) -> tuple[Codes, Codes]:
        """Count first-stage units and strata with rows, by domain label."""
        level = self.levels[0]
        units = _reduce(counts[self.order], level.unit_starts) > 0
        per_stratum = _reduce(units.astype(np.float64), level.group_starts)
        return (
            self._by_label(level, per_stratum).astype(np.intp),
            self._by_label(level, (per_stratum > 0).astype(np.float64)).astype(np.intp),
        )


@dataclass(frozen=True, eq=False)
class RowVariances:
    """Variances by domain where calibration gives rows outside the domain an influence; cells are rows."""

    design: SurveyDesign
    domain: Domain

    def sums(self, values: Floats) -> Floats:
        """Add up row values by domain label."""
        count = len(self.domain.labels)
        return _bincount(self._index, weights=values, minlength=count + 1)[:count]

    def spread(self, values: Floats) -> Floats:
        """Give each row the value of its domain."""
        return np.append(values, 0.0)[self._index]

    def variances(self, influence: Floats, counts: Floats) -> Floats:
        """Give the variance of each domain's total of influence values."""
        del counts
        count = len(self.domain.labels)
        columns = np.zeros((self.design.n, count + 1))
        columns[np.arange(self.design.n), self._index] = influence
        return np.diagonal(covariance(self.design, columns[:, :count])).copy()

    def unit_counts(self, counts: Floats) -> tuple[Codes, Codes]:
        """Count first-stage units and strata with rows, by domain label."""
        units, strata = [], []
        for code in range(len(self.domain.labels)):
            rows = (self.domain.codes == code) & (counts > 0)
            units.append(self.design.psu_count_of(rows))
            strata.append(units[-1] - self.design.degrees_of_freedom_of(rows))
        return np.array(units, dtype=np.intp), np.array(strata, dtype=np.intp)

    @cached_property
    def _index(self) -> Codes:
        return np.where(self.domain.codes >= 0, self.domain.codes, len(self.domain.labels))
