"""The installed application on an interviewer's device: list, visits, interviews, all without a network."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from flask import Flask
from sqlalchemy import select

from survey.models import Response, Visit
from survey.services.assignments import import_assignments
from survey.services.calendar import now
from survey.services.devices import create_device
from tests import factories
from tests.browser.kiosk_app import (
    PIN,
    close_round,
    enter_pin,
    expect_screen,
    open_kiosk_round,
    pass_time,
    press,
    read_device,
    wait_until,
)
from tests.fixtures.browsers import PHONE, PageOpener
from tests.fixtures.networks import Network

if TYPE_CHECKING:
    from playwright.sync_api import Page

FORM = "sipas"
LOCKS_AFTER = 616
PLACES = ("12 Trần Hưng Đạo", "Nhà văn hóa thôn 3", "Số 5, ngõ 2, đường Lý Thường Kiệt")
VISITS = """async () => {
  const request = indexedDB.open("hailong-kiosk");
  const database = await new Promise((resolve) => (request.onsuccess = () => resolve(request.result)));
  const all = database.transaction("visits").objectStore("visits").getAll();
  const found = await new Promise((resolve) => (all.onsuccess = () => resolve(all.result)));
  database.close();
  return found;
}"""


def enrol_interviewer(app: Flask, form_id: str = FORM) -> str:
    """An open round with a list of three addresses for one interviewer's device; gives its pairing code."""
    open_kiosk_round(app, [form_id])
    with app.extensions["database"].write() as session:
        line, code = create_device(
            session,
            round_code=factories.ROUND_CODE,
            unit_code=factories.UNIT_CODE,
            kind="interviewer",
            name="Máy tổ 1",
            pin=PIN,
            now=now(),
        )
        rows = [
            f'{place + 1},{form_id},{factories.UNIT_CODE},"{PLACES[place]}",cổng xanh,{line.code}'
            for place in range(len(PLACES))
        ]
        text = "\n".join(["number,questionnaire,unit,place,note,device", *rows])
        import_assignments(session, factories.ROUND_CODE, text.encode())
    return code


@pytest.fixture
def tablet(app: Flask, network: Network, new_page: PageOpener) -> "Page":
    """A paired device of 768 pixels that shows its list; its clock can be put forward."""
    page = new_page(viewport={"width": 768, "height": 1024}, has_touch=True)
    page.clock.install()
    pair(page, enrol_interviewer(app))
    return page


def pair(page: "Page", code: str) -> None:
    from tests.browser import kiosk_app

    kiosk_app.pair(page, code, first_screen="assignments")
    page.locator(".assignment").nth(len(PLACES) - 1).wait_for()


def open_address(page: "Page", place: str) -> None:
    page.locator(".assignment", has_text=place).click()
    expect_screen(page, "address")


def record(page: "Page", place: str, outcome: str) -> None:
    open_address(page, place)
    press(page, outcome)
    expect_screen(page, "confirm")
    press(page, "Ghi kết quả")
    expect_screen(page, "assignments")


def begin_interview(page: "Page", place: str) -> None:
    open_address(page, place)
    press(page, "Bắt đầu phỏng vấn")
    expect_screen(page, "consent")
    press(page, "Người trả lời đồng ý: bắt đầu")
    expect_screen(page, "interview")


def hold_interview(page: "Page", place: str, look: Callable[["Page"], Any] = lambda page: None) -> None:
    begin_interview(page, place)
    while page.locator("body").get_attribute("data-screen") == "interview":
        answer_in_interview(page, look)
    expect_screen(page, "finish")
    press(page, "Hoàn thành phỏng vấn")
    expect_screen(page, "interview-thanks")


def answer_in_interview(page: "Page", look: Callable[["Page"], Any] = lambda page: None) -> None:
    """As at the kiosk, with time to see what was pressed."""
    from playwright.sync_api import expect

    look(page)
    before = page.locator("h1").inner_text()
    if page.locator(".choice").count():
        page.locator(".choice").first.click()
        page.clock.run_for(400)
    else:
        if page.locator(".keypad").count():
            page.locator(".keypad button[value='4']").click()
        elif page.locator("textarea").count():
            page.locator("textarea").fill("Nhân viên hướng dẫn tận tình.")
        elif page.locator("input[type=checkbox]").count():
            page.locator(".option").first.click()
        press(page, "Tiếp tục")
    expect(page.locator("h1")).not_to_have_text(before)


