"""How many responses a second are taken, beside what the database can do at all (make bench-collect).

Closed loop from a process of its own; every acknowledged id is looked for in the database. In the same run
and at the same concurrency, pgbench inserts one row of the same size a transaction. Rounds of both alternate,
so that a noisy machine disturbs them alike; what counts is the ratio.
"""

import statistics
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from tests.load.collect_databases import PostgresqlTarget, SqliteTarget, Target
from tests.load.collect_plot import draw_collection
from tests.load.collect_runs import Run, run_clients
from tests.soak.application import Application
from tests.soak.record import write_record

CLIENTS = 64
SECONDS = 10.0
ROUNDS = 3
FULL = 1_000_000
STUDY = Path(__file__).parents[2] / "docs" / "studies" / "collection.md"
RATIO_GOAL, P99_GOAL_MS, SLOWER_GOAL = 0.10, 250.0, 0.15


@dataclass(frozen=True)
class Level:
    """What was measured with so many responses stored already."""

    stored: int
    runs: list[Run]
    floors: list[float]

    @property
    def rate(self) -> float:
        return statistics.median(run.rate for run in self.runs)

    @property
    def ratio(self) -> float | None:
        if not self.floors:
            return None
        pairs = zip(self.runs, self.floors, strict=True)
        return statistics.median(run.rate / floor for run, floor in pairs)

    @property
    def p99_ms(self) -> float:
        return statistics.median(run.percentile_ms(99) for run in self.runs)


def measure(target: Target, directory: Path) -> list[Level]:
    """Measure on an empty database, then on one with a million responses."""
    levels = []
    for stored in (0, FULL):
        target.fill(stored)
        application = Application(target.url, directory)
        application.start()
        try:
            levels.append(_measure_level(target, application, stored))
        finally:
            application.stop()
        _print_level(target.name, levels[-1])
    return levels


def _measure_level(target: Target, application: Application, stored: int) -> Level:
    runs, floors = [], []
    run_clients(application.port, CLIENTS, 2.0)  # caches and connections
    for _ in range(ROUNDS):
        before = target.count()
        run = run_clients(application.port, CLIENTS, SECONDS)
        _check(target, run.ids, before)
        runs.append(run)
        floor = target.floor(CLIENTS, SECONDS)
        if floor is not None:
            floors.append(floor)
    return Level(stored, runs, floors)


def _check(target: Target, acknowledged: list[UUID], before: int) -> None:
    """Every acknowledged id is one stored row; nothing else was stored meanwhile."""
    missing = target.count_missing(acknowledged)
    stored = target.count() - before
    print(f"  acknowledged {len(acknowledged)}, stored {stored}, missing {missing}", flush=True)
    if missing or stored != len(acknowledged) or len(set(acknowledged)) != len(acknowledged):
        sys.exit("what was acknowledged is not what is stored")


def _print_level(name: str, level: Level) -> None:
    print(_describe(name, level), flush=True)


def _describe(name: str, level: Level) -> str:
    ratio = f", {level.ratio:.3f} of pgbench (goal {RATIO_GOAL:.2f})" if level.ratio is not None else ""
    floors = f", pgbench {statistics.median(level.floors):.0f}/s" if level.floors else ""
    return (
        f"{name}, {level.stored} stored, {CLIENTS} clients: {level.rate:.0f} accepted/s{floors}{ratio}, "
        f"p50 {statistics.median(run.percentile_ms(50) for run in level.runs):.0f} ms, "
        f"p99 {level.p99_ms:.0f} ms (goal {P99_GOAL_MS:.0f})"
    )


def _summarise(levels: Mapping[str, list[Level]]) -> list[str]:
    lines = [f"{ROUNDS} rounds of {SECONDS:.0f} s, medians; 31 rated answers a response"]
    for name, (empty, full) in levels.items():
        lines += [_describe(name, empty), _describe(name, full)]
        slower = 1 - full.rate / empty.rate
        lines.append(f"{name}: {slower:+.0%} slower with {FULL} stored (limit {SLOWER_GOAL:.0%})")
    return lines


def main() -> None:
    start = time.monotonic()
    levels = {}
    for make in (PostgresqlTarget, SqliteTarget):
        with TemporaryDirectory(prefix="hailong-collect-") as directory:
            target = make(Path(directory))
            try:
                levels[target.name] = measure(target, Path(directory))
            finally:
                target.close()
    drawn = {
        name: [(level.stored, level.rate, level.p99_ms) for level in measured]
        for name, measured in levels.items()
    }
    draw_collection(drawn, STUDY.with_suffix(".svg"))
    lines = _summarise(levels)
    write_record("bench-collect", lines, STUDY)
    print("\n".join(lines))
    print(f"{time.monotonic() - start:.0f} s in all")


if __name__ == "__main__":
    main()
