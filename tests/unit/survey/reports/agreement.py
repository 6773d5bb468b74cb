"""Reads the numbers back out of exported files and compares each of them with the report they came from."""

import csv
import io
from collections.abc import Iterator, Mapping
from decimal import Decimal
from math import isclose

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from survey.reports.domains import ReportDomain, list_domains
from survey.reports.figure_words import show_interval, show_share
from survey.services.index_report_values import Figure, IndexReport

Place = tuple[str, ...]
Shares = dict[Place, Figure]
# A spreadsheet keeps fifteen digits.
TOLERANCE = 1e-14
# Sheets of the workbook by place, so that both languages are read alike.
SCORECARD, CHARTS, OTHER, ELEMENTS, ITEMS, SECTORS, UNITS, CHANNELS, PULSES, METHOD = range(10)


def assert_files_agree(
    report: IndexReport,
    *,
    workbook: bytes | None = None,
    report_csv: bytes | None = None,
    scorecard_csv: bytes | None = None,
    language: str = "vi",
) -> int:
    """Every published share stands in each file with its whole value; return how many were compared."""
    compared = 0
    if workbook is not None:
        compared += _compare(list_named_shares(report, language), read_workbook_shares(workbook))
    if report_csv is not None:
        compared += _compare(list_coded_shares(report), read_report_csv_shares(report_csv))
    if scorecard_csv is not None:
        rows = read_csv(scorecard_csv)[1:]
        figures = [result.figures.index.satisfied_share for result in report.results]
        shown = [[show_share(figure, language), show_interval(figure, language)] for figure in figures]
        assert [row[2:4] for row in rows] == shown
        compared += len(rows)
    return compared


def list_named_shares(report: IndexReport, language: str) -> Shares:
    """Every share of the report under the words that stand beside it in the workbook."""
    shares: Shares = {
        ("scorecard", result.name.in_language(language)): result.figures.index.satisfied_share
        for result in report.results
    }
    for domain in list_domains(report):
        place = (domain.measure_name.in_language(language), domain.sector_name.in_language(language))
        if domain.sector_code:
            shares["sector", *place] = domain.figures.index.satisfied_share
        for element in domain.figures.elements:
            title = element.title.in_language(language)
            shares["element", *place, title] = element.figures.satisfied_share
        for item in domain.figures.items:
            shares["item", *place, f"{item.form_id}.{item.question_id}"] = item.figures.satisfied_share
        for unit in domain.result.units if domain.result else ():
            shares["unit", *place, unit.unit_code] = unit.figures.index.satisfied_share
    return shares


def list_coded_shares(report: IndexReport) -> Shares:
    """Every share of the report under measure, sector, unit, element, form and item."""
    return {place: figure for domain in list_domains(report) for place, figure in _coded(domain)}


def read_workbook_shares(workbook: bytes) -> dict[Place, list[object]]:
    """Share, lower and upper limit of every row of the workbook's tables."""
    book = openpyxl.load_workbook(io.BytesIO(workbook))
    found: dict[Place, list[object]] = {}
    for sheet_number, level, names, share in (
        (SCORECARD, "scorecard", (0,), 2),
        (SECTORS, "sector", (0, 1), 4),
        (ELEMENTS, "element", (0, 1, 2), 5),
        (ITEMS, "item", (0, 1, 3), 6),
        (UNITS, "unit", (0, 1, 2), 7),
    ):
        for row in table_rows(book.worksheets[sheet_number]):
            place = (level, *(str(row[name]) for name in names))
            assert place not in found, f"{place} stands twice"
            found[place] = row[share : share + 3]
    return found


def table_rows(sheet: Worksheet) -> list[list[object]]:
    """The rows below the head of a sheet's table; the head is the row where the filter stands."""
    reference = sheet.auto_filter.ref
    if not reference:
        return []
    return [[cell.value for cell in row] for row in sheet[reference][1:]]


def read_report_csv_shares(content: bytes) -> dict[Place, list[object]]:
    found: dict[Place, list[object]] = {}
    for line in csv.DictReader(io.StringIO(content.decode("utf-8-sig"))):
        names = ("measure", "sector", "unit_code", "element", "form", "item")
        place = tuple(line[name] for name in names)
        assert place not in found, f"{place} stands twice"
        columns = ("satisfied_share_percent", "low_percent", "high_percent")
        found[place] = [_share_of(line[column]) or line["reason"] for column in columns]
    return found


def read_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def _coded(domain: ReportDomain) -> Iterator[tuple[Place, Figure]]:
    place = (domain.measure_code, domain.sector_code)
    units = domain.result.units if domain.result else ()
    for unit_code, figures in [("", domain.figures), *((unit.unit_code, unit.figures) for unit in units)]:
        yield (*place, unit_code, "", "", ""), figures.index.satisfied_share
        for element in figures.elements:
            yield (*place, unit_code, element.element_id, "", ""), element.figures.satisfied_share
        for item in figures.items:
            coded = (*place, unit_code, item.element_id, item.form_id, item.question_id)
            yield coded, item.figures.satisfied_share


def _compare(expected: Shares, found: Mapping[Place, list[object]]) -> int:
    assert set(found) == set(expected)
    for place, figure in expected.items():
        values = [figure.value, figure.low, figure.high]
        for value, cell in zip(values, found[place], strict=True):
            if value is None:
                assert isinstance(cell, str), f"{place}: {cell!r} stands where there is no number"
            else:
                assert isinstance(cell, int | float), f"{place}: {cell!r} instead of {value!r}"
                assert isclose(cell, value, rel_tol=TOLERANCE), f"{place}: {cell!r} instead of {value!r}"
    return len(expected)


def _share_of(percent: str) -> float | None:
    return float(Decimal(percent).scaleb(-2)) if percent else None
