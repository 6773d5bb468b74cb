"""An interviewer's device that is left alone, and what it leaves on the screen and for a screen reader."""

from typing import TYPE_CHECKING, Any

import pytest
from flask import Flask
from sqlalchemy import select

from survey.models import Assignment
from tests.browser.kiosk_app import (
    PIN,
    enter_pin,
    expect_screen,
    open_staff_screen,
    pass_time,
    press,
    read_device,
    wait_until,
)
from tests.browser.test_interviewer_app import (
    LOCKS_AFTER,
    PLACES,
    answer_in_interview,
    begin_interview,
    enrol_interviewer,
    open_address,
    pair,
    record,
)
from tests.fixtures.browsers import PageOpener
from tests.fixtures.networks import Network

if TYPE_CHECKING:
    from playwright.sync_api import Page

BREAK = """() => { IDBObjectStore.prototype.put = function () {
  throw new DOMException("full", "QuotaExceededError"); } }"""


@pytest.fixture
def tablet(app: Flask, network: Network, new_page: PageOpener) -> "Page":
    """A paired device of 768 pixels that shows its list; its clock can be put forward."""
    page = new_page(viewport={"width": 768, "height": 1024}, has_touch=True)
    page.clock.install()
    pair(page, enrol_interviewer(app))
    return page


def test_the_last_answer_is_not_left_for_a_screen_reader(tablet: "Page") -> None:
    tablet.context.set_offline(True)
    begin_interview(tablet, PLACES[0])
    answer_in_interview(tablet)
    assert tablet.locator("#live").text_content() != ""
    pass_time(tablet, LOCKS_AFTER)
    expect_screen(tablet, "pin")
    assert tablet.locator("#live").text_content() == ""
    enter_pin(tablet, PIN)
    expect_screen(tablet, "interview")
    answer_in_interview(tablet)
    press(tablet, "Dừng")
    press(tablet, "Mở nhầm: xóa và không ghi gì")
    expect_screen(tablet, "address")
    assert tablet.locator("#live").text_content() == ""


def test_a_page_that_is_left_shows_no_address(tablet: "Page") -> None:
    begin_interview(tablet, PLACES[0])
    tablet.evaluate("() => { dispatchEvent(new PageTransitionEvent('pagehide')) }")
    assert tablet.locator("body").inner_text().split("\n")[0] == "Khảo sát sự hài lòng"
    assert "Địa chỉ" not in tablet.locator("header").inner_text()


def test_what_comes_up_by_itself_does_not_put_the_lock_off(tablet: "Page") -> None:
    pass_time(tablet, LOCKS_AFTER)
    expect_screen(tablet, "pin")


def test_the_right_pin_opens_a_device_that_cannot_store(tablet: "Page") -> None:
    pass_time(tablet, LOCKS_AFTER)
    expect_screen(tablet, "pin")
    tablet.evaluate(BREAK)
    enter_pin(tablet, PIN)
    expect_screen(tablet, "assignments")
    open_address(tablet, PLACES[0])
    press(tablet, "Quay lại")
    expect_screen(tablet, "assignments")


def test_a_clock_set_back_by_years_does_not_lock_for_years(tablet: "Page") -> None:
    tablet.get_by_role("button", name="Dành cho nhân viên").click()
    for _ in range(5):
        enter_pin(tablet, "1111")
        tablet.wait_for_function("() => document.querySelector('.pin-input').value === ''")
    tablet.locator(".field-error", has_text="quá nhiều lần").wait_for()
    tablet.clock.set_system_time("2020-01-01T08:00:00+07:00")
    enter_pin(tablet, PIN)
    tablet.wait_for_function("() => document.querySelector('.pin-input').value === ''")

    tablet.clock.fast_forward("15:05")
    # Locked meanwhile, since nobody touched it.
    enter_pin(tablet, PIN)

    expect_screen(tablet, "assignments")


def test_the_keyboard_keeps_its_place_when_the_list_changes(app: Flask, tablet: "Page") -> None:
    tablet.locator(".assignment", has_text=PLACES[1]).focus()
    with app.extensions["database"].write() as session:
        session.scalars(select(Assignment).where(Assignment.place == PLACES[0])).one().note = "cổng vàng"
    wait_until(tablet, lambda: reads_note(tablet), forward=60)
    assert PLACES[1] in tablet.evaluate("() => document.activeElement.innerText")


def reads_note(page: "Page") -> bool:
    items: Any = next(it for it in read_device(page)["settings"] if isinstance(it, dict) and "items" in it)
    return any(item["note"] == "cổng vàng" for item in items["items"])


def test_an_outcome_is_read_out_when_it_is_recorded(tablet: "Page") -> None:
    record(tablet, PLACES[0], "Vắng nhà")
    assert "Đã ghi: Vắng nhà" in (tablet.locator("#live").text_content() or "")


def test_staff_screen_of_a_tablet_speaks_of_no_kiosk(tablet: "Page") -> None:
    open_staff_screen(tablet)
    assert "kiosk" not in tablet.locator("body").inner_text().lower()
    assert tablet.get_by_role("button", name="Rời chế độ kiosk").count() == 0
