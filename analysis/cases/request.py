"""A query together with what it is asked of: data, design, rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from analysis.cases.table import ItemCodes, Key, Table
from analysis.columns import Flags, Floats
from analysis.errors import CaseError
from analysis.variance import Design

Answer = dict[str, Any]


@dataclass(frozen=True, eq=False)
class Request:
    """One query, or one group of it.

    Attributes
    ----------
    query : dict
    table : Table
    design : SurveyDesign or ReplicateDesign
    codes : ItemCodes
    rows : ndarray of bool, shape (n,)
        Rows of the query's domain and group.
    """

    query: dict[str, Any]
    table: Table
    design: Design
    codes: ItemCodes
    rows: Flags

    def need(self, name: str) -> Any:
        """Give a parameter that the query must have.

        Raises
        ------
        CaseError
            ``parameter_missing``.
        """
        if name not in self.query:
            raise CaseError("parameter_missing", parameter=name, kind=self.query.get("kind"))
        return self.query[name]

    @property
    def level(self) -> float:
        """Confidence of the intervals."""
        level = self.query.get("level", 0.95)
        if not isinstance(level, int | float) or not 0 < level < 1:
            raise CaseError("level_out_of_range", level=level)
        return float(level)

    @property
    def transform(self) -> str:
        """Name of the transform."""
        return str(self.query.get("transform", "raw"))

    def values(self, name: Any, transform: str | None = None) -> Floats:
        """Give a column after the query's transform."""
        return self.table.values(name, self.transform if transform is None else transform, self.codes)

    def variable(self) -> Floats:
        """Give the query's variable, shape (n,)."""
        return self.values(self.need("var"))

    def items(self) -> tuple[Floats, Floats]:
        """Give the items of a composite, shape (n, m), and their weights, shape (m,)."""
        names, weights = self.need("items"), self.query.get("weights")
        if not isinstance(names, list) or not names:
            raise CaseError("items_not_a_list")
        shares = np.ones(len(names)) if weights is None else np.asarray(weights, dtype=np.float64)
        if shares.shape != (len(names),):
            raise CaseError("weights_do_not_match_items", items=len(names), weights=int(shares.size))
        return np.column_stack([self.values(name) for name in names]), shares

    def groups(self) -> Iterator[tuple[Key, Request]]:
        """Yield a request for each group of the query's `by` columns."""
        for key, rows in self.table.groups(self.query["by"]):
            yield key, replace(self, rows=self.rows & rows)

    def for_estimate(self, estimate: dict[str, Any]) -> Request:
        """Give the request for an estimate inside this query, such as that of a target."""
        if not isinstance(estimate, dict):
            raise CaseError("estimate_not_an_object")
        rows = self.rows & self.table.domain(estimate.get("domain"))
        return replace(self, query=estimate, rows=rows)


Answerer = Callable[[Request], Answer | list[Answer]]


def by_group(answer: Callable[[Request], Answer], request: Request) -> Answer | list[Answer]:
    """Answer a query, once for each group where it has `by` columns."""
    if not request.query.get("by"):
        return answer(request)
    return [{"key": key, **answer(part)} for key, part in request.groups()]
