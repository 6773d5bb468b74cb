"""The pages on devices and on what was set aside: readable at every width, usable without JavaScript."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from survey.models import QuarantinedResponse
from survey.services import devices
from survey.services.devices import DeviceReport
from survey.services.problems import DeliveryKept, ResponseConflict
from survey.store.database import Database
from tests import factories
from tests.deliveries import ANSWERS, body, enrol, rescue_file, send_body
from tests.fixtures.browsers import PageOpener
from tests.officials import PASSWORD, add_settled_account

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROUND = f"/quan-tri/dot/{factories.ROUND_CODE}"
DEVICES = f"{ROUND}/thiet-bi"
ASIDE = f"{ROUND}/phieu-de-rieng"
FIRST = UUID(int=21, version=4)
WIDTHS = (320, 768, 1280)
CheckPage = Callable[["Page"], None]


@pytest.fixture
def addresses(database: Database) -> list[str]:
    """Devices in every state, and one thing of each kind set aside; gives the addresses of the pages."""
    now = datetime.now(UTC)
    with database.write() as session:
        factories.open_small_round(session)
        waiting, _ = devices.create_device(
            session,
            round_code=factories.ROUND_CODE,
            unit_code=factories.UNIT_CODE,
            kind="interviewer",
            name="Máy tính bảng của điều tra viên số 3",
            pin="2468",
            now=now - timedelta(hours=2),
        )
        troubled = enrol(session, now=now, name="Kiosk sảnh chính, cạnh quầy số 1")
        report = DeviceReport(12, 3, 41, "0f3c", now - timedelta(days=400), "full")
        devices.record_contact(session, troubled.id, report, now)
        lost = enrol(session, now=now, unit_code=factories.OTHER_UNIT_CODE)
        send_body(session, lost, body(FIRST, unit=factories.OTHER_UNIT_CODE), now)
        devices.withdraw_device(session, lost.code, now=now)
        withdrawn = devices.find_device_by_code(session, lost.code)
    late = body(unit=factories.OTHER_UNIT_CODE)
    other = body(FIRST, unit=factories.OTHER_UNIT_CODE, answers={**ANSWERS, "q01": 1})
    for text in (late, other):
        with pytest.raises((DeliveryKept, ResponseConflict)), database.write() as session:
            send_body(session, withdrawn, text, now)
    with database.read() as session:
        kept = [row.id for row in session.query(QuarantinedResponse).order_by(QuarantinedResponse.id)]
    return [
        ROUND,
        DEVICES,
        f"{DEVICES}/them",
        *(f"{DEVICES}/{code}" for code in (waiting.code, troubled.code, lost.code)),
        f"{DEVICES}/{troubled.code}/thu-hoi",
        ASIDE,
        *(f"{ASIDE}/{number}" for number in kept),
    ]


@pytest.fixture
def official(database: Database, new_page: PageOpener) -> "Page":
    add_settled_account(database)
    return sign_in(new_page())


def sign_in(page: "Page") -> "Page":
    page.goto("/dang-nhap")
    page.locator("#username").fill("sonoivu")
    page.locator("#password").fill(PASSWORD)
    page.locator("main button[type=submit]").click()
    page.wait_for_url("**/quan-tri/")
    return page


def check_widths(page: "Page", assert_accessible: CheckPage) -> None:
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert_accessible(page)
        overhang = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert overhang <= 0, f"{page.url} is {overhang} pixels wider than a screen of {width}"


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_page_is_accessible_at_every_width(
    official: "Page", addresses: list[str], assert_accessible: CheckPage, language: str
) -> None:
    official.goto(f"/ngon-ngu/{language}?tiep=/quan-tri/")
    for path in addresses:
        official.goto(path)
        check_widths(official, assert_accessible)


@pytest.mark.usefixtures("addresses")
def test_the_page_with_the_code_is_accessible_and_its_qr_code_can_be_read(
    official: "Page", assert_accessible: CheckPage
) -> None:
    import zxingcpp
    from PIL import Image

    fill_enrolment(official)
    check_widths(official, assert_accessible)
    code = official.locator(".pairing-code").inner_text()
    picture = Image.open(BytesIO(official.locator(".pairing-qr").screenshot()))
    (read,) = zxingcpp.read_barcodes(picture)
    assert read.text.endswith(f"/kiosk/may/#ghep={code}")
    official.reload()
    assert official.locator(".pairing-code").count() == 0


@pytest.mark.usefixtures("addresses")
def test_a_device_is_enrolled_without_javascript(database: Database, new_page: PageOpener) -> None:
    add_settled_account(database)
    page = sign_in(new_page(java_script_enabled=False))
    fill_enrolment(page)
    assert page.locator(".pairing-code").count() == 1


@pytest.mark.usefixtures("addresses")
def test_a_rescue_file_is_handed_in_by_a_browser(
    official: "Page", database: Database, assert_accessible: CheckPage
) -> None:
    with database.write() as session:
        access = enrol(session, now=datetime.now(UTC))
    raw = rescue_file(access.code, [body(), "{", body()])
    official.goto(DEVICES)
    official.locator("#file").set_input_files(
        {"name": "cuu.jsonl", "mimeType": "application/json", "buffer": raw[:-10]}
    )
    official.locator("form[enctype] button").click()
    official.locator(".figures").wait_for()
    counts = official.locator(".figure dd").all_inner_texts()
    assert [text.split()[0] for text in counts] == ["2", "0", "1", "2"]
    check_widths(official, assert_accessible)


def fill_enrolment(page: "Page") -> None:
    page.goto(f"{DEVICES}/them")
    page.locator("#unit").select_option(factories.UNIT_CODE)
    page.locator("#name").fill("Kiosk thử")
    page.locator("#pin").fill("2468")
    page.locator("#again").fill("2468")
    page.locator("form.deed button").click()
    page.locator(".pairing-code").wait_for()
