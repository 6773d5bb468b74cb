"""The seven questionnaires in a real browser, from the first page to the receipt."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from sqlalchemy import select

from survey.models import Response
from survey.services.drafts import purge_drafts
from tests import factories
from tests.browser.respondents import answer_page, assert_nothing_is_cut, fill_form, press_primary
from tests.fixtures.browsers import PHONE, PageOpener

if TYPE_CHECKING:
    from playwright.sync_api import Page

# Words that touch or cross the edge of their card.
CROSSING = """() => {
  const right = (e) => e.getBoundingClientRect().right;
  return [...document.querySelectorAll(".option-label, .answers a, .answer")]
    .filter((e) => e.getClientRects().length)
    .filter((e) => right(e) > right(e.closest(".question, .card")) - 8)
    .map((e) => e.textContent);
}"""
MANY_UNITS = ("18880", "18859", "18871", "19093", "19333", "19351", "SNV", "STC", "VD-BV-01", "VD-TH-01")


def start_path(form_id: str) -> str:
    return f"/khao-sat/{factories.ROUND_CODE}/{form_id}/{factories.UNITS_OF_FORM[form_id][0]}"


def open_rounds(app: Flask, *form_ids: str) -> None:
    with app.extensions["database"].write() as session:
        factories.open_shipped_round(session, form_ids)


def read_response(app: Flask) -> Response:
    with app.extensions["database"].read() as session:
        return session.scalars(select(Response)).one()  # type: ignore[no-any-return]


@pytest.mark.parametrize("form_id", factories.SHIPPED_FORMS)
def test_every_form_is_filled_on_a_small_phone(
    app: Flask, phone_page: "Page", assert_accessible: Callable[["Page"], None], form_id: str
) -> None:
    open_rounds(app, form_id)

    def look(page: "Page") -> None:
        assert_accessible(page)
        assert_nothing_is_cut(page)

    number = fill_form(phone_page, start_path(form_id), look)

    response = read_response(app)
    assert number.replace(" ", "") == f"{response.id.int % 10**12:012d}"
    assert len(response.ratings) == len(factories.shipped_form(form_id).rated)


def test_large_text_stays_within_its_card_on_a_small_phone(app: Flask, phone_page: "Page") -> None:
    open_rounds(app, "tthc")
    phone_page.add_init_script(
        "addEventListener('DOMContentLoaded', () => document.documentElement.style.fontSize = '200%')"
    )

    def look(page: "Page") -> None:
        assert_nothing_is_cut(page)
        assert page.evaluate(CROSSING) == []

    fill_form(phone_page, start_path("tthc"), look)
    phone_page.goto("/")
    phone_page.keyboard.press("Tab")
    link, header = (phone_page.locator(name).bounding_box() for name in (".skip-link", ".masthead"))
    assert link
    assert header
    assert link["y"] + link["height"] <= header["y"] + 1


def test_tthc_is_filled_without_javascript(app: Flask, new_page: PageOpener) -> None:
    open_rounds(app, "tthc")

    fill_form(new_page(**PHONE, java_script_enabled=False), start_path("tthc"), assert_nothing_is_cut)

    assert read_response(app).channel == "phone"


def test_citizen_finds_the_unit_from_the_first_page(
    app: Flask, page: "Page", assert_accessible: Callable[["Page"], None]
) -> None:
    open_rounds(app, "tthc", "sipas")
    page.goto("/")
    assert_accessible(page)

    page.get_by_role("link", name="Giải quyết thủ tục hành chính").click()
    page.get_by_role("link", name="Phường Đồng Hới").click()

    page.wait_for_url(f"**{start_path('tthc')}")
    assert page.locator("h1").inner_text() == "Khảo sát mức độ hài lòng về giải quyết thủ tục hành chính"


def test_summary_of_errors_leads_to_the_field(
    app: Flask, page: "Page", assert_accessible: Callable[["Page"], None]
) -> None:
    open_rounds(app, "tthc")
    page.goto(start_path("tthc"))
    press_primary(page)

    press_primary(page)

    assert_accessible(page)
    page.get_by_role("link", name="Xin Ông/Bà chọn một câu trả lời cho câu 2.").click()
    assert page.evaluate("document.activeElement.name") == "answer_sector"


def test_answers_can_be_given_with_the_keyboard_alone(app: Flask, page: "Page") -> None:
    open_rounds(app, "tthc")
    page.goto(start_path("tthc"))
    page.get_by_role("button", name="Bắt đầu").press("Enter")

    page.locator("input[name=answer_respondent_kind]").first.press("Space")
    page.locator("input[name=answer_sector]").first.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    page.wait_for_url("**/handling")


def test_changing_the_language_keeps_what_is_chosen(app: Flask, phone_page: "Page") -> None:
    open_rounds(app, "tthc")
    phone_page.goto(start_path("tthc"))
    press_primary(phone_page)
    answer_page(phone_page)

    with phone_page.expect_navigation():
        phone_page.get_by_role("button", name="English").click()

    assert phone_page.locator("h1").inner_text() == "Your dossier"
    assert phone_page.locator("input:checked").count() == 2


def test_double_click_and_back_store_one_response(app: Flask, page: "Page") -> None:
    open_rounds(app, "quay-motcua")
    page.goto(start_path("quay-motcua"))
    answer_page(page)
    page.get_by_role("button", name="Gửi phiếu").dblclick()
    page.wait_for_url("**/cam-on")

    page.reload()
    page.go_back()
    page.go_forward()

    assert read_response(app).channel == "phone"


def test_pages_beside_the_form_are_accessible(
    app: Flask, phone_page: "Page", assert_accessible: Callable[["Page"], None]
) -> None:
    with app.extensions["database"].write() as session:
        factories.load_catalogue(session)
        factories.publish_shipped_forms(session, ["tthc"])
        factories.open_round_with(session, ["tthc"], MANY_UNITS)
    units = f"/khao-sat/{factories.ROUND_CODE}/tthc/"

    for path in (units, f"{units}?tim=dong", f"{units}?tim=khong-co", "/khao-sat/khong-co/tthc/"):
        phone_page.goto(path)
        assert_accessible(phone_page)
        assert_nothing_is_cut(phone_page)


def test_pages_of_a_lost_response_are_accessible(
    app: Flask, phone_page: "Page", assert_accessible: Callable[["Page"], None]
) -> None:
    open_rounds(app, "tthc")
    phone_page.goto(start_path("tthc"))
    press_primary(phone_page)
    answer_page(phone_page)
    cookies = phone_page.context.cookies()
    phone_page.context.clear_cookies()
    press_primary(phone_page)
    assert phone_page.locator(".notice--warning").is_visible()
    assert phone_page.locator("input:checked").count() == 2
    assert_accessible(phone_page)

    with app.extensions["database"].write() as session:
        purge_drafts(session, now=datetime.now(UTC) + timedelta(days=3))
    phone_page.context.clear_cookies()
    phone_page.context.add_cookies(cookies)
    phone_page.reload()

    assert phone_page.get_by_role("link", name="Điền lại từ đầu").is_visible()
    assert_accessible(phone_page)
