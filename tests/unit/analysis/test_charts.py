import subprocess
import sys

import pytest

from analysis import MethodError, Verdict
from analysis.charts import BarRow, ScorecardRow, draw_bars, draw_scorecard

ROWS = [
    ScorecardRow(
        "Đất đai", 0.812, 0.79, 0.833, 0.85, Verdict.NOT_MET, "Chưa đạt", "81,2%", "79,0–83,3%", "≥ 85%"
    ),
    ScorecardRow("Đầu tư", target=0.85, target_label="≥ 85%", note="chỉ có một đơn vị mẫu cấp một", indent=1),
]


def scorecard(rows=ROWS, **changes):
    texts = {"title": "1 chỉ tiêu chưa đạt", "format_percent": lambda share: f"{share * 100:.0f}%"}
    return draw_scorecard(rows, **{**texts, "cut_label": lambda start: f"từ {start:.0%}", **changes})


def test_everything_that_is_said_is_text_in_the_svg():
    svg = scorecard().decode()

    for text in (
        "1 chỉ tiêu chưa đạt",
        "Đất đai",
        "✕ Chưa đạt",
        "81,2%",
        "≥ 85%",
        "chỉ có một đơn vị mẫu cấp một",
        "từ 70%",
    ):
        assert text in svg


def test_the_same_input_gives_the_same_bytes():
    assert scorecard() == scorecard()
    assert scorecard(format="png") == scorecard(format="png")


def test_an_axis_from_zero_is_not_marked_as_cut():
    low = ScorecardRow("A", 0.1, 0.05, 0.2, 0.5, Verdict.NOT_MET, "not met", "10%", "5–20%", "50%")

    assert "từ" not in scorecard([low]).decode()


def test_a_scorecard_without_rows_is_still_a_picture():
    assert scorecard([])[:5] == b"<?xml"


def test_bars_show_values_and_reasons():
    svg = draw_bars(
        [BarRow("A", 0.7, 0.6, 0.8, "70%"), BarRow("B", note="không công bố")], title="T", format_percent=str
    )

    assert "70%" in svg.decode()
    assert "không công bố" in svg.decode()


def test_an_unknown_format_is_refused():
    with pytest.raises(MethodError, match="format"):
        scorecard(format="gif")


def test_the_package_does_without_matplotlib():
    code = "import sys, analysis, analysis.charts; sys.exit('matplotlib' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
