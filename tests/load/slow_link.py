"""A whole questionnaire in Chromium over a slow link: seconds to the first question, and a page.

The browser delays every request by the round trip and shares the bandwidth, so that what counts is how many
things a page waits for. The server is one thread of this process; the times are those of the link.
"""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import Flask
from werkzeug.serving import make_server

from tests.provision.programs import find_chromium

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROUND_TRIP_MS = 400
BYTES_A_SECOND = 50_000
LONGEST_WAIT_SECONDS = 60
MOST_PAGES = 30
# A question can be answered once it is laid out and the scripts of the page have run.
USABLE = "document.readyState === 'complete' && !!document.querySelector('.question, .receipt, .answers')"
FIRST_OPTIONS = """() => {
    for (const question of document.querySelectorAll('.question')) {
        const field = question.querySelector('input, textarea');
        if (field.type === 'radio' || field.type === 'checkbox') field.click();
        else { field.value = '2'; field.dispatchEvent(new Event('input', { bubbles: true })); }
    }
}"""


@dataclass(frozen=True)
class SlowSession:
    """Seconds until a page can be used: the start page, the first question, then each page that followed."""

    start: float
    first_question: float
    pages: dict[str, float]


def measure_slow_session(app: Flask, start_path: str) -> SlowSession:
    from playwright.sync_api import sync_playwright

    with _served(app) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(find_chromium()), args=["--no-sandbox", "--disable-gpu"]
        )
        screen: Any = {"width": 360, "height": 640}
        page = browser.new_context(base_url=address, locale="vi-VN", viewport=screen).new_page()
        page.set_default_timeout(1000 * LONGEST_WAIT_SECONDS)
        _slow_down(page)
        try:
            return _answer(page, start_path)
        finally:
            browser.close()


def _answer(page: "Page", start_path: str) -> SlowSession:
    began = time.monotonic()
    page.goto(start_path)
    start = time.monotonic() - began
    first = start + _press_on(page)
    pages: dict[str, float] = {}
    for _ in range(MOST_PAGES):
        page.evaluate(FIRST_OPTIONS)
        seconds = _press_on(page)
        pages[page.url.rpartition("/")[2].partition("?")[0]] = seconds
        if page.locator(".receipt").count():
            return SlowSession(start, first, pages)
    raise AssertionError(f"{start_path} leads to no end; the last page was {page.url}")


def _press_on(page: "Page") -> float:
    """Press the button that leads on and wait until the next page can be used."""
    before = page.evaluate("performance.timeOrigin")
    began = time.monotonic()
    page.locator("main .actions .button--primary").click(no_wait_after=True)
    while time.monotonic() - began < LONGEST_WAIT_SECONDS:
        if _is_usable(page, before):
            return time.monotonic() - began
        time.sleep(0.02)
    raise AssertionError(f"nothing follows {page.url}")


def _is_usable(page: "Page", before: float) -> bool:
    from playwright.sync_api import Error

    try:
        return bool(page.evaluate(f"performance.timeOrigin !== {before} && {USABLE}"))
    except Error:  # Between two pages there is none to ask.
        return False


def _slow_down(page: "Page") -> None:
    network = page.context.new_cdp_session(page)
    limits: dict[str, Any] = {
        "offline": False,
        "latency": ROUND_TRIP_MS,
        "downloadThroughput": BYTES_A_SECOND,
        "uploadThroughput": BYTES_A_SECOND,
    }
    network.send("Network.enable")
    network.send("Network.emulateNetworkConditions", limits)


@contextmanager
def _served(app: Flask) -> Iterator[str]:
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
