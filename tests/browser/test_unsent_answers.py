"""Answers that only the phone has: no form is sent without them, none is deleted before the server has it."""

from typing import TYPE_CHECKING, Any

import pytest
from flask import Flask
from sqlalchemy import select

from survey.models import QuarantinedResponse, Response
from tests import factories
from tests.browser.respondents import REMARK, answer_page, press_primary

if TYPE_CHECKING:
    from playwright.sync_api import Page

PATH = f"/khao-sat/{factories.ROUND_CODE}/tthc/{factories.UNITS_OF_FORM['tthc'][0]}"
KEPT = "Object.keys(localStorage).length"
KEEP = "([name, given]) => localStorage.setItem(name, JSON.stringify({ at: Date.now(), given }))"


@pytest.fixture(autouse=True)
def _round(app: Flask) -> None:
    with app.extensions["database"].write() as session:
        factories.open_shipped_round(session, ["tthc", "quay-motcua"])


def go_to(page: "Page", place: str) -> str:
    """Answer up to this page; gives the path of the response."""
    page.goto(PATH)
    press_primary(page)
    while not page.url.endswith(f"/{place}"):
        answer_page(page)
        press_primary(page)
    return page.url.removesuffix(place)


def press_offline_and_close(page: "Page") -> None:
    page.context.set_offline(True)
    page.locator("main .actions .button--primary").click()
    page.locator(".unsent [data-says=kept]").wait_for()
    page.close()
    page.context.set_offline(False)


def take_up_again(page: "Page") -> "Page":
    again = page.context.new_page()
    again.goto(PATH)
    again.locator("section a.button--primary").click()
    return again


def read_response(app: Flask) -> Response:
    with app.extensions["database"].read() as session:
        return session.scalars(select(Response)).one()


def read_set_aside(app: Flask) -> list[Any]:
    with app.extensions["database"].read() as session:
        return [row.content["answers"] for row in session.scalars(select(QuarantinedResponse))]


def test_a_comment_that_was_not_sent_comes_before_the_review(app: Flask, phone_page: "Page") -> None:
    go_to(phone_page, "comments")
    phone_page.locator("textarea").fill(REMARK)
    press_offline_and_close(phone_page)

    again = take_up_again(phone_page)

    again.wait_for_url("**/comments?sua=1")
    assert again.locator("textarea").input_value() == REMARK
    press_primary(again)
    assert again.url.endswith("/xem-lai")
    press_primary(again)
    assert read_response(app).details["comment"] == REMARK
    assert again.evaluate(KEPT) == 0


def test_a_correction_that_was_not_sent_comes_before_the_review(app: Flask, phone_page: "Page") -> None:
    go_to(phone_page, "xem-lai")
    phone_page.locator("a[href*='access?sua=1']").first.click()
    phone_page.locator(".fold-line").first.click()
    phone_page.locator("#answer_q01-question .option").nth(4).click()
    press_offline_and_close(phone_page)

    again = take_up_again(phone_page)

    again.wait_for_url("**/access?sua=1")
    press_primary(again)
    press_primary(again)
    assert read_response(app).ratings[0] == "5"
    assert again.evaluate(KEPT) == 0


def test_a_review_is_not_sent_before_what_another_tab_left(app: Flask, phone_page: "Page") -> None:
    response = go_to(phone_page, "xem-lai")
    other = phone_page.context.new_page()
    other.goto(f"{response}comments?sua=1")
    other.locator("textarea").fill("Thêm một lời")
    other.close()

    press_primary(phone_page)

    assert phone_page.url.endswith("/comments?sua=1")
    assert phone_page.locator("textarea").input_value() == "Thêm một lời"


@pytest.mark.parametrize(("remark", "set_aside"), [(REMARK, []), ("Lời khác", [{"comment": "Lời khác"}])])
def test_what_is_left_beside_a_stored_form_is_deleted_once_the_server_has_it(
    app: Flask, phone_page: "Page", remark: str, set_aside: list[Any]
) -> None:
    response = go_to(phone_page, "xem-lai")
    press_primary(phone_page)
    key = f"hailong {response.split('/')[4]} comments"
    phone_page.evaluate(KEEP, [key, {"answer_comment": [remark]}])

    with phone_page.expect_response(f"{response}comments"):
        phone_page.reload()

    phone_page.wait_for_load_state("networkidle")
    phone_page.locator(".error-page" if set_aside else ".receipt").wait_for()
    assert phone_page.evaluate(KEPT) == 0
    assert read_set_aside(app) == set_aside
    assert read_response(app).details["comment"] == REMARK


def test_a_form_that_is_kept_in_its_tab_asks_to_keep_it_open(phone_page: "Page") -> None:
    phone_page.goto(PATH.replace("tthc", "quay-motcua"))
    answer_page(phone_page)
    phone_page.context.set_offline(True)

    phone_page.locator("main .actions .button--primary").click()

    phone_page.locator(".unsent [data-says=open]").wait_for()
    assert not phone_page.locator(".unsent [data-says=kept]").is_visible()
