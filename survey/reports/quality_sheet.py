"""The workbook's sheet on data quality: the index with and without flagged responses, the flags by unit."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from questionnaires.model import Text
from survey.reports.columns import Cell, Column, Row, value_cells
from survey.reports.figure_words import NOTHING
from survey.reports.labels import DEMONSTRATION, DEMONSTRATION_MARK, REASONS, words_of
from survey.reports.quality_words import (
    CLOCK_OFF,
    NAMES,
    NOT_AN_ACCUSATION,
    finding,
    interviews_words,
    origin,
    signs_words,
)
from survey.reports.sheet_writer import SheetWriter
from survey.reports.workbook_sheets import Table
from survey.services.index_report_values import SUPPRESSED
from survey.services.quality_values import (
    COVERAGE,
    INTERVIEWS,
    RULES,
    EffectLine,
    QualityReport,
    RuleShare,
    UnitQuality,
)
from survey.services.withholding import MINIMUM_RESPONDENTS

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

SHEET_NAME = Text(vi="Chất lượng dữ liệu", en="Data quality")
EFFECTS = Text(
    vi="Chỉ số với tất cả phiếu và khi bỏ phiếu có dấu hiệu cần xem lại",
    en="The index with and without flagged responses",
)
UNITS = Text(
    vi="Dấu hiệu theo đơn vị, đơn vị cần xem lại nhất đứng trước", en="Flags by unit, those to look at first"
)
_LOW = Text(vi="Cận dưới", en="Lower limit")
_HIGH = Text(vi="Cận trên", en="Upper limit")
_SHARE = Text(vi="Tỷ lệ", en="Share")

_EFFECT_COLUMNS = (
    Column(Text(vi="Chỉ tiêu đo lường", en="Measure"), "long", 36),
    Column(Text(vi="Đơn vị", en="Unit"), "long", 14),
    Column(Text(vi="Số phiếu", en="Responses"), "count", 26),
    Column(Text(vi="Chỉ số, tất cả phiếu", en="Index, all responses"), "share", 11),
    Column(_LOW, "share", 9),
    Column(_HIGH, "share", 9),
    Column(Text(vi="Bỏ phiếu có dấu hiệu", en="Flagged, left out"), "count", 9),
    Column(Text(vi="Chỉ số còn lại", en="Index without them"), "share", 11),
    Column(_LOW, "share", 9),
    Column(_HIGH, "share", 9),
    Column(Text(vi="Bỏ thêm phiếu chọn một mức", en="One level, left out too"), "count", 10),
    Column(Text(vi="Chỉ số khi bỏ cả hai", en="Index without both"), "share", 11),
    Column(_LOW, "share", 9),
    Column(_HIGH, "share", 9),
)
_UNIT_COLUMNS = (
    Column(Text(vi="Đơn vị", en="Unit"), "long", 36),
    Column(Text(vi="Mã đơn vị", en="Unit code"), "code", 14),
    Column(Text(vi="Mẫu phiếu", en="Questionnaire"), "long", 26),
    Column(Text(vi="Số phiếu", en="Responses"), "count", 11),
    *(column for rule in RULES for column in (Column(NAMES[rule], "count", 9), Column(_SHARE, "share", 11))),
    Column(NAMES[COVERAGE], "share", 9),
    Column(NAMES[INTERVIEWS], "long", 20),
    Column(CLOCK_OFF, "count", 11),
    Column(Text(vi="Cần xem lại", en="To look at"), "long", 30),
)


def effects_rows(report: QualityReport, language: str) -> Table:
    lines = (*report.effects, *report.unit_effects)
    return Table(list(_EFFECT_COLUMNS), [_effect_row(line, language) for line in lines])


def units_rows(report: QualityReport, language: str) -> Table:
    """Every unit with a response, those to look at first."""
    lines = [line for form in report.forms for line in form.units if line.n]
    return Table(list(_UNIT_COLUMNS), [_unit_row(line, language) for line in _worst_first(lines)])


def write_quality_sheet(
    sheet: "Worksheet", writer: SheetWriter, report: QualityReport, language: str
) -> None:
    """Title, finding and both tables on one sheet."""
    name = SHEET_NAME.in_language(language)
    title = f"{name}: {report.round_title.in_language(language)}"
    mark = DEMONSTRATION.in_language(language) if report.is_demonstration else ""
    leads = [finding(report, language), NOT_AN_ACCUSATION.in_language(language), origin(report, language)]
    top = writer.write_titles(sheet, mark, title, leads)
    below = writer.write_block(sheet, top, EFFECTS.in_language(language), effects_rows(report, language))
    writer.write_block(sheet, below + 1, UNITS.in_language(language), units_rows(report, language))
    printed_mark = DEMONSTRATION_MARK.in_language(language) if report.is_demonstration else ""
    writer.set_print(sheet, printed_mark, f"{name} · {report.round_title.in_language(language)}", None)


def _worst_first(lines: Iterable[UnitQuality]) -> list[UnitQuality]:
    return sorted(lines, key=lambda line: (-line.severity[0], -line.severity[1], line.unit.code))


def _effect_row(line: EffectLine, language: str) -> Row:
    return [
        line.name.in_language(language),
        line.unit.name.in_language(language) if line.unit else "",
        line.all.n,
        *value_cells(line.all, language),
        line.taken_out,
        *value_cells(line.without, language),
        line.also_taken_out,
        *value_cells(line.without_straight, language),
    ]


def _unit_row(line: UnitQuality, language: str) -> Row:
    shares = [cell for rule in RULES for cell in _share_cells(line.rule(rule), language)]
    share = line.coverage.share if line.coverage else None
    coverage: Cell = NOTHING if share is None else share
    return [
        line.unit.name.in_language(language),
        line.unit.code,
        line.form_title.in_language(language),
        line.n,
        *shares,
        coverage,
        interviews_words(line.interviews, language) or NOTHING,
        NOTHING if line.n < MINIMUM_RESPONDENTS else line.clock_off_count,
        signs_words(line, language),
    ]


def _share_cells(share: RuleShare | None, language: str) -> Row:
    if share is None:
        return [NOTHING, NOTHING]
    if share.share is None:
        return [words_of(REASONS, SUPPRESSED, language), NOTHING]
    return [share.flagged, share.share]
