"""Takes the pictures of the README and the documents from a running demonstration.

python -m tests.load.pictures ADDRESS PASSWORD [PAIRING_CODE PIN]

With the pairing code of a kiosk (`hailong device add`) the screens of the kiosk application are taken too.
"""

import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.browser import kiosk_app
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


def main(address: str, password: str, pairing_code: str = "", pin: str = "") -> None:
    PICTURES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(FLAGS))
        context = {"locale": "vi-VN", "base_url": address}
        _phone(browser.new_page(viewport={"width": 360, "height": 780}, **context))
        _kiosk(browser.new_page(viewport={"width": 1080, "height": 1920}, **context))
        _scorecard(browser.new_page(viewport={"width": 1280, "height": 860}, **context), password)
        if pairing_code:
            for_kiosk = {"viewport": {"width": 1080, "height": 1920}, **context}
            take_kiosk_app(browser.new_page(**for_kiosk), pairing_code, pin)
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


def take_kiosk_app(page: Page, pairing_code: str, pin: str, directory: Path = PICTURES) -> None:
    """The start, a rated question, the thanks and the screen of the staff."""

    def take(name: str) -> None:
        page.screenshot(path=directory / f"kiosk-app-{name}.png")

    page.goto(f"{kiosk_app.HOME}#ghep={pairing_code}")
    page.locator("body[data-screen=choose-form], body[data-screen=start]").wait_for()
    if page.locator("body").get_attribute("data-screen") == "choose-form":
        kiosk_app.press(page, "Giải quyết thủ tục hành chính")
    kiosk_app.expect_screen(page, "start")
    take("start")
    kiosk_app.press(page, "Bắt đầu")
    kiosk_app.expect_screen(page, "question")
    while page.locator(".choice .face").count() == 0:
        kiosk_app.answer_question(page)
    take("question")
    while page.locator("body").get_attribute("data-screen") == "question":
        kiosk_app.answer_question(page)
    kiosk_app.press(page, "Gửi phiếu")
    kiosk_app.expect_screen(page, "thanks")
    take("thanks")
    kiosk_app.press(page, "Về trang đầu")
    kiosk_app.open_staff_screen(page, pin)
    take("staff")


def _scorecard(page: Page, password: str) -> None:
    page.goto("/dang-nhap")
    page.locator("input[name=username]").fill("quantri")
    page.locator("input[type=password]").fill(password)
    page.locator("main button[type=submit]").click()
    page.goto("/quan-tri/dot/minh-hoa/ket-qua")
    page.screenshot(path=PICTURES / "scorecard.png")


if __name__ == "__main__":
    main(*sys.argv[1:])
