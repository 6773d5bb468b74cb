"""Searching without marks, and the year whose targets apply."""

import unicodedata
from datetime import UTC, date, datetime

import pytest

from survey.services.calendar import local_date
from survey.services.rounds import applicable_year, plain_letters


@pytest.mark.parametrize(
    ("text", "plain"),
    [("Đồng Hới", "dong hoi"), ("ĐÔNG HÀ", "dong ha"), ("Ưu ái", "uu ai"), ("Cồn Cỏ 19742", "con co 19742")],
)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_marks_do_not_count_in_a_search(text: str, plain: str, form: str) -> None:
    assert plain_letters(unicodedata.normalize(form, text)) == plain  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("year", "applicable"), [(2024, 2025), (2025, 2025), (2029, 2025), (2030, 2030), (2031, 2030)]
)
def test_newest_target_year_that_has_come_applies(year: int, applicable: int) -> None:
    assert applicable_year({2025, 2030}, year) == applicable


def test_day_is_counted_in_viet_nam() -> None:
    assert local_date(datetime(2026, 8, 31, 17, 0, tzinfo=UTC)) == date(2026, 9, 1)
    assert local_date(datetime(2026, 8, 31, 16, 59, tzinfo=UTC)) == date(2026, 8, 31)
