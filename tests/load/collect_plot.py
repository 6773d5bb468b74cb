"""The picture of the collection benchmark: rate and 99th percentile, empty and full."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from matplotlib.figure import Figure


def draw_collection(levels: Mapping[str, Sequence[tuple[int, float, float]]], path: Path) -> None:
    """Draw (stored, accepted a second, p99 in ms) of each database."""
    figure = Figure(figsize=(7.0, 3.4), layout="constrained")
    rates, waits = figure.subplots(1, 2)
    for name, measured in levels.items():
        stored = [f"{count:,}" for count, _rate, _wait in measured]
        rates.plot(stored, [rate for _count, rate, _wait in measured], marker="o", label=name)
        waits.plot(stored, [wait for _count, _rate, wait in measured], marker="o", label=name)
    rates.set_ylabel("accepted a second")
    waits.set_ylabel("99th percentile, ms")
    for axes in (rates, waits):
        axes.set_xlabel("responses stored before")
        axes.set_ylim(bottom=0)
        axes.grid(axis="y", linewidth=0.4, alpha=0.6)
        axes.legend(fontsize=9)
    figure.savefig(path, metadata={"Date": None})
