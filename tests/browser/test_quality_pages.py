"""The pages on data quality in a real browser: readable for everyone at every width."""

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING

import pytest
from flask import Flask

from survey.store.database import Database
from survey.web import report_work
from tests.fixtures.browsers import PageOpener
from tests.officials import PASSWORD, add_settled_account

if TYPE_CHECKING:
    from playwright.sync_api import Page

QUALITY = "/quan-tri/dot/minh-hoa/chat-luong"
PAGES = (QUALITY, f"{QUALITY}?phieu=tthc", f"{QUALITY}/don-vi/18859", f"{QUALITY}/nguong")
WIDTHS = (320, 768, 1280)


@pytest.fixture
def database_url(demonstration_sqlite_url: str) -> str:
    return demonstration_sqlite_url


@pytest.fixture(autouse=True, scope="module")
def statistics() -> None:
    """The first page with numbers loads SciPy; on a busy machine a browser would give up waiting."""
    import_module("survey.services.quality")


@pytest.fixture
def official(database: Database, new_page: PageOpener) -> "Page":
    return sign_in(database, new_page)


def sign_in(database: Database, new_page: PageOpener) -> "Page":
    add_settled_account(database)
    page = new_page()
    page.set_default_timeout(60_000)
    page.goto("/dang-nhap")
    page.get_by_label("Tên đăng nhập").fill("sonoivu")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    page.wait_for_url("**/quan-tri/")
    return page


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_page_is_accessible_at_every_width(
    official: "Page", assert_accessible: Callable[["Page"], None], language: str
) -> None:
    official.goto(f"/ngon-ngu/{language}?tiep=/quan-tri/")
    for path in PAGES:
        for width in WIDTHS:
            official.set_viewport_size({"width": width, "height": 800})
            official.goto(path)
            assert_accessible(official)
            overhang = official.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert overhang <= 0, f"{path} is {overhang} pixels wider than a screen of {width}"


def test_the_demonstration_leads_to_its_planted_units(official: "Page") -> None:
    official.goto(QUALITY)
    official.get_by_text("2 đơn vị cần xem lại").wait_for()
    official.get_by_role("link", name="Phường Đồng Thuận").click()

    official.get_by_text("Kiosk sảnh (minh họa)”: 30 phiếu").wait_for()


def test_figures_that_take_long_come_by_themselves_without_a_script(
    app: Flask,
    database: Database,
    new_page: PageOpener,
    assert_accessible: Callable[["Page"], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(report_work, "MOST_AT_ONCE", 100)
    page = sign_in(database, new_page)
    page.goto(QUALITY)
    page.get_by_role("heading", name="Đang tính số liệu").wait_for()
    assert_accessible(page)

    page.get_by_text("2 đơn vị cần xem lại").wait_for()

    with app.app_context():
        report_work.wait_for_computations()
