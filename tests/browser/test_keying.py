"""Paper forms in a real browser: keyed by keyboard alone, by two people, readable for everyone."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from survey.services import paper_keying
from survey.services.paper_batches import Batch, create_batch, get_batch
from survey.services.paper_comparison import KeyedForm
from survey.services.paper_progress import get_progress
from survey.store.database import Database
from survey.store.paper import list_keyings
from survey.web import clock
from tests import factories
from tests.fixtures.browsers import PageOpener
from tests.officials import PASSWORD, add_settled_account
from tests.paper import ANSWERS, add_people, stored_response, workbook_with

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROUND = factories.ROUND_CODE
PAPER = f"/quan-tri/dot/{ROUND}/phieu-giay"
BATCH = f"{PAPER}/L0001"
WIDTHS = (320, 768, 1280)
CheckPage = Callable[["Page"], None]


@pytest.fixture
def batch(database: Database) -> Batch:
    with database.write() as session:
        factories.open_small_round(session)
        code = create_batch(
            session,
            round_code=ROUND,
            form_id="vi-du",
            unit_code=factories.UNIT_CODE,
            selection="invited",
            printed_count=5,
            account_id=None,
            today=clock.today(),
        )
        return get_batch(session, ROUND, code)


def keyer(database: Database, page: "Page", name: str) -> "Page":
    """A page on which this account is signed in."""
    add_settled_account(database, name)
    page.goto("/dang-nhap")
    page.locator("#username").fill(name)
    page.locator("#password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/quan-tri/")
    return page


def type_form(page: "Page", serial: str, keys: list[str]) -> None:
    """Type the number of a form and what it says, from the page for the next form; nothing is clicked."""
    wait_for_focus(page, "so")
    page.keyboard.type(serial)
    page.keyboard.press("Enter")
    page.wait_for_url("**/nhap/*")
    wait_for_focus(page, "answer_visited")
    for key in keys:
        page.keyboard.press(key) if len(key) > 1 and key.istitle() else page.keyboard.type(key)


def wait_for_focus(page: "Page", name: str) -> None:
    """The field on which a page opens has the focus only once the page is drawn."""
    page.wait_for_function("name => document.activeElement.id === name", arg=name)


def focused(page: "Page") -> str:
    return str(page.evaluate("document.activeElement.id"))


def test_a_form_is_keyed_by_keyboard_alone_and_the_next_number_is_asked(
    database: Database, batch: Batch, new_page: PageOpener
) -> None:
    for name in ("a", "b"):
        page = keyer(database, new_page(), name)
        page.goto(f"{BATCH}/nhap")
        type_form(page, "1", ["1", "3", "1", "85", "Enter", "1,2", "Enter", "Chờ lâu", "Enter"])
        page.wait_for_url("**/nhap")
        wait_for_focus(page, "so")
    with database.read() as session:
        response = stored_response(session)
    assert response is not None
    assert (response.ratings, response.expectation_percent) == ("31", 85)
    assert response.details["channels"] == ["radio", "web"]


def test_a_digit_moves_on_and_a_dash_leaves_blank(database: Database, batch: Batch, page: "Page") -> None:
    keyer(database, page, "a").goto(f"{BATCH}/nhap/1")
    wait_for_focus(page, "answer_visited")
    page.keyboard.type("1")
    assert focused(page) == "answer_q01"
    page.keyboard.type("-")
    assert focused(page) == "answer_q02"
    assert page.locator("#answer_q01").input_value() == ""
    page.keyboard.press("ArrowUp")
    assert focused(page) == "answer_q01"
    page.keyboard.press("Enter")
    assert focused(page) == "answer_q02"


# visited, q01 and q02 are one digit each, expected is a number, channels takes several boxes.
@pytest.mark.parametrize(
    ("keys", "values", "place"),
    [
        (["1", "2"], "1 2 - - -", "q02"),
        (["1", "Enter", "2", "Enter"], "1 2 - - -", "q02"),
        (["1", "2", "Enter", "3"], "1 2 3 - -", "expected"),
        (["1", "Enter", "Enter", "2"], "1 - 2 - -", "expected"),
        (["1", "-", "2"], "1 - 2 - -", "expected"),
        (["1", "Enter", "-", "Enter", "2", "Enter"], "1 - 2 - -", "expected"),
        (["1", "Tab", "Enter", "85"], "1 - - 85 -", "expected"),
        (["Enter", "Enter", "3"], "- - 3 - -", "expected"),
        (["1", "Enter", "2", "Enter", "3", "Enter", "85", "Enter", "1,2", "Enter"], "1 2 3 85 1,2", "why"),
        (["1", "2", "3", "85", "Enter", "1,2", "Enter"], "1 2 3 85 1,2", "why"),
        (["1", "2", "3", "Enter", "Enter", "12", "Enter"], "1 2 3 - 12", "why"),
        (["7", "Enter", "1", "Enter", "2"], "1 2 - - -", "q02"),
    ],
)
def test_digits_are_keyed_with_or_without_enter(
    database: Database, batch: Batch, page: "Page", keys: list[str], values: str, place: str
) -> None:
    keyer(database, page, "a").goto(f"{BATCH}/nhap/1")
    wait_for_focus(page, "answer_visited")
    for each in keys:
        page.keyboard.press(each) if each.istitle() and len(each) > 1 else page.keyboard.type(each)
    names = ("visited", "q01", "q02", "expected", "channels")
    found = [page.locator(f"#answer_{name}").input_value() or "-" for name in names]
    assert (" ".join(found), focused(page)) == (values, f"answer_{place}")


def test_a_whole_form_with_enter_after_each_digit_is_stored_as_it_was_keyed(
    database: Database, batch: Batch, page: "Page"
) -> None:
    keyer(database, page, "a").goto(f"{BATCH}/nhap")
    keys = ["1", "Enter", "3", "Enter", "1", "Enter", "85", "Enter", "1,2", "Enter", "Chờ lâu", "Enter"]
    type_form(page, "1", keys)
    page.wait_for_url("**/nhap")
    with database.read() as session:
        (keying,) = list_keyings(session, batch.id, 1)
    assert keying.answers == {**ANSWERS, "channels": ["radio", "web"]}


def test_the_screen_says_what_a_digit_and_enter_do_in_both_languages(
    database: Database, batch: Batch, page: "Page"
) -> None:
    keyer(database, page, "a")
    for language, words in (("vi", "bấm thêm Enter"), ("en", "one Enter after the digit skips nothing")):
        page.goto(f"/ngon-ngu/{language}?tiep={BATCH}/nhap/1")
        assert words in page.locator("main .method").inner_text()


def test_a_digit_that_is_not_printed_stays_and_is_said(
    database: Database, batch: Batch, page: "Page", assert_accessible: CheckPage
) -> None:
    keyer(database, page, "a").goto(f"{BATCH}/nhap/1")
    wait_for_focus(page, "answer_visited")
    page.keyboard.type("7")
    assert focused(page) == "answer_visited"
    assert page.locator("#answer_visited").get_attribute("aria-invalid") == "true"
    assert "7" in page.locator("#keying-status").inner_text()
    assert_accessible(page)
    page.keyboard.type("1")
    assert focused(page) == "answer_q01"


def test_a_refused_form_goes_on_at_its_fault_with_everything_kept(
    database: Database, batch: Batch, page: "Page", assert_accessible: CheckPage
) -> None:
    keyer(database, page, "a").goto(f"{BATCH}/nhap")
    type_form(page, "1", ["2", "3", "-", "85", "Enter", "Enter", "Enter"])
    page.locator(".error-summary").wait_for()
    assert focused(page) == "answer_q01"
    assert page.locator("#answer_expected").input_value() == "85"
    assert_accessible(page)


def test_without_javascript_enter_saves_nothing_before_the_end(
    database: Database, batch: Batch, page_without_javascript: "Page"
) -> None:
    page = keyer(database, page_without_javascript, "a")
    page.goto(f"{BATCH}/nhap/1")
    page.locator("#answer_visited").fill("1")
    page.keyboard.press("Enter")
    page.locator(".notice").wait_for()
    assert page.locator("#answer_visited").input_value() == "1"
    page.locator("#answer_q01").fill("3")
    page.locator("#save").press("Enter")
    page.wait_for_url("**/nhap")
    with database.read() as session:
        assert get_progress(session, batch).keyed_once == (1,)


def test_a_slip_noticed_after_saving_is_corrected_by_keyboard_alone(
    database: Database, batch: Batch, page: "Page"
) -> None:
    keyer(database, page, "a").goto(f"{BATCH}/nhap")
    type_form(page, "1", ["1", "3", "1", "85", "Enter", "Enter", "Enter"])
    page.wait_for_url("**/nhap")
    wait_for_focus(page, "so")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/nhap/1/sua")
    wait_for_focus(page, "answer_visited")
    for key in ("Enter", "2", "Enter", "Enter", "Enter", "Enter", "Enter"):
        page.keyboard.press(key)
    page.wait_for_url("**/nhap")
    with database.read() as session:
        progress = get_progress(session, batch)
        keying = list_keyings(session, batch.id, 1)[0]
    assert (progress.corrected_count, keying.answers["q01"], keying.answers["q02"]) == (1, 2, 1)


def test_the_form_keyed_last_is_reached_from_the_next_one(
    database: Database, batch: Batch, page: "Page"
) -> None:
    keyer(database, page, "a").goto(f"{BATCH}/nhap")
    type_form(page, "1", ["1", "3", "1", "85", "Enter", "Enter", "Enter"])
    page.wait_for_url("**/nhap")
    type_form(page, "2", [])
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/nhap/1/sua")


def test_what_was_typed_survives_a_reload_and_the_way_back_until_it_is_saved(
    database: Database, batch: Batch, page: "Page"
) -> None:
    keyer(database, page, "a")
    page.goto(f"{BATCH}/nhap")
    type_form(page, "1", ["1", "3", "-", "8", "5"])
    page.reload()
    assert page.locator("#answer_q01").input_value() == "3"
    assert page.locator("#answer_expected").input_value() == "85"
    assert "chưa lưu" in page.locator("#keying-kept").inner_text()
    page.goto(BATCH)
    page.go_back()
    assert page.locator("#answer_expected").input_value() == "85"
    page.goto(f"{BATCH}/nhap/2")
    assert page.locator("#answer_expected").input_value() == ""
    page.goto(f"{BATCH}/nhap/1")
    page.locator("#save").click()
    page.wait_for_url("**/nhap")
    assert page.evaluate("Object.keys(sessionStorage).filter((key) => key.includes('L0001/1'))") == []


def test_leaving_a_typed_form_is_asked_about(database: Database, batch: Batch, page: "Page") -> None:
    keyer(database, page, "a")
    page.goto(f"{BATCH}/nhap/1")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.reload()
    assert asked == []
    page.locator("#answer_q01").press("3")
    page.reload()
    assert asked == ["beforeunload"]


def test_a_screen_whose_session_ended_is_saved_after_signing_in_again(
    database: Database, batch: Batch, page: "Page", assert_accessible: CheckPage
) -> None:
    keyer(database, page, "a").goto(f"{BATCH}/nhap/1")
    wait_for_focus(page, "answer_visited")
    for key in ("1", "3", "1", "8", "5", "Enter", "Enter"):
        page.keyboard.press(key)
    page.context.clear_cookies()
    page.locator("#save").press("Enter")
    page.locator("main form button").wait_for()
    assert_accessible(page)
    with page.context.expect_page() as opened:
        page.locator("main form a").click()
    other = opened.value
    other.locator("#username").fill("a")
    other.locator("#password").fill(PASSWORD)
    other.keyboard.press("Enter")
    other.locator(".topbar-account").wait_for()
    page.locator("main form button").click()
    page.locator("#answer_expected").wait_for()
    assert page.locator("#answer_expected").input_value() == "85"
    page.locator("#save").press("Enter")
    page.wait_for_url("**/nhap")
    with database.read() as session:
        assert get_progress(session, batch).keyed_once == (1,)


def test_every_page_is_accessible_at_every_width(
    database: Database, batch: Batch, page: "Page", assert_accessible: CheckPage
) -> None:
    with database.write() as session:
        first, second = add_people(session, "x", "y")
        for person, answers in ((first, ANSWERS), (second, {**ANSWERS, "q01": 1, "why": "Chờ rất lâu"})):
            paper_keying.key_form(
                session, batch, 2, KeyedForm(answers), account_id=person, today=clock.today()
            )
    keyer(database, page, "a").goto(f"{BATCH}/nhap")
    type_form(page, "4", ["1", "3", "1", "-", "Enter", "Enter", "Enter"])
    page.wait_for_url("**/nhap")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        for path in (
            "/",
            "/L0001",
            "/L0001/nhap",
            "/L0001/nhap/1",
            "/L0001/quyet-dinh/2",
            "/L0001/nhap-tep",
            "/L0001/nhap/4/sua",
        ):
            page.goto(PAPER + path)
            assert_accessible(page)
            overhang = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert overhang <= 0, f"{path} is {overhang} pixels wider than a screen of {width}"


def test_the_faults_of_a_workbook_are_accessible(
    database: Database, batch: Batch, page: "Page", assert_accessible: CheckPage
) -> None:
    keyer(database, page, "a").goto(f"{BATCH}/nhap-tep")
    content = workbook_with(batch, {1: {"visited": "no", "q01": 3}})
    page.locator("#file").set_input_files(
        {"name": "a.xlsx", "mimeType": "application/octet-stream", "buffer": content}
    )
    page.locator("form.card button").click()
    page.locator("#faults").wait_for()
    assert_accessible(page)
