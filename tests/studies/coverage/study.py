"""Runs the study scene by scene; every finished scene is one line of a file, so that a run can resume."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from tests.studies.coverage.draws import draw_estimates
from tests.studies.coverage.measures import measure
from tests.studies.coverage.methods import METHODS, POOLED, limits_of, pooled_limits
from tests.studies.coverage.populations import Scene, build_scenes

Row = dict[str, Any]
POOLED_QUANTITIES = ("share", "index")
DIGITS = 4


def run_scene(scene: Scene, replicates: int, seed: int) -> list[Row]:
    """Give one row per unit, quantity and method."""
    drawn = [
        draw_estimates(unit, replicates, np.random.default_rng([seed, 4, scene.number, position]))
        for position, unit in enumerate(scene.units)
    ]
    rows = []
    for quantity in METHODS:
        units = [estimates[quantity] for estimates in drawn]
        limits = [limits_of(quantity, unit) for unit in units]
        if len(units) > 1 and quantity in POOLED_QUANTITIES:
            for method in POOLED:
                pooled = pooled_limits(units, own_share=method.endswith("own"))
                for own, shared in zip(limits, pooled, strict=True):
                    own[method] = shared
        for position, (unit, by_method) in enumerate(zip(units, limits, strict=True)):
            for method, pair in by_method.items():
                rows.append(_row(scene, position, quantity, method, measure(pair, unit.truth), unit.truth))
    return rows


def run_study(
    seed: int, replicates: int, populations: int | None, state: Path, *, resume: bool
) -> Iterator[tuple[int, int]]:
    """Run what is not in the state file yet, and yield (finished, all) scenes."""
    scenes = build_scenes(seed, populations)
    settings = {"seed": seed, "replicates": replicates}
    if not resume:
        state.unlink(missing_ok=True)
    state.parent.mkdir(parents=True, exist_ok=True)
    _end_last_line(state)
    finished = {line["scene"] for line in read_lines(state, settings)}
    yield len(finished & set(range(len(scenes)))), len(scenes)
    for scene in scenes:
        if scene.number in finished:
            continue
        line = {**settings, "scene": scene.number, "rows": run_scene(scene, replicates, seed)}
        with state.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
        finished.add(scene.number)
        yield len(finished & set(range(len(scenes)))), len(scenes)


def read_rows(seed: int, replicates: int, populations: int | None, state: Path) -> list[Row]:
    """Give the rows of the finished scenes in the order of the scenes, whatever the order of the file."""
    wanted = {scene.number for scene in build_scenes(seed, populations)}
    lines = read_lines(state, {"seed": seed, "replicates": replicates})
    by_scene = {line["scene"]: line["rows"] for line in lines if line["scene"] in wanted}
    return [row for number in sorted(by_scene) for row in by_scene[number]]


def read_lines(state: Path, settings: dict[str, int]) -> list[dict[str, Any]]:
    """Read the lines of runs with these settings; a line cut off by an interruption is left out."""
    if not state.exists():
        return []
    lines = []
    for text in state.read_text(encoding="utf-8").splitlines():
        try:
            line = json.loads(text)
        except json.JSONDecodeError:
            continue
        if all(line.get(name) == value for name, value in settings.items()):
            lines.append(line)
    return lines


def _end_last_line(state: Path) -> None:
    """Give a line that an interruption cut off its end, so that the next one does not join it."""
    if state.exists() and not state.read_bytes().endswith(b"\n"):
        with state.open("a", encoding="utf-8") as file:
            file.write("\n")


def _row(
    scene: Scene, position: int, quantity: str, method: str, found: dict[str, float], truth: float
) -> Row:
    unit = scene.units[position]
    described = {name: value for name, value in unit.described().items() if name != "seed"}
    rounded = {name: round(value, DIGITS) for name, value in found.items()}
    return {
        "scene": scene.number, "mix": scene.mix, "unit": position, **described,
        "df": unit.degrees_of_freedom, "true_share": round(unit.truth, DIGITS),
        "quantity": quantity, "method": method, "truth": round(truth, DIGITS), **rounded,
    }  # fmt: skip
