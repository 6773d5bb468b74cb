"""Answers to `formula` queries: closed forms on the rows of the data, one value per row."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import special

from analysis import plan
from analysis.cases.request import Answer, Request
from analysis.cases.table import Table
from analysis.columns import Floats
from analysis.errors import CaseError
from analysis.intervals import interval_limits
from analysis.multiplicity import ADJUSTMENTS

Column = Callable[[str], Floats]

_INTERVALS = {
    "wald": "wald",
    "logit": "logit",
    "asin_r": "asin",
    "wilson_r": "wilson",
    "kg_beta_r": "beta",
    "kg_nchs": "kg_nchs",
}
_ONE_SIDED = {"one_sided_lower_wilson": "wilson", "one_sided_lower_kg": "kg_nchs"}


def answer_formula(request: Request) -> Answer | Any:
    """Answer `formula`."""
    name = request.need("formula")
    column = _columns(request.table)
    if name in _INTERVALS:
        low, high = _interval(_INTERVALS[name], column, column("level"))
        return {"low": low, "high": high}
    if name in _ONE_SIDED:
        return _interval(_ONE_SIDED[name], column, 1 - 2 * (1 - column("level")))[0]
    if name in ADJUSTMENTS:
        return ADJUSTMENTS[name](column("pval"))
    if name in _FORMULAS:
        return _FORMULAS[name](column)
    raise CaseError("unknown_formula", formula=name)


def _columns(table: Table) -> Column:
    return table.numbers


def _interval(method: str, column: Column, levels: Floats) -> tuple[Floats, Floats]:
    p, se, df, n = (column(name) for name in ("p", "se", "df", "n"))
    low, high = np.full(len(p), np.nan), np.full(len(p), np.nan)
    for level in np.unique(levels):
        at = levels == level
        if 0 < level < 1:
            low[at], high[at] = interval_limits(method, p[at], se[at], df[at], n[at], float(level))
    return low, high


def _t(column: Column) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray((column("p") - column("target")) / column("se"))


def _tail(t: Floats, df: Floats) -> Floats:
    return np.asarray(special.stdtr(df, -t))


def _score_t(column: Column) -> Floats:
    spread = column("deff") * column("target") * (1 - column("target")) / column("n")
    return np.asarray((column("p") - column("target")) / np.sqrt(spread))


def _each(function: Callable[..., float], *names: str) -> Callable[[Column], Floats]:
    def apply(column: Column) -> Floats:
        return np.array([function(*values) for values in zip(*(column(name) for name in names), strict=True)])

    return apply


_FORMULAS: dict[str, Callable[[Column], Floats]] = {
    "t_vs_target": _t,
    "p_above": lambda column: _tail(_t(column), column("df")),
    "p_below": lambda column: _tail(-_t(column), column("df")),
    "score_t_vs_target": _score_t,
    "n_srs": _each(plan.size_simple, "p", "e", "level"),
    "n_deff": _each(plan.size_with_effect, "p", "e", "level", "deff"),
    "n_deff_fpc": _each(plan.size_with_effect_and_population, "p", "e", "level", "deff", "N"),
    "deff_kish_weights": _each(plan.design_effect_of_weights, "cvw"),
    "deff_clusters": _each(plan.design_effect_of_clusters, "m", "icc"),
    "deff_product": lambda column: np.asarray(
        _each(plan.design_effect_of_weights, "cvw")(column)
        * _each(plan.design_effect_of_clusters, "m", "icc")(column)
    ),
    "n_power80_one_sided": _each(plan.size_for_target, "p1", "target", "level", "deff"),
    "power_one_sided": _each(plan.power_for_target, "p1", "target", "level", "deff", "n"),
    "m_optimal": _each(plan.optimal_cluster_size, "cost", "icc"),
}
