"""Measures the statistics engine beside bare NumPy: python -m tests.load.engine (make bench-engine).

CPU seconds on one thread, medians of 5 rounds in which engine and floor take turns; ratios are what counts.
"""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.load.engine_indices import (
    build_design,
    build_report,
    draw_columns,
    estimate_everything,
    sum_by_psu,
    sum_ready_columns,
)
from tests.load.engine_timing import median_seconds, peak_megabytes, time_beside
from tests.load.engine_weighting import (
    ReplicateTask,
    calibrate_replicates,
    draw_raking_task,
    draw_replicate_task,
    estimate_replicated,
    fit_collapsed,
    multiply_matrices,
    rake_rows,
)
from tests.load.plots import draw_costs

OUT = Path("docs/studies")
ROWS, REPLICATE_ROWS = 1_000_000, 100_000
SIZES = (1_000, 10_000, 100_000, 1_000_000)
DEPENDENCES = (0.1, 0.5, 0.8, 0.9)
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
INDICES = "all indices, 10⁶ × 20 items × 106 domains"


LEARNED = """
## What was learned

- **Raking** took 2.7 to 2.9 times the bare fit while each margin was numbered by itself and the observed
  cells were numbered again. Where the margins are integer codes of a small range, the key of a cell is now
  computed from them in place, the levels are read off the cells, and the factors are expanded with `take`.
  Other columns (texts, wide codes) cost the numbering besides.
- **Replicates** took 6.6 times the matrix products while they were raked one by one, each a strided column
  of the matrix. Now all are fitted together: the sums by cell are one sparse product, the factors are
  applied in blocks of rows.
- **The sharper floor** of 41 bincounts of one column that lies ready is missed by a little (3.1 times). It
  leaves out what nobody can leave out: to read the codes and to make w·r and w·r·y of them.
- **Small surveys** cost a fixed 0.03 s, for 106 domains × 26 measures with intervals, however few the rows.
- Threads do not help: under several BLAS threads on a busy machine the same call took ten times the CPU
  seconds.
"""


@dataclass(frozen=True)
class Line:
    """One line of the table; a measure without a goal has no limit."""

    what: str
    measured: float
    unit: str
    limit: float | None = None

    @property
    def cells(self) -> tuple[str, str, str, str]:
        goal = "" if self.limit is None else f"≤ {self.limit:g} {self.unit}".strip()
        outcome = "" if self.limit is None else ("kept" if self.measured <= self.limit else "missed")
        return self.what, f"{self.measured:.3g} {self.unit}", goal, outcome


def main() -> None:
    lines = [*measure_indices(), *measure_raking(), *measure_replicates()]
    OUT.mkdir(parents=True, exist_ok=True)
    costs = measure_sizes()
    draw_costs(SIZES, costs, OUT / "engine-bench.png")
    text = render(lines, costs)
    (OUT / "engine-bench.md").write_text(text, encoding="utf-8")
    print(text)


def measure_indices() -> list[Line]:
    """Time the whole report, with every interval, beside the totals by PSU."""
    report = build_report(ROWS)
    timing = time_beside(lambda: estimate_everything(report), lambda: sum_by_psu(report))
    ready = time_beside(lambda: estimate_everything(report), lambda: sum_ready_columns(report))
    columns = draw_columns(ROWS)
    building = median_seconds({"design": lambda: build_design(columns)})["design"]
    inputs, peak = peak_megabytes(lambda: build_report(ROWS), estimate_everything)
    return [
        Line(f"{INDICES}: ratio to the totals of w, w·r, w·r·y by PSU", timing.ratio, "×", 3),
        Line("… ratio to 41 bincounts of one column that lies ready", ready.ratio, "×"),
        Line("… time", timing.seconds, "s", 1),
        Line("… peak memory, the data included", peak, "MB", 500),
        Line("… of that the data", inputs, "MB"),
        Line("building the design of 10⁶ rows", building, "s"),
    ]


def measure_raking() -> list[Line]:
    """Time raking beside fitting the collapsed table, for margins that need few and many iterations."""
    lines = []
    for dependence in DEPENDENCES:
        task = draw_raking_task(ROWS, dependence)
        _, iterations = fit_collapsed(task)
        timing = time_beside(partial(rake_rows, task), partial(fit_collapsed, task))
        name = f"raking 10⁶ rows to 4 margins, {iterations} iterations"
        lines.append(Line(f"{name}: ratio to fitting the collapsed cells", timing.ratio, "×", 2))
        lines.append(Line("… time", timing.seconds, "s", 0.3))
    return lines


def measure_replicates() -> list[Line]:
    """Time estimation with 100 calibrated replicates beside the matrix products."""
    design, margins, items = draw_replicate_task(REPLICATE_ROWS)
    task = ReplicateTask(calibrate_replicates(design, margins), items)
    estimating = time_beside(lambda: estimate_replicated(task), lambda: multiply_matrices(task))
    both = time_beside(
        lambda: estimate_replicated(ReplicateTask(calibrate_replicates(design, margins), items)),
        lambda: multiply_matrices(task),
    )
    name = "composite of 20 items, 100 calibrated replicates, 10⁵ rows"
    return [
        Line(f"{name}: ratio to the matrix products", estimating.ratio, "×", 3),
        Line("… time", estimating.seconds, "s"),
        Line("… with raking of every replicate to 4 margins: ratio", both.ratio, "×", 3),
        Line("… time", both.seconds, "s"),
    ]


def measure_sizes() -> dict[str, list[float]]:
    """Time the report and raking, and their floors, for growing numbers of rows."""
    costs: dict[str, list[float]] = {}
    for n in SIZES:
        report, task = build_report(n), draw_raking_task(n, 0.5)
        seconds = median_seconds(
            {
                "all indices": partial(estimate_everything, report),
                "floor: totals by PSU": partial(sum_by_psu, report),
                "raking": partial(rake_rows, task),
                "floor: fit of the collapsed cells": partial(fit_collapsed, task),
            }
        )
        for name, value in seconds.items():
            costs.setdefault(name, []).append(value)
    return costs


def render(lines: list[Line], costs: dict[str, list[float]]) -> str:
    """Give both tables as Markdown."""
    head = (
        "# Cost of the statistics engine\n\n"
        "Made by `python -m tests.load.engine`: CPU seconds on one thread, medians of 5 rounds in which "
        "engine and floor take turns. The seconds are those of one machine; the ratios are the measure.\n\n"
        "| measure | measured | goal | outcome |\n|---|---|---|---|\n"
    )
    body = "\n".join("| " + " | ".join(line.cells) + " |" for line in lines)
    sizes = "\n\n## Cost against the number of rows (seconds)\n\n| rows | " + " | ".join(costs) + " |\n"
    rule = "|---" * (len(costs) + 1) + "|\n"
    rows = "\n".join(
        f"| {n} | " + " | ".join(f"{values[place]:.4f}" for values in costs.values()) + " |"
        for place, n in enumerate(SIZES)
    )
    picture = "\n\n![Cost against the number of rows](engine-bench.png)\n"
    return f"{head}{body}{sizes}{rule}{rows}{picture}{LEARNED}"


def run_on_one_thread() -> int:
    """Start this module again with one thread: NumPy reads their number when it is loaded."""
    environment = {**os.environ, **ONE_THREAD}
    command = [sys.executable, "-m", "tests.load.engine"]
    return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    if all(os.environ.get(name) == value for name, value in ONE_THREAD.items()):
        main()
    else:
        sys.exit(run_on_one_thread())
