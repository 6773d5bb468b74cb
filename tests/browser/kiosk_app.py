"""How an official sets up the kiosk application, and how people in the hall use it."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from flask import Flask
from sqlalchemy import func, select

from survey.models import Device, QuarantinedResponse, Response
from survey.services.calendar import now
from survey.services.devices import create_device
from tests import factories

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

HOME = "/kiosk/may/"
PIN = "2468"
QUICK = "quay-motcua"
RESPONSES = "/api/v1/responses"
# Seconds; the device waits 20 for an answer and 10 for its storage, by a clock that the tests put forward.
LONGEST_STEP = 8
CONTROLLED = """async () => {
  const workers = navigator.serviceWorker;
  await workers.ready;
  if (!workers.controller) await new Promise((resolve) => (workers.oncontrollerchange = resolve));
}"""
DATABASE = """async (work) => {
  const request = indexedDB.open("hailong-kiosk");
  const database = await new Promise((resolve) => (request.onsuccess = () => resolve(request.result)));
  const stores = ["queue", "held", "settings", "partials"];
  const found = {};
  for (const name of stores) {
    const all = database.transaction(name).objectStore(name).getAll();
    found[name] = await new Promise((resolve) => (all.onsuccess = () => resolve(all.result)));
  }
  database.close();
  return found;
}"""


def open_kiosk_round(app: Flask, form_ids: Sequence[str] = (QUICK,), **options: Any) -> str:
    """An open round of shipped forms with one kiosk; gives its pairing code."""
    with app.extensions["database"].write() as session:
        factories.load_small_catalogue(session, (factories.UNIT_CODE,))
        factories.publish_shipped_forms(session, form_ids)
        factories.open_round_with(session, form_ids, (factories.UNIT_CODE,), **options)
    return enrol(app)


def open_small_kiosk_round(app: Flask) -> str:
    """The example form, which has a question of nearly every kind; gives a pairing code."""
    with app.extensions["database"].write() as session:
        factories.open_small_round(session)
    return enrol(app)


def install_clock(page: "Page", screen: str) -> None:
    """From here on the test says how time passes; every timer of the page is made anew."""
    page.clock.install()
    page.reload()
    expect_screen(page, screen)


def pass_time(page: "Page", seconds: int) -> None:
    """Let the device's own time go by.

    In steps that are shorter than the device waits for an answer, each with time for a real one.
    """
    for _ in range(0, seconds, LONGEST_STEP):
        page.clock.run_for(LONGEST_STEP * 1000)
        page.wait_for_timeout(50)


def wait_until(page: "Page", is_so: Callable[[], bool], forward: int = 0) -> None:
    """`forward`: seconds of the device's own time that go by between two looks."""
    for _ in range(100):
        pass_time(page, forward)
        if is_so():
            return
        page.wait_for_timeout(100)
    raise AssertionError("it did not become so")


def enrol(app: Flask) -> str:
    with app.extensions["database"].write() as session:
        _line, code = create_device(
            session,
            round_code=factories.ROUND_CODE,
            unit_code=factories.UNIT_CODE,
            kind="kiosk",
            name="Kiosk cửa số 1",
            pin=PIN,
            now=now(),
        )
    return code


def close_round(app: Flask) -> None:
    from survey.services.rounds import close_round as close

    with app.extensions["database"].write() as session:
        close(session, factories.ROUND_CODE)


def pair(page: "Page", code: str, first_screen: str = "single") -> None:
    """Open the address of the QR code; the app is complete on the device afterwards."""
    page.goto(f"{HOME}#ghep={code}")
    expect_screen(page, first_screen)
    page.evaluate(CONTROLLED)


def expect_screen(page: "Page", name: str, timeout: float = 10_000) -> None:
    from playwright.sync_api import expect

    expect(page.locator("body")).to_have_attribute("data-screen", name, timeout=timeout)


def press(page: "Page", name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def rate_quickly(page: "Page", choice: int = 2) -> str:
    """Fill the form that is one screen; gives the receipt number."""
    expect_screen(page, "single")
    page.locator(".tiles .option").nth(choice).click()
    press(page, "Gửi phiếu")
    return read_receipt(page)


def read_receipt(page: "Page") -> str:
    expect_screen(page, "thanks")
    return page.locator(".receipt").inner_text()


def next_person(page: "Page") -> None:
    """The next one comes when the kiosk takes a form again."""
    press(page, "Về trang đầu")
    if page.locator("body").get_attribute("data-screen") != "single":
        expect_screen(page, "single", timeout=30_000)


def answer_question(page: "Page", look: Any = lambda page: None) -> None:
    """Answer the question of a screen and wait for the next screen."""
    from playwright.sync_api import expect

    look(page)
    before = page.locator(".progress-words").inner_text()
    if page.locator(".choice").count():
        page.locator(".choice").first.click()
    else:
        if page.locator(".keypad").count():
            page.locator(".keypad button[value='4']").click()
        elif page.locator("textarea").count():
            page.locator("textarea").fill("Nhân viên hướng dẫn tận tình.")
        elif page.locator("input[type=checkbox]").count():
            page.locator(".option").first.click()
        press(page, "Tiếp tục")
    expect(progress_or_send(page)).not_to_have_text(before)


def progress_or_send(page: "Page") -> "Locator":
    return page.locator(".progress-words, [data-screen=send] h1").first


def open_staff_screen(page: "Page", pin: str = PIN) -> None:
    page.get_by_role("button", name="Dành cho nhân viên").click()
    enter_pin(page, pin)
    expect_screen(page, "staff")


def enter_pin(page: "Page", pin: str) -> None:
    expect_screen(page, "pin")
    for digit in pin:
        page.locator(f".keypad button[value='{digit}']").click()
    press(page, "Tiếp tục")


def read_device(page: "Page") -> dict[str, list[Any]]:
    """What the browser keeps of the app."""
    found: dict[str, list[Any]] = page.evaluate(DATABASE)
    return found


def expect_queue(page: "Page", length: int) -> None:
    """Wait until the queue of the device is that long."""
    for _ in range(80):
        found = len(read_device(page)["queue"])
        if found == length:
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"the queue holds {found}, not {length}")


def count(app: Flask, model: type) -> int:
    with app.extensions["database"].read() as session:
        return int(session.scalar(select(func.count()).select_from(model)))


def count_responses(app: Flask) -> int:
    return count(app, Response)


def count_quarantined(app: Flask) -> int:
    return count(app, QuarantinedResponse)


def fetch_device(app: Flask) -> Device:
    with app.extensions["database"].read() as session:
        return session.scalars(select(Device)).one()  # type: ignore[no-any-return]
