"""The officials' pages in a real browser: readable for everyone at every width, usable without JavaScript."""

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING

import pytest

from survey.store.database import Database
from survey.web import results
from tests import factories, report_values
from tests.fixtures.browsers import PageOpener
from tests.officials import PASSWORD, add_account, add_settled_account, send_responses

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROUND = f"/quan-tri/dot/{factories.ROUND_CODE}"
RESULTS = f"{ROUND}/ket-qua"
WIDTHS = (320, 768, 1280)
PAGES = (
    "/quan-tri/",
    ROUND,
    f"{ROUND}/dia-chi/tthc",
    f"{ROUND}/dong",
    RESULTS,
    f"{RESULTS}/tthc",
    f"{RESULTS}/tthc/land",
    f"{RESULTS}/tthc/don-vi/18880",
    f"{ROUND}/cach-tinh",
    "/doi-mat-khau",
)
CheckPage = Callable[["Page"], None]


@pytest.fixture(autouse=True, scope="module")
def statistics() -> None:
    """The first page with numbers loads SciPy; on a busy machine a browser would give up waiting."""
    import_module("survey.services.index_reports")


@pytest.fixture
def busy_round(database: Database) -> None:
    with database.write() as session:
        factories.open_shipped_round(session, ["tthc", "quay-motcua"], is_demonstration=True)
    send_responses(
        database,
        "tthc",
        {
            ("18880", "phone", "invited"): 20,
            ("18859", "paper", "invited"): 12,
            ("18880", "kiosk", "self_selected"): 9,
        },
    )
    send_responses(database, "quay-motcua", {("18880", "kiosk", "self_selected"): 7}, seed=2)


@pytest.fixture
def official(database: Database, new_page: PageOpener) -> "Page":
    """The page of somebody who is signed in."""
    add_settled_account(database)
    page = new_page()
    sign_in(page, "sonoivu", PASSWORD)
    page.wait_for_url("**/quan-tri/")
    return page


def sign_in(page: "Page", username: str, password: str) -> None:
    page.goto("/dang-nhap")
    page.get_by_label("Tên đăng nhập").fill(username)
    page.get_by_label("Mật khẩu").fill(password)
    page.get_by_role("button", name="Đăng nhập").click()


def check_widths(page: "Page", path: str, assert_accessible: CheckPage) -> None:
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(path)
        assert_accessible(page)
        overhang = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert overhang <= 0, f"{path} is {overhang} pixels wider than a screen of {width}"


@pytest.mark.usefixtures("busy_round")
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_page_is_accessible_at_every_width(
    official: "Page", assert_accessible: CheckPage, language: str
) -> None:
    official.goto(f"/ngon-ngu/{language}?tiep=/quan-tri/")
    for path in PAGES:
        check_widths(official, path, assert_accessible)


def test_sign_in_and_its_refusals_are_accessible(
    page: "Page", assert_accessible: CheckPage, database: Database
) -> None:
    check_widths(page, "/dang-nhap", assert_accessible)
    sign_in(page, "sonoivu", "sai")
    assert_accessible(page)
    assert page.title().startswith("Lỗi: ")
    page.get_by_role("link", name="Tên đăng nhập hoặc mật khẩu không đúng").click()
    assert page.locator("#username").evaluate("field => field === document.activeElement")


@pytest.mark.parametrize("troubled", [False, True])
def test_the_scorecard_is_accessible_in_every_state(
    official: "Page", assert_accessible: CheckPage, monkeypatch: pytest.MonkeyPatch, troubled: bool
) -> None:
    chosen = report_values.troubled_results() if troubled else report_values.sketch_results()
    monkeypatch.setattr(results, "get_index_report", lambda code: report_values.report(chosen))
    for path in ("/quan-tri/dot/2026-q3/ket-qua", "/quan-tri/dot/2026-q3/ket-qua/tthc/land"):
        check_widths(official, path, assert_accessible)


