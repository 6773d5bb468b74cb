"""Compares the answers of R with those of this engine, number by number."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

from analysis.cases.answers import answer_case
from analysis.cases.files import as_json, read_case

TOLERANCES = {"est": 1e-9, "se": 1e-6, "df": 1e-9, "low": 1e-5, "high": 1e-5}


_PLAIN = ("est", "se", "df", "deff_wor", "deff_wr", "statistic", "p")


def compare(folder: Path) -> tuple[int, list[str]]:
    """Compare the answers for one design."""
    theirs = json.loads((folder / "r.json").read_text(encoding="utf-8"))
    answers, _ = answer_case(read_case(folder))
    mine = json.loads(as_json(answers))
    faults: list[str] = []
    count = 0
    design = json.loads((folder / "design.json").read_text(encoding="utf-8"))
    centred_at_zero = design["options"]["lonely_psu"] == "adjust"
    for query, expected in theirs.items():
        if centred_at_zero and version_before_44(folder) and changed_in_44(folder, query):
            continue
        if version_before_44(folder) and skips_censuses(design):
            continue
        count += len(expected)
        faults += [f"{query}: {fault}" for fault in differences(mine[query], expected)]
    return count, faults


def version_before_44(folder: Path) -> bool:
    """Tell whether R's package centres a single PSU at 0 instead of the mean over all PSUs (before 4.4)."""
    version = json.loads((folder / "version.json").read_text(encoding="utf-8"))[0]
    return tuple(int(part) for part in version.split(".")[:2]) < (4, 4)


def skips_censuses(design: dict[str, Any]) -> bool:
    """Tell whether a census of which a domain leaves one unit may matter: R counts it from 4.4 on."""
    options = design["options"]
    return options["lonely_psu"] == "average" and options["adjust_domain_lonely"] and bool(design["fpc"])


def changed_in_44(folder: Path, query: str) -> bool:
    """Tell whether the centre matters: where influences do not add up to 0 over the units compared."""
    design = json.loads((folder / "design.json").read_text(encoding="utf-8"))
    in_domains = design["options"]["adjust_domain_lonely"]
    return query.startswith("total") or bool(design["calibration"]) or in_domains


def differences(answer: Any, expected: dict[str, Any]) -> list[str]:
    """List the numbers that differ; an error of R must be an error of ours."""
    if "error" in expected or "error" in answer:
        if "missing value where TRUE/FALSE needed" in expected.get("error", ""):
            return []  # R stumbles over a variance that is NaN; ours answers with null limits.
        same = ("error" in expected) == ("error" in answer)
        return [] if same else [f"ours {str(answer)[:150]}, R {str(expected)[:150]}"]
    flat = flatten(answer)
    faults = []
    for name, value in expected.items():
        ours = flat.get(name)
        if value in ("Inf", "-Inf") or (isinstance(value, float) and value > 1e15):
            continue
        if value in ("NA", "NaN", None):
            if ours is not None and name != "p" and not name.startswith("ci"):
                faults.append(f"{name}: ours {ours}, R none")
        elif ours is None or not math.isclose(
            ours, value, rel_tol=TOLERANCES.get(name.split("_")[-1], 1e-5), abs_tol=1e-8
        ):
            faults.append(f"{name}: ours {ours}, R {value}")
    return faults


def flatten(answer: Any) -> dict[str, float | None]:
    """Give the numbers that R answers, by the same names."""
    if isinstance(answer, list):
        return {
            "_".join(["by", *part["key"].values(), name]): part[name]
            for part in answer
            for name in ("est", "se", "df")
        }
    flat: dict[str, float | None] = {name: answer.get(name) for name in _PLAIN}
    for name in ("est", "low", "high"):
        if isinstance(answer.get("est"), list):
            values = answer["est" if name == "est" else f"ci_{name}"]
            flat |= {f"q{k}_{name}": value for k, value in enumerate(values)}
    for method, limits in answer.get("ci_methods", {}).items():
        flat |= {f"ci_{method}_low": limits[0], f"ci_{method}_high": limits[1]}
    if "weights" in answer:
        flat |= {name: answer[name] for name in ("sum", "min", "max", "sum_sq")}
    return flat
