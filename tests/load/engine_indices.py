"""The cost of all indices of a report: items, elements and index by sector, unit and the whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from analysis import Domain, Element, IndexDefinition, SurveyDesign, estimate_indices
from analysis.index_table import IndexTable

ITEMS, SECTORS, UNITS, PSUS_PER_UNIT = 20, 5, 100, 10
DEFINITION = IndexDefinition(
    tuple(
        Element(f"element-{first // 4 + 1}", tuple(range(first, first + 4))) for first in range(0, ITEMS, 4)
    )
)


@dataclass(frozen=True, eq=False)
class Report:
    """What an index report is computed from."""

    design: SurveyDesign
    ratings: npt.NDArray[np.int8]
    domains: dict[str, Domain]
    cells: npt.NDArray[np.intp]


def draw_columns(n: int, seed: int = 1) -> dict[str, npt.NDArray[Any]]:
    """Draw n responses; a unit is a stratum of 10 PSUs, and every PSU serves all sectors."""
    rng = np.random.default_rng(seed)
    psu = np.arange(n) % (UNITS * PSUS_PER_UNIT)
    rng.shuffle(psu)
    ratings = rng.integers(2, 6, size=(n, ITEMS), dtype=np.int8)
    ratings[rng.random((n, ITEMS), dtype=np.float32) < 0.1] = -1
    return {
        "psu": psu,
        "unit": psu // PSUS_PER_UNIT,
        "sector": rng.integers(0, SECTORS, size=n),
        "weights": rng.uniform(1.0, 3.0, size=n),
        "ratings": ratings,
    }


def build_design(columns: dict[str, npt.NDArray[Any]]) -> SurveyDesign:
    return SurveyDesign.from_columns(columns["weights"], strata=columns["unit"], ids=[columns["psu"]])


def build_report(n: int) -> Report:
    columns = draw_columns(n)
    domains = {
        "all": Domain.whole(n),
        "sector": Domain(columns["sector"].astype(np.intp), tuple(range(SECTORS))),
        "unit": Domain(columns["unit"].astype(np.intp), tuple(range(UNITS))),
    }
    cells = (columns["psu"] * SECTORS + columns["sector"]).astype(np.intp)
    ratings = np.asarray(columns["ratings"], dtype=np.int8)
    return Report(build_design(columns), ratings, domains, cells)


def estimate_everything(report: Report) -> IndexTable:
    """Estimate all indices with standard errors, df and the interval of each number."""
    table = estimate_indices(report.design, report.ratings, DEFINITION, report.domains)
    for arrays in table.variables.values():
        for numbers in (arrays.shares, arrays.scores, arrays.scores_100, arrays.wholly):
            numbers.limits()
    return table


def sum_by_psu(report: Report) -> list[npt.NDArray[Any]]:
    """Give the floor: totals of w, w·r and w·r·y by PSU and sector, from the ratings."""
    weights, cells = report.design.weights, report.cells
    totals = [np.bincount(cells, weights=weights)]
    for item in range(ITEMS):
        codes = report.ratings[:, item]
        valid = np.where(codes >= 1, weights, 0.0)
        totals.append(np.bincount(cells, weights=valid))
        totals.append(np.bincount(cells, weights=np.where(codes >= 4, valid, 0.0)))
    return totals


def sum_ready_columns(report: Report) -> list[npt.NDArray[Any]]:
    """Give the sharper floor: as many bincounts, of a column that lies ready."""
    weights, cells = report.design.weights, report.cells
    return [np.bincount(cells, weights=weights) for _ in range(2 * ITEMS + 1)]
