"""A citizen without JavaScript: reads the pages, answers what they ask, presses their buttons."""

from dataclasses import dataclass, field
from random import Random
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

ANSWER = "answer_"
NUMBER = "42"
REMARK = "Nhân viên hướng dẫn tận tình, chờ hơi lâu."
MOST_PAGES = 80


@dataclass
class Respondent:
    """Walks a questionnaire. `avoid` are codes that are never chosen, to stay on a certain path."""

    client: FlaskClient
    rng: Random = field(default_factory=lambda: Random(3028))
    avoid: tuple[str, ...] = ()

    def fill(self, path: str) -> TestResponse:
        """Start at this page and press on until the thanks; returns the page of thanks."""
        page = self.client.get(path)
        for _ in range(MOST_PAGES):
            if page.request.path.endswith("/cam-on"):
                return page
            page = self.go_on(page)
            assert page.status_code == 200, page.get_data(as_text=True)
        raise AssertionError(f"{path} leads to no end; the last page was {page.request.path}")

    def go_on(self, page: TestResponse) -> TestResponse:
        """Answer everything on the page and press its first button."""
        form = find_main_form(page)
        answers = self._answer(form)
        if not answers:
            answers = dict([self.rng.choice(_buttons_of_first_kind(form))])
        values = {**read_hidden(form), **answers}
        return self.client.post(page.request.full_path, data=values, follow_redirects=True)

    def _answer(self, form: Element) -> dict[str, Any]:
        answers: dict[str, Any] = {}
        for name, codes in list_choices(form, "radio").items():
            answers[name] = self.rng.choice([code for code in codes if code not in self.avoid])
        for name, codes in list_choices(form, "checkbox").items():
            answers[name] = [codes[0]]
        for control in form.iter("input"):
            if control.get("inputmode") == "numeric":
                answers[control.get("name", "")] = NUMBER
        for control in form.iter("textarea"):
            answers[control.get("name", "")] = REMARK
        return answers


def find_main_form(page: TestResponse) -> Element:
    """The form of the page that asks something."""
    root = html5lib.parse(page.get_data(as_text=True), treebuilder="etree", namespaceHTMLElements=False)
    posted = [form for form in root.iter("form") if form.get("method") == "post"]
    forms = [form for form in posted if form.get("action") is None]
    assert len(forms) == 1, f"{page.request.path} has {len(forms)} main forms"
    return forms[0]


def read_hidden(form: Element) -> dict[str, str]:
    return {
        control.get("name", ""): control.get("value", "")
        for control in form.iter("input")
        if control.get("type") == "hidden"
    }


def list_choices(form: Element, kind: str) -> dict[str, list[str]]:
    """Name of the question → codes offered."""
    choices: dict[str, list[str]] = {}
    for control in form.iter("input"):
        if control.get("type") == kind:
            choices.setdefault(control.get("name", ""), []).append(control.get("value", ""))
    return choices


def list_buttons(form: Element) -> list[tuple[str, str]]:
    return [
        (button.get("name", ""), button.get("value", ""))
        for button in form.iter("button")
        if button.get("type") == "submit" and button.get("name")
    ]


def _buttons_of_first_kind(form: Element) -> list[tuple[str, str]]:
    """The answers, where the page has buttons for them; else what leads on."""
    buttons = list_buttons(form)
    answers = [(name, value) for name, value in buttons if name.startswith(ANSWER)]
    return answers or buttons[:1] or [("", "")]
