"""Draws random designs with their data and questions, and writes them as case directories."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np


def write_case(directory: Path, seed: int) -> Path:
    """Draw a design and its data, and write them as a case directory."""
    folder = directory / str(seed)
    folder.mkdir()
    random = np.random.default_rng(seed)
    columns, design = draw_sample(random)
    rows = zip(*columns.values(), strict=True)
    text = "\n".join([",".join(columns), *(",".join(map(_field, row)) for row in rows)])
    (folder / "data.csv").write_text(text + "\n", encoding="utf-8")
    (folder / "design.json").write_text(json.dumps(design), encoding="utf-8")
    (folder / "queries.json").write_text(json.dumps(draw_queries(random, columns)), encoding="utf-8")
    return folder


def _field(value: Any) -> str:
    if isinstance(value, float | np.floating):
        return "" if math.isnan(value) else repr(float(value))
    return str(value)


def draw_sample(random: np.random.Generator) -> tuple[dict[str, list[Any]], dict[str, Any]]:
    """Draw units stage by stage."""
    stages = int(random.integers(0, 4))
    strata = int(random.integers(1, 6))
    lonely = str(random.choice(["fail", "remove", "certainty", "average", "adjust"]))
    allow_lonely = random.random() < 0.4
    nest = random.random() < 0.5
    rows: list[dict[str, Any]] = []
    for stratum in range(strata):
        few = allow_lonely and random.random() < 0.4 and stages > 0
        psus = 1 if few else int(random.integers(2, 7)) if stages else int(random.integers(4, 25))
        first_population = psus + int(random.choice([0, 1, 5, 40]))
        for psu in range(psus):
            base = {"st": f"s{stratum}", "N1": first_population}
            base["i1"] = f"p{psu}" if nest else f"p{stratum}_{psu}"
            rows += draw_within(random, base, stages)
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    add_answers(random, columns)
    if len(rows) < 8 or len(set(zip(columns["st"], columns["i1"], strict=True))) < 3:
        return draw_sample(random)
    fpc_columns = int(random.integers(0, max(stages, 1) + 1))
    design: dict[str, Any] = {
        "kind": "taylor",
        "weights": "w",
        "ids": [f"i{level}" for level in range(1, stages + 1)],
        "strata": ["st"] if strata > 1 or random.random() < 0.5 else [],
        "fpc": [f"N{level}" for level in range(1, fpc_columns + 1)],
        "nest": bool(nest and stages > 0),
        "options": {"lonely_psu": lonely, "adjust_domain_lonely": bool(random.random() < 0.3)},
    }
    if not design["strata"]:
        design["nest"] = False
        if nest or fpc_columns:
            design["fpc"] = []
    if stages == 0 and design["fpc"]:
        sizes = {name: columns["st"].count(name) for name in set(columns["st"])}
        columns["N1"] = [sizes[name] * 3 for name in columns["st"]]
    if design["fpc"] == ["N1"] and stages > 0 and random.random() < 0.5:
        use_fractions(columns, design)
    design["calibration"] = draw_calibration(random, columns)
    return columns, design


def use_fractions(columns: dict[str, list[Any]], design: dict[str, Any]) -> None:
    """Write the first stage's population as sampling fractions."""
    strata = columns["st"] if design["strata"] else ["all"] * len(columns["st"])
    selected: dict[str, set[Any]] = {}
    for stratum, psu in zip(strata, columns["i1"], strict=True):
        selected.setdefault(stratum, set()).add(psu)
    fractions = [len(selected[stratum]) / size for stratum, size in zip(strata, columns["N1"], strict=True)]
    if min(fractions) == 1:
        return  # R takes fractions that are all 1 for sizes, and fails.
    columns["N1"] = fractions
    design["fpc_kind"] = "fraction"


def draw_within(random: np.random.Generator, base: dict[str, Any], stages: int) -> list[dict[str, Any]]:
    """Draw second- and third-stage units of one first-stage unit."""
    if stages < 2:
        return [dict(base) for _ in range(int(random.integers(1, 8)) if stages else 1)]
    rows = []
    second = int(random.integers(2, 5))
    second_population = second + int(random.choice([0, 2, 30]))
    for unit in range(second):
        third = int(random.integers(2, 5)) if stages == 3 else 1
        third_population = third + int(random.choice([0, 3, 20]))
        for person in range(third):
            more = {"i2": unit, "N2": second_population, "i3": person, "N3": third_population}
            rows.append({**base, **more})
    return rows


