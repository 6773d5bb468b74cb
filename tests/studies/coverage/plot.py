"""The picture of the study: coverage of every population by method and number of PSUs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tests.studies.coverage.summary import Row, methods_of, select

SHOWN = ("wald", "logit", "asin", "likelihood", "wilson", "beta", "kg_nchs", "pooled_wilson", "logit_kg")
LOWEST = 0.55


def draw_coverage(rows: list[Row], quantity: str, path: Path) -> None:
    """Draw one panel per method; a dot is a population, its colour the true share."""
    own = select(rows, quantity=quantity)
    methods = [method for method in SHOWN if method in methods_of(own)]
    columns = min(3, len(methods))
    lines = -(-len(methods) // columns)
    figure = Figure(figsize=(3.1 * columns, 2.7 * lines + 0.5), layout="constrained")
    dots: Any = None
    for place, method in enumerate(methods):
        axes = figure.add_subplot(lines, columns, place + 1)
        dots = _draw_method(axes, select(own, method=method), method)
        if place % columns == 0:
            axes.set_ylabel("coverage of the 95% interval")
        if place + columns >= len(methods):
            axes.set_xlabel("sampled PSUs")
    if dots is not None:
        figure.colorbar(dots, ax=figure.axes, label="true share", shrink=0.7)
    figure.suptitle(f"{quantity}: each dot is one population")
    figure.savefig(path, dpi=110, metadata={"Software": None})


def _draw_method(axes: Axes, rows: list[Row], method: str) -> Any:
    kept = [row for row in rows if row["coverage"] == row["coverage"]]
    places = [row["psus"] * (1 + 0.10 * ((row["scene"] * 7 + row["unit"]) % 11 - 5) / 10) for row in kept]
    dots = axes.scatter(
        places,
        [max(row["coverage"], LOWEST) for row in kept],
        c=[row["true_share"] for row in kept],
        s=8, vmin=0.65, vmax=1.0, cmap="viridis", linewidths=0,
    )  # fmt: skip
    axes.axhline(0.95, color="black", linewidth=0.8)
    axes.set_xscale("log")
    axes.set_xticks([3, 5, 10, 20, 60], labels=["3", "5", "10", "20", "60"])
    axes.minorticks_off()
    axes.set_ylim(LOWEST - 0.01, 1.005)
    axes.set_title(method, fontsize=10)
    return dots
