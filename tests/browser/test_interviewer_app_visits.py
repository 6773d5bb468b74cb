"""The visits on an interviewer's device: never lost, never doubled, never to be joined with a response."""

import hashlib
import json
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from sqlalchemy import select

from survey.models import Device
from survey.services.calendar import now
from survey.services.devices import renew_pairing, withdraw_device
from survey.services.rescue_files import import_rescue_file
from tests.browser.kiosk_app import expect_screen, open_staff_screen, press, read_device, wait_until
from tests.browser.test_interviewer_app import (
    PLACES,
    VISITS,
    begin_interview,
    enrol_interviewer,
    hold_interview,
    open_address,
    pair,
    read_responses,
    read_visits,
    record,
)
from tests.fixtures import networks
from tests.fixtures.browsers import PageOpener
from tests.fixtures.networks import Network

if TYPE_CHECKING:
    from playwright.sync_api import Page

BREAK = """() => { const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (...values) {
    if (window.broken !== false) throw new DOMException("full", "QuotaExceededError");
    return put.apply(this, values); } }"""
MEND = "() => { window.broken = false }"
SPOIL = """async () => {
  const request = indexedDB.open("hailong-kiosk");
  const database = await new Promise((resolve) => (request.onsuccess = () => resolve(request.result)));
  const visits = database.transaction("visits", "readwrite").objectStore("visits");
  const all = visits.getAll();
  const [visit] = await new Promise((resolve) => (all.onsuccess = () => resolve(all.result)));
  visits.put({...visit, body: JSON.stringify({...JSON.parse(visit.body), assignment: 999999})});
  await new Promise((resolve) => (visits.transaction.oncomplete = resolve));
  database.close();
}"""
FORGET_SECRET = """async () => {
  const request = indexedDB.open("hailong-kiosk");
  const database = await new Promise((resolve) => (request.onsuccess = () => resolve(request.result)));
  const settings = database.transaction("settings", "readwrite").objectStore("settings");
  settings.get("credential").onsuccess = ({ target }) =>
    settings.put({ ...target.result, secret: "unknown" }, "credential");
  await new Promise((resolve) => (settings.transaction.oncomplete = resolve));
  database.close();
}"""
COMPLETE_FIRST = """async () => {
  const request = indexedDB.open("hailong-kiosk");
  const database = await new Promise((resolve) => (request.onsuccess = () => resolve(request.result)));
  const both = database.transaction(["settings", "visits"], "readwrite");
  both.objectStore("settings").get("assignments").onsuccess = ({ target }) => {
    const assignment = target.result.items[0].id;
    const visit = { id: crypto.randomUUID(), assignment, outcome: "completed", order: null, body: "{}" };
    both.objectStore("visits").put(visit);
  };
  await new Promise((resolve) => (both.oncomplete = resolve));
  database.close();
}"""
SETTINGS = """async () => {
  const request = indexedDB.open("hailong-kiosk");
  const database = await new Promise((resolve) => (request.onsuccess = () => resolve(request.result)));
  const keys = database.transaction("settings").objectStore("settings").getAllKeys();
  const found = await new Promise((resolve) => (keys.onsuccess = () => resolve(keys.result)));
  database.close();
  return found;
}"""


@pytest.fixture
def tablet(app: Flask, network: Network, new_page: PageOpener) -> "Page":
    """A paired device of 768 pixels that shows its list; its clock can be put forward."""
    page = new_page(viewport={"width": 768, "height": 1024}, has_touch=True)
    page.clock.install()
    pair(page, enrol_interviewer(app))
    return page


def fetch_tablet(app: Flask) -> Device:
    with app.extensions["database"].read() as session:
        query = select(Device).where(Device.kind == "interviewer")
        return session.scalars(query).one()  # type: ignore[no-any-return]


def read_facts(page: "Page") -> dict[str, str]:
    names = page.locator(".facts dt").all_inner_texts()
    return dict(zip(names, page.locator(".facts dd").all_inner_texts(), strict=True))


def fetch_rescue_file(page: "Page") -> bytes:
    with page.expect_download() as download:
        press(page, "Tải tệp cứu phiếu")
    return download.value.path().read_bytes()


def press_twice(page: "Page", name: str) -> None:
    """In one turn, as a trembling hand does."""
    page.get_by_role("button", name=name, exact=True).evaluate("(it) => { it.click(); it.click(); }")


