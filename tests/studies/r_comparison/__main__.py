"""Runs the comparison with R: python -m tests.studies.r_comparison (make check-r).

Exit status 0 if nothing differs, 1 if anything does, 2 if R is not there.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import click

from tests.studies.r_comparison.differences import compare
from tests.studies.r_comparison.draws import write_case

R_SCRIPT = Path(__file__).resolve().parent / "answers.R"
BATCH = 50
MISSING = "Rscript is not installed; on Debian: apt-get install r-cran-survey r-cran-mass r-cran-jsonlite"


@click.command()
@click.option("--designs", type=click.IntRange(min=1), default=1000, show_default=True)
@click.option("--first-seed", type=click.IntRange(min=0), default=1, show_default=True)
@click.option(
    "--report", type=click.Path(dir_okay=False, path_type=Path), help="Also write the summary here."
)
def main(designs: int, first_seed: int, report: Path | None) -> None:
    """Draw designs from seeds, compute each twice, print every number that differs."""
    if shutil.which("Rscript") is None:
        click.echo(MISSING, err=True)
        sys.exit(2)
    lines, different, numbers = [], 0, 0
    with click.progressbar(length=designs, label="designs", file=sys.stderr) as bar:
        for seed, count, faults in check_designs(first_seed, designs):
            numbers, different = numbers + count, different + bool(faults)
            lines += [f"seed {seed}: {fault}" for fault in faults]
            bar.update(1)
    compared = f"{numbers} numbers compared, {different} designs differ"
    summary = f"{designs} designs from seed {first_seed}, {compared}"
    text = "\n".join([summary, r_version(), *lines])
    click.echo(text)
    if report is not None:
        report.write_text(text + "\n", encoding="utf-8")
    sys.exit(1 if different else 0)


def check_designs(first_seed: int, designs: int) -> Iterator[tuple[int, int, list[str]]]:
    """Give the seed of each design, how many numbers were compared, and what differs."""
    end = first_seed + designs
    for start in range(first_seed, end, BATCH):
        yield from check_batch(range(start, min(start + BATCH, end)))


def check_batch(seeds: range) -> list[tuple[int, int, list[str]]]:
    """Run a batch of designs through one R process and through the engine."""
    with tempfile.TemporaryDirectory() as directory:
        folders = [write_case(Path(directory), seed) for seed in seeds]
        command = ["Rscript", str(R_SCRIPT), *map(str, folders)]
        run = subprocess.run(command, capture_output=True, text=True, check=False)
        if run.returncode:
            raise RuntimeError(run.stderr[-2000:])
        return [(seed, *compare(folder)) for seed, folder in zip(seeds, folders, strict=True)]


def r_version() -> str:
    """Name the reference."""
    code = 'cat(R.version.string, "survey", as.character(packageVersion("survey")))'
    return subprocess.run(["Rscript", "-e", code], capture_output=True, text=True, check=True).stdout


if __name__ == "__main__":
    main()
