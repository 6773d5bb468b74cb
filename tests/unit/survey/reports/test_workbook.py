import io
import zipfile
from dataclasses import replace
from functools import cache

import openpyxl
import pytest
from openpyxl.cell.cell import Cell
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from questionnaires.model import Text
from survey.reports.workbook import render_workbook
from survey.reports.workbook_sheets import channels_table, pulses_table
from survey.services.index_report_values import ChannelLine, IndexReport
from survey.services.withheld_channels import withhold_channels, withhold_pulses
from tests import report_values
from tests.unit.survey.reports.agreement import (
    CHANNELS,
    CHARTS,
    METHOD,
    PULSES,
    SCORECARD,
    UNITS,
    assert_files_agree,
    table_rows,
)

VIETNAMESE_SHEETS = [
    "Bảng chỉ tiêu",
    "Biểu đồ",
    "Số đo khác",
    "Yếu tố",
    "Tiêu chí",
    "Lĩnh vực",
    "Đơn vị",
    "Kênh thu thập",
    "Đánh giá nhanh tại quầy",
    "Cách tính",
]


@cache
def open_workbook(report: IndexReport, language: str = "vi") -> Workbook:
    """Cached, since reading takes long and no test changes the workbook."""
    return openpyxl.load_workbook(io.BytesIO(render_workbook(report, language)))


def texts_of(book: Workbook, sheet: int) -> list[str]:
    rows = book.worksheets[sheet].iter_rows(values_only=True)
    return [value for row in rows for value in row if isinstance(value, str)]


def first_row(sheet: Worksheet) -> tuple[Cell, ...]:
    """The row below the head of the sheet's table."""
    return sheet[sheet.auto_filter.ref][1]


