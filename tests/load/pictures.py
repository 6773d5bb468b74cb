"""Takes the pictures of the README from a running demonstration.

python -m tests.load.pictures ADDRESS PASSWORD
"""

import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.browser.respondents import answer_page, press_primary
from tests.provision.programs import find_chromium

PICTURES = Path("docs/pictures")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
)


def main(address: str, password: str) -> None:
    PICTURES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(FLAGS))
        context = {"locale": "vi-VN", "base_url": address}
        _phone(browser.new_page(viewport={"width": 360, "height": 780}, **context))
        _kiosk(browser.new_page(viewport={"width": 1080, "height": 1920}, **context))
        _scorecard(browser.new_page(viewport={"width": 1280, "height": 860}, **context), password)
        browser.close()


def _phone(page: Page) -> None:
    """The first page of rated items, with the first answered and folded."""
    page.goto("/khao-sat/minh-hoa/tthc/18880")
    press_primary(page)
    while page.locator(".question.rating").count() == 0:
        answer_page(page)
        press_primary(page)
    page.locator(".question.rating").first.locator(".option").nth(3).click()
    page.mouse.move(0, 0)
    page.wait_for_timeout(700)
    page.evaluate("window.scrollTo(0, 0)")
    page.screenshot(path=PICTURES / "phone.png")


def _kiosk(page: Page) -> None:
    page.goto("/kiosk/minh-hoa/yte-ngoaitru/VD-BV-01")
    press_primary(page)
    page.locator(".choice").first.wait_for()
    page.screenshot(path=PICTURES / "kiosk.png")


def _scorecard(page: Page, password: str) -> None:
    page.goto("/dang-nhap")
    page.locator("input[name=username]").fill("quantri")
    page.locator("input[type=password]").fill(password)
    page.locator("main button[type=submit]").click()
    page.goto("/quan-tri/dot/minh-hoa/ket-qua")
    page.screenshot(path=PICTURES / "scorecard.png")


if __name__ == "__main__":
    main(*sys.argv[1:])
