import csv
import io
from typing import get_args

import pytest

from survey.reports.csv_files import render_csv
from survey.reports.shown_tables import Level
from survey.reports.tables_csv import COLUMNS, render_measure_csv, render_report_csv, render_scorecard_csv
from survey.services.problems import MeasureUnknown
from tests import report_values
from tests.unit.survey.reports.agreement import assert_files_agree, read_csv

ORIGIN_HEADS = [
    *(
        "Loại số liệu",
        "Mã đợt khảo sát",
        "Số liệu tính đến",
        "Cách tính chỉ số",
        "Cách tính khoảng tin cậy",
        "Quyền số",
    ),
    "Phiên bản chương trình",
]


def lines_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


@pytest.mark.parametrize("results", [report_values.sketch_results(), report_values.troubled_results()])
def test_every_share_of_the_report_stands_unrounded_in_the_csv(
    results: tuple[report_values.MeasureResult, ...],
) -> None:
    report = report_values.report(results)

    assert assert_files_agree(report, report_csv=render_report_csv(report)) > 300


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_scorecard_csv_shows_what_the_page_shows(language: str) -> None:
    report = report_values.report(report_values.troubled_results())

    content = render_scorecard_csv(report, language)

    assert assert_files_agree(report, scorecard_csv=content, language=language) == 7


def test_the_scorecard_csv_in_vietnamese() -> None:
    rows = read_csv(render_scorecard_csv(report_values.report()))

    assert rows[0][:6] == [
        "Chỉ tiêu đo lường",
        "Số phiếu",
        "Chỉ số",
        "Khoảng tin cậy 95%",
        "Chỉ tiêu",
        "Kết luận",
    ]
    assert rows[2][:6] == ["Đất đai", "2.210", "81,2%", "79,0–83,4%", "≥ 85%", "Chưa đạt"]


def test_the_file_opens_in_a_spreadsheet() -> None:
    content = render_scorecard_csv(report_values.report())

    assert content.startswith("\ufeffChỉ tiêu đo lường,".encode())
    assert content.count(b"\r\n") == content.count(b"\n") == 8


@pytest.mark.parametrize(
    ("level", "row"),
    [
        ("element", ["Tiếp cận dịch vụ", "6.120", "93,6%", "92,6–94,6%", "4,37"]),
        ("sector", ["Đất đai", "2.210", "81,2%", "78,2–84,2%", "3,92", "51,2%", "77,1%"]),
        ("unit", ["18880", "Phường Đồng Hới", "210", "84,2%", "78,2–90,2%", "4,03", "54,2%", "80,0%"]),
        (
            "item",
            ["Tiếp cận dịch vụ", "Nơi ngồi chờ có đủ chỗ ngồi", "6.120", "96,2%", "95,2–97,2%", "4,46"],
        ),
    ],
)
def test_a_table_of_a_measure_is_exactly_the_one_on_its_page(level: Level, row: list[str]) -> None:
    rows = read_csv(render_measure_csv(report_values.report(), "tthc", "", level))

    assert rows[1][: len(row)] == row
    assert len(rows[0]) == len(rows[1]) == len(row) + len(ORIGIN_HEADS)


def test_a_small_unit_is_not_published() -> None:
    rows = read_csv(render_measure_csv(report_values.report(), "tthc", "land", "unit"))

    assert rows[4][:8] == ["19147", "Xã Thượng Trạch", "3", "không công bố", "–", *["không công bố"] * 3]


def test_a_sector_without_target_has_its_tables_too() -> None:
    rows = read_csv(render_measure_csv(report_values.report(), "tthc", "other", "element", "en"))

    assert rows[1][0] == "Access to the service"


@pytest.mark.parametrize("is_demonstration", [True, False])
def test_a_shown_table_ends_with_its_origin(is_demonstration: bool) -> None:
    report = report_values.report(is_demonstration=is_demonstration)
    for content in (render_scorecard_csv(report), render_measure_csv(report, "tthc", "", "element")):
        heads, first, *_ = read_csv(content)
        data = "DỮ LIỆU MINH HỌA" if is_demonstration else "Số liệu khảo sát"
        assert heads[-7:] == ORIGIN_HEADS
        assert first[-7:-4] == [data, "2026-q3", "2026-09-30T17:00:00+07:00"]
        assert first[-4].endswith("hợp lệ của mọi tiêu chí (pooled)")
        assert first[-3:] == ["t trên thang logit (logit_t)", "có quyền số", "hailong 0.1.0"]


def test_a_measure_that_was_not_surveyed_has_no_method() -> None:
    rows = read_csv(render_scorecard_csv(report_values.report(report_values.troubled_results()), "en"))

    assert ["", "", "", "hailong 0.1.0"] in [row[-4:] for row in rows]
    assert rows[0][-7:-5] == ["Data", "Round code"]


@pytest.mark.parametrize("level", get_args(Level))
def test_an_unknown_measure_is_refused(level: Level) -> None:
    with pytest.raises(MeasureUnknown):
        render_measure_csv(report_values.report(), "roads", "", level)


def test_the_long_file_has_origin_codes_and_no_number_where_there_is_none() -> None:
    lines = lines_of(render_report_csv(report_values.report(report_values.troubled_results())))
    suppressed = next(line for line in lines if (line["sector"], line["level"]) == ("construction", "sector"))

    assert {line["cut_off_at"] for line in lines} == {"2026-09-30T17:00:00+07:00"}
    assert {line["is_demonstration"] for line in lines} == {"0"}
    assert (suppressed["satisfied_share_percent"], suppressed["reason"]) == ("", "suppressed")
    assert (suppressed["target_percent"], suppressed["verdict"]) == ("85", "inconclusive")
    assert lines[0].keys() == set(COLUMNS)


def test_a_demonstration_is_marked_on_every_line() -> None:
    lines = lines_of(render_report_csv(report_values.report(is_demonstration=True), "en"))

    assert {line["data"] for line in lines} == {"DEMONSTRATION DATA"}


@pytest.mark.parametrize("text", ["=1+1", "+84", "-1", "@SUM(A1)", "\t=1"])
def test_a_text_that_looks_like_a_formula_is_defused(text: str) -> None:
    assert read_csv(render_csv(["head"], [[text]]))[1] == [f"'{text}"]


def test_numbers_and_missing_cells_stay_as_they_are() -> None:
    assert render_csv(["a", "b"], [[-1, None]]).endswith(b"\r\n-1,\r\n")
