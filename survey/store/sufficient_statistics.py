"""Totals of first-stage units, added up by the database: all that an index and its standard error need.

One select, the same on SQLite and PostgreSQL (and on DuckDB over a Parquet export): only functions that all
of them have, and no order, since they sort texts differently.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import Session

from survey.models import Response

GROUPS = (Response.unit_id, Response.sector_code, Response.selection, Response.stratum, Response.psu)


@dataclass(frozen=True)
class CountedCodes:
    """The single-digit codes of a rated item that are answers, and those that count as satisfied."""

    valid: tuple[int, ...]
    satisfied: tuple[int, ...]


@dataclass(frozen=True)
class SufficientStatistics:
    """Totals by unit, sector, selection, stratum and PSU; one entry a group, the items as second axis.

    A missing text is ''. A response without a design weight counts with weight 1.
    """

    unit_id: NDArray[np.int64]
    sector_code: NDArray[np.str_]
    selection: NDArray[np.str_]
    stratum: NDArray[np.str_]
    psu: NDArray[np.str_]
    n: NDArray[np.int64]
    weight: NDArray[np.float64]
    valid_count: NDArray[np.int64]
    valid_weight: NDArray[np.float64]
    satisfied_weight: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.unit_id)


def fetch_sufficient_statistics(
    session: Session, round_id: int, version_id: int, items: Sequence[CountedCodes]
) -> SufficientStatistics:
    """Let the database add up the responses of a version; `items` in the order of the ratings."""
    rows = session.execute(build_query(round_id, version_id, items)).all()
    return as_statistics([tuple(row) for row in rows], len(items))


def build_query(round_id: int, version_id: int, items: Sequence[CountedCodes]) -> Select[Any]:
    """A row a group: n and Σw, then by item the valid answers, their Σw and the Σw of the satisfied."""
    weight = func.coalesce(Response.design_weight, 1.0)
    totals: list[ColumnElement[Any]] = [func.count(), func.sum(weight)]
    for place, item in enumerate(items, start=1):
        code = func.substr(Response.ratings, place, 1)
        valid, satisfied = code.in_(_digits(item.valid)), code.in_(_digits(item.satisfied))
        totals += [
            func.sum(case((valid, 1), else_=0)),
            func.sum(case((valid, weight), else_=0.0)),
            func.sum(case((satisfied, weight), else_=0.0)),
        ]
    return (
        select(*GROUPS, *(total.label(f"total_{place}") for place, total in enumerate(totals)))
        .where(Response.round_id == round_id, Response.questionnaire_version_id == version_id)
        .group_by(*GROUPS)
    )


def as_statistics(rows: Sequence[tuple[Any, ...]], item_count: int) -> SufficientStatistics:
    """Turn the rows of the select into columns, in an order that is the same for every database."""
    ordered = sorted(rows, key=lambda row: [str(value or "") for value in row[: len(GROUPS)]])
    columns = list(zip(*ordered, strict=True)) or [()] * (len(GROUPS) + 2 + 3 * item_count)
    units, n, weight, items = columns[0], columns[5], columns[6], columns[7:]
    sector, selection, stratum, psu = (_texts(column) for column in columns[1:5])
    return SufficientStatistics(
        unit_id=np.array(units, dtype=np.int64),
        sector_code=sector,
        selection=selection,
        stratum=stratum,
        psu=psu,
        n=np.array(n, dtype=np.int64),
        weight=np.array(weight, dtype=np.float64),
        valid_count=_by_item(items[0::3], len(rows)).astype(np.int64),
        valid_weight=_by_item(items[1::3], len(rows)),
        satisfied_weight=_by_item(items[2::3], len(rows)),
    )


def _texts(column: tuple[Any, ...]) -> NDArray[np.str_]:
    return np.array([value or "" for value in column], dtype=np.str_)


def _by_item(columns: Sequence[tuple[Any, ...]], groups: int) -> NDArray[np.float64]:
    return np.array(columns, dtype=np.float64).reshape(len(columns), groups).T


def _digits(codes: tuple[int, ...]) -> list[str]:
    return [str(code) for code in codes]
