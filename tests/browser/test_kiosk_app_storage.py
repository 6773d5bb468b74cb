"""Where the device cannot store, the kiosk stops visibly, thanks nobody, and goes on when it can again."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from flask import Flask

from tests.browser import kiosk_app
from tests.browser.kiosk_app import count_responses, expect_queue, expect_screen
from tests.fixtures.servers import LiveServer

if TYPE_CHECKING:
    from playwright.sync_api import CDPSession, Page

# What a browser does when somebody clears its data, or when the disk goes away: every connection is closed at
# once, and none can be opened any more.
CLOSE = """() => {
  const open = indexedDB.open.bind(indexedDB);
  window.restore = () => { IDBFactory.prototype.open = open; };
  IDBFactory.prototype.open = () => { throw new DOMException("closed by the test", "UnknownError"); };
  IDBDatabase.prototype.transaction = new Proxy(IDBDatabase.prototype.transaction, {
    apply(work, database, parts) {
      if (IDBFactory.prototype.open === open) return Reflect.apply(work, database, parts);
      database.close();
      return Reflect.apply(work, database, parts);
    },
  });
}"""
QUOTA = 4_000_000
FILL = """async () => {
  const request = indexedDB.open("filler");
  request.onupgradeneeded = () => request.result.createObjectStore("parts", { autoIncrement: true });
  const database = await new Promise((resolve) => (request.onsuccess = () => resolve(request.result)));
  const write = (size) => new Promise((resolve) => {
    const transaction = database.transaction("parts", "readwrite");
    transaction.objectStore("parts").add(crypto.getRandomValues(new Uint8Array(size)));
    transaction.oncomplete = () => resolve(true);
    transaction.onabort = () => resolve(false);
  });
  for (let size = 65_536; size >= 1; size = Math.floor(size / 4)) {
    while (await write(size));
  }
}"""
RESTORE = "() => window.restore()"


@pytest.fixture
def quota(kiosk_page: "Page", live_server: LiveServer) -> "CDPSession":
    """A device with little room; named before `kiosk`, since Chromium allots room with the first write."""
    session = kiosk_page.context.new_cdp_session(kiosk_page)
    origin = live_server.url("").rstrip("/")
    session.send("Storage.overrideQuotaForOrigin", {"origin": origin, "quotaSize": QUOTA})
    return session


def close_while_answering(page: "Page") -> None:
    """In one turn, so that the kiosk's own rounds do not find the fault before the respondent does."""
    page.evaluate(f"() => {{ ({CLOSE})(); document.querySelector('.tiles .option').click(); }}")


def fill_up(page: "Page") -> None:
    """Use up the room, as other pages of the device may do."""
    page.evaluate(FILL)


def make_room(session: "CDPSession", page: "Page") -> None:
    session.send("Storage.overrideQuotaForOrigin", {"origin": page.url.split("/kiosk")[0]})


def test_full_storage_while_answering_stops_the_kiosk(quota: "CDPSession", kiosk: "Page") -> None:
    fill_up(kiosk)

    kiosk.locator(".tiles .option").nth(2).click()

    expect_screen(kiosk, "storage-failed")
    assert kiosk.locator("h1").inner_text() == "Thiết bị tạm thời không lưu được phiếu"
    make_room(quota, kiosk)
    kiosk_app.press(kiosk, "Thử lại")
    expect_screen(kiosk, "single")
    assert kiosk.locator(".tiles .option").nth(2).locator("input").is_checked()


def test_form_that_cannot_be_stored_is_not_thanked_for_and_is_rescued(
    app: Flask, quota: "CDPSession", kiosk: "Page"
) -> None:
    kiosk.locator(".tiles .option").nth(2).click()
    kiosk.context.set_offline(True)
    fill_up(kiosk)

    kiosk_app.press(kiosk, "Gửi phiếu")

    expect_screen(kiosk, "storage-failed")
    assert "Phiếu vừa gửi chưa lưu được" in kiosk.locator("main").inner_text()
    assert kiosk.locator(".receipt").count() == 0
    kiosk_app.open_staff_screen(kiosk)
    with kiosk.expect_download() as download:
        kiosk_app.press(kiosk, "Tải tệp cứu phiếu")
    lines = download.value.path().read_text(encoding="utf-8").splitlines()
    assert [json.loads(json.loads(line)["body"])["answers"] for line in lines[1:-1]] == [{"overall": 3}]

    make_room(quota, kiosk)
    kiosk.context.set_offline(False)
    kiosk_app.press(kiosk, "Quay lại")
    expect_screen(kiosk, "storage-failed")
    kiosk_app.press(kiosk, "Thử lại")
    kiosk_app.read_receipt(kiosk)
    expect_queue(kiosk, 0)
    assert count_responses(app) == 1


def test_closed_database_while_answering_stops_the_kiosk(
    app: Flask, kiosk: "Page", assert_accessible: Callable[["Page"], None]
) -> None:
    close_while_answering(kiosk)

    expect_screen(kiosk, "storage-failed")
    assert_accessible(kiosk)
    kiosk.evaluate(RESTORE)
    kiosk_app.press(kiosk, "Thử lại")
    expect_screen(kiosk, "single")
    kiosk_app.press(kiosk, "Gửi phiếu")
    kiosk_app.read_receipt(kiosk)
    expect_queue(kiosk, 0)
    assert count_responses(app) == 1


def test_kiosk_goes_on_by_itself_when_it_can_store_again(kiosk: "Page") -> None:
    kiosk_app.install_clock(kiosk, "single")
    close_while_answering(kiosk)
    expect_screen(kiosk, "storage-failed")

    kiosk.evaluate(RESTORE)
    kiosk.clock.fast_forward("00:06")

    expect_screen(kiosk, "single")


def test_kiosk_whose_data_were_cleared_stays_paired(app: Flask, quota: "CDPSession", kiosk: "Page") -> None:
    kiosk_app.install_clock(kiosk, "single")
    origin = kiosk.url.split("/kiosk")[0]
    quota.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "indexeddb"})

    kiosk_app.rate_quickly(kiosk)
    expect_queue(kiosk, 0)
    kiosk.clock.fast_forward("01:01")
    expect_credential(kiosk)
    kiosk.reload()

    expect_screen(kiosk, "single")
    assert count_responses(app) == 1


def expect_credential(page: "Page") -> None:
    for _ in range(50):
        if any(
            "secret" in entry for entry in kiosk_app.read_device(page)["settings"] if isinstance(entry, dict)
        ):
            return
        page.wait_for_timeout(100)
    raise AssertionError("the credential is gone")


def test_full_storage_is_told_to_the_fleet_page(app: Flask, quota: "CDPSession", kiosk: "Page") -> None:
    kiosk_app.install_clock(kiosk, "single")
    fill_up(kiosk)
    kiosk.locator(".tiles .option").first.click()
    expect_screen(kiosk, "storage-failed")

    kiosk.clock.fast_forward("01:01")
    for _ in range(50):
        if kiosk_app.fetch_device(app).storage_state == "full":
            return
        kiosk.wait_for_timeout(100)
    raise AssertionError(kiosk_app.fetch_device(app).storage_state)
