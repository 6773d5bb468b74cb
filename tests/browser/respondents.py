"""How a citizen uses the pages in a browser, with a finger or a mouse."""

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    Look = Callable[["Page"], None]

MOST_PAGES = 60
NUMBER = "42"
REMARK = "Nhân viên hướng dẫn tận tình."


def see_nothing(page: "Page") -> None:
    """Looks at no page."""


def fill_form(page: "Page", path: str, look: "Look" = see_nothing) -> str:
    """Fill a questionnaire from its start page to the thanks; gives the receipt number."""
    page.goto(path)
    look(page)
    if page.locator(".question").count() == 0:
        press_primary(page)
    for _ in range(MOST_PAGES):
        if page.locator(".receipt").count():
            look(page)
            return page.locator(".receipt").inner_text()
        look(page)
        answer_page(page)
        press_primary(page)
    raise AssertionError(f"{path} leads to no end; the last page was {page.url}")


def answer_page(page: "Page") -> None:
    for question in page.locator(".question").all():
        if "is-folded" not in (question.get_attribute("class") or ""):
            answer_question(question)


def answer_question(question: "Locator", choice: int = 0) -> None:
    options = question.locator(".option")
    if options.count():
        options.nth(choice).click()
    elif question.locator("textarea").count():
        question.locator("textarea").fill(REMARK)
    else:
        question.locator("input").fill(NUMBER)


def press_primary(page: "Page") -> None:
    with page.expect_navigation():
        page.locator("main .actions .button--primary").click()


def fill_kiosk(page: "Page", path: str, look: "Look" = see_nothing) -> str:
    """Fill a questionnaire on the kiosk; gives the receipt number."""
    page.goto(path)
    look(page)
    press_primary(page)
    for _ in range(MOST_PAGES):
        if page.locator(".receipt").count():
            look(page)
            return page.locator(".receipt").inner_text()
        look(page)
        answer_screen(page)
    raise AssertionError(f"{path} leads to no end; the last screen was {page.url}")


def answer_screen(page: "Page") -> None:
    """Answer the question of a screen; a row moves on by itself."""
    if page.locator(".choice").count():
        with page.expect_navigation():
            page.locator(".choice").first.tap()
        return
    if page.locator(".keypad").is_visible():
        for digit in NUMBER:
            page.locator(f".keypad button[value='{digit}']").tap()
    elif page.locator("input[type=checkbox]").count():
        page.locator(".option").first.tap()
    elif page.locator("textarea").count():
        page.locator("textarea").fill(REMARK)
    press_primary(page)


def assert_nothing_is_cut(page: "Page") -> None:
    """No page scrolls sideways, and no control sticks out of it."""
    width = page.evaluate("document.documentElement.clientWidth")
    assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url
    wide = page.evaluate(
        """() => [...document.querySelectorAll("main *, header *, footer *")]
            .filter((e) => e.getClientRects().length && !e.closest("details:not([open]) > :not(summary)"))
            .filter((e) => !e.closest(".visually-hidden") && e.scrollWidth > e.clientWidth + 1)
            .filter((e) => getComputedStyle(e).display !== "inline")
            .filter((e) => !e.closest("svg, .fold-question, .skip-link"))
            .map((e) => e.outerHTML.slice(0, 120))"""
    )
    assert wide == [], f"{page.url}: {wide}"
