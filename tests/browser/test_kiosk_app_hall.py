"""The installed kiosk in a hall: everybody can use it, and the next person sees nothing of the last one."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from flask import Flask

from tests.browser import kiosk_app
from tests.browser.kiosk_app import count_responses, expect_queue, expect_screen, press, read_device
from tests.browser.respondents import assert_nothing_is_cut
from tests.fixtures.browsers import PHONE, PageOpener

if TYPE_CHECKING:
    from playwright.sync_api import Page

LOWEST_ROW = 140


@pytest.fixture
def long_kiosk(app: Flask, kiosk_page: "Page", no_pause: None) -> "Page":
    """A kiosk that shows the start screen of the questionnaire on procedures."""
    kiosk_app.pair(kiosk_page, kiosk_app.open_kiosk_round(app, ["tthc"]), "start")
    return kiosk_page


def begin(page: "Page", answers: int = 2) -> None:
    press(page, "Bắt đầu")
    expect_screen(page, "question")
    for _ in range(answers):
        kiosk_app.answer_question(page)


def test_form_is_filled_on_the_installed_kiosk(
    app: Flask, kiosk_page: "Page", assert_accessible: Callable[["Page"], None]
) -> None:
    def look(page: "Page") -> None:
        assert_accessible(page)
        assert_nothing_is_cut(page)
        for row in page.locator(".choice:not(.choice--apart)").all():
            assert (row.bounding_box() or {})["height"] >= LOWEST_ROW

    kiosk_app.pair(kiosk_page, kiosk_app.open_small_kiosk_round(app), "start")
    look(kiosk_page)
    press(kiosk_page, "Bắt đầu")
    expect_screen(kiosk_page, "question")
    while kiosk_page.locator("body").get_attribute("data-screen") == "question":
        kiosk_app.answer_question(kiosk_page, look)
    look(kiosk_page)
    press(kiosk_page, "Gửi phiếu")
    kiosk_app.read_receipt(kiosk_page)
    look(kiosk_page)

    expect_queue(kiosk_page, 0)
    with app.extensions["database"].read() as session:
        response = session.query(kiosk_app.Response).one()
    assert (response.ratings, response.duration_band) == ("11", "under_1m")


def test_rated_question_fits_the_screen_within_reach(long_kiosk: "Page") -> None:
    begin(long_kiosk, answers=6)

    rows = [row.bounding_box() or {} for row in long_kiosk.locator(".choice").all()]

    footer = long_kiosk.locator(".kiosk-foot").bounding_box() or {}
    assert len(rows) == 6
    assert long_kiosk.locator(".choice .face").count() == 5
    assert rows[0]["y"] >= 1920 / 5
    assert rows[-1]["y"] + rows[-1]["height"] <= footer["y"]


def test_abandoned_kiosk_warns_forgets_and_counts(app: Flask, long_kiosk: "Page") -> None:
    kiosk_app.install_clock(long_kiosk, "start")
    press(long_kiosk, "English")
    press(long_kiosk, "Start")
    long_kiosk.locator(".choice").first.click()
    long_kiosk.clock.run_for(400)
    long_kiosk.clock.fast_forward("01:01")
    assert long_kiosk.locator("#idle-warning").is_visible()

    long_kiosk.clock.fast_forward("00:18")
    assert long_kiosk.locator("#idle-warning").is_visible()
    long_kiosk.clock.fast_forward("00:03")

    expect_screen(long_kiosk, "start")
    assert long_kiosk.locator("html").get_attribute("lang") == "vi"
    assert read_device(long_kiosk)["partials"] == []
    long_kiosk.clock.fast_forward("01:01")
    for _ in range(50):
        if kiosk_app.fetch_device(app).dropped_count == 1:
            return
        long_kiosk.wait_for_timeout(100)
    raise AssertionError("the dropped response is not counted")


def test_who_is_still_there_goes_on(long_kiosk: "Page") -> None:
    kiosk_app.install_clock(long_kiosk, "start")
    press(long_kiosk, "Bắt đầu")
    long_kiosk.clock.fast_forward("01:01")

    press(long_kiosk, "Tiếp tục trả lời")
    long_kiosk.clock.fast_forward("00:30")

    expect_screen(long_kiosk, "question")


def test_untouched_start_screen_stays(long_kiosk: "Page") -> None:
    kiosk_app.install_clock(long_kiosk, "start")

    long_kiosk.clock.fast_forward("10:00")

    assert long_kiosk.locator("#idle-warning").count() == 0


def test_back_button_leads_nowhere(long_kiosk: "Page") -> None:
    begin(long_kiosk)
    heading = long_kiosk.locator("h1").inner_text()

    long_kiosk.evaluate("history.back()")
    long_kiosk.evaluate("history.back()")

    assert long_kiosk.url.endswith(kiosk_app.HOME)
    assert long_kiosk.locator("h1").inner_text() == heading


def test_nothing_of_the_last_person_comes_back(long_kiosk: "Page") -> None:
    begin(long_kiosk)

    long_kiosk.goto("about:blank")
    long_kiosk.go_back()

    expect_screen(long_kiosk, "start")
    press(long_kiosk, "Bắt đầu")
    assert long_kiosk.locator(".choice[aria-pressed=true]").count() == 0
    assert [entry for entry in read_device(long_kiosk)["settings"] if entry == 1] == [1]


def test_answers_stay_when_one_goes_back(long_kiosk: "Page") -> None:
    begin(long_kiosk)

    press(long_kiosk, "Quay lại")

    assert long_kiosk.locator(".choice[aria-pressed=true]").count() == 1


def test_wrong_number_is_explained(long_kiosk: "Page") -> None:
    begin(long_kiosk, answers=4)
    for _ in range(2):
        long_kiosk.locator(".keypad button[value='9']").click()

    press(long_kiosk, "Tiếp tục")

    assert "Xin Ông/Bà ghi số không quá 50 cho câu 5." in long_kiosk.locator(".error-summary").inner_text()
    assert long_kiosk.locator(".control").input_value() == "99"


def test_language_and_look_last_until_the_next_person(
    long_kiosk: "Page", assert_accessible: Callable[["Page"], None]
) -> None:
    press(long_kiosk, "Bắt đầu")
    for name in ("Chữ lớn hơn", "Tương phản cao"):
        press(long_kiosk, name)
    kiosk_app.answer_question(long_kiosk)
    press(long_kiosk, "English")
    assert long_kiosk.locator("h1").inner_text() == "Which field does the dossier belong to?"
    assert_accessible(long_kiosk)
    assert_nothing_is_cut(long_kiosk)

    press(long_kiosk, "Back")
    press(long_kiosk, "Back")

    expect_screen(long_kiosk, "start")
    assert long_kiosk.locator("html").get_attribute("class") == "kiosk"
    assert long_kiosk.locator("html").get_attribute("lang") == "vi"


def test_keyboard_alone_fills_a_form_and_the_heading_is_read_first(long_kiosk: "Page") -> None:
    long_kiosk.get_by_role("button", name="Bắt đầu").press("Enter")
    expect_screen(long_kiosk, "question")
    assert long_kiosk.evaluate("document.activeElement.tagName") == "H1"

    long_kiosk.keyboard.press("Tab")
    long_kiosk.keyboard.press("Enter")

    long_kiosk.locator("h1", has_text="Hồ sơ thuộc lĩnh vực nào?").wait_for()
    assert long_kiosk.evaluate("document.activeElement.tagName") == "H1"


def test_forms_are_chosen_first_where_there_are_several(
    app: Flask, new_page: PageOpener, assert_accessible: Callable[["Page"], None]
) -> None:
    page = new_page(**PHONE)
    code = kiosk_app.open_kiosk_round(app, ["tthc", kiosk_app.QUICK], is_demonstration=True)
    kiosk_app.pair(page, code, "choose-form")
    assert page.locator(".demonstration").is_visible()
    assert_accessible(page)
    assert_nothing_is_cut(page)

    press(page, "Đánh giá nhanh tại quầy")
    expect_screen(page, "single")
    assert_accessible(page)
    assert_nothing_is_cut(page)
    press(page, "Gửi phiếu")
    assert "Xin Ông/Bà chọn một mức cho câu 1." in page.locator(".error-summary").inner_text()
    assert_accessible(page)

    kiosk_app.rate_quickly(page)

    expect_queue(page, 0)
    assert count_responses(app) == 1


def test_next_form_waits_for_the_minimum_interval(
    app: Flask, kiosk_page: "Page", assert_accessible: Callable[["Page"], None]
) -> None:
    kiosk_page.clock.install()
    kiosk_app.pair(kiosk_page, kiosk_app.open_kiosk_round(app))
    kiosk_app.rate_quickly(kiosk_page)
    press(kiosk_page, "Về trang đầu")
    expect_screen(kiosk_page, "wait")
    assert_accessible(kiosk_page)
    assert_nothing_is_cut(kiosk_page)
    kiosk_page.reload()
    expect_screen(kiosk_page, "wait")

    kiosk_page.clock.fast_forward("00:11")

    expect_screen(kiosk_page, "single")


def test_thanks_give_way_to_the_first_screen(kiosk: "Page") -> None:
    kiosk.clock.install()
    kiosk_app.rate_quickly(kiosk)

    kiosk.clock.fast_forward("00:21")

    expect_screen(kiosk, "single")
    assert kiosk.locator("input:checked").count() == 0


VOICES = """
  const spoken = [];
  const voice = { lang: "vi-VN", name: "Giọng Việt", localService: true };
  const synthesis = {
    speaking: false, getVoices: () => [voice], addEventListener() {}, cancel() {},
    speak: (utterance) => document.documentElement.setAttribute("data-spoken", spoken.push(utterance.text)),
  };
  Object.defineProperty(window, "speechSynthesis", { value: synthesis });
  window.SpeechSynthesisUtterance = function (text) { this.text = text; };
