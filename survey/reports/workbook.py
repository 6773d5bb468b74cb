"""The index report as an Excel workbook: a sheet a level, native charts, and how it was made."""

import io
from collections.abc import Callable, Sequence
from datetime import UTC

from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from survey.reports import further_answers
from survey.reports import workbook_sheets as sheets
from survey.reports.chart_data import ChartData, list_charts
from survey.reports.findings import finding, origin
from survey.reports.labels import DEMONSTRATION, DEMONSTRATION_MARK
from survey.reports.method_notes import method_notes
from survey.reports.quality_sheet import SHEET_NAME, write_quality_sheet
from survey.reports.sheet_writer import SheetWriter
from survey.reports.workbook_charts import Block, insert, scorecard_chart, write_chart_sheet
from survey.services.further_answers import FurtherAnswers
from survey.services.index_report_values import IndexReport
from survey.services.quality_values import QualityReport

TABLES: dict[str, Callable[[IndexReport, str], sheets.Table]] = {
    "scorecard": sheets.scorecard_table,
    "other": sheets.other_table,
    "elements": sheets.elements_table,
    "items": sheets.items_table,
    "sectors": sheets.sectors_table,
    "units": sheets.units_table,
    "channels": sheets.channels_table,
    "pulses": sheets.pulses_table,
}
SCORECARD_CHART_SIZE = (1180, 430)


def render_workbook(
    report: IndexReport,
    language: str = "vi",
    quality: QualityReport | None = None,
    further: Sequence[FurtherAnswers] = (),
) -> bytes:
    """The same reports and language give the same bytes."""
    buffer = io.BytesIO()
    workbook = Workbook(buffer, {"in_memory": True})
    _set_properties(workbook, report, language)
    writer = _ReportWriter(workbook, report, language)
    writer.write()
    if quality is not None:
        sheet = workbook.add_worksheet(SHEET_NAME.in_language(language))
        write_quality_sheet(sheet, writer.writer, quality, language)
    if further:
        sheet = workbook.add_worksheet(further_answers.SHEET_NAME.in_language(language))
        further_answers.write_further_sheet(sheet, writer.writer, list(further), language)
    workbook.close()
    return buffer.getvalue()


class _ReportWriter:
    """Lays the sheets out in their order."""

    def __init__(self, workbook: Workbook, report: IndexReport, language: str) -> None:
        self.workbook = workbook
        self.report = report
        self.language = language
        self.writer = SheetWriter(workbook, language)
        self.mark = DEMONSTRATION.in_language(language) if report.is_demonstration else ""
        self.sheets: dict[str, Worksheet] = {
            key: workbook.add_worksheet(name.in_language(language))
            for key, name in sheets.SHEET_NAMES.items()
        }

    def write(self) -> None:
        charts = list_charts(self.report, self.language)
        blocks = self._write_charts(charts)
        for key, build in TABLES.items():
            below = self._write_table(key, build(self.report, self.language))
            if key == "scorecard":
                self._insert_scorecard_chart(below + 1, charts, blocks)
        self._write_method()
        self.sheets["scorecard"].activate()

    def _write_table(self, key: str, table: sheets.Table) -> int:
        """Title, lead, origin and the table; return the row below it."""
        sheet = self.sheets[key]
        lead = sheets.LEADS[key].in_language(self.language) if key in sheets.LEADS else ""
        if key == "scorecard":
            lead = finding(self.report, self.language)
        top = self._write_titles(key, [lead] if lead else [])
        below = self.writer.write_table(sheet, top, table)
        sheet.freeze_panes(top + 1, 1 if key == "scorecard" else 0)
        self._set_print(key, top)
        return below

    def _write_charts(self, charts: list[ChartData]) -> list[Block]:
        sheet = self.sheets["charts"]
        top = self._write_titles("charts", [])
        blocks = write_chart_sheet(self.workbook, self.writer, sheet, top, charts)
        self._set_print("charts", None)
        return blocks

    def _insert_scorecard_chart(self, row: int, charts: list[ChartData], blocks: list[Block]) -> None:
        for data, block in zip(charts, blocks, strict=True):
            if data.is_scorecard:
                chart = scorecard_chart(self.workbook, data, block, self.language)
                insert(self.sheets["scorecard"], row, chart, SCORECARD_CHART_SIZE, data)

    def _write_method(self) -> None:
        sheet = self.sheets["method"]
        top = self._write_titles("method", [])
        self.writer.write_notes(sheet, top, method_notes(self.report, self.language))
        self._set_print("method", None)

    def _write_titles(self, key: str, leads: list[str]) -> int:
        name = sheets.SHEET_NAMES[key].in_language(self.language)
        title = f"{name}: {self.report.round_title.in_language(self.language)}"
        return self.writer.write_titles(
            self.sheets[key], self.mark, title, [*leads, origin(self.report, self.language)]
        )

    def _set_print(self, key: str, head_row: int | None) -> None:
        name = sheets.SHEET_NAMES[key].in_language(self.language)
        title = f"{name} · {self.report.round_title.in_language(self.language)}"
        mark = DEMONSTRATION_MARK.in_language(self.language) if self.mark else ""
        self.writer.set_print(self.sheets[key], mark, title, head_row, is_portrait=key == "charts")


def _set_properties(workbook: Workbook, report: IndexReport, language: str) -> None:
    """Who opens the file's properties reads what it is, and whether the data are invented."""
    mark = DEMONSTRATION.in_language(language) if report.is_demonstration else ""
    title = report.round_title.in_language(language)
    workbook.set_properties(
        {
            "title": title,
            "subject": mark or sheets.SHEET_NAMES["scorecard"].in_language(language),
            "comments": " · ".join(filter(None, (mark, origin(report, language)))),
            "author": f"hailong {report.code_version}",
            "created": report.cut_off_at.astimezone(UTC).replace(tzinfo=None),
        }
    )
    workbook.set_custom_property("round_code", report.round_code)
    workbook.set_custom_property("cut_off_at", report.cut_off_at.isoformat())
    workbook.set_custom_property("code_version", report.code_version)
    workbook.set_custom_property("is_demonstration", report.is_demonstration)