def read_visits(app: Flask) -> list[Visit]:
    with app.extensions["database"].read() as session:
        return list(session.scalars(select(Visit)))


def read_responses(app: Flask) -> list[Response]:
    with app.extensions["database"].read() as session:
        return list(session.scalars(select(Response)))


def test_a_day_without_a_network_arrives_once_and_nothing_joins_it(app: Flask, tablet: "Page") -> None:
    tablet.context.set_offline(True)
    tablet.reload()
    expect_screen(tablet, "assignments")
    record(tablet, PLACES[0], "Từ chối trả lời")
    hold_interview(tablet, PLACES[1])
    assert not re.search(r"\d{4} \d{4}", tablet.locator("main").inner_text())
    press(tablet, "Về danh sách địa chỉ")
    expect_screen(tablet, "assignments")
    assert "Còn phải đến: 1 trong 3" in tablet.locator("main").inner_text()
    assert (len(read_device(tablet)["queue"]), len(tablet.evaluate(VISITS))) == (1, 2)
    assert (read_responses(app), read_visits(app)) == ([], [])

    tablet.context.set_offline(False)

    wait_until(tablet, lambda: bool(read_responses(app)) and bool(read_visits(app)), forward=5)
    assert [visit.outcome for visit in read_visits(app)] == ["refused"]
    wait_until(tablet, lambda: len(read_visits(app)) == 2, forward=60)
    (response,) = read_responses(app)
    refused, completed = sorted(read_visits(app), key=lambda visit: visit.outcome, reverse=True)
    assert (refused.outcome, completed.outcome) == ("refused", "completed")
    assert (response.channel, response.selection, response.received_hour) == ("interviewer", "invited", None)
    assert response.device_hour is None
    assert completed.visited_on.weekday() == completed.received_on.weekday() == 0
    assert completed.id not in (response.id, response.content_digest)
    wait_until(tablet, lambda: not tablet.evaluate(VISITS) and not read_device(tablet)["queue"])
    assert len(read_visits(app)) == 2


def test_the_visit_of_an_interview_waits_long_after_its_response(
    app: Flask, tablet: "Page", network: Network
) -> None:
    hold_interview(tablet, PLACES[0])

    wait_until(tablet, lambda: len(read_responses(app)) == 1)
    tablet.clock.run_for(9 * 60_000)

    assert network.count("/api/v1/visits") == 0
    wait_until(tablet, lambda: [visit.outcome for visit in read_visits(app)] == ["completed"], forward=60)


def test_an_interview_that_was_stopped_is_a_visit_without_a_response(app: Flask, tablet: "Page") -> None:
    begin_interview(tablet, PLACES[0])
    answer_in_interview(tablet)
    press(tablet, "Dừng")
    expect_screen(tablet, "break-off")
    press(tablet, "Tiếp tục phỏng vấn")
    expect_screen(tablet, "interview")
    press(tablet, "Dừng")
    press(tablet, "Dừng và ghi “Phỏng vấn dở dang”")

    expect_screen(tablet, "assignments")
    wait_until(tablet, lambda: [visit.outcome for visit in read_visits(app)] == ["partial"])
    assert read_responses(app) == []
    assert read_device(tablet)["queue"] == []


def test_opened_by_mistake_records_nothing(app: Flask, tablet: "Page") -> None:
    begin_interview(tablet, PLACES[0])
    press(tablet, "Quay lại")
    press(tablet, "Mở nhầm: xóa và không ghi gì")
    expect_screen(tablet, "address")
    assert tablet.evaluate(VISITS) == []


def test_consent_is_asked_first_and_can_be_refused(app: Flask, tablet: "Page") -> None:
    open_address(tablet, PLACES[0])
    press(tablet, "Bắt đầu phỏng vấn")
    form, script = factories.shipped_form(FORM), tablet.locator(".script").inner_text()
    for words in (form.introduction.why, form.introduction.anonymous, form.introduction.contact):
        assert words.vi in script
    assert "Nếu đồng ý trả lời, Ông/Bà xác nhận đã được nghe phần giới thiệu, tự nguyện trả lời" in script
    assert "Bắt đầu" not in script
    press(tablet, "Từ chối trả lời")
    press(tablet, "Ghi kết quả")
    wait_until(tablet, lambda: [visit.outcome for visit in read_visits(app)] == ["refused"])