def test_on_a_phone_a_line_of_the_scorecard_is_a_card_with_labels(
    official: "Page", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(results, "get_index_report", lambda code: report_values.report())
    official.set_viewport_size({"width": 320, "height": 640})
    official.goto("/quan-tri/dot/2026-q3/ket-qua")
    line = official.locator("#scorecard tbody tr").nth(3)
    label = line.locator("td").first.evaluate("cell => getComputedStyle(cell, '::before').content")
    assert label == '"Số phiếu"'
    assert line.get_by_text("Chưa đủ cơ sở kết luận").is_visible()
    card, screen = line.bounding_box(), 320
    assert card is not None
    assert card["x"] >= 0
    assert card["x"] + card["width"] <= screen


def test_a_table_keeps_its_meaning_where_it_is_shown_as_cards(
    official: "Page", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(results, "get_index_report", lambda code: report_values.report())
    for width in WIDTHS:
        official.set_viewport_size({"width": width, "height": 800})
        official.goto("/quan-tri/dot/2026-q3/ket-qua")
        table = official.get_by_role("table", name="Bảng chỉ tiêu")
        assert table.get_by_role("row").count() == 8
        assert table.get_by_role("columnheader", name="Kết luận").count() == 1


@pytest.mark.usefixtures("busy_round")
def test_units_are_searched_and_sorted_without_javascript(
    database: Database, page_without_javascript: "Page"
) -> None:
    page = page_without_javascript
    add_settled_account(database)
    sign_in(page, "sonoivu", PASSWORD)
    page.goto(f"{RESULTS}/tthc")
    units = page.locator("#units tbody th")
    page.locator("#units").get_by_role("link", name="Số phiếu").click()
    assert units.all_inner_texts() == ["Phường Đồng Hới", "Phường Đồng Thuận"]
    page.locator("#units").get_by_role("link", name="Số phiếu").click()
    assert units.all_inner_texts() == ["Phường Đồng Thuận", "Phường Đồng Hới"]
    page.get_by_label("Tìm đơn vị theo tên hoặc mã").fill("dong thuan")
    page.get_by_role("button", name="Tìm").click()
    assert units.all_inner_texts() == ["Phường Đồng Thuận"]


@pytest.mark.usefixtures("busy_round")
def test_a_coordinator_closes_a_round(official: "Page") -> None:
    official.goto(ROUND)
    official.get_by_role("link", name="Đóng đợt khảo sát…").click()
    official.get_by_label("Để xác nhận").fill(factories.ROUND_CODE)
    official.get_by_role("button", name="Đóng đợt khảo sát").click()
    official.get_by_text("Đợt khảo sát đã đóng.").wait_for()


def test_the_first_sign_in_leads_through_the_change_of_the_password(
    database: Database, page: "Page", assert_accessible: CheckPage
) -> None:
    one_time = add_account(database, "quantri")
    sign_in(page, "quantri", one_time)
    page.get_by_role("heading", name="Đổi mật khẩu").wait_for()
    assert_accessible(page)
    page.get_by_label("Mật khẩu dùng một lần").fill(one_time)
    page.get_by_label("Mật khẩu mới", exact=True).fill(PASSWORD)
    page.get_by_label("Nhập lại mật khẩu mới").fill(PASSWORD)
    page.get_by_role("button", name="Đổi mật khẩu").click()
    page.get_by_role("heading", name="Đợt khảo sát").wait_for()


@pytest.mark.usefixtures("busy_round")
def test_an_official_of_a_unit_sees_that_unit(
    database: Database, page: "Page", assert_accessible: CheckPage
) -> None:
    add_settled_account(database, "donghoi", "unit_official", "18880")
    sign_in(page, "donghoi", PASSWORD)
    page.wait_for_url("**/quan-tri/")
    check_widths(page, f"{ROUND}/don-vi", assert_accessible)
    page.get_by_role("link", name="Giải quyết thủ tục hành chính").first.click()
    page.get_by_role("heading", name="Phường Đồng Hới").wait_for()
    assert_accessible(page)
    assert page.request.get(RESULTS).status == 403
