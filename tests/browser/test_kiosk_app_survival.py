"""What a kiosk holds outlives a cleared browser, an unreadable disk, a lost credential, another pairing."""

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from survey.models import Device, Procedure, QuarantinedResponse, Response
from survey.services import devices
from survey.services.calendar import now
from survey.services.rescue_files import import_rescue_file
from survey.web import clock
from tests import factories
from tests.browser import kiosk_app
from tests.browser.kiosk_app import (
    HOME,
    PIN,
    QUICK,
    answer_question,
    close_round,
    count_responses,
    enter_pin,
    expect_queue,
    expect_screen,
    fetch_device,
    install_clock,
    next_person,
    open_staff_screen,
    press,
    rate_quickly,
    read_device,
    read_receipt,
    wait_until,
)
from tests.browser.test_kiosk_app_storage import close_while_answering
from tests.fixtures import networks
from tests.fixtures.browsers import KIOSK
from tests.fixtures.networks import Network

if TYPE_CHECKING:
    from playwright.sync_api import Page

# The storage does not answer from the start, until the test lets it.
NO_STORAGE = """
  const open = IDBFactory.prototype.open;
  IDBFactory.prototype.open = () => { throw new DOMException("x", "UnknownError"); };
  window.giveBack = () => { IDBFactory.prototype.open = open; };
"""


def clear_database(page: "Page") -> None:
    """What somebody does who clears the site's data in the browser, while the kiosk is open."""
    origin = page.url.split("/kiosk")[0]
    session = page.context.new_cdp_session(page)
    session.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "indexeddb"})


def fill_without_network(page: "Page", choices: tuple[int, ...] = (0, 1)) -> None:
    page.context.set_offline(True)
    for choice in choices:
        rate_quickly(page, choice)
        next_person(page)
    expect_queue(page, len(choices))


def renew_code(app: Flask) -> str:
    with app.extensions["database"].write() as session:
        return devices.renew_pairing(session, session.scalars(select(Device.code)).one(), now=now())


def forget_credential(app: Flask) -> None:
    """As after the restore of an old backup."""
    with app.extensions["database"].write() as session:
        session.execute(update(Device).values(credential_digest="0" * 64))


def open_next_round(app: Flask) -> str:
    """Gives the code of a kiosk in another round."""
    with app.extensions["database"].write() as session:
        factories.open_round_with(session, (QUICK,), (factories.UNIT_CODE,), code="next")
        _line, code = devices.create_device(
            session,
            round_code="next",
            unit_code=factories.UNIT_CODE,
            kind="kiosk",
            name="Kiosk 2",
            pin=PIN,
            now=now(),
        )
    return code


def rounds_of_responses(app: Flask) -> list[str]:
    with app.extensions["database"].read() as session:
        rows = session.scalars(select(Response)).all()
        owners = {device.id: device.round_id for device in session.scalars(select(Device))}
        codes = {row.round_id for row in rows}
        assert all(row.device_id is not None and owners[row.device_id] == row.round_id for row in rows)
        return [str(code) for code in sorted(codes)]


def screen(page: "Page") -> str:
    return page.locator("body").get_attribute("data-screen") or ""


def pair_again(page: "Page", code: str) -> None:
    """By staff, with a queue: what is there is named first."""
    page.get_by_role("button", name="Dành cho nhân viên").click()
    enter_pin(page, PIN)
    expect_screen(page, "staff")
    press(page, "Ghép lại thiết bị")
    if screen(page) != "pairing":
        expect_screen(page, "pair-again")
        press(page, "Vẫn ghép lại thiết bị")
    expect_screen(page, "pairing")
    page.locator("#code").fill(code)
    press(page, "Ghép thiết bị")


def test_a_cleared_browser_loses_nothing_while_the_kiosk_is_open(app: Flask, kiosk: "Page") -> None:
    fill_without_network(kiosk)
    clear_database(kiosk)
    kiosk.context.set_offline(False)
    open_staff_screen(kiosk)
    press(kiosk, "Gửi ngay")
    wait_until(kiosk, lambda: read_device(kiosk)["settings"] != [])
    press(kiosk, "Gửi ngay")
    wait_until(kiosk, lambda: count_responses(app) == 2)
    assert fetch_device(app).lost_count == 0


