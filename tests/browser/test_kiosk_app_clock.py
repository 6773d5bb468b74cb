"""A kiosk with a wrong clock that starts without a network goes on asking: only the server ends a round."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from flask import Flask

from survey.services import calendar
from tests.browser import kiosk_app
from tests.browser.kiosk_app import count_responses, expect_queue, expect_screen

if TYPE_CHECKING:
    from playwright.sync_api import Page


def start_anew_offline(page: "Page", moment: datetime) -> None:
    """The device was switched off, and its clock says something else now."""
    page.context.set_offline(True)
    page.clock.install(time=moment)
    page.reload()


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2000, 1, 1, tzinfo=UTC),
        datetime(1970, 1, 1, 0, 5, tzinfo=UTC),
        calendar.now() + timedelta(days=366),
    ],
    ids=["2000", "1970", "a year ahead"],
)
def test_a_wrong_clock_does_not_stop_a_kiosk_without_a_network(
    app: Flask, kiosk: "Page", moment: datetime
) -> None:
    start_anew_offline(kiosk, moment)

    expect_screen(kiosk, "single")
    kiosk_app.rate_quickly(kiosk)
    kiosk.context.set_offline(False)

    expect_queue(kiosk, 0)
    assert count_responses(app) == 1


def test_a_round_that_has_ended_by_the_server_s_clock_stays_ended_without_a_network(
    app: Flask, kiosk: "Page"
) -> None:
    kiosk_app.install_clock(kiosk, "single")
    kiosk_app.close_round(app)
    kiosk.clock.fast_forward("01:01")
    expect_screen(kiosk, "stopped")

    kiosk.context.set_offline(True)
    kiosk.reload()

    expect_screen(kiosk, "stopped")


def test_a_kiosk_that_was_told_too_early_goes_on_when_the_server_asks(app: Flask, kiosk: "Page") -> None:
    """A refused response stops it; a contact in the days of the round starts it again."""
    kiosk_app.install_clock(kiosk, "single")
    kiosk.evaluate(
        """async () => {
          const request = indexedDB.open("hailong-kiosk");
          await new Promise((resolve) => (request.onsuccess = resolve));
          const database = request.result;
          const change = database.transaction("settings", "readwrite");
          change.objectStore("settings").put({ code: "round_not_open", detail: "" }, "stopped");
          await new Promise((resolve) => (change.oncomplete = resolve));
          database.close();
        }"""
    )
    kiosk.context.set_offline(True)
    kiosk.reload()
    expect_screen(kiosk, "stopped")

    kiosk.context.set_offline(False)
    kiosk.clock.fast_forward("01:01")
    kiosk.clock.fast_forward("01:01")

    expect_screen(kiosk, "single")
