"""Designs from `design.json`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from analysis.calibration import Auxiliary, calibrate, poststratify, rake
from analysis.cases.table import Table
from analysis.design import SurveyDesign
from analysis.errors import CaseError, DesignError
from analysis.margins import Margin
from analysis.replicates import ReplicateDesign, default_scale
from analysis.trimming import trim_weights
from analysis.variance import Design

_KEYS = (
    "kind",
    "weights",
    "ids",
    "nest",
    "strata",
    "fpc",
    "fpc_kind",
    "options",
    "calibration",
    "replicates",
)


def design_for(description: Mapping[str, Any], table: Table, built: dict[str, Any]) -> Design:
    """Build the design, or give one built before from the same description.

    Parameters
    ----------
    description : mapping
        `design.json` with the query's overrides applied.
    table : Table
    built : dict
        Designs built so far, by description.
    """
    key = json.dumps({name: description.get(name) for name in _KEYS}, sort_keys=True)
    if key not in built:
        built[key] = _build(description, table)
    design: Design = built[key]
    return design


def _build(description: Mapping[str, Any], table: Table) -> Design:
    kind = description.get("kind", "taylor")
    if kind == "formula":
        return SurveyDesign.from_columns(np.ones(table.n))
    if kind not in ("taylor", "replicate"):
        raise CaseError("unknown_design_kind", kind=kind)
    design: Design = _replicate(description, table) if kind == "replicate" else _taylor(description, table)
    for step in description.get("calibration") or []:
        design = _calibrated(design, step, table)
    return design


def _taylor(description: Mapping[str, Any], table: Table) -> SurveyDesign:
    options = description.get("options") or {}
    strata = _columns(description, "strata")
    if len(strata) > 1:
        raise CaseError("strata_of_further_stages_not_supported", strata=strata)
    ids = [table.labels(name) for name in _columns(description, "ids")]
    nest = bool(description.get("nest", False))
    if len(np.unique(ids[0] if ids else np.arange(table.n))) == 1 and not (nest and strata):
        raise DesignError("only_one_psu", column=_columns(description, "ids")[:1] or ["rows"])
    return SurveyDesign.from_columns(
        _weights(description, table),
        strata=table.labels(strata[0]) if strata else None,
        ids=ids,
        fpc=[table.numbers(name) for name in _columns(description, "fpc")],
        nest=nest,
        lonely_psu=options.get("lonely_psu", "fail"),
        adjust_domain_lonely=bool(options.get("adjust_domain_lonely", False)),
        fpc_kind=description.get("fpc_kind") or "size",
    )


def _replicate(description: Mapping[str, Any], table: Table) -> ReplicateDesign:
    replicates = description.get("replicates")
    if not isinstance(replicates, dict) or "prefix" not in replicates or "n" not in replicates:
        raise CaseError("replicates_not_described")
    count = int(replicates["n"])
    matrix = np.column_stack([table.numbers(f"{replicates['prefix']}{r}") for r in range(1, count + 1)])
    scales = replicates.get("rscales")
    if scales is None and replicates.get("type") == "JKn":
        raise CaseError("replicates_without_rscales", parameter="rscales", type="JKn")
    return ReplicateDesign.from_columns(
        _weights(description, table),
        matrix,
        scale=_scale(replicates, count),
        replicate_scales=np.broadcast_to(np.asarray(scales, dtype=np.float64), (count,))
        if scales is not None
        else None,
        combined=bool(replicates.get("combined", True)),
        mse=bool(replicates.get("mse", False)),
    )


def _scale(replicates: Mapping[str, Any], count: int) -> float:
    """Give the scale of the variance: as given, or what the type of the replicates says."""
    if replicates.get("scale") is not None:
        return float(replicates["scale"])
    kind, fay = str(replicates.get("type")), replicates.get("rho")
    scale = default_scale(kind, count, None if fay is None else float(fay))
    if scale is None:
        missing = {"scale": "missing", "rho": "missing"} if kind == "Fay" else {"scale": "missing"}
        raise CaseError("replicates_without_scale", type=replicates.get("type"), **missing)
    return scale


def _weights(description: Mapping[str, Any], table: Table) -> Any:
    name = description.get("weights")
    return np.ones(table.n) if name is None else table.numbers(name)


def _columns(description: Mapping[str, Any], name: str) -> list[str]:
    value = description.get(name)
    if value is None:
        return []
    return [value] if isinstance(value, str) else list(value)


def _calibrated(design: Design, step: Any, table: Table) -> Design:
    method = step.get("method") if isinstance(step, dict) else None
    if method == "poststratify":
        return poststratify(design, _margin(step, table))
    if method == "rake":
        return rake(design, [_margin(margin, table) for margin in _need(step, "margins")])
    if method == "calibrate":
        bounds = step.get("bounds")
        auxiliaries = [_auxiliary(term, table) for term in _need(step, "terms")]
        limits = (_bound(bounds[0], -np.inf), _bound(bounds[1], np.inf)) if bounds else None
        return calibrate(design, auxiliaries, method=step.get("calfun", "linear"), bounds=limits)
    if method == "trim":
        lower, upper = _bound(step.get("lower"), -np.inf), _bound(step.get("upper"), np.inf)
        return trim_weights(design, lower=lower, upper=upper, strict=bool(step.get("strict", False)))
    raise CaseError("unknown_calibration", method=method)


def _margin(margin: Mapping[str, Any], table: Table) -> Margin:
    names = _need(margin, "vars")
    totals: dict[Any, float] = {}
    for row in _need(margin, "table"):
        key = tuple(_text(_need(row, name)) for name in names)
        totals[key if len(names) > 1 else key[0]] = float(_need(row, "total"))
    return Margin(" × ".join(names), tuple(table.labels(name) for name in names), totals)


def _auxiliary(term: Mapping[str, Any], table: Table) -> Auxiliary:
    kind, total = _need(term, "type"), float(_need(term, "total"))
    if kind == "intercept":
        return Auxiliary("intercept", np.ones(table.n), total)
    name = _need(term, "var")
    if kind == "level":
        level = _need(term, "level")
        table.labels(name)
        return Auxiliary(f"{name}={level}", table.matches(name, [level]).astype(np.float64), total)
    if kind == "numeric":
        return Auxiliary(name, table.numbers(name), total)
    raise CaseError("unknown_term", type=kind)


def _need(mapping: Any, name: str) -> Any:
    if not isinstance(mapping, dict) or name not in mapping:
        raise CaseError("parameter_missing", parameter=name)
    return mapping[name]


def _bound(value: Any, default: float) -> float:
    if value is None:
        return default
    return float(str(value).replace("Infinity", "inf"))


def _text(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