def test_what_was_cleared_before_a_start_is_an_alarm(app: Flask, kiosk: "Page") -> None:
    fill_without_network(kiosk)
    clear_database(kiosk)
    kiosk.context.set_offline(False)
    kiosk.reload()
    expect_screen(kiosk, "pairing")
    kiosk.locator("#code").fill(renew_code(app))
    press(kiosk, "Ghép thiết bị")
    expect_screen(kiosk, "single")
    wait_until(kiosk, lambda: fetch_device(app).lost_count == 2)


def test_the_fleet_hears_whether_the_browser_keeps_the_storage(app: Flask, kiosk: "Page") -> None:
    wait_until(kiosk, lambda: fetch_device(app).is_storage_kept is not None)


def test_a_rescue_file_of_an_unreadable_queue_says_so(app: Flask, kiosk: "Page") -> None:
    fill_without_network(kiosk)
    close_while_answering(kiosk)
    expect_screen(kiosk, "storage-failed")
    open_staff_screen(kiosk)
    with kiosk.expect_download(timeout=20_000) as download:
        press(kiosk, "Tải tệp cứu phiếu")
    kiosk.get_by_role("alert").get_by_text("tệp cứu phiếu có thể thiếu phiếu").wait_for()
    raw = download.value.path().read_bytes()
    assert not any("count" in json.loads(line) for line in raw.splitlines())
    outcome = import_rescue_file(app.extensions["database"], raw, now=now())
    # What it remembers is there all the same.
    assert (outcome.stored, [fault.code for fault in outcome.faults]) == (2, ["cut"])


def test_a_start_without_storage_goes_on_by_itself(kiosk: "Page") -> None:
    kiosk.add_init_script(NO_STORAGE)
    kiosk.reload()
    expect_screen(kiosk, "storage-failed", timeout=20_000)
    assert kiosk.get_by_role("button", name="Dành cho nhân viên").count() == 0
    kiosk.evaluate("window.giveBack()")
    expect_screen(kiosk, "single", timeout=20_000)


def test_a_passing_401_holds_nothing_back(app: Flask, network: Network, kiosk: "Page") -> None:
    network.misbehave(networks.refuse("401 Unauthorized", "credential_unknown", kept=False), times=1)
    rate_quickly(kiosk)
    wait_until(kiosk, lambda: count_responses(app) == 1)
    assert read_device(kiosk)["held"] == []


def test_a_device_that_was_forgotten_sends_after_it_is_paired_again(app: Flask, kiosk: "Page") -> None:
    install_clock(kiosk, "single")
    kiosk.context.set_offline(True)
    rate_quickly(kiosk)
    forget_credential(app)
    kiosk.context.set_offline(False)
    wait_until(kiosk, lambda: screen(kiosk) == "stopped", forward=8)
    assert len(read_device(kiosk)["queue"]) == 1
    pair_again(kiosk, renew_code(app))
    wait_until(kiosk, lambda: count_responses(app) == 1, forward=2)


def test_what_an_older_version_held_is_sent_after_pairing(
    app: Flask, network: Network, kiosk: "Page"
) -> None:
    network.misbehave(networks.refuse("422 Unprocessable Content", "answers_refused", kept=False), times=1)
    rate_quickly(kiosk)
    wait_until(kiosk, lambda: len(read_device(kiosk)["held"]) == 1)
    next_person(kiosk)
    pair_again(kiosk, renew_code(app))
    wait_until(kiosk, lambda: count_responses(app) == 1)