"""


def test_question_is_read_aloud_where_there_is_a_vietnamese_voice(
    app: Flask, kiosk_page: "Page", no_pause: None
) -> None:
    kiosk_page.add_init_script(VOICES)
    kiosk_app.pair(kiosk_page, kiosk_app.open_kiosk_round(app))

    press(kiosk_page, "Đọc to")

    # The heading, the three questions and their answers.
    answers = kiosk_page.locator(".tiles .option").count()
    assert kiosk_page.locator("html").get_attribute("data-spoken") == str(1 + 3 + answers)
    press(kiosk_page, "English")
    assert kiosk_page.get_by_role("button", name="Read aloud").count() == 0


def test_a_voice_of_somebody_elses_server_reads_nothing(app: Flask, kiosk_page: "Page") -> None:
    kiosk_page.add_init_script(VOICES.replace("localService: true", "localService: false"))
    kiosk_app.pair(kiosk_page, kiosk_app.open_kiosk_round(app))
    assert kiosk_page.get_by_role("button", name="Đọc to").count() == 0


def test_the_thanks_are_read_too(app: Flask, kiosk_page: "Page", no_pause: None) -> None:
    kiosk_page.add_init_script(VOICES)
    kiosk_app.pair(kiosk_page, kiosk_app.open_kiosk_round(app))
    kiosk_app.rate_quickly(kiosk_page)
    press(kiosk_page, "Đọc to")
    assert kiosk_page.locator("html").get_attribute("data-spoken") == "2"


def test_nothing_is_offered_to_be_read_where_there_is_no_voice(kiosk: "Page") -> None:
    assert kiosk.evaluate("speechSynthesis.getVoices().length") == 0
    assert kiosk.get_by_role("button", name="Đọc to").count() == 0


SCREENS = {"portrait": (1080, 1920), "landscape": (1920, 1080), "tablet": (768, 1024), "phone": (320, 640)}
SMALL_TEXT = """() => {
  const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const small = [];
  while (words.nextNode()) {
    const [text, element] = [words.currentNode.textContent.trim(), words.currentNode.parentElement];
    const isShown = text && element.checkVisibility() && !element.closest(".visually-hidden, script");
    if (isShown && parseFloat(getComputedStyle(element).fontSize) < 16) small.push(text);
  }
  return small;
}"""
BELOW = """() => {
  const foot = document.querySelector(".kiosk-foot");
  const isSticky = getComputedStyle(foot).position === "sticky";
  const edge = isSticky ? foot.getBoundingClientRect().top : innerHeight;
  const rows = [...document.querySelectorAll("main .choice, main .actions .button")];
  return rows.filter((row) => row.getBoundingClientRect().bottom > edge + 8).length;
}"""


@pytest.mark.parametrize("size", SCREENS)
def test_no_text_is_small_and_no_answer_hides(app: Flask, new_page: Any, no_pause: None, size: str) -> None:
    """What lies below the edge is announced by a button that leads to it."""
    width, height = SCREENS[size]
    page = new_page(viewport={"width": width, "height": height}, has_touch=True)
    kiosk_app.pair(page, kiosk_app.open_kiosk_round(app, ["tthc"], is_demonstration=True), "start")
    assert page.evaluate(SMALL_TEXT) == []
    press(page, "Bắt đầu")
    more = page.get_by_role("button", name="Xem thêm lựa chọn")
    for _ in range(8):
        for _press in range(2):
            assert page.evaluate(SMALL_TEXT) == []
            kiosk_app.wait_until(page, lambda: (page.evaluate(BELOW) > 0) == more.is_visible())
            press(page, "Chữ lớn hơn")
        if size in ("portrait", "landscape") and page.locator(".choice .face").count():
            assert page.evaluate(BELOW) == 0
        while page.evaluate(BELOW):
            # Not by a tap: it goes as soon as there is nothing below, which may be just before.
            more.evaluate("(button) => button.click()")
            page.wait_for_timeout(50)
        kiosk_app.answer_question(page)
