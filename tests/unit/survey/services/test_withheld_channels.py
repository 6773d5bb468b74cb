"""Which channels and counter readings are withheld."""

import pytest

from questionnaires.model import Text
from survey.services.index_report_values import ChannelLine, PulseLine
from survey.services.withheld_channels import withhold_channels, withhold_pulses

WORDS = Text(vi="a", en="b")


@pytest.mark.parametrize(
    ("counts", "withheld"),
    [
        ([40, 9, 5], []),
        ([40, 9, 4], [9, 4]),
        ([40, 3, 4], [3, 4]),
        ([40, 2, 2], [40, 2, 2]),
        ([4], [4]),
        ([], []),
    ],
)
def test_no_subtraction_gives_a_small_channel_away(counts: list[int], withheld: list[int]) -> None:
    lines = withhold_channels(ChannelLine("tthc", "phone", "invited", n, 20 * n, 18 * n) for n in counts)
    assert [line.n for line in lines if line.is_withheld] == withheld
    assert {line.satisfied_share for line in lines} <= {None, 0.9}
    assert all((line.satisfied_share is None) == line.is_withheld for line in lines)


def test_each_selection_of_a_measure_is_a_sum_of_its_own() -> None:
    lines = withhold_channels(
        ChannelLine(measure, "phone", selection, n, 100, 80)
        for measure, selection, n in (
            ("a", "invited", 90),
            ("a", "invited", 7),
            ("a", "invited", 4),
            ("a", "self_selected", 8),
            ("b", "invited", 60),
            ("b", "self_selected", 3),
            ("c", "invited", 6),
        )
    )
    assert [line.is_withheld for line in lines] == [False, True, True, False, False, True, False]


@pytest.mark.parametrize(
    ("counts", "reasons"),
    [
        ((14, 38, 188), ("", "", "")),
        ((0, 38, 188), ("", "", "")),
        ((2, 38, 188), ("few", "suppressed", "")),
        ((2, 3, 188), ("few", "few", "")),
        ((0, 1, 188), ("", "few", "suppressed")),
        ((1, 2, 188), ("few", "few", "suppressed")),
        ((0, 1, 3), ("suppressed",) * 3),
        ((0, 0, 0), ("empty_domain",) * 3),
    ],
)
def test_an_option_chosen_by_few_cannot_be_computed(
    counts: tuple[int, ...], reasons: tuple[str, ...]
) -> None:
    lines = withhold_pulses(PulseLine("form", "q1", WORDS, WORDS, n, sum(counts)) for n in counts)
    assert tuple(line.reason for line in lines) == reasons
    assert [line.shown_count for line in lines] == [
        None if reason else n for n, reason in zip(counts, reasons, strict=True)
    ]
