"""Charts of estimates with their intervals, as SVG or PNG bytes.

Labels come from the caller, so there is no language in here; every chart belongs beside a table with the same
numbers. The bytes are the same for the same input. matplotlib is imported on first use.
"""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, cast

from analysis.errors import MethodError
from analysis.targets import Verdict

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ImageFormat = Literal["svg", "png"]
FormatPercent = Callable[[float], str]

INK, SOFT, LINE, TRACK = "#1b2430", "#55606e", "#d5dae1", "#e9edf1"
ACCENT, BAR = "#0b5f6b", "#8fb8be"
VERDICT_COLOURS = {Verdict.MET: "#1b6b3a", Verdict.NOT_MET: "#a3261d", Verdict.INCONCLUSIVE: "#7a4f00"}
VERDICT_SIGNS = {Verdict.MET: "✓", Verdict.NOT_MET: "✕", Verdict.INCONCLUSIVE: "≈"}
_STYLE: dict[str, Any] = {
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "svg.fonttype": "none",
    "svg.hashsalt": "hailong",
    "text.parse_math": False,
}
_ROW, _HEAD, _FOOT, _WIDTH = 0.42, 0.85, 0.62, 12.4


@dataclass(frozen=True, slots=True)
class ScorecardRow:
    """One measure of a scorecard.

    Attributes
    ----------
    label : str
        Name of the measure.
    estimate, low, high, target : float or None
        Shares 0–1; an estimate of None draws no interval and shows `note` instead.
    verdict : Verdict or None
    verdict_label, value_label, interval_label, target_label : str
        Words and numbers as they are shown.
    note : str
        Why there is no number.
    indent : int
        Level below another measure.
    """

    label: str
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    target: float | None = None
    verdict: Verdict | None = None
    verdict_label: str = ""
    value_label: str = ""
    interval_label: str = ""
    target_label: str = ""
    note: str = ""
    indent: int = 0


@dataclass(frozen=True, slots=True)
class BarRow:
    """One bar: a share 0–1 with its interval, or a note why there is none."""

    label: str
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    value_label: str = ""
    note: str = ""


def draw_scorecard(
    rows: Sequence[ScorecardRow],
    *,
    title: str,
    format_percent: FormatPercent,
    cut_label: str | Callable[[float], str] = "",
    format: ImageFormat = "svg",
) -> bytes:
    """Draw intervals against targets on one common axis.

    Parameters
    ----------
    rows : sequence of ScorecardRow
        In the order given, from top to bottom.
    title : str
        The finding, as a sentence.
    format_percent : callable
        Writes a share as a tick label.
    cut_label : str or callable
        Shown below the axis if it does not start at 0; a callable receives the start.
    format : {"svg", "png"}

    Returns
    -------
    bytes

    Examples
    --------
    >>> row = ScorecardRow("A", 0.9, 0.88, 0.92, 0.85, Verdict.MET, "met", "90%", "88–92%", "≥ 85%")
    >>> image = draw_scorecard([row], title="A is met", format_percent=lambda share: f"{share:.0%}")
    >>> image[:5]
    b'<?xml'
    """
    start = _axis_start(rows)

    def draw(figure: Figure) -> None:
        axes = _plot_area(figure, rows_drawn=len(rows), left=0.275, width=0.29)
        _axis(axes, start, len(rows), format_percent)
        _cut_mark(axes, start, cut_label)
        for position, row in enumerate(rows):
            _scorecard_row(axes, position, row)
        axes.set_title(
            title, loc="left", x=-0.275 / 0.29 + 0.03, pad=26, fontsize=13, fontweight="bold", color=INK
        )

    return _rendered(draw, len(rows), format)


def draw_bars(
    rows: Sequence[BarRow], *, title: str, format_percent: FormatPercent, format: ImageFormat = "svg"
) -> bytes:
    """Draw shares as bars on an axis from 0 to 100%, with their intervals, in the order given.

    Parameters are those of `draw_scorecard`.

    Examples
    --------
    >>> draw_bars([BarRow("A", 0.7, 0.6, 0.8, "70%")], title="A", format_percent=str, format="png")[1:4]
    b'PNG'
    """

    def draw(figure: Figure) -> None:
        axes = _plot_area(figure, rows_drawn=len(rows), left=0.36, width=0.52)
        _axis(axes, 0.0, len(rows), format_percent)
        for position, row in enumerate(rows):
            _bar_row(axes, position, row)
        axes.set_title(
            title, loc="left", x=-0.36 / 0.52 + 0.02, pad=26, fontsize=13, fontweight="bold", color=INK
        )

    return _rendered(draw, len(rows), format)


def _rendered(draw: Callable[[Figure], None], row_count: int, format: ImageFormat) -> bytes:
    import matplotlib
    from matplotlib.figure import Figure

    if format not in ("svg", "png"):
        raise MethodError("unknown_option", option="format", value=format, known=["svg", "png"])
    buffer = io.BytesIO()
    with matplotlib.rc_context(cast(Any, _STYLE)):
        figure = Figure(figsize=(_WIDTH, _HEAD + _FOOT + _ROW * max(row_count, 1)), facecolor="white")
        draw(figure)
        metadata = {"Date": None} if format == "svg" else {"Software": None}
        figure.savefig(buffer, format=format, dpi=150, metadata=metadata)
    return buffer.getvalue()


