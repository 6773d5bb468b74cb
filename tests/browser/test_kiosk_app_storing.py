"""The installed kiosk: each response arrives once, whatever the network does."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from flask import Flask

from survey.services import calendar
from tests.browser import kiosk_app
from tests.browser.kiosk_app import RESPONSES, count_quarantined, count_responses, expect_queue, read_device
from tests.fixtures import networks
from tests.fixtures.networks import Network

if TYPE_CHECKING:
    from playwright.sync_api import Page

OFFLINE_WORDS = "Phiếu đã được lưu trên thiết bị này và sẽ tự gửi khi có mạng."


def test_response_of_a_paired_kiosk_is_stored_once(app: Flask, kiosk: "Page") -> None:
    number = kiosk_app.rate_quickly(kiosk)

    expect_queue(kiosk, 0)
    with app.extensions["database"].read() as session:
        response = session.query(kiosk_app.Response).one()
    assert number.replace(" ", "") == f"{response.id.int % 10**12:012d}"
    assert (response.channel, response.selection, response.ratings) == ("kiosk", "self_selected", "3.")
    assert response.device_id is not None
    assert response.clock_band == "right"
    assert "Phiếu đã được lưu lúc" in kiosk.locator(".lead").inner_text()


def test_two_respondents_without_a_network_are_sent_without_a_reload(app: Flask, kiosk: "Page") -> None:
    kiosk.context.set_offline(True)
    kiosk_app.rate_quickly(kiosk, 0)
    assert kiosk.locator(".lead").inner_text() == OFFLINE_WORDS
    assert "đã được nhận" not in kiosk.locator("main").inner_text()
    kiosk_app.next_person(kiosk)
    kiosk_app.rate_quickly(kiosk, 2)
    assert len(read_device(kiosk)["queue"]) == 2
    assert count_responses(app) == 0

    kiosk.context.set_offline(False)

    expect_queue(kiosk, 0)
    with app.extensions["database"].read() as session:
        assert sorted(response.ratings for response in session.query(kiosk_app.Response)) == ["1.", "3."]


@pytest.mark.parametrize(
    "behaviour",
    [
        networks.portal,
        networks.empty,
        networks.redirect,
        networks.other_json,
        networks.broken,
        networks.forbidden_by_portal,
        networks.refuse("429 Too Many Requests", "rate_limited", kept=False),
    ],
    ids=["portal", "empty", "redirect", "other-json", "broken", "forbidden", "too-many"],
)
def test_what_is_no_receipt_deletes_nothing(
    app: Flask, network: Network, kiosk: "Page", behaviour: networks.Behaviour
) -> None:
    network.misbehave(behaviour)
    kiosk_app.rate_quickly(kiosk)
    assert kiosk.locator(".lead").inner_text() == OFFLINE_WORDS
    assert network.count(RESPONSES) >= 1
    assert len(read_device(kiosk)["queue"]) == 1

    network.recover()

    expect_queue(kiosk, 0)
    assert count_responses(app) == 1


@pytest.mark.parametrize(
    ("status", "code", "kept"),
    [
        ("409 Conflict", "response_conflict", True),
        ("422 Unprocessable Content", "answers_refused", True),
        ("413 Content Too Large", "too_large", False),
    ],
)
def test_what_the_server_refuses_is_held_for_staff(
    network: Network, kiosk: "Page", status: str, code: str, kept: bool
) -> None:
    network.misbehave(networks.refuse(status, code, kept=kept), times=1)

    kiosk_app.rate_quickly(kiosk)

    expect_queue(kiosk, 0)
    held = read_device(kiosk)["held"]
    assert [(entry["code"], entry["kept"]) for entry in held] == [(code, kept)]
    assert held[0]["id"] in held[0]["body"]


def test_answer_lost_after_the_commit_stores_one_row(app: Flask, network: Network, kiosk: "Page") -> None:
    network.misbehave(networks.cut_after_commit, times=2)

    kiosk_app.rate_quickly(kiosk)

    expect_queue(kiosk, 0)
    assert network.count(RESPONSES) >= 2
    assert count_responses(app) == 1
    assert count_quarantined(app) == 0


def test_silent_server_is_given_up_and_asked_again(app: Flask, network: Network, kiosk: "Page") -> None:
    kiosk.clock.install()
    network.misbehave(network.hang, times=1)
    kiosk_app.rate_quickly(kiosk)
    assert len(read_device(kiosk)["queue"]) == 1

    kiosk.clock.fast_forward("00:21")
    kiosk.clock.fast_forward("00:05")

    expect_queue(kiosk, 0)
    assert count_responses(app) == 1


def test_one_refused_response_does_not_keep_the_others_back(
    app: Flask, network: Network, kiosk: "Page"
) -> None:
    kiosk.context.set_offline(True)
    for choice in range(3):
        kiosk_app.rate_quickly(kiosk, choice)
        kiosk_app.next_person(kiosk)
    network.misbehave(networks.broken, times=1)

    kiosk.context.set_offline(False)

    expect_queue(kiosk, 0)
    assert count_responses(app) == 3


def test_response_for_a_closed_round_is_kept_by_the_server(app: Flask, kiosk: "Page") -> None:
    kiosk.context.set_offline(True)
    kiosk_app.rate_quickly(kiosk)
    kiosk_app.close_round(app)

    kiosk.context.set_offline(False)

    expect_queue(kiosk, 0)
    assert [entry["code"] for entry in read_device(kiosk)["held"]] == ["round_not_open"]
    assert (count_responses(app), count_quarantined(app)) == (0, 1)
    kiosk_app.press(kiosk, "Về trang đầu")
    kiosk_app.expect_screen(kiosk, "stopped")
    assert kiosk.locator("h1").inner_text() == "Đợt khảo sát đã kết thúc"


def test_device_with_a_clock_of_another_year_is_served_and_marked(
    app: Flask, network: Network, kiosk_page: "Page"
) -> None:
    kiosk_page.clock.install(time=datetime(1971, 2, 3, tzinfo=UTC))
    kiosk_app.pair(kiosk_page, kiosk_app.open_kiosk_round(app))

    kiosk_app.rate_quickly(kiosk_page)

    expect_queue(kiosk_page, 0)
    with app.extensions["database"].read() as session:
        response = session.query(kiosk_app.Response).one()
    assert response.clock_band == "days_off"
    assert response.received_on == calendar.local_date(calendar.now())
    assert response.device_on.year == 1971
