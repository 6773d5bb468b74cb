from datetime import UTC, date, datetime
from math import nan

import pytest

from survey.reports.figure_words import (
    exact_percent,
    format_day,
    format_interval,
    format_moment,
    format_number,
    format_percent,
    format_target,
    show_interval,
    show_number,
    show_share,
)
from survey.services.index_report_values import Figure

SURE = Figure(n=40, value=0.834, low=0.79, high=0.833, interval_method="logit_t")


@pytest.mark.parametrize(
    ("share", "shown"),
    [
        (0.834, "83,4%"),
        (0.8345, "83,5%"),
        (0.83449, "83,4%"),
        (1.0, "100,0%"),
        (0.0, "0,0%"),
        (0.0005, "0,1%"),
    ],
)
def test_percentages_are_rounded_half_up(share: float, shown: str) -> None:
    assert format_percent(share, "vi") == shown


@pytest.mark.parametrize(("language", "shown"), [("vi", "1.234.567,9"), ("en", "1,234,567.9")])
def test_numbers_follow_the_language(language: str, shown: str) -> None:
    assert format_number(1234567.85, language, digits=1) == shown


def test_an_interval_has_one_percent_sign() -> None:
    assert format_interval(0.79, 0.833, "vi") == "79,0–83,3%"


@pytest.mark.parametrize(("share", "shown"), [(0.85, "≥ 85%"), (0.925, "≥ 92,5%")])
def test_a_target_has_a_decimal_only_where_it_needs_one(share: float, shown: str) -> None:
    assert format_target(share, "vi") == shown


def test_days_and_moments_are_those_of_vietnam() -> None:
    moment = datetime(2026, 9, 30, 18, 5, tzinfo=UTC)

    assert format_moment(moment, "vi") == "1/10/2026 01:05"
    assert format_moment(moment, "en") == "1 Oct 2026, 01:05"
    assert format_day(date(2021, 9, 21), "vi") == "21/9/2021"


def test_a_share_loses_nothing_as_a_percentage() -> None:
    assert float(exact_percent(0.9075041420669185).scaleb(-2)) == 0.9075041420669185


def test_a_missing_number_is_its_reason() -> None:
    small = Figure(n=3, reason="suppressed")

    assert show_share(small, "vi") == "không công bố"
    assert show_number(small, "en") == "not published"
    assert show_interval(small, "vi") == "–"


def test_a_number_without_interval_says_why() -> None:
    assert (
        show_interval(Figure(n=9, value=0.9, reason="self_selected"), "en")
        == "self-selected only, no interval"
    )
    assert show_interval(Figure(n=9, value=0.9, low=nan, high=nan), "en") == "interval cannot be computed"


def test_a_figure_with_an_interval_shows_both() -> None:
    assert (show_share(SURE, "vi"), show_interval(SURE, "vi")) == ("83,4%", "79,0–83,3%")
    assert show_number(Figure(n=9, value=89.96), "vi", digits=1, unit="%") == "90,0%"


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (0.871, 0.8996, "87,10–89,96%"),
        (0.89999, 0.93, "89,999–93,000%"),
        (0.90004, 0.93, "90,0–93,0%"),
        (0.871, 0.8994, "87,1–89,9%"),
    ],
)
def test_an_end_of_an_interval_stays_on_its_side_of_the_target(low: float, high: float, words: str) -> None:
    assert format_interval(low, high, "vi", target=0.9) == words
