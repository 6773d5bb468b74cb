"""What the checks of data quality say: the finding, the evidence, the cells of the tables."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from questionnaires.model import Text
from survey.reports.quality_tables import coverage_words, effects_table, share_words, units_table
from survey.reports.quality_words import (
    ADVICE,
    MEANINGS,
    NAMES,
    clock_words,
    evidence_words,
    finding,
    signs_words,
)
from survey.services.index_report_values import Figure
from survey.services.quality_thresholds import USUAL
from survey.services.quality_values import (
    BURST,
    COVERAGE,
    HOURS,
    IDENTICAL,
    RULES,
    STRAIGHT,
    Coverage,
    EffectLine,
    Evidence,
    FormQuality,
    QualityReport,
    RuleShare,
    UnitQuality,
)
from survey.services.rounds import UnitLine

NAME = Text(vi="Giải quyết thủ tục hành chính", en="Administrative procedures")


def share(rule: str, flagged: int, *, stands_out: bool = False, base: int = 50) -> RuleShare:
    return RuleShare(rule, flagged, base, 0.0, 4.0 if stands_out else 0.0, stands_out, base < 5)


def unit(name: str, *signs: str) -> UnitQuality:
    return UnitQuality(
        unit=UnitLine(name, Text(vi=f"Xã {name}", en=f"{name} Commune"), "commune", ""),
        form_id="tthc",
        form_title=NAME,
        n=50,
        rules=tuple(share(rule, 9, stands_out=rule in signs) for rule in RULES),
        coverage=Coverage(50, 1000, 0.04, ""),
        evidence=(),
    )


def effect(before: float | None, after: float | None, taken_out: int = 9, sector: str = "") -> EffectLine:
    return EffectLine(
        "tthc",
        sector,
        NAME,
        None,
        Figure(n=100, value=before, low=0.8, high=0.95),
        Figure(n=91, value=after, low=0.79, high=0.94, reason="" if after else "suppressed"),
        taken_out,
        Figure(n=91, value=after),
        0,
    )


def report(
    *units: UnitQuality, effects: tuple[EffectLine, ...] = (), flagged_count: int = 9
) -> QualityReport:
    form = FormQuality("tthc", NAME, "tthc", units)
    return QualityReport(
        round_code="2026-q3",
        round_title=NAME,
        is_demonstration=False,
        status="open",
        cut_off_at=datetime(2026, 9, 1, tzinfo=UTC),
        confidence_level=0.95,
        code_version="0.1.0",
        thresholds=USUAL,
        response_count=50,
        flagged_count=flagged_count,
        straight_count=0,
        forms=(form,),
        effects=effects,
        unit_effects=(),
    )


def test_the_finding_names_units_and_the_change_of_the_index() -> None:
    value = report(unit("A", BURST), unit("B", HOURS), unit("C"), effects=(effect(0.873, 0.861),))

    assert finding(value, "vi") == (
        "2 đơn vị cần xem lại: Xã A, Xã B. Bỏ 9 phiếu có dấu hiệu cần xem lại, chỉ số giải quyết thủ tục "
        "hành chính đổi từ 87,3% thành 86,1%."
    )
    assert finding(value, "en") == (
        "2 units to look at: A Commune, B Commune. Without 9 flagged responses the index of administrative "
        "procedures goes from 87.3% to 86.1%."
    )


def test_a_unit_with_two_questionnaires_is_one_unit_and_many_are_summed_up() -> None:
    units = [unit(name, BURST) for name in ("A", "A", "B", "C", "D", "E")]

    assert finding(report(*units), "vi").startswith(
        "5 đơn vị cần xem lại: Xã A, Xã B, Xã C và 2 đơn vị khác."
    )


@pytest.mark.parametrize(
    ("effects", "flagged_count", "expected"),
    [
        ((), 0, "Không phiếu nào có dấu hiệu cần xem lại về cách thu thập."),
        ((effect(0.9, None, 3),), 3, "vì có quá ít phiếu."),
        ((effect(0.9, 0.9, 0),), 30, "không nằm trong chỉ số nào."),
        ((effect(0.9001, 0.9, 30),), 30, "vẫn là 90,0%."),
        ((effect(0.9, 0.7, 9, "land"), effect(0.9, 0.89, 30)), 30, "từ 90,0% thành 89,0%."),
    ],
)
def test_the_finding_says_what_the_flags_do_to_the_index(
    effects: tuple[EffectLine, ...], flagged_count: int, expected: str
) -> None:
    sentence = finding(report(effects=effects, flagged_count=flagged_count), "vi")

    assert sentence.startswith("Không có đơn vị nào khác hẳn các đơn vị còn lại.")
    assert sentence.endswith(expected)


def test_worst_units_come_first() -> None:
    lines = report(unit("A", BURST), unit("B", BURST, HOURS)).standing_out

    assert [line.unit.code for line in lines] == ["B", "A"]


@pytest.mark.parametrize("rule", [*RULES, COVERAGE])
def test_every_flag_has_its_name_meaning_and_advice(rule: str) -> None:
    for table in (NAMES, MEANINGS, ADVICE):
        assert table[rule].vi
        assert table[rule].en


@pytest.mark.parametrize(
    ("evidence", "words"),
    [
        (
            Evidence(STRAIGHT, 12, label=Text(vi="Hài lòng", en="Satisfied")),
            "12 phiếu chọn toàn mức “Hài lòng”",
        ),
        (Evidence(STRAIGHT, None, label=Text(vi="Hài lòng", en="S")), "phần lớn chọn “Hài lòng”"),
        (
            Evidence(
                BURST,
                1200,
                source="device",
                device_code="K-1",
                device_name="Sảnh",
                day=date(2026, 9, 1),
                hour=9,
            ),
            "K-1 “Sảnh”: 1.200 phiếu ngày 1/9/2026, 9–10 giờ",
        ),
        (
            Evidence(HOURS, 6, source="kiosk", hour=0),
            "Kiosk chưa đăng ký: 6 phiếu, 0–1 giờ (theo giờ máy chủ nhận)",
        ),
        (
            Evidence(IDENTICAL, 7, channel="paper", group_count=2),
            "2 nhóm, mỗi nhóm 7 phiếu giống hệt nhau (phiếu giấy)",
        ),
    ],
)
def test_evidence_is_said_in_one_line(evidence: Evidence, words: str) -> None:
    assert evidence_words(evidence, "vi") == words
    assert evidence_words(evidence, "en")


def test_signs_are_listed_as_words() -> None:
    assert signs_words(unit("A", BURST, HOURS), "vi") == "Dồn dập, ngoài giờ"
    assert signs_words(unit("A"), "vi") == ""


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "–"),
        (share(BURST, 0), "0"),
        (share(BURST, 9), "9 (18,0%)"),
        (share(BURST, 2, base=4), "không công bố"),
    ],
)
def test_a_share_is_shown_with_its_count(value: RuleShare | None, words: str) -> None:
    assert share_words(value, "vi") == words


def test_coverage_says_why_it_stands_out() -> None:
    assert coverage_words(None, "vi") == "–"
    assert coverage_words(Coverage(50, 1000, 0.04, ""), "vi") == "5,0%"
    assert coverage_words(Coverage(50, 40, 0.04, "above"), "vi").startswith(
        "125,0%: số phiếu nhiều bất thường"
    )


def test_a_withheld_effect_says_so_and_an_untouched_one_has_a_dash() -> None:
    rows = effects_table([effect(0.9, None, 3), replace(effect(0.9, 0.9, 0), taken_out=0)], "vi").rows

    assert rows[0][3:5] == ["3", "không công bố"]
    assert rows[1][3:5] == ["0", "–"]


def test_cells_of_a_page_leave_out_the_name_and_its_code() -> None:
    table = units_table([unit("A", BURST)], "vi")

    assert [head for head, _, _ in table.cells(table.rows[0])] == [
        head for head in table.heads if head not in ("Đơn vị", "Mã đơn vị")
    ]


def test_wrong_clocks_are_told_as_information() -> None:
    line = replace(unit("A"), clock_off=(("days_off", 3), ("minutes_off", 1)))
    value = replace(report(line, flagged_count=0), clock_off_count=4)

    assert finding(value, "vi").endswith("Đồng hồ thiết bị sai: 4 phiếu, đã tính theo ngày máy chủ nhận.")
    assert "Wrong clock of the device: 4 responses" in finding(value, "en")
    assert clock_words(line, "vi") == ("4 phiếu: 3 lệch từ 1 ngày trở lên, 1 lệch từ 2 phút đến dưới 1 giờ")
    table = units_table([line], "vi")
    assert table.rows[0][table.heads.index("Đồng hồ thiết bị sai")] == "4"
