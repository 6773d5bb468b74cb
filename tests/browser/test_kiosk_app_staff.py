"""Staff at the installed kiosk: pairing, the PIN, what the device holds, the rescue file, the end of it."""

import hashlib
import json
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from flask import Flask

from survey.services.calendar import now
from survey.services.devices import withdraw_device
from tests.browser import kiosk_app
from tests.browser.kiosk_app import (
    count_responses,
    enter_pin,
    expect_queue,
    expect_screen,
    press,
    read_device,
)
from tests.browser.respondents import assert_nothing_is_cut
from tests.fixtures import networks
from tests.fixtures.browsers import KIOSK, PHONE, PageOpener
from tests.fixtures.networks import Network

if TYPE_CHECKING:
    from playwright.sync_api import Page

# A person is never so quick as to meet these moments on purpose.
PRESS_WHILE_THE_NEXT_SCREEN_IS_MADE = """(moment) => {
    const { get, getAll } = IDBObjectStore.prototype;
    const press = () => document.querySelector(".staff-corner")?.click();
    let isMade = false;
    IDBObjectStore.prototype.get = function (key) {
        if (key === "last_completed") isMade = true;
        if (key === "last_completed" && moment === "last_completed") press();
        return get.call(this, key);
    };
    IDBObjectStore.prototype.getAll = function (...options) {
        if (isMade && this.name === "visits" && moment === "visits") press();
        return getAll.apply(this, options);
    };
}"""


def read_facts(page: "Page") -> dict[str, str]:
    names = page.locator(".facts dt").all_inner_texts()
    return dict(zip(names, page.locator(".facts dd").all_inner_texts(), strict=True))


def test_code_can_be_typed_and_faults_are_said(
    app: Flask, kiosk_page: "Page", assert_accessible: Callable[["Page"], None]
) -> None:
    code = kiosk_app.open_kiosk_round(app)
    kiosk_page.goto(kiosk_app.HOME)
    expect_screen(kiosk_page, "pairing")
    assert_accessible(kiosk_page)
    assert_nothing_is_cut(kiosk_page)
    for typed, words in (("ABC", "Xin nhập đủ 8 ký tự của mã."), ("ABCD-EFGH", "Mã không đúng, đã dùng")):
        kiosk_page.locator("#code").fill(typed)
        press(kiosk_page, "Ghép thiết bị")
        kiosk_page.locator(".field-error", has_text=words).wait_for()
    assert_accessible(kiosk_page)

    kiosk_page.locator("#code").fill(code.lower().replace("-", " "))
    press(kiosk_page, "Ghép thiết bị")

    expect_screen(kiosk_page, "single")


def test_code_of_the_address_is_used_up_and_not_left_there(app: Flask, new_page: PageOpener) -> None:
    code = kiosk_app.open_kiosk_round(app)
    page = new_page(**KIOSK)
    kiosk_app.pair(page, code)
    assert page.url.endswith(kiosk_app.HOME)

    other = new_page(**KIOSK)
    other.goto(f"{kiosk_app.HOME}#ghep={code}")

    other.locator(".field-error", has_text="Mã không đúng, đã dùng").wait_for()


def test_pin_leads_to_the_state_of_the_device(
    app: Flask, kiosk: "Page", assert_accessible: Callable[["Page"], None]
) -> None:
    kiosk.get_by_role("button", name="Dành cho nhân viên").click()
    expect_screen(kiosk, "pin")
    assert_accessible(kiosk)

    enter_pin(kiosk, kiosk_app.PIN)

    expect_screen(kiosk, "staff")
    assert_accessible(kiosk)
    assert_nothing_is_cut(kiosk)
    facts = read_facts(kiosk)
    assert facts["Thiết bị"].startswith(kiosk_app.fetch_device(app).code)
    assert facts["Phiếu chưa gửi"] == "0"
    assert facts["Khởi động được khi mất mạng"] == "có"


LOCKED = "Nhập sai mã PIN quá nhiều lần"


def enter_wrong_pin(page: "Page", pin: str) -> None:
    """The field is empty again when the PIN has been judged."""
    from playwright.sync_api import expect

    enter_pin(page, pin)
    expect(page.locator(".pin-input")).to_have_value("")


def test_wrong_pins_have_to_wait(kiosk: "Page") -> None:
    kiosk.clock.install()
    kiosk.get_by_role("button", name="Dành cho nhân viên").click()
    for _ in range(5):
        enter_wrong_pin(kiosk, "1111")
    kiosk.locator(".field-error", has_text=LOCKED).wait_for()

    enter_wrong_pin(kiosk, kiosk_app.PIN)
    kiosk.locator(".field-error", has_text=LOCKED).wait_for()
    kiosk.clock.fast_forward("00:31")
    enter_pin(kiosk, kiosk_app.PIN)

    expect_screen(kiosk, "staff")


def test_pin_works_without_a_network(kiosk: "Page") -> None:
    kiosk.context.set_offline(True)

    kiosk_app.open_staff_screen(kiosk)