def test_a_device_left_alone_locks_and_keeps_the_answers(tablet: "Page") -> None:
    begin_interview(tablet, PLACES[0])
    while not tablet.locator("input[type=checkbox]").count():
        answer_in_interview(tablet)
    heading = tablet.locator("h1").inner_text()
    tablet.locator(".option").nth(1).click()

    pass_time(tablet, LOCKS_AFTER)

    expect_screen(tablet, "pin")
    assert tablet.get_by_role("button", name="Quay lại").count() == 0
    enter_pin(tablet, PIN)
    expect_screen(tablet, "interview")
    assert tablet.locator("h1").inner_text() == heading
    assert tablet.locator("input[type=checkbox]").nth(1).is_checked()


def test_a_locked_device_stays_locked_when_it_is_loaded_again(tablet: "Page") -> None:
    pass_time(tablet, LOCKS_AFTER)
    expect_screen(tablet, "pin")
    tablet.reload()
    expect_screen(tablet, "pin")
    assert PLACES[0] not in tablet.locator("body").inner_text()
    enter_pin(tablet, PIN)
    expect_screen(tablet, "assignments")


def test_a_visit_made_before_the_round_was_closed_arrives_afterwards(app: Flask, tablet: "Page") -> None:
    tablet.context.set_offline(True)
    record(tablet, PLACES[0], "Vắng nhà")
    close_round(app)

    tablet.context.set_offline(False)

    wait_until(tablet, lambda: [visit.outcome for visit in read_visits(app)] == ["not_at_home"], forward=60)
    wait_until(tablet, lambda: not tablet.evaluate(VISITS))
    expect_screen(tablet, "stopped")


def test_storage_that_fails_at_the_end_keeps_response_and_visit_together(app: Flask, tablet: "Page") -> None:
    tablet.context.set_offline(True)
    begin_interview(tablet, PLACES[0])
    while tablet.locator("body").get_attribute("data-screen") == "interview":
        answer_in_interview(tablet)
    tablet.evaluate(
        "() => { const put = IDBObjectStore.prototype.put;"
        " IDBObjectStore.prototype.put = function (...values) {"
        "   if (window.broken !== false) throw new DOMException('full', 'QuotaExceededError');"
        "   return put.apply(this, values); } }"
    )
    press(tablet, "Hoàn thành phỏng vấn")
    expect_screen(tablet, "storage-failed")
    assert (read_device(tablet)["queue"], tablet.evaluate(VISITS)) == ([], [])

    tablet.evaluate("() => { window.broken = false }")
    press(tablet, "Thử lại")

    expect_screen(tablet, "interview-thanks")
    assert (len(read_device(tablet)["queue"]), len(tablet.evaluate(VISITS))) == (1, 1)


def test_an_interview_in_english(tablet: "Page") -> None:
    begin_interview(tablet, PLACES[0])
    press(tablet, "English")
    assert "Read the question out word by word" in tablet.locator(".eyebrow").inner_text()
    assert tablet.locator("h1").inner_text() == factories.shipped_form(FORM).questions[0].text.en


def test_every_screen_is_accessible_on_a_small_phone(
    app: Flask, network: Network, new_page: PageOpener, assert_accessible: Callable[["Page"], None]
) -> None:
    page = new_page(**PHONE)
    page.clock.install()
    pair(page, enrol_interviewer(app))
    assert_accessible(page)
    open_address(page, PLACES[0])
    assert_accessible(page)
    press(page, "Bắt đầu phỏng vấn")
    expect_screen(page, "consent")
    assert_accessible(page)
    press(page, "Người trả lời đồng ý: bắt đầu")
    expect_screen(page, "interview")
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    for row in page.locator(".choice").all():
        box = row.bounding_box()
        assert box is not None
        assert box["height"] >= 48
    press(page, "Dừng")
    expect_screen(page, "break-off")
    assert_accessible(page)
