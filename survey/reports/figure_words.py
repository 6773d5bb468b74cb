"""Numbers as they are shown: rounded once, half up, in the writing of the language."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from math import isfinite
from zoneinfo import ZoneInfo

from survey.reports.labels import MARK, MARKS, REASONS, TO_BE_REVIEWED, words_of
from survey.services.index_report_values import Figure

TIME_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NOTHING = "–"
MOST_DECIMALS = 4

_ENGLISH_TO_VIETNAMESE = str.maketrans(",.", ".,")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def known(value: float | None) -> float | None:
    """The value, or None where it is missing or not a number."""
    return value if value is not None and isfinite(value) else None


def exact_percent(share: float) -> Decimal:
    """A share from 0 to 1 as a percentage without any rounding."""
    return Decimal(repr(float(share))).scaleb(2)


def half_up(exact: Decimal, digits: int) -> Decimal:
    """Rounded to so many decimals; a zero never has a sign."""
    rounded = exact.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    return abs(rounded) if rounded.is_zero() else rounded


def format_number(value: float | Decimal, language: str, digits: int = 0) -> str:
    """`12.000` or `83,4`; `12,000` or `83.4` in English."""
    exact = value if isinstance(value, Decimal) else Decimal(repr(value))
    written = f"{half_up(exact, digits):,}"
    return written if language == "en" else written.translate(_ENGLISH_TO_VIETNAMESE)


def format_percent(share: float, language: str, digits: int = 1) -> str:
    """`83,4%`."""
    return format_number(exact_percent(share), language, digits) + "%"


def format_interval(low: float, high: float, language: str, target: float | None = None) -> str:
    """`79,0–83,3%`; with more decimals where rounding would put an end on the other side of the target."""
    digits = decimals_beside(target, low, high)
    ends = (format_number(exact_percent(end), language, digits) for end in (low, high))
    return "–".join(ends) + "%"


def decimals_beside(target: float | None, *shares: float) -> int:
    """How many decimals of a percentage keep every share on its side of the target: `89,96` below 90."""
    return next(
        (
            digits
            for digits in range(1, MOST_DECIMALS)
            if target is None or all(_keeps_side(share, target, digits) for share in shares)
        ),
        MOST_DECIMALS,
    )


def _keeps_side(share: float, target: float, digits: int) -> bool:
    exact, aim = exact_percent(share), exact_percent(target)
    return (half_up(exact, digits) >= aim) == (exact >= aim)


def format_target(share: float, language: str) -> str:
    """`≥ 85%`, with a decimal only where the target has one."""
    percent = exact_percent(share)
    return f"≥ {format_number(percent, language, 0 if percent == percent.to_integral_value() else 1)}%"


def format_day(day: date, language: str) -> str:
    if language == "en":
        return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
    return f"{day.day}/{day.month}/{day.year}"


def format_moment(moment: datetime, language: str) -> str:
    """`30/9/2026 17:00`, in the time of Vietnam."""
    local = moment.astimezone(TIME_ZONE)
    return f"{format_day(local.date(), language)}{',' * (language == 'en')} {local:%H:%M}"


def show_share(figure: Figure, language: str) -> str:
    """The share, marked where it should be reviewed, or the reason why there is none."""
    value = known(figure.value)
    if value is None:
        return words_of(REASONS, figure.reason, language)
    return f"{format_percent(value, language)} {MARK}" if figure.marks else format_percent(value, language)


def show_interval(figure: Figure, language: str, target: float | None = None) -> str:
    """The interval; where there is a number without one, the reason; else nothing."""
    low, high = known(figure.low), known(figure.high)
    if low is not None and high is not None:
        return format_interval(low, high, language, target)
    return words_of(REASONS, missing_interval_reason(figure), language) or NOTHING


def show_number(figure: Figure, language: str, digits: int = 2, unit: str = "") -> str:
    """A mean in its own unit, or the reason why there is none."""
    value = known(figure.value)
    if value is None:
        return words_of(REASONS, figure.reason, language)
    return format_number(value, language, digits) + unit


def mark_words(marks: Iterable[str], language: str) -> str:
    """`* cần xem lại: đúng 0% hoặc 100%`; nothing without marks."""
    found = set(marks)
    words = [words_of(MARKS, mark, language) for mark in MARKS if mark in found]
    return f"{MARK} {TO_BE_REVIEWED.in_language(language)}: {'; '.join(words)}" if words else ""


def missing_interval_reason(figure: Figure) -> str:
    """Why a number stands without its interval; empty where there is no number or where it has one."""
    if known(figure.value) is None or (known(figure.low) is not None and known(figure.high) is not None):
        return ""
    return figure.reason or "no_variance"
