"""The picture of the benchmarks: cost against the number of rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from matplotlib.figure import Figure


def draw_costs(
    sizes: Sequence[int],
    costs: Mapping[str, Sequence[float]],
    path: Path,
    *,
    xlabel: str = "rows",
    ylabel: str = "CPU seconds, median",
) -> None:
    """Draw one line per deed on logarithmic axes; floors are dashed."""
    figure = Figure(figsize=(7.0, 4.6), layout="constrained")
    axes = figure.add_subplot()
    for name, seconds in costs.items():
        style = "--" if name.startswith("floor") else "-"
        axes.plot(sizes, seconds, style, marker="o", markersize=4, label=name)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel(xlabel)
    axes.set_ylabel(ylabel)
    axes.grid(which="major", linewidth=0.4, alpha=0.6)
    axes.legend(fontsize=9)
    figure.savefig(path, dpi=110, metadata={"Software": None})