def test_a_queue_goes_to_the_round_where_it_was_taken(app: Flask, kiosk: "Page") -> None:
    install_clock(kiosk, "single")
    kiosk.context.set_offline(True)
    rate_quickly(kiosk)
    kiosk.clock.fast_forward("00:25")
    expect_screen(kiosk, "single")
    code = open_next_round(app)
    kiosk.route("**/api/v1/responses", lambda route: route.abort())
    kiosk.context.set_offline(False)
    pair_again(kiosk, code)
    expect_screen(kiosk, "single")
    kiosk.unroute("**/api/v1/responses")
    wait_until(kiosk, lambda: count_responses(app) == 1, forward=8)
    (round_id,) = rounds_of_responses(app)
    with app.extensions["database"].read() as session:
        first = session.scalars(select(Device).order_by(Device.id)).first()
        assert first is not None
        assert str(first.round_id) == round_id


def test_staff_store_what_a_forgotten_device_took_in_another_round(app: Flask, kiosk: "Page") -> None:
    install_clock(kiosk, "single")
    kiosk.context.set_offline(True)
    rate_quickly(kiosk)
    kiosk.clock.fast_forward("00:25")
    expect_screen(kiosk, "single")
    forget_credential(app)
    code = open_next_round(app)
    kiosk.context.set_offline(False)
    pair_again(kiosk, code)
    expect_screen(kiosk, "single")
    wait_until(kiosk, lambda: len(read_device(kiosk)["held"]) == 1, forward=8)
    assert count_responses(app) == 0

    open_staff_screen(kiosk)
    with kiosk.expect_download() as download:
        press(kiosk, "Tải tệp cứu phiếu")
    outcome = import_rescue_file(app.extensions["database"], download.value.path().read_bytes(), now=now())
    assert (outcome.stored, outcome.faults) == (1, ())
    press(kiosk, "Gửi lại phiếu bị giữ lại")
    wait_until(kiosk, lambda: read_device(kiosk)["held"] == [], forward=2)


def test_the_hardware_that_was_exchanged_is_heard(app: Flask, kiosk: "Page", new_page: Any) -> None:
    fill_without_network(kiosk)
    other = new_page(**KIOSK)
    kiosk_app.pair(other, renew_code(app))
    kiosk.context.set_offline(False)
    wait_until(kiosk, lambda: kiosk_app.count_quarantined(app) == 2)
    assert count_responses(app) == 0
    with app.extensions["database"].read() as session:
        assert {row.reason for row in session.scalars(select(QuarantinedResponse))} == {"device_withdrawn"}
    wait_until(other, lambda: screen(other) == "single")


def test_a_kiosk_of_a_closed_round_is_paired_to_the_next(app: Flask, kiosk: "Page") -> None:
    install_clock(kiosk, "single")
    close_round(app)
    wait_until(kiosk, lambda: screen(kiosk) == "stopped", forward=8)
    code = open_next_round(app)
    # The address of the code by itself changes nothing, and says so.
    kiosk.goto("about:blank")
    kiosk.goto(f"{HOME}#ghep={code}")
    expect_screen(kiosk, "code-unused")
    assert "đã được ghép" in kiosk.locator("h1").inner_text()
    kiosk.get_by_role("button", name="Dành cho nhân viên").click()
    enter_pin(kiosk, PIN)
    expect_screen(kiosk, "staff")
    press(kiosk, "Ghép lại thiết bị")
    # The code that was scanned needs no typing.
    expect_screen(kiosk, "single", timeout=20_000)


def test_a_device_that_was_withdrawn_before_it_began_can_be_paired(app: Flask, new_page: Any) -> None:
    page = new_page(**KIOSK)
    code = kiosk_app.open_kiosk_round(app)
    page.route("**/api/v1/device", lambda route: route.abort())
    page.goto(f"{HOME}#ghep={code}")
    expect_screen(page, "opening")
    with app.extensions["database"].write() as session:
        devices.withdraw_device(session, session.scalars(select(Device.code)).one(), now=now())
    page.unroute("**/api/v1/device")
    expect_screen(page, "pairing", timeout=20_000)
    page.reload()
    expect_screen(page, "pairing", timeout=20_000)
    page.locator("#code").fill(kiosk_app.enrol(app))
    press(page, "Ghép thiết bị")
    expect_screen(page, "single")