def test_rescue_file_has_every_response_once(network: Network, kiosk: "Page") -> None:
    network.misbehave(networks.refuse("409 Conflict", "response_conflict", kept=True), times=1)
    kiosk_app.rate_quickly(kiosk, 0)
    expect_queue(kiosk, 0)
    kiosk.context.set_offline(True)
    kiosk_app.next_person(kiosk)
    kiosk_app.rate_quickly(kiosk, 2)
    press(kiosk, "Về trang đầu")
    kiosk_app.open_staff_screen(kiosk)

    with kiosk.expect_download() as download:
        press(kiosk, "Tải tệp cứu phiếu")

    device = read_facts(kiosk)["Thiết bị"].split(" ")[0]
    head, *lines, tail = map(json.loads, download.value.path().read_text(encoding="utf-8").splitlines())
    assert (head["format"], head["version"], head["device"]) == ("hailong-rescue", 2, device)
    assert device in download.value.suggested_filename
    assert tail == {"count": 2, "visits": 0}
    assert [hashlib.sha256(line["body"].encode()).hexdigest() for line in lines] == [
        line["sha256"] for line in lines
    ]
    kept = read_device(kiosk)
    assert {line["body"] for line in lines} == {item["body"] for item in kept["queue"] + kept["held"]}


def test_held_response_is_listed_and_sent_again(
    app: Flask, network: Network, kiosk: "Page", assert_accessible: Callable[["Page"], None]
) -> None:
    network.misbehave(networks.refuse("422 Unprocessable Content", "answers_refused", kept=True), times=1)
    number = kiosk_app.rate_quickly(kiosk)
    expect_queue(kiosk, 0)
    press(kiosk, "Về trang đầu")
    kiosk_app.open_staff_screen(kiosk)
    assert read_facts(kiosk)["Phiếu bị giữ lại, chờ xử lý"] == "1"
    assert number in kiosk.locator("section.card").inner_text()
    assert "Phiếu không nhận được." in kiosk.locator("section.card").inner_text()
    assert_accessible(kiosk)

    press(kiosk, "Gửi lại phiếu bị giữ lại")

    kiosk.locator("section.card").wait_for(state="detached")
    assert count_responses(app) == 1
    assert read_device(kiosk)["held"] == []


def test_withdrawn_device_asks_nobody_and_still_sends(app: Flask, kiosk: "Page") -> None:
    kiosk_app.install_clock(kiosk, "single")
    kiosk.context.set_offline(True)
    kiosk_app.rate_quickly(kiosk)
    with app.extensions["database"].write() as session:
        withdraw_device(session, kiosk_app.fetch_device(app).code, now=now())
    kiosk.context.set_offline(False)

    expect_queue(kiosk, 0)
    kiosk.clock.fast_forward("01:01")

    expect_screen(kiosk, "stopped")
    assert kiosk.locator("h1").inner_text() == "Thiết bị này đã ngừng sử dụng"
    assert [(entry["code"], entry["kept"]) for entry in read_device(kiosk)["held"]] == [
        ("device_withdrawn", True)
    ]


def test_round_that_is_closed_stops_the_kiosk(
    app: Flask, kiosk: "Page", assert_accessible: Callable[["Page"], None]
) -> None:
    kiosk_app.install_clock(kiosk, "single")
    kiosk_app.close_round(app)

    kiosk.clock.fast_forward("01:01")

    expect_screen(kiosk, "stopped")
    assert_accessible(kiosk)


@pytest.mark.parametrize("asked_meanwhile", ["last_completed", "visits"])
def test_what_staff_opened_is_not_taken_away_by_news(app: Flask, kiosk: "Page", asked_meanwhile: str) -> None:
    kiosk_app.install_clock(kiosk, "single")
    kiosk_app.close_round(app)
    kiosk.evaluate(PRESS_WHILE_THE_NEXT_SCREEN_IS_MADE, asked_meanwhile)

    kiosk_app.pass_time(kiosk, 61)

    expect_screen(kiosk, "pin")
    kiosk.wait_for_timeout(300)
    expect_screen(kiosk, "pin")


def test_a_device_that_waits_for_its_questionnaire_is_accessible(
    app: Flask, kiosk_page: "Page", assert_accessible: Callable[["Page"], None]
) -> None:
    """Its words fit a tablet too: the device does not know yet what it is."""
    kiosk_page.route("**/api/v1/device", lambda route: route.abort())
    kiosk_page.goto(f"{kiosk_app.HOME}#ghep={kiosk_app.open_kiosk_round(app)}")
    expect_screen(kiosk_page, "opening")
    assert kiosk_page.locator("h1").inner_text() == "Đang chuẩn bị thiết bị"
    assert_accessible(kiosk_page)
    assert_nothing_is_cut(kiosk_page)


def test_kiosk_mode_is_left_and_entered_again(
    kiosk: "Page", assert_accessible: Callable[["Page"], None]
) -> None:
    kiosk_app.open_staff_screen(kiosk)

    press(kiosk, "Rời chế độ kiosk")
    expect_screen(kiosk, "left")
    assert_accessible(kiosk)
    assert_nothing_is_cut(kiosk)
    press(kiosk, "Trở lại kiosk")

    expect_screen(kiosk, "single")


