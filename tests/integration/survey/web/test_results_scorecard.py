"""The scorecard page in every state that a report can have."""

import html
import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask

from survey.reports.findings import finding
from survey.services.index_report_values import IndexReport, MeasureResult
from survey.services.withheld_channels import withhold_pulses
from survey.store.database import Database
from survey.web import results
from tests import report_values
from tests.fixtures.applications import PageClient
from tests.officials import add_settled_account, signed_in_client

PATH = "/quan-tri/dot/2026-q3/ket-qua"
ShowReport = Callable[[IndexReport], PageClient]


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """The reports are made by hand; the database holds the account alone."""
    return sqlite_url


@pytest.fixture
def show(app: Flask, database: Database, monkeypatch: pytest.MonkeyPatch) -> ShowReport:
    add_settled_account(database)

    def signed_in_with(report: IndexReport) -> PageClient:
        monkeypatch.setattr(results, "get_index_report", lambda code: report)
        return signed_in_client(app)

    return signed_in_with


def words(page: str) -> str:
    """The words of the page as they are read, without tags."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.split("<main")[1])).split())


def row(page: str, name: str) -> str:
    """The words of the line of a measure in the scorecard."""
    lines = page.split('id="scorecard"')[1].split("</table>")[0].split("<tr")
    return next(words("<main <i " + line) for line in lines if name in line)


def test_the_first_thing_is_a_sentence(show: ShowReport) -> None:
    page = words(show(report_values.report()).get(PATH).text)
    assert (
        "4 chỉ tiêu đạt, 1 chưa đạt, 2 chưa đủ cơ sở kết luận. "
        "Với lĩnh vực đầu tư cần thêm khoảng 640 phiếu để kết luận." in page
    )


def test_one_line_says_how_the_numbers_were_made(show: ShowReport) -> None:
    page = words(show(report_values.report()).get(PATH).text)
    assert (
        "15.120 phiếu, trong đó 12.000 phiếu được tính vào chỉ số · số liệu tính đến 30/9/2026 17:00 · "
        "có quyền số theo số giao dịch ở 3/4 chỉ tiêu đo lường · chỉ tiêu năm 2025 theo 3028/QĐ-UBND · "
        "hailong" in page
    )
    assert "tạm tính" not in page


def test_figures_of_an_open_round_are_provisional(show: ShowReport) -> None:
    page = words(show(report_values.report(status="open")).get(PATH).text)
    assert "số liệu tạm tính vì đợt khảo sát chưa đóng" in page


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("Giải quyết thủ tục hành chính", "6.120 91,6% 90,8–92,4% ≥ 90% ✓ Đạt"),
        ("Đất đai", "2.210 81,2% 79,0–83,4% ≥ 85% ✕ Chưa đạt"),
        ("Đầu tư", "390 86,1% 82,4–89,8% ≥ 85% ≈ Chưa đủ cơ sở kết luận"),
    ],
)
def test_a_line_has_number_interval_target_and_verdict(show: ShowReport, name: str, line: str) -> None:
    assert row(show(report_values.report()).get(PATH).text, name) == f"{name} {line}"


def test_a_verdict_is_a_sign_and_a_word_and_the_drawing_says_the_same(show: ShowReport) -> None:
    page = html.unescape(show(report_values.report()).get(PATH).text)
    assert page.count("interval interval--met") == 4
    assert page.count("verdict verdict--met") == 4
    assert "Ước lượng 81,2%, khoảng tin cậy 79,0–83,4%, chỉ tiêu 85%: Chưa đạt" in page


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("Đất đai", "60 chỉ có một đơn vị mẫu cấp một – không có ≥ 85% ≈ Chưa đủ cơ sở kết luận"),
        ("Xây dựng", "3 không công bố – không có ≥ 85% ≈ Chưa đủ cơ sở kết luận"),
        ("Phục vụ của cơ quan hành chính", "0 không khảo sát – không có ≥ 90% – Chưa có số liệu"),
        (
            "Dịch vụ y tế công lập",
            "96,1% chỉ có phiếu tự nguyện, không có khoảng tin cậy ≥ 85% – Không xét theo chỉ tiêu",
        ),
    ],
)
def test_a_missing_number_says_why(show: ShowReport, name: str, line: str) -> None:
    report = report_values.report(report_values.troubled_results())
    assert row(show(report).get(PATH).text, name).endswith(line)


def test_a_share_that_is_not_reliable_says_so_and_is_not_judged(show: ShowReport) -> None:
    line = report_values.result("health", "", 24, None, 0, 0.85, "inconclusive", reason="unreliable")
    page = show(report_values.report((line,))).get(PATH).text
    assert row(page, "Dịch vụ y tế công lập") == (
        "Dịch vụ y tế công lập 24 chưa đủ tin cậy – không có ≥ 85% ≈ Chưa đủ cơ sở kết luận"
    )
    assert "Dịch vụ y tế công lập: chưa đủ tin cậy." in words(page)
    assert "số người trả lời hoặc cỡ mẫu hiệu dụng dưới 30" in words(page)


def test_a_share_to_be_reviewed_has_a_mark_that_is_explained(show: ShowReport) -> None:
    page = show(report_values.report((marked_result(),))).get(PATH).text
    assert re.search(r"390 86,1% \* \(.+\) 82,4–89,8%", row(page, "Đầu tư"))
    assert "* cần xem lại: ít đơn vị mẫu cấp một (dưới 8 bậc tự do)" in words(page)


def test_a_page_without_marks_explains_none(show: ShowReport) -> None:
    assert "bậc tự do" not in words(show(report_values.report()).get(PATH).text)


def marked_result() -> MeasureResult:
    line = report_values.result("tthc", "investment", 390, 0.861, 0.037, 0.85, "inconclusive")
    share = replace(line.figures.index.satisfied_share, marks=("few_degrees_of_freedom",))
    index = replace(line.figures.index, satisfied_share=share)
    return replace(line, figures=replace(line.figures, index=index))


def test_the_sentence_names_what_cannot_be_told(show: ShowReport) -> None:
    report = report_values.report(report_values.troubled_results())
    page = words(show(report).get(PATH).text)
    assert finding(report, "vi") in page
    assert page.index("chưa đủ cơ sở kết luận, 1 không xét, 2 chưa có số liệu.") < page.index(
        "Chỉ tiêu đo lường"
    )


def test_lowest_criteria_stand_for_measures_and_for_sectors_that_miss(show: ShowReport) -> None:
    page = words(show(report_values.report()).get(PATH).text)
    assert "Lĩnh vực: Đất đai Thời hạn giải quyết" in page
    assert "Lĩnh vực: Xây dựng" not in page
    assert page.index("68,4%") < page.index("71,9%")


def test_self_selected_responses_stand_apart_and_unweighted(show: ShowReport) -> None:
    page = show(report_values.report()).get(PATH).text
    table = words("<main " + page.split('id="selection-table"')[1].split("</table>")[0])
    assert "phiếu tự nguyện, không có quyền số" in table
    assert "Giải quyết thủ tục hành chính 6.120 91,4% 2.400 96,0%" in table
    assert "Dịch vụ y tế công lập 2.010 88,3% 4 không công bố" in table
    assert "phiếu tự nguyện chỉ đại diện cho chính những người đã trả lời" in words(page)


def test_counter_readings_are_counts_and_no_index(show: ShowReport) -> None:
    page = words(show(report_values.report()).get(PATH).text)
    assert "không phải chỉ số và không so với chỉ tiêu nào" in page
    assert "Không hài lòng 14 Bình thường 38 Hài lòng 188 240 câu trả lời" in page


def test_few_counter_readings_are_not_published(show: ShowReport) -> None:
    report = report_values.report()
    few = withhold_pulses(replace(line, count=1, answer_count=3) for line in report.pulses)
    page = words(show(report_values.report(pulses=few)).get(PATH).text)
    assert "Ông/Bà có hài lòng không? không công bố" in page


def test_an_option_chosen_by_few_is_shown_as_fewer_than_five(show: ShowReport) -> None:
    lines = report_values.report().pulses
    pulses = withhold_pulses(
        replace(line, count=count) for line, count in zip(lines, (2, 38, 200), strict=True)
    )
    page = words(show(report_values.report(pulses=pulses)).get(PATH).text)
    assert "Không hài lòng dưới 5 Bình thường không công bố Hài lòng 200 240 câu trả lời" in page


def test_every_file_is_offered(show: ShowReport) -> None:
    page = show(report_values.report()).get(PATH).text
    for name in ("ket-qua.xlsx", "ket-qua.csv", "so-lieu.csv", "bang-chi-tieu.svg", "phieu.csv?phieu=tthc"):
        assert f'href="/quan-tri/dot/2026-q3/{name}"' in page


def test_an_empty_round_says_what_to_do_next(show: ShowReport) -> None:
    report = report_values.report(report_values.troubled_results()[4:5], response_count=0)
    page = words(show(report).get(PATH).text)
    assert "Chưa có phiếu trả lời nào" in page
    assert "Đến trang đợt khảo sát" in page


def test_a_demonstration_is_marked(show: ShowReport) -> None:
    assert "Dữ liệu minh họa" in show(report_values.report(is_demonstration=True)).get(PATH).text


def test_the_page_is_there_in_english(show: ShowReport) -> None:
    client = show(report_values.report())
    client.get(f"/ngon-ngu/en?tiep={PATH}")
    page = words(client.get(PATH).text)
    assert "4 targets met, 1 not met, 2 without enough evidence to conclude." in page
    assert "For the investment sector about 640 more responses are needed to conclude." in page
    assert "Land 2,210 81.2% 79.0–83.4% ≥ 85% ✕ Not met" in page