def test_files_that_the_browser_dropped_are_fetched_again(kiosk: "Page") -> None:
    drop = "caches.keys().then((names) => Promise.all(names.map((name) => caches.delete(name))))"
    kiosk.evaluate(drop)
    open_staff_screen(kiosk)
    fact = kiosk.locator(".facts > div", has_text="Khởi động được khi mất mạng").locator("dd")
    assert fact.inner_text() == "có"
    kiosk.context.set_offline(True)
    kiosk.reload()
    expect_screen(kiosk, "single")
    kiosk.evaluate(drop)
    open_staff_screen(kiosk)
    assert fact.inner_text() == "không"


def test_nothing_disturbs_a_form_that_is_being_sent(
    app: Flask, network: Network, kiosk_page: "Page", no_pause: None
) -> None:
    errors: list[str] = []
    kiosk_page.on("pageerror", lambda error: errors.append(str(error)))
    network.misbehave(network.hang, times=1)
    kiosk_app.pair(kiosk_page, kiosk_app.open_small_kiosk_round(app), "start")
    press(kiosk_page, "Bắt đầu")
    while screen(kiosk_page) == "question":
        answer_question(kiosk_page)
    kiosk_page.evaluate(
        """() => {
          const by = (words) => [...document.querySelectorAll("button")].find((b) => b.textContent === words);
          const [english, back] = [by("English"), by("Quay lại")];
          by("Gửi phiếu").click();
          setTimeout(() => back.click(), 50);
          setTimeout(() => english.click(), 200);
        }"""
    )
    read_receipt(kiosk_page)
    assert errors == []


@pytest.mark.parametrize("jump", [timedelta(days=20_000), timedelta(days=-1)])
def test_a_clock_that_is_set_in_mid_form_does_not_change_the_duration(
    app: Flask, kiosk: "Page", jump: timedelta
) -> None:
    install_clock(kiosk, "single")
    kiosk.locator(".tiles .option").nth(2).click()
    kiosk.clock.run_for(5_000)
    shown = kiosk.evaluate("Date.now()")
    kiosk.evaluate(
        "(by) => { const real = Date.now; Date.now = () => real() + by; }", jump.total_seconds() * 1000
    )
    assert kiosk.evaluate("Date.now()") - shown > -86_400_001
    press(kiosk, "Gửi phiếu")
    read_receipt(kiosk)
    with app.extensions["database"].read() as session:
        wait_until(kiosk, lambda: count_responses(app) == 1)
        assert session.scalars(select(Response.duration_band)).one() == "under_1m"


def test_a_procedure_that_ended_meanwhile_costs_no_answer(
    app: Flask, kiosk_page: "Page", no_pause: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    unit = factories.UNITS_OF_FORM["tthc"][0]
    with app.extensions["database"].write() as session:
        factories.load_catalogue(session)
        factories.publish_shipped_forms(session, ("tthc",))
        factories.open_round_with(session, ("tthc",), (unit,))
        _line, code = devices.create_device(
            session,
            round_code=factories.ROUND_CODE,
            unit_code=unit,
            kind="kiosk",
            name="Kiosk 1",
            pin=PIN,
            now=now(),
        )
    page = kiosk_page
    kiosk_app.pair(page, code, "start")
    page.context.set_offline(True)
    press(page, "Bắt đầu")
    while screen(page) == "question":
        answer_question(page)
    press(page, "Gửi phiếu")
    read_receipt(page)
    answers = json.loads(read_device(page)["queue"][0]["body"])["answers"]
    with app.extensions["database"].write() as session:
        ended = update(Procedure).where(Procedure.code == answers["procedure"])
        session.execute(ended.values(valid_to=now().date() + timedelta(days=1)))
    real_now, real_today = clock.now, clock.today
    monkeypatch.setattr(clock, "now", lambda: real_now() + timedelta(days=3))
    monkeypatch.setattr(clock, "today", lambda: real_today() + timedelta(days=3))
    page.context.set_offline(False)
    wait_until(page, lambda: count_responses(app) == 1)
