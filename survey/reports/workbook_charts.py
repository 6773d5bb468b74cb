"""Native Excel charts over the tables of the sheet "Biểu đồ"."""

import math
from dataclasses import dataclass
from typing import Any

from xlsxwriter.chart import Chart
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from questionnaires.model import Text
from survey.reports.chart_data import ChartData
from survey.reports.columns import columns_of
from survey.reports.sheet_writer import ACCENT, FONT_NAME, INK, LINE, SOFT, SheetWriter
from survey.reports.workbook_sheets import COLUMNS_OF_CHARTS, Table

_LABEL, _VALUE, _BELOW, _ABOVE, _TARGET = 0, 1, 4, 5, 6
DEFAULT_ROW_PIXELS = 20
BAR_CHART_WIDTH = 790

_INDEX = Text(vi="Chỉ số và khoảng tin cậy", en="Index and confidence interval")
_TARGET_NAME = Text(vi="Chỉ tiêu (tối thiểu)", en="Target")
_CUT = Text(vi="Trục không bắt đầu từ 0% mà từ {start}%", en="Cut axis, starting at {start}%")


@dataclass(frozen=True)
class Block:
    """Where the rows of a chart stand."""

    sheet_name: str
    first_row: int
    row_count: int

    def column(self, number: int) -> list[Any]:
        return [self.sheet_name, self.first_row, number, self.first_row + self.row_count - 1, number]


def write_chart_sheet(
    workbook: Workbook, writer: SheetWriter, sheet: Worksheet, top: int, charts: list[ChartData]
) -> list[Block]:
    """Write each chart's numbers and draw the bar charts below them, two on a page; return the blocks."""
    blocks, row, breaks = [], top, []
    for position, data in enumerate(charts):
        block = Block(sheet.get_name(), row + 2, len(data.rows))
        blocks.append(block)
        names = COLUMNS_OF_CHARTS if data.is_scorecard else COLUMNS_OF_CHARTS[:-1]
        row = writer.write_block(sheet, row, data.title, Table(columns_of(*names), data.rows)) + 1
        if not data.is_scorecard:
            height = 80 + 27 * len(data.rows)
            insert(sheet, row, _bar_chart(workbook, data, block), (BAR_CHART_WIDTH, height), data)
            row += math.ceil(height / DEFAULT_ROW_PIXELS) + 2
        if position % 2 == 1:
            breaks.append(row)
    sheet.set_h_pagebreaks(breaks)
    return blocks


def insert(sheet: Worksheet, row: int, chart: Chart, size: tuple[int, int], data: ChartData) -> None:
    chart.set_size({"width": size[0], "height": size[1]})
    sheet.insert_chart(row, 0, chart, {"description": data.description, "object_position": 2})


def scorecard_chart(workbook: Workbook, data: ChartData, block: Block, language: str) -> Chart:
    """Points with their intervals against the targets; points, so that the axis may be cut."""
    chart = workbook.add_chart({"type": "line"})
    start = _axis_start(data)
    chart.add_series(
        {
            "name": _INDEX.in_language(language),
            "categories": block.column(_LABEL),
            "values": block.column(_VALUE),
            "line": {"none": True},
            "marker": {"type": "circle", "size": 9, "fill": {"color": ACCENT}, "border": {"color": "white"}},
            "data_labels": {
                "value": True,
                "position": "right",
                "num_format": '"   "0.0%',
                "font": _font(9, bold=True),
            },
            "y_error_bars": _error_bars(block),
        }
    )
    chart.add_series(
        {
            "name": _TARGET_NAME.in_language(language),
            "categories": block.column(_LABEL),
            "values": block.column(_TARGET),
            "line": {"none": True},
            "marker": {"type": "long_dash", "size": 20, "fill": {"color": INK}, "border": {"color": INK}},
        }
    )
    axis_name = _CUT.in_language(language).format(start=round(start * 100)) if start else ""
    chart.set_title(_title(data.title))
    chart.set_y_axis(_share_axis(start, axis_name))
    chart.set_x_axis({"num_font": _font(9), "line": {"color": SOFT}})
    chart.set_legend({"position": "bottom", "font": _font(9)})
    return chart


def _bar_chart(workbook: Workbook, data: ChartData, block: Block) -> Chart:
    """Shares as bars from 0 to 100%, the lowest on top."""
    chart = workbook.add_chart({"type": "bar"})
    chart.add_series(
        {
            "name": data.title,
            "categories": block.column(_LABEL),
            "values": block.column(_VALUE),
            "fill": {"color": "#8FB8BE"},
            "gap": 60,
            "data_labels": {"value": True, "position": "inside_base", "num_format": "0.0%", "font": _font(9)},
            "x_error_bars": _error_bars(block),
        }
    )
    chart.set_title(_title(data.title))
    chart.set_y_axis({"reverse": True, "num_font": _font(9), "line": {"color": SOFT}})
    chart.set_x_axis({**_share_axis(0.0, ""), "label_position": "high", "major_unit": 0.2})
    chart.set_legend({"none": True})
    return chart


def _error_bars(block: Block) -> dict[str, Any]:
    """Distances to the limits, read from their cells."""
    first, last = block.first_row + 1, block.first_row + block.row_count
    cells = {
        name: f"='{block.sheet_name}'!${letter}${first}:${letter}${last}"
        for name, letter in (("minus_values", "E"), ("plus_values", "F"))
    }
    return {"type": "custom", "direction": "both", "line": {"color": INK, "width": 1.25}, **cells}


def _axis_start(data: ChartData) -> float:
    """A whole 10% a little below everything that is drawn."""
    lowest = min(float(row[index]) for row in data.rows for index in (2, _TARGET))
    return min(max(math.floor((lowest - 0.02) * 10) / 10, 0.0), 0.9)


def _share_axis(start: float, name: str) -> dict[str, Any]:
    return {
        "min": start,
        "max": 1,
        "num_format": "0%",
        "num_font": _font(9),
        "name": name,
        "name_font": _font(9, bold=False),
        "major_gridlines": {"visible": True, "line": {"color": LINE, "width": 0.75}},
        "line": {"none": True},
    }


def _title(words: str) -> dict[str, Any]:
    return {"name": words, "name_font": _font(11, bold=True), "overlay": False}


def _font(size: int, *, bold: bool = False) -> dict[str, Any]:
    return {"name": FONT_NAME, "size": size, "color": INK, "bold": bold}