def test_staff_screen_fits_a_small_phone(app: Flask, new_page: PageOpener) -> None:
    page = new_page(**PHONE)
    kiosk_app.pair(page, kiosk_app.open_kiosk_round(app))

    kiosk_app.open_staff_screen(page)

    assert_nothing_is_cut(page)


def hold_much(page: "Page", count: int) -> None:
    """As many held forms as make a rescue file of several parts."""
    page.evaluate(
        """async (count) => {
          const request = indexedDB.open("hailong-kiosk");
          await new Promise((resolve) => (request.onsuccess = resolve));
          const database = request.result;
          const change = database.transaction("held", "readwrite");
          for (let place = 0; place < count; place += 1) {
            const id = crypto.randomUUID();
            const body = JSON.stringify({ id, text: "ệ".repeat(80_000) });
            change.objectStore("held").put({ id, body, code: "x" });
          }
          await new Promise((resolve) => (change.oncomplete = resolve));
          database.close();
        }""",
        count,
    )


def test_a_rescue_file_of_many_forms_has_parts_that_the_page_takes(app: Flask, kiosk: "Page") -> None:
    kiosk.context.set_offline(True)
    hold_much(kiosk, 34)
    kiosk_app.open_staff_screen(kiosk)
    press(kiosk, "Tải tệp cứu phiếu")
    parts = kiosk.locator(".staff-actions").nth(1).get_by_role("button")
    parts.first.wait_for()

    files, ids = [], []
    for place in range(parts.count()):
        with kiosk.expect_download() as download:
            parts.nth(place).click()
        raw = download.value.path().read_bytes()
        head, *lines, tail = map(json.loads, raw.splitlines())
        files.append(download.value.suggested_filename)
        ids += [json.loads(line["body"])["id"] for line in lines]
        assert len(raw) < 4_000_000
        assert (head["format"], tail) == ("hailong-rescue", {"count": len(lines), "visits": 0})

    assert [name.rsplit("-", 3)[1:] for name in files] == [
        [str(place), "trong", "3.jsonl"] for place in (1, 2, 3)
    ]
    assert set(ids) == {entry["id"] for entry in read_device(kiosk)["held"]}
    assert len(ids) == 34
    assert_nothing_is_cut(kiosk)


def test_a_decision_of_staff_ends_the_alarm(app: Flask, kiosk: "Page") -> None:
    kiosk_app.install_clock(kiosk, "single")
    kiosk.context.set_offline(True)
    kiosk_app.rate_quickly(kiosk)
    with app.extensions["database"].write() as session:
        code = kiosk_app.fetch_device(app).code
        withdraw_device(session, code, now=now())
    kiosk.context.set_offline(False)
    expect_queue(kiosk, 0)
    with app.extensions["database"].write() as session:
        device = session.query(kiosk_app.Device).one()
        device.status, device.withdrawn_at = "active", None
    kiosk.clock.fast_forward("01:01")
    wait_until_held(app, 1)
    assert len(read_device(kiosk)["held"]) == 1

    with app.extensions["database"].write() as session:
        kept = session.query(kiosk_app.QuarantinedResponse).one()
        kept.state, kept.decided_on = "dismissed", now().date()
    kiosk.clock.fast_forward("01:01")

    wait_until_held(app, 0)
    assert read_device(kiosk)["held"] == []
    assert count_responses(app) == 0


def wait_until_held(app: Flask, count: int) -> None:
    """Until the device has told the server so."""
    for _ in range(80):
        if kiosk_app.fetch_device(app).held_count == count:
            return
        time.sleep(0.1)
    raise AssertionError(f"the device does not say that it holds {count}")


def test_what_nobody_has_decided_on_stays_on_the_device(network: Network, kiosk: "Page") -> None:
    """A refusal that speaks of another response is no receipt either."""
    network.misbehave(
        networks.refuse("409 Conflict", "response_conflict", kept=True, decided=True, id="other")
    )
    kiosk_app.rate_quickly(kiosk)
    expect_queue(kiosk, 0)
    press(kiosk, "Về trang đầu")
    kiosk_app.open_staff_screen(kiosk)

    with kiosk.expect_response("**/api/v1/responses"):
        press(kiosk, "Gửi lại phiếu bị giữ lại")

    expect_queue(kiosk, 0)
    assert len(read_device(kiosk)["held"]) == 1


def test_code_of_an_address_opened_in_the_same_window_is_taken(app: Flask, kiosk_page: "Page") -> None:
    code = kiosk_app.open_kiosk_round(app)
    kiosk_page.goto(kiosk_app.HOME)
    expect_screen(kiosk_page, "pairing")

    kiosk_page.evaluate("code => { location.href = `/kiosk/may/#ghep=${code}`; }", code)

    expect_screen(kiosk_page, "single")
    assert kiosk_page.url.endswith(kiosk_app.HOME)