def parts_of(content: bytes, prefix: str) -> list[str]:
    """The XML of the parts of the file under this path."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = [name for name in archive.namelist() if name.startswith(prefix) and name.endswith(".xml")]
        return [archive.read(name).decode("utf-8") for name in sorted(names)]


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("results", [report_values.sketch_results(), report_values.troubled_results()])
def test_every_share_of_the_report_stands_in_the_workbook(
    results: tuple[report_values.MeasureResult, ...], language: str
) -> None:
    report = report_values.report(results)

    compared = assert_files_agree(report, workbook=render_workbook(report, language), language=language)

    assert compared > 80


def test_there_is_a_sheet_for_each_level() -> None:
    assert open_workbook(report_values.report()).sheetnames == VIETNAMESE_SHEETS


def test_sheets_have_english_names_in_an_english_report() -> None:
    names = open_workbook(report_values.report(), "en").sheetnames

    assert names[0] == "Scorecard"
    assert names[-1] == "Method"


def test_shares_are_numbers_shown_with_one_decimal() -> None:
    cell = first_row(open_workbook(report_values.report()).worksheets[SCORECARD])[2]

    assert (cell.value, cell.number_format, cell.data_type) == (0.916, "0.0%", "n")


def test_a_measure_without_number_says_why_and_never_0() -> None:
    rows = table_rows(open_workbook(report_values.report(report_values.troubled_results())).worksheets[0])

    assert [row[2] for row in rows] == [
        0.897,
        "chỉ có một đơn vị mẫu cấp một",
        "không công bố",
        0.861,
        "không khảo sát",
        0.961,
        "không khảo sát",
    ]
    assert rows[4][6] == "Chưa có số liệu"


def test_self_selected_responses_have_a_share_without_interval_and_verdict() -> None:
    rows = table_rows(open_workbook(report_values.report(report_values.troubled_results())).worksheets[0])

    assert rows[5][2:5] == [0.961, "–", "–"]
    assert rows[5][6] == "Không xét theo chỉ tiêu"
    assert rows[5][-1] == "chỉ có phiếu tự nguyện, không có khoảng tin cậy"


def test_a_small_unit_is_not_published() -> None:
    rows = table_rows(open_workbook(report_values.report()).worksheets[UNITS])

    assert [row[7] for row in rows if row[2] == "19147"][0] == "không công bố"


def test_verdicts_have_a_sign_and_a_word() -> None:
    rows = table_rows(open_workbook(report_values.report()).worksheets[SCORECARD])

    assert [row[6] for row in rows[:4]] == ["✓ Đạt", "✕ Chưa đạt", "✓ Đạt", "≈ Chưa đủ cơ sở kết luận"]


def test_small_channels_are_not_published_and_selections_stand_apart() -> None:
    rows = table_rows(open_workbook(report_values.report()).worksheets[CHANNELS])

    assert [row[1] for row in rows if row[0] == "Dịch vụ y tế công lập"] == ["Được mời", "Tự nguyện"]
    assert ["Dịch vụ y tế công lập", "Tự nguyện", "Điện thoại", 4, 120, "không công bố", "–"] in rows


def test_a_channel_that_would_give_a_small_one_away_shows_no_satisfied_answers() -> None:
    lines = [ChannelLine("tthc", "phone", "invited", n, 20 * n, 18 * n) for n in (90, 7, 3)]
    rows = channels_table(report_values.report(channels=withhold_channels(lines)), "vi").rows

    assert sorted(row[3:] for row in rows) == [
        [3, 60, "không công bố", "–"],
        [7, 140, "không công bố", "–"],
        [90, 1800, 1620, 0.9],
    ]


def test_an_option_chosen_by_few_has_no_number() -> None:
    lines = zip(report_values.report().pulses, (2, 38, 200), strict=True)
    pulses = withhold_pulses(replace(line, count=count) for line, count in lines)
    rows = pulses_table(report_values.report(pulses=pulses), "en").rows

    assert [row[3] for row in rows] == ["fewer than 5", "not published", 200]
    assert [row[5] for row in rows] == ["–", "–", 200 / 240]


def test_counter_readings_say_that_they_are_no_index() -> None:
    book = open_workbook(report_values.report())

    assert any("không phải chỉ số" in text for text in texts_of(book, PULSES))
    assert [row[3] for row in table_rows(book.worksheets[PULSES])] == [14, 38, 188]


def test_a_round_without_counter_readings_says_so() -> None:
    book = open_workbook(report_values.report(pulses=()))

    assert "Đợt khảo sát này không có số liệu ở mục này." in texts_of(book, PULSES)


def test_a_demonstration_is_marked_on_every_sheet_in_print_and_in_the_properties() -> None:
    content = render_workbook(report_values.report(is_demonstration=True))
    book = openpyxl.load_workbook(io.BytesIO(content))

    for sheet in book.worksheets:
        assert str(sheet["A1"].value).startswith("DỮ LIỆU MINH HỌA")
        assert "DỮ LIỆU MINH HỌA" in str(sheet.oddHeader.center.text)
        assert "DỮ LIỆU MINH HỌA" in str(sheet.oddFooter.left.text)
    assert "DỮ LIỆU MINH HỌA" in str(book.properties.subject)
    assert "DỮ LIỆU MINH HỌA" in str(book.properties.description)


def test_a_real_round_has_no_mark() -> None:
    book = open_workbook(report_values.report())

    assert not [text for sheet in range(10) for text in texts_of(book, sheet) if "MINH HỌA" in text]


def test_the_file_carries_its_origin() -> None:
    book = open_workbook(report_values.report())

    assert book.properties.created == report_values.CUT_OFF.replace(tzinfo=None)
    values = {property.name: property.value for property in book.custom_doc_props.props}
    assert (values["round_code"], values["code_version"]) == ("2026-q3", "0.1.0")


def test_the_same_report_gives_the_same_bytes() -> None:
    assert render_workbook(report_values.report()) == render_workbook(report_values.report())


def test_names_that_begin_like_a_formula_stay_texts() -> None:
    name = '=HYPERLINK("http://example.invalid","Đất đai")'
    first, *others = report_values.sketch_results()
    report = report_values.report((replace(first, name=Text(vi=name, en="+1")), *others), round_code="=1+1")

    content = render_workbook(report)

    assert first_row(openpyxl.load_workbook(io.BytesIO(content)).worksheets[SCORECARD])[0].value == name
    assert not [part for part in parts_of(content, "xl/worksheets/sheet") if "<f>" in part]
    assert "hyperlink" not in "".join(parts_of(content, "xl/worksheets/sheet"))


def test_long_sentences_above_a_table_are_broken_for_print() -> None:
    sheet = open_workbook(report_values.report(report_values.troubled_results())).worksheets[SCORECARD]

    leads = [row[0] for row in sheet.iter_rows(max_row=first_row(sheet)[0].row - 2, values_only=True)]

    assert max(len(str(lead)) for lead in leads) <= 150


def test_charts_are_native_and_have_a_description() -> None:
    content = render_workbook(report_values.report())
    book = openpyxl.load_workbook(io.BytesIO(content))

    assert len(book.worksheets[SCORECARD]._charts) == 1
    # Lowest criteria and lowest units of four measures.
    assert len(book.worksheets[CHARTS]._charts) == 8
    assert "".join(parts_of(content, "xl/drawings/")).count('descr="') == 9


def test_the_scorecard_chart_draws_intervals_from_cells_against_the_targets() -> None:
    content = render_workbook(report_values.report())

    chart = next(part for part in parts_of(content, "xl/charts/") if "lineChart" in part)

    assert '<c:errValType val="cust"/>' in chart
    assert "'Biểu đồ'!$E$" in chart
    assert "'Biểu đồ'!$F$" in chart
    assert "Chỉ tiêu (tối thiểu)" in chart
    assert "4 chỉ tiêu đạt, 1 chưa đạt, 2 chưa đủ cơ sở kết luận" in chart


def test_the_numbers_behind_the_charts_stand_beside_them() -> None:
    rows = list(open_workbook(report_values.report()).worksheets[CHARTS].iter_rows(values_only=True))

    land = next(row for row in rows if row[0] == "✕ Đất đai")

    assert land[1:7] == pytest.approx((0.812, 0.79, 0.834, 0.022, 0.022, 0.85))


def test_a_round_without_any_number_has_no_chart() -> None:
    nothing = tuple(
        result for result in report_values.troubled_results() if result.verdict_reason == "not_surveyed"
    )
    book = open_workbook(report_values.report(nothing, channels=(), pulses=()))

    assert [len(sheet._charts) for sheet in book.worksheets] == [0] * 10


def test_heads_stay_in_view_on_the_screen_and_on_paper() -> None:
    sheet = open_workbook(report_values.report()).worksheets[UNITS]

    head = first_row(sheet)[0].row - 1
    assert sheet.freeze_panes == f"A{head + 1}"
    assert sheet.print_title_rows == f"${head}:${head}"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.auto_filter.ref is not None


def test_the_method_says_how_the_numbers_were_made() -> None:
    text = "\n".join(texts_of(open_workbook(report_values.report()), METHOD))

    for part in ("9f2c" * 16, "hailong 0.1.0", "30/9/2026 17:00", "3028/QĐ-UBND", "logit_t", "pooled"):
        assert part in text
    assert "dưới 5 người trả lời" in text
    assert "24 tầng, 78 đơn vị mẫu cấp một" in text
