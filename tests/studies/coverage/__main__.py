"""Runs the coverage study: python -m tests.studies.coverage (make coverage-study)."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import click

from tests.studies.coverage.plot import draw_coverage
from tests.studies.coverage.study import Row, read_rows, run_study
from tests.studies.coverage.summary import build_tables, render_markdown

OUT = Path("docs/studies")
STATE = Path("build/coverage-study.jsonl")
REPLICATES = 4_000
DESCRIPTION = (
    "scene", "unit", "mix", "share", "true_share", "psus", "strata", "df", "icc", "mean_size", "size_spread",
    "weight_cv", "selective", "straight_liners",
)  # fmt: skip


@click.command()
@click.option("--populations", type=click.IntRange(min=1), help="Stop after so many populations.")
@click.option("--replicates", type=click.IntRange(min=2), default=REPLICATES, show_default=True)
@click.option("--seed", type=int, default=3028, show_default=True)
@click.option("--resume", is_flag=True, help="Skip what an earlier run with these settings has finished.")
@click.option("--out", type=click.Path(path_type=Path), default=OUT, show_default=True)
@click.option("--state", type=click.Path(path_type=Path), default=STATE, show_default=True)
def main(populations: int | None, replicates: int, seed: int, resume: bool, out: Path, state: Path) -> None:
    """Measure how often intervals cover and verdicts err."""
    steps = run_study(seed, replicates, populations, state, resume=resume)
    done, count = next(steps)
    with click.progressbar(length=count, label="scenes", file=sys.stderr) as bar:
        bar.update(done)
        for _ in steps:
            bar.update(1)
    rows = read_rows(seed, replicates, populations, state)
    write_results(rows, replicates, seed, out)
    click.echo(f"{len(rows)} rows in {out / 'coverage.csv'}, tables in {out / 'coverage.md'}")


def write_results(rows: list[Row], replicates: int, seed: int, out: Path) -> None:
    """Write every row as CSV, the tables as Markdown and the pictures as PNG."""
    out.mkdir(parents=True, exist_ok=True)
    populations = {(row["scene"], row["unit"]): {name: row[name] for name in DESCRIPTION} for row in rows}
    _write_csv(list(populations.values()), out / "coverage-populations.csv")
    results = [{name: value for name, value in row.items() if name not in DESCRIPTION[2:]} for row in rows]
    _write_csv(results, out / "coverage.csv")
    head = (
        "# Coverage study: tables\n\n"
        f"Made by `python -m tests.studies.coverage --seed {seed} --replicates {replicates}`: "
        f"{len(populations)} populations, {replicates} samples of each.\n"
        "What the columns mean is explained in [the study](../coverage-study.md).\n\n"
    )
    (out / "coverage.md").write_text(head + render_markdown(build_tables(rows)), encoding="utf-8")
    for quantity in ("share", "index", "score"):
        draw_coverage(rows, quantity, out / f"coverage-{quantity}.png")


def _write_csv(rows: list[Row], path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()
