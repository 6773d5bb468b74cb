"""The kiosk at 1080 × 1920: one question a screen, large rows, and nothing left for the next person."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from sqlalchemy import func, select

from survey.models import Response, ResponseDraft
from tests import factories
from tests.browser.respondents import answer_screen, assert_nothing_is_cut, fill_kiosk, press_primary
from tests.fixtures.browsers import KIOSK, PageOpener

if TYPE_CHECKING:
    from playwright.sync_api import Page

HEIGHT = 1920
LOWEST_ROW = 140
IDLE = "01:25"


def home(form_id: str) -> str:
    return f"/kiosk/{factories.ROUND_CODE}/{form_id}/{factories.UNITS_OF_FORM[form_id][0]}"


@pytest.fixture(autouse=True)
def _kiosk_round(app: Flask) -> None:
    with app.extensions["database"].write() as session:
        factories.open_shipped_round(session, ["tthc", "quay-motcua"])


def count(app: Flask, model: type) -> int:
    with app.extensions["database"].read() as session:
        return int(session.scalar(select(func.count()).select_from(model)))


def test_form_is_filled_on_the_kiosk(
    app: Flask, kiosk_page: "Page", assert_accessible: Callable[["Page"], None]
) -> None:
    def look(page: "Page") -> None:
        assert_accessible(page)
        assert_nothing_is_cut(page)
        for row in page.locator(".choice:not(.choice--apart)").all():
            assert (row.bounding_box() or {})["height"] >= LOWEST_ROW

    fill_kiosk(kiosk_page, home("tthc"), look)

    assert count(app, Response) == 1
    assert count(app, ResponseDraft) == 0


def test_rated_question_fits_the_screen_within_reach(kiosk_page: "Page") -> None:
    kiosk_page.goto(home("tthc"))
    press_primary(kiosk_page)
    while not kiosk_page.locator(".choice .face").count():
        answer_screen(kiosk_page)

    rows = [row.bounding_box() or {} for row in kiosk_page.locator(".choice").all()]

    assert len(rows) == 6
    assert rows[0]["y"] >= HEIGHT / 5
    assert rows[-1]["y"] + rows[-1]["height"] <= HEIGHT
    footer = kiosk_page.locator(".kiosk-foot").bounding_box() or {}
    assert rows[-1]["y"] + rows[-1]["height"] <= footer["y"]


def test_kiosk_works_without_javascript(app: Flask, new_page: PageOpener) -> None:
    fill_kiosk(new_page(**KIOSK, java_script_enabled=False), home("tthc"))

    assert count(app, Response) == 1


def test_quick_rating_takes_four_presses_on_one_screen(
    kiosk_page: "Page", assert_accessible: Callable[["Page"], None]
) -> None:
    kiosk_page.goto(home("quay-motcua"))
    assert_accessible(kiosk_page)
    assert_nothing_is_cut(kiosk_page)
    send = kiosk_page.get_by_role("button", name="Gửi phiếu")
    footer = kiosk_page.locator(".kiosk-foot").bounding_box() or {}
    place = send.bounding_box() or {}
    assert place["y"] + place["height"] <= footer["y"]

    for question in kiosk_page.locator(".tiles").all():
        question.locator(".option").last.tap()
    send.tap()

    kiosk_page.wait_for_url("**/cam-on")


def test_abandoned_kiosk_warns_and_forgets(app: Flask, kiosk_page: "Page") -> None:
    kiosk_page.clock.install()
    kiosk_page.goto(home("tthc"))
    with kiosk_page.expect_navigation():
        kiosk_page.get_by_role("link", name="English").tap()
    press_primary(kiosk_page)
    assert count(app, ResponseDraft) == 1

    kiosk_page.clock.fast_forward("01:01")
    assert kiosk_page.locator("#idle-warning").is_visible()
    kiosk_page.clock.fast_forward("00:17")
    assert kiosk_page.locator("#idle-warning").is_visible()
    kiosk_page.clock.fast_forward("00:05")

    kiosk_page.wait_for_url(f"**{home('tthc')}")
    assert kiosk_page.locator("html").get_attribute("lang") == "vi"
    assert count(app, ResponseDraft) == 0


def test_a_clock_that_is_set_back_does_not_keep_the_answers(kiosk_page: "Page") -> None:
    from playwright.sync_api import expect

    kiosk_page.clock.install()
    kiosk_page.goto(home("quay-motcua"))
    kiosk_page.locator(".tiles .option").first.tap()
    kiosk_page.evaluate("() => { const real = Date.now; Date.now = () => real() - 86_400_000; }")
    kiosk_page.clock.run_for(82_000)
    expect(kiosk_page.locator("input:checked")).to_have_count(0)


def test_who_is_still_there_goes_on(app: Flask, kiosk_page: "Page") -> None:
    kiosk_page.clock.install()
    kiosk_page.goto(home("tthc"))
    press_primary(kiosk_page)
    kiosk_page.clock.fast_forward("01:01")

    kiosk_page.locator("#idle-warning button").tap()
    kiosk_page.clock.fast_forward("00:30")

    assert "/cau/" in kiosk_page.url
    assert count(app, ResponseDraft) == 1


def test_untouched_start_screen_stays(kiosk_page: "Page") -> None:
    kiosk_page.clock.install()
    kiosk_page.goto(home("tthc"))

    kiosk_page.clock.fast_forward("10:00")

    assert not kiosk_page.locator("#idle-warning").is_visible()


def test_thanks_give_way_to_the_start_screen(kiosk_page: "Page") -> None:
    kiosk_page.clock.install()
    kiosk_page.goto(home("quay-motcua"))
    kiosk_page.get_by_role("button", name="Chữ lớn hơn").tap()
    kiosk_page.locator(".tiles .option").first.tap()
    kiosk_page.get_by_role("button", name="Gửi phiếu").tap()
    kiosk_page.wait_for_url("**/cam-on")
    assert "larger-text" in (kiosk_page.locator("html").get_attribute("class") or "")

    kiosk_page.clock.fast_forward("00:21")

    # The server leaves ten seconds between two forms, by its own clock.
    kiosk_page.wait_for_url(f"**{home('quay-motcua')}", timeout=20_000)
    assert kiosk_page.locator("html").get_attribute("class") == "kiosk"
    assert kiosk_page.locator("input:checked").count() == 0


def test_between_two_forms_ten_seconds_pass(kiosk_page: "Page") -> None:
    kiosk_page.goto(home("quay-motcua"))
    kiosk_page.locator(".tiles .option").first.tap()
    kiosk_page.get_by_role("button", name="Gửi phiếu").tap()
    kiosk_page.wait_for_url("**/cam-on")
    kiosk_page.get_by_role("link", name="Về trang đầu").tap()
    kiosk_page.get_by_role("heading", name="Xin chờ giây lát").wait_for()
    assert kiosk_page.locator(".tiles").count() == 0
    kiosk_page.locator(".tiles").first.wait_for(timeout=15_000)


def test_contrast_and_text_size_stay_readable(
    kiosk_page: "Page", assert_accessible: Callable[["Page"], None]
) -> None:
    kiosk_page.goto(home("tthc"))
    for name in ("Chữ lớn hơn", "Tương phản cao"):
        kiosk_page.get_by_role("button", name=name).tap()
    assert_accessible(kiosk_page)
    press_primary(kiosk_page)

    assert_accessible(kiosk_page)
    assert_nothing_is_cut(kiosk_page)
