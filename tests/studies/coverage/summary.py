"""Summaries of the rows of the study: by method, by number of PSUs, by share, by mix of a sector."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

Row = dict[str, Any]
Chosen = Callable[[Row], bool]

PROMISE = 0.93
"""Coverage below this is a failure for a promise of 0.95: two points are more than chance explains."""

PSU_BANDS: dict[str, Chosen] = {
    "3–4 PSUs": lambda row: row["psus"] <= 4,
    "5–8": lambda row: 5 <= row["psus"] <= 8,
    "12–20": lambda row: 12 <= row["psus"] <= 20,
    "30–60": lambda row: row["psus"] >= 30,
}
SHARE_BANDS: dict[str, Chosen] = {
    "share < 0.88": lambda row: row["true_share"] < 0.88,
    "0.88–0.94": lambda row: 0.88 <= row["true_share"] < 0.94,
    "0.94–0.97": lambda row: 0.94 <= row["true_share"] < 0.97,
    "≥ 0.97": lambda row: row["true_share"] >= 0.97,
}
ICC_BANDS: dict[str, Chosen] = {
    "ICC 0.01": lambda row: row["icc"] == 0.01,
    "ICC 0.05": lambda row: row["icc"] == 0.05,
    "ICC 0.10": lambda row: row["icc"] == 0.10,
    "ICC 0.15": lambda row: row["icc"] == 0.15,
}
MIXES: dict[str, Chosen] = {
    "units alike": lambda row: row["mix"] == "alike",
    "shares differ": lambda row: row["mix"] == "shares",
    "ICCs differ": lambda row: row["mix"] == "iccs",
    "both differ": lambda row: row["mix"] == "both",
    "one unit clustered": lambda row: row["mix"] == "outlier",
}


@dataclass(frozen=True)
class Table:
    """A table of numbers with its headings."""

    title: str
    headings: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]


def select(rows: Iterable[Row], **wanted: Any) -> list[Row]:
    """Give the rows with these values."""
    return [row for row in rows if all(row[name] == value for name, value in wanted.items())]


def methods_of(rows: Iterable[Row]) -> list[str]:
    """Give the methods in the order of the rows."""
    return list(dict.fromkeys(row["method"] for row in rows))


def coverage_table(title: str, rows: list[Row]) -> Table:
    """Give mean and worst coverage and errors, width and missing answers of each method."""
    headings = (
        "method", "coverage, mean", "worst", f"populations below {PROMISE:g}", "lower error, mean", "worst",
        "upper error, mean", "worst", "width", "no answer",
    )  # fmt: skip
    lines = []
    for method in methods_of(rows):
        own = select(rows, method=method)
        coverage, low, high = (_column(own, name) for name in ("coverage", "low_error", "high_error"))
        numbers = (np.nanmean(coverage), np.nanmin(coverage))
        errors = (np.nanmean(low), np.nanmax(low), np.nanmean(high), np.nanmax(high))
        width = np.nanmean(_column(own, "width"))
        lines.append(
            (
                method,
                *map(_number, numbers),
                _percent(np.mean(coverage < PROMISE)),
                *map(_number, (*errors, width)),
                _percent(np.mean(_column(own, "no_answer"))),
            )
        )
    return Table(title, headings, tuple(lines))


def band_table(title: str, rows: list[Row], bands: dict[str, Chosen]) -> Table:
    """Give mean / worst coverage (and mean width) of each method in each band."""
    lines = []
    for method in methods_of(rows):
        own = select(rows, method=method)
        lines.append((method, *(_band([row for row in own if chosen(row)]) for chosen in bands.values())))
    return Table(title, ("method: mean / worst (width)", *bands), tuple(lines))


def verdict_table(title: str, rows: list[Row]) -> Table:
    """Give how often each verdict falls for targets around the truth, in percent: mean (worst)."""
    headings = (
        "method", "false met, target 0.02 above", "met, target = truth", "false not met, target = truth",
        "false not met, target 0.02 below", "right, target 0.05 above", "right, target 0.05 below",
        "inconclusive, target 0.02 above", "0.02 below",
    )  # fmt: skip
    lines = []
    for method in methods_of(rows):
        own = select(rows, method=method)
        lines.append(
            (
                method, _mean_worst(own, "met_above"), _mean_worst(own, "met_at"),
                _mean_worst(own, "not_met_at"), _mean_worst(own, "not_met_below"),
                _percent(np.mean(_column(own, "not_met_far_above"))),
                _percent(np.mean(_column(own, "met_far_below"))),
                _percent(1 - np.mean(_column(own, "met_above") + _column(own, "not_met_above"))),
                _percent(1 - np.mean(_column(own, "met_below") + _column(own, "not_met_below"))),
            )
        )  # fmt: skip
    return Table(title, headings, tuple(lines))


def build_tables(rows: list[Row]) -> list[Table]:
    """Give the tables of the study."""
    alone = select(rows, mix="alone")
    units = [row for row in rows if row["mix"] != "alone"]
    tables = []
    for quantity, name in (("share", "Share"), ("index", "Pooled index"), ("score", "Mean score")):
        own = select(alone, quantity=quantity)
        tables += [
            coverage_table(f"{name}: all populations", own),
            band_table(f"{name}: by number of PSUs", own, PSU_BANDS),
            band_table(f"{name}: by true share", own, SHARE_BANDS),
            band_table(f"{name}: by ICC", own, ICC_BANDS),
            verdict_table(f"{name}: verdicts", own),
        ]
    for quantity, name in (("share", "Share"), ("index", "Pooled index")):
        own = select(units, quantity=quantity)
        tables += [
            coverage_table(f"{name}: units of a sector, 3–9 PSUs", own),
            band_table(f"{name}: units of a sector, by mix", own, MIXES),
            verdict_table(f"{name}: units of a sector, verdicts", own),
        ]
    return [table for table in tables if table.lines]


def render_markdown(tables: Sequence[Table]) -> str:
    """Give the tables as Markdown."""
    parts = []
    for table in tables:
        head = "| " + " | ".join(table.headings) + " |"
        rule = "|" + "---|" * len(table.headings)
        body = ["| " + " | ".join(line) + " |" for line in table.lines]
        parts.append("\n".join([f"## {table.title}", "", head, rule, *body, ""]))
    return "\n".join(parts)


def _column(rows: list[Row], name: str) -> np.ndarray:
    return np.array([row[name] for row in rows], dtype=np.float64)


def _band(rows: list[Row]) -> str:
    coverage = _column(rows, "coverage")
    if not len(coverage) or np.isnan(coverage).all():
        return "–"
    width = _number(np.nanmean(_column(rows, "width")))
    return f"{_number(np.nanmean(coverage))} / {_number(np.nanmin(coverage))} ({width})"


def _mean_worst(rows: list[Row], name: str) -> str:
    values = _column(rows, name)
    return f"{_percent(values.mean())} ({_percent(values.max())})"


def _number(value: Any) -> str:
    return f"{float(value):.3f}"


def _percent(value: Any) -> str:
    return f"{100 * float(value):.1f}%"