def add_answers(random: np.random.Generator, columns: dict[str, list[Any]]) -> None:
    """Add weights, groups and answers, some of them missing."""
    n = len(columns["st"])
    columns["w"] = np.round(random.uniform(1, 30, n), 4).tolist()
    columns["g"] = random.choice(["a", "b", "c"], n, p=[0.5, 0.35, 0.15]).tolist()
    columns["h"] = random.choice(["x", "y"], n).tolist()
    columns["k"] = random.choice(["1", "2", "3"], n).tolist()
    level = random.normal(60, 10, n) + 5 * (np.array(columns["g"]) == "a")
    columns["x"] = np.round(level + random.normal(0, 4, n), 2).tolist()
    y = np.round(level + random.normal(0, 8, n), 2)
    sat = (random.random(n) < random.choice([0.5, 0.85, 0.95])).astype(float)
    y[random.random(n) < 0.1] = np.nan
    sat[random.random(n) < 0.15] = np.nan
    columns["y"], columns["sat"] = y.tolist(), sat.tolist()


def draw_calibration(random: np.random.Generator, columns: dict[str, list[Any]]) -> list[dict[str, Any]]:
    """Draw no, one or two calibration steps with feasible totals."""
    weights = np.array(columns["w"]) * random.uniform(0.8, 1.25, len(columns["w"]))
    kind = random.choice(
        ["none", "poststratify", "rake", "rake three", "linear", "raking", "logit", "two", "trim"],
        p=[0.4, *[0.075] * 8],
    )
    if kind == "none":
        return []

    def table(name: str) -> list[dict[str, Any]]:
        values = np.array(columns[name])
        return [
            {name: level, "total": float(weights[values == level].sum())}
            for level in sorted(set(values.tolist()))
        ]

    post = {"method": "poststratify", "vars": ["g"], "table": table("g")}
    margins = [{"vars": [name], "table": table(name)} for name in ("g", "h")]
    terms: list[dict[str, Any]] = [{"type": "intercept", "total": float(weights.sum())}]
    terms += [{"type": "level", "var": "h", "level": "y", "total": table("h")[-1]["total"]}] * (
        len(table("h")) > 1
    )
    terms.append({"type": "numeric", "var": "x", "total": float(weights @ np.array(columns["x"]))})
    if kind == "poststratify":
        return [post]
    if kind == "rake":
        return [{"method": "rake", "margins": margins}]
    if kind == "rake three":
        return [{"method": "rake", "margins": [*margins, {"vars": ["k"], "table": table("k")}]}]
    if kind == "trim":
        return [{"method": "trim", "lower": 2.0, "upper": 25.0, "strict": False}]
    step: dict[str, Any] = {
        "method": "calibrate",
        "calfun": "linear" if kind == "two" else str(kind),
        "terms": terms,
    }
    if kind == "logit":
        step["bounds"] = [0.3, 3.0]
    elif kind in ("linear", "raking") and random.random() < 0.3:
        step["bounds"] = [0.2, 5.0]
    return [post, step] if kind == "two" else [step]


def _term(level: str, coefficient: int) -> dict[str, Any]:
    return {"var": "x", "coef": coefficient, "domain": [{"var": "h", "in": [level]}]}


def draw_queries(random: np.random.Generator, columns: dict[str, list[Any]]) -> list[dict[str, Any]]:
    """Ask for every kind of number, in the whole and in a domain."""
    domain = [{"var": "g", "in": ["a"]}]
    rule = str(random.choice(["math", "school", "shahvaish", *(f"hf{k}" for k in range(1, 10))]))
    interval = str(random.choice(["mean", "beta", "xlogit", "asin"]))
    quantile = {
        "kind": "quantile",
        "var": "y",
        "probs": [0.25, 0.5, 0.9],
        "qrule": rule,
        "interval": interval,
    }
    return [
        {"id": "weights", "kind": "weights"},
        {"id": "mean", "kind": "mean", "var": "y"},
        {"id": "mean_domain", "kind": "mean", "var": "y", "domain": domain},
        {"id": "total", "kind": "total", "var": "y"},
        {"id": "total_domain", "kind": "total", "var": "y", "domain": domain},
        {"id": "ratio", "kind": "ratio", "num": "y", "den": "x", "deff": True},
        {"id": "total_effects", "kind": "total", "var": "x", "deff": True, "domain": domain},
        {"id": "by", "kind": "mean", "var": "y", "by": ["h"]},
        {"id": "contrast", "kind": "contrast", "terms": [_term("x", 1), _term("y", -1)]},
        {"id": "share", "kind": "proportion", "var": "sat"},
        {"id": "share_domain", "kind": "proportion", "var": "sat", "domain": domain},
        {"id": "quantile", **quantile},
        {"id": "chisq_F", "kind": "chisq", "row": "g", "col": "h", "statistic": "F"},
        {"id": "chisq_Chisq", "kind": "chisq", "row": "g", "col": "h", "statistic": "Chisq"},
    ]
