import re

from survey.reports.picture import render_scorecard_picture
from tests import report_values


def words_in(picture: bytes) -> str:
    return " ".join(re.findall(r"<text[^>]*>([^<]*)</text>", picture.decode("utf-8")))


def test_the_picture_has_the_finding_and_the_numbers_of_the_table() -> None:
    words = words_in(render_scorecard_picture(report_values.report()))

    assert "4 chỉ tiêu đạt, 1 chưa đạt, 2 chưa đủ cơ sở kết luận" in words
    for part in (
        "Đất đai",
        "81,2%",
        "79,0–83,4%",
        "≥ 85%",
        "✕ Chưa đạt",
        "Trục không bắt đầu từ 0% mà từ 70%",
    ):
        assert part in words


def test_the_picture_speaks_english() -> None:
    words = words_in(render_scorecard_picture(report_values.report(), "en"))

    assert "✕ Not met" in words
    assert "81.2%" in words


def test_a_measure_without_number_shows_the_reason() -> None:
    troubled = report_values.report(report_values.troubled_results())

    words = words_in(render_scorecard_picture(troubled))

    assert "không công bố" in words
    assert "không khảo sát" in words
    assert "–" in words


def test_a_demonstration_is_marked() -> None:
    picture = render_scorecard_picture(report_values.report(is_demonstration=True))

    assert "DỮ LIỆU MINH HỌA" in words_in(picture)


def test_the_picture_comes_as_png_too_and_is_the_same_each_time() -> None:
    report = report_values.report()

    assert render_scorecard_picture(report, format="png").startswith(b"\x89PNG")
    assert render_scorecard_picture(report) == render_scorecard_picture(report)
