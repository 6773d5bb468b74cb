"""What a round's page shows of its counts."""

from dataclasses import replace
from datetime import date, timedelta

from questionnaires.model import Text
from survey.services.rounds import RoundLine, RoundOverview, UnitLine
from survey.web.round_lines import LONGEST_CHART, find_units, list_channels, list_days

LINE = RoundLine(
    "d", Text(vi="Đợt", en="Round"), date(2026, 9, 1), date(2026, 9, 30), "open", False, response_count=9
)
OVERVIEW = RoundOverview(
    line=LINE,
    target_set_code="3028",
    target_set_name="Quyết định 3028",
    target_year=2025,
    forms=(),
    by_unit=(
        (UnitLine("18880", Text(vi="Phường Đồng Hới", en="Dong Hoi Ward"), "ward", "Quảng Bình"), 9),
        (UnitLine("19093", Text(vi="Xã Nam Gianh", en="Nam Gianh Commune"), "commune", "Quảng Bình"), 0),
    ),
    by_channel=(("phone", "invited", 4), ("kiosk", "self_selected", 3), ("phone", "self_selected", 2)),
    by_day=((date(2026, 9, 1), 6), (date(2026, 9, 4), 3)),
    frame_population=0,
    quarantined_count=0,
)


def test_a_channel_has_its_two_selections_side_by_side() -> None:
    lines = [(line.channel, line.invited, line.self_selected, line.total) for line in list_channels(OVERVIEW)]
    assert lines == [("phone", 4, 2, 6), ("kiosk", 0, 3, 3)]


def test_days_without_a_response_have_a_column_of_no_height() -> None:
    assert [(day.count, day.height) for day in list_days(OVERVIEW)] == [(6, 1), (0, 0), (0, 0), (3, 0.5)]
    assert list_days(replace(OVERVIEW, by_day=())) == []


def test_a_long_round_shows_its_last_days() -> None:
    first, last = date(2025, 1, 1), date(2025, 1, 1) + timedelta(days=400)
    days = list_days(replace(OVERVIEW, by_day=((first, 50), (last, 5))))
    assert (len(days), days[-1].day, days[-1].height) == (LONGEST_CHART, last, 1)


def test_units_are_found_by_words_without_marks_or_by_code() -> None:
    def found(search: str) -> list[str]:
        return [line.unit.code for line in find_units(OVERVIEW.by_unit, search)]

    assert found("hoi dong") == ["18880"]
    assert found("1909") == ["19093"]
    assert found("commune") == ["19093"]
    assert found("") == ["18880", "19093"]
    assert found("đà nẵng") == []
