"""The installed kiosk starts without a network, takes updates whole, and lets two tabs share one queue."""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from flask import Flask

from tests.browser import kiosk_app
from tests.browser.kiosk_app import count_responses, expect_queue, expect_screen, read_device
from tests.fixtures import networks
from tests.fixtures.browsers import KIOSK
from tests.fixtures.networks import Network
from tests.fixtures.servers import LiveServer

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

HEADING = "Ông/Bà thấy việc phục vụ hôm nay thế nào?"


@pytest.fixture
def own_files(app: Flask, tmp_path: Path) -> Path:
    """The server's scripts in a directory of the test's own, so that they can change."""
    directory = tmp_path / "static"
    shutil.copytree(app.static_folder or "", directory)
    app.static_folder = str(directory)
    return directory


def change_app(files: Path) -> None:
    script = files / "js" / "kiosk-app" / "receipt.js"
    script.write_text(script.read_text(encoding="utf-8") + "// newer\n", encoding="utf-8")


def read_version(page: "Page") -> str:
    return page.locator("body").get_attribute("data-version") or ""


def test_kiosk_starts_without_a_network_after_the_browser_was_closed(
    app: Flask,
    chromium: "Browser",
    browser_type_launch_args: dict[str, Any],
    live_server: LiveServer,
    tmp_path: Path,
    no_pause: None,
) -> None:
    profile = {**browser_type_launch_args, **KIOSK, "base_url": live_server.url(), "locale": "vi-VN"}
    code = kiosk_app.open_kiosk_round(app)
    first = chromium.browser_type.launch_persistent_context(tmp_path / "profile", **profile)
    kiosk_app.pair(first.pages[0], code)
    first.close()

    second = chromium.browser_type.launch_persistent_context(tmp_path / "profile", offline=True, **profile)
    page = second.pages[0]
    page.goto(kiosk_app.HOME)
    expect_screen(page, "single")
    assert page.locator("h1").inner_text() == HEADING
    kiosk_app.rate_quickly(page)
    assert len(read_device(page)["queue"]) == 1
    second.close()

    third = chromium.browser_type.launch_persistent_context(tmp_path / "profile", **profile)
    third.pages[0].goto(kiosk_app.HOME)
    expect_queue(third.pages[0], 0)
    third.close()
    assert count_responses(app) == 1


def test_update_of_the_app_keeps_a_full_queue(
    app: Flask, own_files: Path, network: Network, kiosk: "Page"
) -> None:
    kiosk.context.set_offline(True)
    kiosk_app.rate_quickly(kiosk, 0)
    kiosk_app.next_person(kiosk)
    kiosk_app.rate_quickly(kiosk, 1)
    bodies = {item["body"] for item in read_device(kiosk)["queue"]}
    old = read_version(kiosk)
    change_app(own_files)
    network.misbehave(networks.broken)
    kiosk.context.set_offline(False)

    kiosk.evaluate(UPDATE)
    kiosk_app.press(kiosk, "Về trang đầu")
    kiosk.wait_for_event("load")

    expect_screen(kiosk, "single")
    assert read_version(kiosk) != old
    assert {item["body"] for item in read_device(kiosk)["queue"]} == bodies
    network.recover()
    kiosk_app.open_staff_screen(kiosk)
    kiosk_app.press(kiosk, "Gửi ngay")
    expect_queue(kiosk, 0)
    assert count_responses(app) == 2


def test_update_does_not_interrupt_an_answer(own_files: Path, kiosk: "Page") -> None:
    old = read_version(kiosk)
    kiosk.locator(".tiles .option").first.click()
    change_app(own_files)

    kiosk.evaluate(UPDATE)
    kiosk.wait_for_timeout(300)

    assert read_version(kiosk) == old
    assert kiosk.locator(".tiles input:checked").count() == 1


def test_page_of_a_captive_portal_never_becomes_the_app(app: Flask, own_files: Path, kiosk: "Page") -> None:
    old = read_version(kiosk)
    change_app(own_files)
    server = app.wsgi_app

    def portal(environ: dict[str, Any], start: Any) -> Any:
        if "/kiosk-app/" not in environ["PATH_INFO"]:
            return server(environ, start)
        start("200 OK", [("Content-Type", "text/javascript")])
        return [b"document.title = 'Wi-Fi';"]

    app.wsgi_app = portal  # type: ignore[method-assign]

    kiosk.evaluate("navigator.serviceWorker.getRegistration().then((found) => found.update())")
    kiosk.wait_for_timeout(500)
    kiosk.reload()

    expect_screen(kiosk, "single")
    assert read_version(kiosk) == old


def test_new_questionnaire_settings_are_taken_on_the_first_screen(
    app: Flask, kiosk: "Page", monkeypatch: pytest.MonkeyPatch
) -> None:
    from survey.services import device_config

    kiosk_app.install_clock(kiosk, "single")
    kiosk.locator(".tiles .option").first.click()
    monkeypatch.setitem(device_config.SETTINGS, "thanks_seconds", 7)
    kiosk.clock.fast_forward("00:40")
    kiosk.keyboard.press("Shift")
    kiosk.clock.fast_forward("00:40")
    assert kiosk.locator(".tiles input:checked").count() == 1

    kiosk_app.press(kiosk, "Gửi phiếu")
    expect_screen(kiosk, "thanks")
    kiosk.clock.fast_forward("00:25")
    kiosk_app.rate_quickly(kiosk)
    kiosk.clock.fast_forward("00:08")

    expect_screen(kiosk, "single")


def test_two_tabs_send_nothing_twice(app: Flask, network: Network, kiosk: "Page") -> None:
    other = kiosk.context.new_page()
    other.goto(kiosk_app.HOME)
    kiosk.context.set_offline(True)
    for page in (kiosk, other, kiosk, other):
        page.bring_to_front()
        kiosk_app.rate_quickly(page)
        kiosk_app.next_person(page)
    assert len(read_device(kiosk)["queue"]) == 4
    before = network.count(kiosk_app.RESPONSES)

    kiosk.context.set_offline(False)

    expect_queue(kiosk, 0)
    assert count_responses(app) == 4
    assert network.count(kiosk_app.RESPONSES) - before == 4


# Asks for the new version and waits until it is complete.
UPDATE = """async () => {
  const registration = await navigator.serviceWorker.getRegistration();
  await registration.update();
  const coming = registration.installing;
  if (coming) await new Promise((resolve) => (coming.onstatechange = resolve));
}"""
