"""Which responses of an export do not say their channel."""

import pytest

from survey.services.withheld_channels import withhold_interviews


@pytest.mark.parametrize(
    ("counts", "withheld"),
    [
        ({"interviewer": 5, "paper": 2}, set()),
        ({"interviewer": 4, "paper": 9, "phone": 7}, {"interviewer", "phone"}),
        ({"interviewer": 1, "paper": 2, "phone": 7}, {"interviewer", "paper", "phone"}),
        ({"interviewer": 2}, {"interviewer"}),
        ({"paper": 2, "phone": 1}, set()),
    ],
)
def test_few_interviews_are_hidden_among_others(counts: dict[str, int], withheld: set[str]) -> None:
    rows = [("a unit", channel) for channel, count in counts.items() for _ in range(count)]
    rows += [("another unit", "interviewer")] * 5
    found = withhold_interviews(rows)
    assert {row for row, is_withheld in zip(rows, found, strict=True) if is_withheld} == {
        ("a unit", channel) for channel in withheld
    }
