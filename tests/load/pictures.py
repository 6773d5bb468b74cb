"""Takes the pictures of the README from a running demonstration: python -m tests.load.pictures ADDRESS PASSWORD."""

import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.provision.programs import find_chromium

PICTURES = Path("docs/pictures")
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking")


def main(address: str, password: str) -> None:
    PICTURES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(FLAGS))
        context = {"locale": "vi-VN", "base_url": address}
        _phone(browser.new_page(viewport={"width": 360, "height": 780}, device_scale_factor=2, **context))
        _kiosk(browser.new_page(viewport={"width": 1080, "height": 1920}, **context))
        _scorecard(browser.new_page(viewport={"width": 1280, "height": 860}, **context), password)
        browser.close()


def _phone(page: Page) -> None:
    page.goto("/khao-sat/minh-hoa/sipas/18880")
    page.get_by_role("button", name="Bắt đầu").click()
    while page.locator("fieldset.rating").count() == 0:
        _answer_required(page)
        page.get_by_role("button", name="Tiếp tục").click()
    page.locator("fieldset.rating").nth(0).locator("label").nth(3).click()
    page.wait_for_timeout(600)
    page.screenshot(path=PICTURES / "phone.png")


def _kiosk(page: Page) -> None:
    page.goto("/kiosk/minh-hoa/yte-ngoaitru/VD-BV-01")
    page.get_by_role("button", name="Bắt đầu").click()
    page.locator("fieldset").first.wait_for()
    page.wait_for_timeout(300)
    page.screenshot(path=PICTURES / "kiosk.png")


def _scorecard(page: Page, password: str) -> None:
    page.goto("/dang-nhap")
    page.locator("input[name=username]").fill("quantri")
    page.locator("input[type=password]").fill(password)
    page.locator("main button[type=submit]").click()
    page.goto("/quan-tri/dot/minh-hoa/ket-qua")
    page.screenshot(path=PICTURES / "scorecard.png")


def _answer_required(page: Page) -> None:
    """Choose the first answer of every question on the page."""
    for fieldset in page.locator("fieldset").all():
        labels = fieldset.locator("label")
        if labels.count():
            labels.first.click()


if __name__ == "__main__":
    main(*sys.argv[1:])
