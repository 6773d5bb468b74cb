"""What result pages show of a report: axes, lowest criteria, channels, small cells."""

import pytest

from survey.services.index_report_values import ChannelLine, Figure
from survey.web.result_lines import (
    Axis,
    axis_of,
    channel_shares,
    channels_of,
    group_notes,
    lowest_items,
    remarks_on,
    results_with_lowest_items,
    selections_of,
)
from tests import report_values


@pytest.mark.parametrize(
    ("lows", "axis"),
    [
        ([0.91], Axis(0.7, 1, 0.1)),
        ([0.7], Axis(0.7, 1, 0.1)),
        ([0.699], Axis(0.6, 1, 0.2)),
        ([0.55, 0.9], Axis(0.5, 1, 0.25)),
        ([0.41], Axis(0.4, 1, 0.2)),
        ([0.39], Axis(0.2, 1, 0.4)),
        ([0.0], Axis(0, 1, 0.5)),
        ([], Axis(0.7, 1, 0.1)),
    ],
)
def test_an_axis_holds_every_interval(lows: list[float], axis: Axis) -> None:
    assert axis_of(Figure(n=9, value=0.95, low=low, high=0.99) for low in lows) == axis
    assert axis_of([Figure(n=9, value=low) for low in lows]) == axis
    assert axis.is_cut == (axis.low > 0)


def test_marks_are_explained_once_and_only_where_there_are_some() -> None:
    marked = Figure(n=90, value=0.9, low=0.8, high=0.95, marks=("few_degrees_of_freedom",))
    at_edge = Figure(n=90, value=1.0, low=0.96, high=1.0, marks=("few_degrees_of_freedom", "at_edge"))

    assert remarks_on([Figure(n=90, value=0.9)], "vi") == []
    assert remarks_on([at_edge, marked], "vi") == [
        "* cần xem lại: ít đơn vị mẫu cấp một (dưới 8 bậc tự do); đúng 0% hoặc 100%"
    ]


def test_why_a_share_is_not_reliable_is_said_below_the_tables() -> None:
    (remark,) = remarks_on([Figure(n=12, reason="unreliable"), Figure(n=2, reason="suppressed")], "en")

    assert "fewer than 30 respondents" in remark


def test_an_axis_holds_the_targets() -> None:
    assert axis_of([], [0.65]).low == 0.6
    assert axis_of([Figure(n=0, reason="not_surveyed")], [0.9]).low == 0.7


def test_the_lowest_criteria_come_first_and_unpublished_ones_not_at_all() -> None:
    shares = [item.figures.satisfied_share.value for item in lowest_items(report_values.domain(90, 0.9))]
    assert shares == sorted(shares)
    assert len(shares) == 5
    assert lowest_items(report_values.domain(3, None, reason="suppressed")) == []


def test_lowest_criteria_stand_for_each_measure_and_sectors_that_miss() -> None:
    chosen = [result.key for result, _ in results_with_lowest_items(report_values.report())]
    assert chosen == ["tthc", "tthc/land", "sipas", "health", "education"]


def test_invited_and_self_selected_are_added_apart() -> None:
    counts = selections_of(report_values.report(), "tthc")
    assert (counts["invited"].n, counts["self_selected"].n) == (6120, 2400)
    assert counts["self_selected"].satisfied_share == 0.96


def test_a_share_of_few_responses_is_not_published() -> None:
    few = (ChannelLine("tthc", "phone", "self_selected", 4, 80, 80),)
    counts = selections_of(report_values.report(channels=few), "tthc")
    assert counts["self_selected"].n == 4
    assert counts["self_selected"].satisfied_share is None
    assert counts["invited"].satisfied_share is None


def test_channels_stand_by_selection_and_number() -> None:
    lines = [(line.selection, line.n) for line in channels_of(report_values.report(), "tthc")]
    assert lines == [("invited", 3900), ("invited", 2220), ("self_selected", 2400)]


def test_channels_of_all_measures_make_up_the_whole() -> None:
    shares = channel_shares(report_values.report())
    assert sum(share.share for share in shares) == pytest.approx(1)
    assert [share.selection for share in shares] == sorted(share.selection for share in shares)
    assert channel_shares(report_values.report(channels=())) == []


def test_a_note_without_explanation_is_a_heading() -> None:
    from survey.reports.method_notes import MethodNote

    groups = group_notes([MethodNote("A"), MethodNote("x", "1"), MethodNote("B"), MethodNote("y", "2")])
    assert [(group.heading, len(group.notes)) for group in groups] == [("A", 1), ("B", 1)]
