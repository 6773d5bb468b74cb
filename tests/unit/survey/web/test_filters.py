"""The filters of the templates: what they make is never kept from one reader to the next."""

from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale
from jinja2.defaults import DEFAULT_FILTERS

from survey.i18n import at_rendering

# Numbers and dates of Flask-Babel, of which our templates use none: ours round once, half up.
_BROUGHT_ALONG = "flask_babel"


def test_every_filter_of_ours_is_called_at_each_rendering(app: Flask) -> None:
    ours = {
        name: function
        for name, function in app.jinja_env.filters.items()
        if name not in DEFAULT_FILTERS and not getattr(function, "__module__", "").startswith(_BROUGHT_ALONG)
    }

    assert {"number", "text", "channel_words", "flag_name", "kept_reason", "device_kind"} <= set(ours)
    assert [name for name, function in ours.items() if not hasattr(function, "jinja_pass_arg")] == []


@pytest.mark.parametrize(
    ("template", "vietnamese", "english"),
    [
        ('{{ "coverage"|flag_name }}', "Độ phủ", "Coverage"),
        ('{{ "paper"|channel_words }}', "Phiếu giấy", "Paper"),
        ("{{ 1234.5|number }}", "1.234,5", "1,234.5"),
        ("{{ 0.834|percent(digits=1) }}", "83,4%", "83.4%"),
    ],
)
def test_the_word_of_a_constant_follows_the_language(
    app: Flask, template: str, vietnamese: str, english: str
) -> None:
    # Compiled anew for each language the fault would not show: one template, as pages are kept.
    page: Any = app.jinja_env.from_string(template)

    assert [_render(app, page, language) for language in ("vi", "en", "vi")] == [
        vietnamese,
        english,
        vietnamese,
    ]


def test_filter_keeps_its_name_and_its_arguments() -> None:
    def repeated(text: str, times: int = 2) -> str:
        return text * times

    made = at_rendering(repeated)

    assert made.__name__ == "repeated"
    assert made(None, "a", times=3) == "aaa"


def _render(app: Flask, page: Any, language: str) -> str:
    with app.test_request_context(), force_locale(language):
        text: str = page.render()
    return text
