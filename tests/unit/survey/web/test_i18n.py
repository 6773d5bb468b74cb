"""Numbers, dates and languages as they are printed."""

from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace

import numpy as np
import pytest
from flask import Flask

from survey import i18n
from survey.i18n import (
    format_clock,
    format_day,
    format_interval,
    format_moment,
    format_number,
    format_percent,
)

EVENING = datetime(2026, 9, 30, 17, 30, tzinfo=UTC)


@pytest.fixture(params=["vi"])
def language(app: Flask, request: pytest.FixtureRequest):
    with app.test_request_context(headers={"Cookie": f"{i18n.LANGUAGE_COOKIE}={request.param}"}):
        yield request.param


english = pytest.mark.parametrize("language", ["en"], indirect=True)


@pytest.mark.parametrize(
    ("share", "shown"),
    [
        (0.834, "83,4%"),
        (1, "100,0%"),
        (0, "0,0%"),
        (1.25, "125,0%"),
        (0.8345, "83,5%"),
        (0.00049, "0,0%"),
        (np.float64(0.9165), "91,7%"),
        (Decimal("0.5"), "50,0%"),
    ],
)
def test_a_share_has_one_decimal_rounded_half_up(language, share, shown):
    assert format_percent(share) == shown


def test_decimals_can_be_left_out(language):
    assert format_percent(0.895, digits=0) == "90%"


@pytest.mark.parametrize("value", [None, float("nan"), float("inf"), np.float64("nan")])
def test_what_is_not_a_number_shows_the_words_of_the_caller(language, value):
    assert format_percent(value, missing="không công bố") == "không công bố"
    assert format_interval(value, 0.9, missing="không công bố") == "không công bố"
    assert format_interval(0.8, value, missing="không công bố") == "không công bố"
    assert format_number(value) == i18n.MISSING


def test_an_interval_names_the_unit_once(language):
    assert format_interval(0.79, 0.833) == "79,0–83,3%"
    assert format_interval(0, 1) == "0,0–100,0%"


@pytest.mark.parametrize(
    ("value", "digits", "shown"),
    [
        (12000, None, "12.000"),
        (1234567.89, None, "1.234.567,89"),
        (0, None, "0"),
        (2.5, 0, "3"),
        (-0.4, 0, "0"),
        (-1234.5, None, "-1.234,5"),
        (3, 2, "3,00"),
        (1e21, 0, "1.000.000.000.000.000.000.000"),
        (10**18 + 1, None, "1.000.000.000.000.000.001"),
    ],
)
def test_numbers_are_grouped_the_vietnamese_way(language, value, digits, shown):
    assert format_number(value, digits) == shown


def test_days_and_moments_are_those_of_vietnam(language):
    assert format_day(date(2021, 9, 21)) == "21/9/2021"
    assert format_day(EVENING) == "1/10/2026"
    assert format_moment(EVENING) == "1/10/2026 00:30"
    assert format_clock(EVENING) == "00:30"
    assert (format_day(None), format_moment(None), format_clock(None)) == (i18n.MISSING,) * 3


def test_a_moment_without_a_zone_is_refused(language):
    with pytest.raises(ValueError, match="time zone"):
        format_moment(datetime(2026, 9, 30, 17))  # noqa: DTZ001


@english
def test_english_uses_its_own_signs(language):
    assert format_percent(0.8345) == "83.5%"
    assert format_interval(0.79, 0.833) == "79.0–83.3%"
    assert format_number(1234567.89) == "1,234,567.89"
    assert format_day(date(2021, 9, 21)) == "21 Sep 2021"
    assert format_moment(EVENING) == "1 Oct 2026, 00:30"


def test_a_text_is_shown_in_the_language_of_the_page(app):
    text = SimpleNamespace(in_language={"vi": "Hài lòng", "en": ""}.__getitem__)
    for cookie in ("vi", "en"):
        with app.test_request_context(headers={"Cookie": f"ngon_ngu={cookie}"}):
            assert i18n.in_current_language(text) == "Hài lòng"
            assert i18n.in_current_language("Đồng Hới") == "Đồng Hới"
            assert i18n.in_current_language(None) == ""


@pytest.mark.parametrize("cookie", ["", "fr", "../en"])
def test_vietnamese_comes_first_whatever_the_browser_says(client, cookie):
    client.set_cookie(i18n.LANGUAGE_COOKIE, cookie)
    page = client.get("/style/citizen", headers={"Accept-Language": "en"})
    assert '<html lang="vi">' in page.text