def test_the_rescue_file_has_the_visits_apart_and_they_count_once(app: Flask, tablet: "Page") -> None:
    tablet.context.set_offline(True)
    record(tablet, PLACES[0], "Từ chối trả lời")
    hold_interview(tablet, PLACES[1])
    press(tablet, "Về danh sách địa chỉ")
    open_staff_screen(tablet)
    assert read_facts(tablet)["Kết quả lần đến chưa gửi"] == "2"

    raw = fetch_rescue_file(tablet)

    head, *lines, tail = map(json.loads, raw.decode().splitlines())
    assert (head["version"], tail) == (2, {"count": 1, "visits": 2})
    for line in lines:
        text = line.get("body") or line["visit"]
        assert line["sha256"] == hashlib.sha256(text.encode()).hexdigest()
    told = sorted((json.loads(line["visit"]) for line in lines[1:]), key=lambda visit: visit["outcome"])
    assert [visit["outcome"] for visit in told] == ["completed", "refused"]
    assert date.fromisoformat(told[0]["visited_on"]).weekday() == 0
    assert {name for visit in told for name in visit} == {
        "id",
        "assignment",
        "outcome",
        "visited_on",
        "sent_at",
    }
    assert {visit["sent_at"] for visit in told} == {None}

    outcome = import_rescue_file(app.extensions["database"], raw, now=now())
    assert (outcome.stored, outcome.visits_stored, outcome.faults) == (1, 2, ())
    tablet.context.set_offline(False)
    press(tablet, "Quay lại")
    wait_until(tablet, lambda: not tablet.evaluate(VISITS), forward=60)
    assert (len(read_responses(app)), len(read_visits(app))) == (1, 2)


def test_nothing_on_the_device_says_when_an_interview_was_held(tablet: "Page") -> None:
    tablet.context.set_offline(True)
    hold_interview(tablet, PLACES[0])

    (response,), (visit,) = read_device(tablet)["queue"], tablet.evaluate(VISITS)

    assert json.loads(response["body"])["completed_at"].endswith("T05:00:00.000Z")  # noon in Viet Nam
    assert json.loads(response["body"])["started_at"].endswith(".000Z")
    assert visit.keys() == {"id", "assignment", "outcome", "order", "body"}
    assert visit["order"] is None
    assert "last_completed" not in tablet.evaluate(SETTINGS)


def test_a_refused_visit_is_seen_on_the_device_and_on_the_page_of_devices(
    app: Flask, tablet: "Page", assert_accessible: Callable[["Page"], None]
) -> None:
    tablet.context.set_offline(True)
    record(tablet, PLACES[0], "Vắng nhà")
    tablet.evaluate(SPOIL)
    tablet.reload()  # what was on its way before is gone
    expect_screen(tablet, "assignments")
    tablet.context.set_offline(False)
    wait_until(tablet, lambda: "refusal" in tablet.evaluate(VISITS)[0], forward=60)
    notice = tablet.locator(".notice--error").inner_text()
    assert "Kết quả lần đến mà máy chủ không nhận: 1" in notice
    assert "dấu ba chấm" in notice
    wait_until(tablet, lambda: fetch_tablet(app).held_count == 1, forward=60)
    assert fetch_tablet(app).unsent_count == 0

    open_staff_screen(tablet)

    assert read_facts(tablet)["Kết quả lần đến không được nhận"] == "1"
    words = tablet.locator("section.card").inner_text()
    assert "1 không được nhận: Đợt khảo sát và đơn vị của máy này" in words
    assert "nộp ở trang “Thiết bị”" in words
    assert PLACES[0] not in tablet.locator("body").inner_text()
    assert_accessible(tablet)


def test_a_withdrawn_device_shows_what_it_holds_and_its_file_is_taken(
    app: Flask, tablet: "Page", assert_accessible: Callable[["Page"], None]
) -> None:
    tablet.context.set_offline(True)
    record(tablet, PLACES[0], "Vắng nhà")
    with app.extensions["database"].write() as session:
        withdraw_device(session, fetch_tablet(app).code, now=now())

    tablet.context.set_offline(False)

    wait_until(tablet, lambda: "refusal" in tablet.evaluate(VISITS)[0], forward=60)
    expect_screen(tablet, "stopped")
    wait_until(tablet, lambda: "không nhận: 1" in tablet.locator("main").inner_text(), forward=60)
    assert "kiosk" not in tablet.locator("main").inner_text().lower()
    assert_accessible(tablet)
    wait_until(tablet, lambda: "assignments" not in tablet.evaluate(SETTINGS), forward=60)
    open_staff_screen(tablet)
    outcome = import_rescue_file(app.extensions["database"], fetch_rescue_file(tablet), now=now())
    assert (outcome.visits_stored, outcome.faults) == (1, ())


