"""Answers on a phone whose network breaks, whose tab is closed, which is handed on."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from sqlalchemy import func, select

from survey.models import Response
from tests import factories
from tests.browser.broken_link import BrokenLink, broken_link
from tests.browser.respondents import answer_page, assert_nothing_is_cut, fill_form, press_primary
from tests.fixtures.browsers import PHONE, WAIT_LIMIT_MILLISECONDS, PageOpener
from tests.fixtures.servers import LiveServer

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

KEPT = "Object.keys(localStorage).length + Object.keys(sessionStorage).length"


@pytest.fixture
def link(live_server: LiveServer) -> Iterator[BrokenLink]:
    with broken_link(live_server.port) as link:
        yield link


@pytest.fixture
def far_page(chromium: "Browser", link: BrokenLink) -> Iterator["Page"]:
    """A page of a phone that reaches the server through the link."""
    context = chromium.new_context(base_url=link.url, locale="vi-VN", **PHONE)
    context.set_default_timeout(WAIT_LIMIT_MILLISECONDS)
    yield context.new_page()
    context.close()


def start_path(form_id: str) -> str:
    return f"/khao-sat/{factories.ROUND_CODE}/{form_id}/{factories.UNITS_OF_FORM[form_id][0]}"


def open_round(app: Flask, form_id: str = "tthc") -> str:
    with app.extensions["database"].write() as session:
        factories.open_shipped_round(session, [form_id])
    return start_path(form_id)


def count_responses(app: Flask) -> int:
    with app.extensions["database"].read() as session:
        return session.scalar(select(func.count()).select_from(Response)) or 0


def answer_first_section(page: "Page", path: str) -> None:
    page.goto(path)
    press_primary(page)
    answer_page(page)


def press(page: "Page") -> None:
    """Press the button that leads on, wherever it leads."""
    page.locator("main .actions .button--primary").click()


def says(page: "Page", name: str) -> None:
    page.locator(f".unsent [data-says={name}]").wait_for()


def test_a_cut_network_loses_no_answer(
    app: Flask, link: BrokenLink, far_page: "Page", assert_accessible: Callable[["Page"], None]
) -> None:
    answer_first_section(far_page, open_round(app))
    link.way = "cut"
    press(far_page)
    says(far_page, "failed")
    says(far_page, "kept")
    assert_accessible(far_page)
    assert_nothing_is_cut(far_page)
    assert far_page.evaluate(KEPT) == 1

    link.way = "open"

    far_page.wait_for_url("**/handling")
    assert far_page.evaluate(KEPT) == 0


def test_an_answer_lost_on_its_way_is_one_response(app: Flask, link: BrokenLink, far_page: "Page") -> None:
    far_page.goto(open_round(app, "quay-motcua"))
    answer_page(far_page)
    link.way = "answers_lost"
    far_page.locator("main .actions .button--primary").dblclick()
    says(far_page, "failed")
    assert count_responses(app) == 1
    press(far_page)
    link.way = "open"

    far_page.wait_for_url("**/cam-on")

    assert count_responses(app) == 1
    assert link.posts > 1
    assert far_page.evaluate(KEPT) == 0


def test_the_page_of_a_captive_portal_is_no_receipt(app: Flask, link: BrokenLink, far_page: "Page") -> None:
    answer_first_section(far_page, open_round(app))
    link.way = "portal"
    press(far_page)
    says(far_page, "foreign")

    link.way = "open"
    far_page.locator(".unsent button").click()

    far_page.wait_for_url("**/handling")


def test_a_network_that_hangs_is_given_up_and_tried_again(
    app: Flask, link: BrokenLink, far_page: "Page"
) -> None:
    far_page.clock.install()
    answer_first_section(far_page, open_round(app))
    link.way = "hangs"
    press(far_page)
    far_page.clock.fast_forward("00:05")
    says(far_page, "slow")
    far_page.clock.fast_forward("00:16")
    says(far_page, "failed")

    link.way = "open"
    far_page.clock.fast_forward("00:03")

    far_page.wait_for_url("**/handling")


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_server_in_trouble_is_asked_again(app: Flask, phone_page: "Page", status: int) -> None:
    answer_first_section(phone_page, open_round(app))
    headers = {"X-Hailong": "page"}
    phone_page.route("**/dossier", lambda route: route.fulfill(status=status, headers=headers), times=1)
    press(phone_page)
    says(phone_page, "failed")

    phone_page.locator(".unsent button").click()

    phone_page.wait_for_url("**/handling")


def test_an_offline_phone_sends_as_soon_as_it_is_online(app: Flask, phone_page: "Page") -> None:
    answer_first_section(phone_page, open_round(app))
    phone_page.context.set_offline(True)
    press(phone_page)
    says(phone_page, "failed")

    phone_page.context.set_offline(False)

    phone_page.wait_for_url("**/handling")


def test_unsent_answers_are_there_after_a_reload(app: Flask, phone_page: "Page") -> None:
    answer_first_section(phone_page, open_round(app))

    phone_page.reload()

    says(phone_page, "restored")
    assert phone_page.locator("input:checked").count() == 2
    press_primary(phone_page)
    assert phone_page.url.endswith("/handling")


def test_the_link_offers_the_form_that_was_left(
    app: Flask, phone_page: "Page", assert_accessible: Callable[["Page"], None]
) -> None:
    path = open_round(app)
    answer_first_section(phone_page, path)
    phone_page.close()

    again = phone_page.context.new_page()
    again.goto(path)
    assert_accessible(again)
    assert_nothing_is_cut(again)
    assert again.locator("input:checked").count() == 0
    again.locator("section a.button--primary").click()

    again.wait_for_url("**/dossier")
    assert again.locator("input:checked").count() == 2


def test_a_new_form_knows_nothing_of_the_one_before(app: Flask, phone_page: "Page") -> None:
    path = open_round(app)
    answer_first_section(phone_page, path)
    phone_page.goto(path)

    with phone_page.expect_navigation():
        phone_page.locator("form .button--secondary:visible").click()

    assert phone_page.locator("input:checked").count() == 0
    assert phone_page.evaluate(KEPT) == 0


def test_faults_are_shown_in_place_and_can_be_corrected(
    app: Flask, phone_page: "Page", assert_accessible: Callable[["Page"], None]
) -> None:
    phone_page.goto(open_round(app))
    press_primary(phone_page)
    phone_page.locator(".option").first.click()
    press_primary(phone_page)

    assert phone_page.evaluate("document.activeElement.className") == "error-summary"
    assert_accessible(phone_page)
    answer_page(phone_page)
    press_primary(phone_page)
    assert phone_page.url.endswith("/handling")


def test_nothing_is_left_after_the_thanks(app: Flask, phone_page: "Page") -> None:
    fill_form(phone_page, open_round(app))

    assert phone_page.evaluate(KEPT) == 0


def test_a_phone_without_storage_sends_all_the_same(app: Flask, phone_page: "Page") -> None:
    phone_page.add_init_script("Storage.prototype.setItem = () => { throw new DOMException('full'); };")
    answer_first_section(phone_page, open_round(app))
    phone_page.context.set_offline(True)
    press(phone_page)
    says(phone_page, "open")

    phone_page.context.set_offline(False)

    phone_page.wait_for_url("**/handling")


def test_a_kiosk_keeps_nothing(app: Flask, new_page: PageOpener) -> None:
    page = new_page()
    path = open_round(app, "quay-motcua").replace("khao-sat", "kiosk")
    page.goto(path)

    answer_page(page)

    assert page.locator("script[src*=keep]").count() == 0
    assert page.evaluate(KEPT) == 0