def _plot_area(figure: Figure, rows_drawn: int, left: float, width: float) -> Axes:
    height = _HEAD + _FOOT + _ROW * max(rows_drawn, 1)
    return figure.add_axes((left, _FOOT / height, width, _ROW * max(rows_drawn, 1) / height))


def _axis_start(rows: Sequence[ScorecardRow]) -> float:
    """Begin at a whole 10%, a little below everything that is drawn."""
    values = [value for row in rows for value in (row.low, row.target) if value is not None]
    if not values:
        return 0.0
    return min(max(math.floor((min(values) - 0.02) * 10) / 10, 0.0), 0.9)


def _axis(axes: Axes, start: float, row_count: int, format_percent: FormatPercent) -> None:
    step = 0.05 if start >= 0.8 else 0.1 if start >= 0.4 else 0.2
    count = round((1 - start) / step)
    ticks = [round(1 - step * k, 10) for k in range(count, -1, -1) if 1 - step * k >= start - 1e-9]
    axes.set_xlim(start, 1.0)
    axes.set_ylim(max(row_count, 1) - 0.5, -0.5)
    axes.set_xticks(ticks, [format_percent(tick) for tick in ticks])
    axes.xaxis.tick_top()
    axes.tick_params(axis="x", length=0, pad=4, labelsize=9, colors=SOFT)
    axes.set_yticks([])
    axes.spines[:].set_visible(False)
    axes.grid(axis="x", color=TRACK, linewidth=0.8)
    axes.set_axisbelow(True)
    for position in range(row_count + 1):
        axes.axhline(position - 0.5, color=LINE, linewidth=0.6, xmin=-1.0, xmax=2.52, clip_on=False)


def _cut_mark(axes: Axes, start: float, cut_label: str | Callable[[float], str]) -> None:
    """Break the axis visibly where it does not start at 0."""
    if start <= 0:
        return
    for shift in (0.0, 0.012):
        axes.plot(
            [shift - 0.008, shift + 0.008], [-0.035, 0.035], transform=axes.transAxes, color=SOFT,
            linewidth=1.1, clip_on=False,
        )  # fmt: skip
    text = cut_label(start) if callable(cut_label) else cut_label
    axes.annotate(
        text, (0, 0), xycoords="axes fraction", xytext=(0, -14), textcoords="offset points", fontsize=9,
        color=SOFT, va="top",
    )  # fmt: skip


def _side_text(
    axes: Axes,
    x: float,
    position: int,
    text: str,
    *,
    right: bool = False,
    bold: bool = False,
    colour: str = INK,
) -> None:
    axes.text(
        x, position, text, transform=axes.get_yaxis_transform(), ha="right" if right else "left",
        va="center_baseline", fontsize=10.5, fontweight="bold" if bold else "normal", color=colour,
    )  # fmt: skip


def _scorecard_row(axes: Axes, position: int, row: ScorecardRow) -> None:
    _side_text(axes, -0.918 + 0.05 * row.indent, position, row.label, bold=row.indent == 0)
    if row.target is not None:
        axes.plot(
            [row.target] * 2,
            [position - 0.3, position + 0.3],
            color=INK,
            linewidth=1.6,
            linestyle=(0, (2, 1.4)),
        )
    _side_text(axes, 1.61, position, row.target_label, right=True)
    if row.estimate is None:
        axes.text(
            0.02, position, row.note, transform=axes.get_yaxis_transform(), va="center_baseline",
            fontsize=10.5, color=SOFT, bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5},
        )  # fmt: skip
        return
    colour = VERDICT_COLOURS[row.verdict] if row.verdict is not None else ACCENT
    if row.low is not None and row.high is not None:
        axes.plot(
            [row.low, row.high],
            [position] * 2,
            color=colour,
            linewidth=4,
            solid_capstyle="butt",
            clip_on=False,
        )
    axes.plot([row.estimate], [position], "o", markersize=8.5, markerfacecolor="white",
    markeredgecolor=colour,
              markeredgewidth=2, clip_on=False)  # fmt: skip
    _side_text(axes, 1.165, position, row.value_label, right=True, bold=True)
    _side_text(axes, 1.195, position, row.interval_label)
    if row.verdict is not None:
        sign = VERDICT_SIGNS[row.verdict]
        _side_text(axes, 1.66, position, f"{sign} {row.verdict_label}", bold=True, colour=colour)


def _bar_row(axes: Axes, position: int, row: BarRow) -> None:
    _side_text(axes, -0.02, position, row.label, right=True)
    if row.estimate is None:
        axes.text(0.01, position, row.note, va="center_baseline", fontsize=10, color=SOFT)
        return
    axes.barh(position, 1.0, height=0.5, color=TRACK, linewidth=0)
    axes.barh(position, row.estimate, height=0.5, color=BAR, linewidth=0)
    if row.low is not None and row.high is not None:
        axes.plot(
            [row.low, row.high],
            [position] * 2,
            color=INK,
            linewidth=1.4,
            marker="|",
            markersize=7,
            clip_on=False,
        )
    _side_text(axes, 1.03, position, row.value_label, bold=True)