def test_a_device_that_is_paired_again_sends_what_it_kept(app: Flask, tablet: "Page") -> None:
    tablet.context.set_offline(True)
    record(tablet, PLACES[0], "Vắng nhà")
    code = fetch_tablet(app).code
    tablet.evaluate(FORGET_SECRET)
    tablet.reload()
    tablet.context.set_offline(False)
    wait_until(tablet, lambda: tablet.locator("[data-screen=stopped]").count() == 1, forward=60)
    assert "refusal" not in tablet.evaluate(VISITS)[0]

    with app.extensions["database"].write() as session:
        pairing_code = renew_pairing(session, code, now=now())
    open_staff_screen(tablet)
    press(tablet, "Ghép lại thiết bị")
    press(tablet, "Vẫn ghép lại thiết bị")
    tablet.locator("#code").fill(pairing_code)
    press(tablet, "Ghép thiết bị")

    expect_screen(tablet, "assignments")
    wait_until(tablet, lambda: [visit.outcome for visit in read_visits(app)] == ["not_at_home"], forward=60)


def test_the_number_of_a_held_form_is_not_shown_to_the_interviewer(tablet: "Page", network: Network) -> None:
    network.misbehave(networks.refuse("422 Unprocessable Content", "answers_refused", kept=True))
    hold_interview(tablet, PLACES[0])
    wait_until(tablet, lambda: len(read_device(tablet)["held"]) == 1)
    press(tablet, "Về danh sách địa chỉ")

    open_staff_screen(tablet)

    assert "Phiếu không nhận được." in tablet.locator("section.card").first.inner_text()
    assert tablet.locator("section.card strong").count() == 0


def test_the_visit_waits_after_a_refused_response_too(tablet: "Page", network: Network) -> None:
    """A response that the server refused was sent as well: its visit must not follow at once."""
    network.misbehave(networks.refuse("422 Unprocessable Content", "answers_refused", kept=True))
    tablet.context.set_offline(True)
    hold_interview(tablet, PLACES[0])
    tablet.clock.fast_forward("02:00:00")

    tablet.context.set_offline(False)

    wait_until(tablet, lambda: len(read_device(tablet)["held"]) == 1, forward=5)
    for _ in range(8):
        tablet.clock.run_for(60_000)
        tablet.wait_for_timeout(50)
    assert network.count("/api/v1/visits") == 0


def test_a_visit_that_cannot_be_stored_outlives_the_page_for_staff(tablet: "Page") -> None:
    tablet.context.set_offline(True)
    open_address(tablet, PLACES[0])
    press(tablet, "Vắng nhà")
    tablet.evaluate(BREAK)
    press(tablet, "Ghi kết quả")
    expect_screen(tablet, "storage-failed")
    assert tablet.locator("h1").inner_text() == "Máy tạm thời không lưu được"

    open_staff_screen(tablet)
    lines = fetch_rescue_file(tablet).decode().splitlines()
    assert [json.loads(json.loads(line)["visit"])["outcome"] for line in lines[1:-1]] == ["not_at_home"]
    press(tablet, "Quay lại")
    expect_screen(tablet, "storage-failed")
    tablet.evaluate(MEND)
    press(tablet, "Thử lại")

    expect_screen(tablet, "assignments")
    tablet.get_by_text("Đã ghi: Vắng nhà").first.wait_for()
    assert [visit["outcome"] for visit in tablet.evaluate(VISITS)] == ["not_at_home"]


def test_pressing_twice_records_one_visit(tablet: "Page") -> None:
    tablet.context.set_offline(True)
    begin_interview(tablet, PLACES[0])
    press(tablet, "Dừng")
    press_twice(tablet, "Dừng và ghi “Phỏng vấn dở dang”")
    expect_screen(tablet, "assignments")
    open_address(tablet, PLACES[1])
    press(tablet, "Vắng nhà")
    press_twice(tablet, "Ghi kết quả")
    expect_screen(tablet, "assignments")

    assert sorted(visit["outcome"] for visit in tablet.evaluate(VISITS)) == ["not_at_home", "partial"]


def test_an_address_done_in_another_window_is_not_asked_again(tablet: "Page") -> None:
    tablet.context.set_offline(True)
    open_address(tablet, PLACES[0])
    tablet.evaluate(COMPLETE_FIRST)

    press(tablet, "Bắt đầu phỏng vấn")

    tablet.locator(".lead", has_text="Hoàn thành phỏng vấn").wait_for()
    expect_screen(tablet, "address")
    assert tablet.get_by_role("button", name="Bắt đầu phỏng vấn").count() == 0


def test_the_last_of_two_visits_of_a_day_stands(tablet: "Page") -> None:
    """Whatever the clock did between them."""
    tablet.context.set_offline(True)
    record(tablet, PLACES[0], "Vắng nhà")
    tablet.clock.set_system_time("2025-08-01T08:00:00+07:00")
    record(tablet, PLACES[0], "Lý do khác, hẹn lại")
    record(tablet, PLACES[0], "Từ chối trả lời")

    open_done(tablet)
    assert "Từ chối trả lời" in tablet.locator(".assignment", has_text=PLACES[0]).inner_text()


def open_done(page: "Page") -> None:
    page.locator("#list-done").click()
