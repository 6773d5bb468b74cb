"""Language, numbers and dates of the pages. Rounding happens here, once, half up."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import wraps
from pathlib import Path
from typing import ParamSpec, Protocol, TypeVar
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from flask import Flask, has_request_context, request
from flask_babel import Babel, get_locale
from jinja2 import pass_context

from survey.reports.figure_words import decimals_beside, half_up

LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}
LANGUAGE_COOKIE = "ngon_ngu"
TIME_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
MISSING = "–"

_DATE_PATTERNS = {"vi": "d/M/y", "en": "d MMM y"}
_DATETIME_PATTERNS = {"vi": "d/M/y HH:mm", "en": "d MMM y, HH:mm"}


_Given = ParamSpec("_Given")
_Made = TypeVar("_Made")


class TextLike(Protocol):
    """A sentence in both languages, as the questionnaires carry it."""

    def in_language(self, language: str, /) -> str: ...


def init_app(app: Flask, default_language: str) -> None:
    """Set up catalogues, the choice of the language and the template filters."""

    def selected_language() -> str:
        # Never guessed from Accept-Language: many browsers in Vietnam are sold with English set.
        chosen = request.cookies.get(LANGUAGE_COOKIE) if has_request_context() else None
        return chosen if chosen in LANGUAGES else default_language

    Babel(
        app,
        default_locale=default_language,
        default_timezone=TIME_ZONE.key,
        locale_selector=selected_language,
    )
    _check_catalogue(app)
    app.jinja_env.filters.update({name: at_rendering(made) for name, made in _FILTERS.items()})
    app.context_processor(lambda: {"language": current_language(), "languages": LANGUAGES})


def at_rendering(function: Callable[_Given, _Made]) -> Callable[..., _Made]:
    """The function as a filter that is called whenever a page is rendered.

    Of a constant Jinja would keep what the filter made of it in the language of the first reader.
    """

    @pass_context
    @wraps(function)
    def call(_context: object, *given: _Given.args, **named: _Given.kwargs) -> _Made:
        return function(*given, **named)

    return call


def _check_catalogue(app: Flask) -> None:
    # Without it every citizen would read English, and no error would say why.
    catalogue = Path(app.root_path, "translations", "vi", "LC_MESSAGES", "messages.mo")
    if not catalogue.exists():
        app.logger.error("the Vietnamese catalogue is not compiled; run `make install`")


def current_language() -> str:
    locale = get_locale()
    return locale.language if locale is not None else "vi"


def format_number(value: float | Decimal | None, digits: int | None = None, *, missing: str = MISSING) -> str:
    """`12.000`, `1.234.567,89`; without `digits` as many decimals as the value has."""
    exact = _exact(value)
    if exact is None:
        return missing
    if digits is not None:
        exact = half_up(exact, digits)
    places = max(0, -int(exact.as_tuple().exponent)) if digits is None else digits
    pattern = "#,##0" + ("." + ("0" if digits is not None else "#") * places if places else "")
    return format_decimal(exact, format=pattern, locale=_locale())


def format_percent(share: float | Decimal | None, digits: int = 1, *, missing: str = MISSING) -> str:
    """A share from 0 to 1 as `83,4%`."""
    exact = _exact(share)
    return missing if exact is None else format_number(exact * 100, digits) + "%"


def format_interval(
    low: float | Decimal | None,
    high: float | Decimal | None,
    *,
    target: float | None = None,
    missing: str = MISSING,
) -> str:
    """Two shares as `79,0–83,3%`, with more decimals where rounding would cross the target.

    Without either end there is no interval.
    """
    exact_low, exact_high = _exact(low), _exact(high)
    if exact_low is None or exact_high is None:
        return missing
    digits = decimals_beside(target, float(exact_low), float(exact_high))
    return f"{format_number(exact_low * 100, digits)}–{format_number(exact_high * 100, digits)}%"


def format_day(day: date | None, *, missing: str = MISSING) -> str:
    """`21/9/2021`; of a moment, its day in Vietnam."""
    if day is None:
        return missing
    local = _local(day) if isinstance(day, datetime) else day
    return format_date(local, format=_DATE_PATTERNS[current_language()], locale=_locale())


def format_moment(moment: datetime | None, *, missing: str = MISSING) -> str:
    """`30/9/2026 17:00`, in the time of Vietnam."""
    if moment is None:
        return missing
    pattern = _DATETIME_PATTERNS[current_language()]
    return format_datetime(_local(moment), format=pattern, locale=_locale())


def format_clock(moment: datetime | None, *, missing: str = MISSING) -> str:
    """`14:05`, in the time of Vietnam."""
    return missing if moment is None else _local(moment).strftime("%H:%M")


def in_current_language(text: TextLike | str | None) -> str:
    """The wording of a bilingual text; names that exist in one language pass through."""
    if text is None or isinstance(text, str):
        return text or ""
    language = current_language()
    return text.in_language(language) or text.in_language("vi")


def _locale() -> Locale:
    return get_locale() or Locale("vi")


def _exact(value: float | Decimal | None) -> Decimal | None:
    """The decimal that a reader would write for the value; nothing for a missing or undefined one."""
    if value is None:
        return None
    exact = (
        value
        if isinstance(value, Decimal)
        else Decimal(repr(value if isinstance(value, int) else float(value)))
    )
    return exact if exact.is_finite() else None


def _local(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone cannot be shown")
    return moment.astimezone(TIME_ZONE)


_FILTERS: dict[str, Callable[..., str]] = {
    "number": format_number,
    "percent": format_percent,
    "interval": format_interval,
    "date": format_day,
    "datetime": format_moment,
    "clock": format_clock,
    "text": in_current_language,
}
