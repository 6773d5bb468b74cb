"""Enrolling, pairing and withdrawing devices on the officials' pages; how the fleet is shown."""

import re
from base64 import b64decode
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from survey.services import calendar, devices
from survey.services.problems import PairingUnknown
from survey.services.rounds import close_round
from survey.store.database import Database
from survey.web import clock, kiosk_app
from tests import factories
from tests.deliveries import ANSWERS, NOW, body, rescue_file, visit_text
from tests.devices import add, add_tablet, report
from tests.fixtures.applications import PageClient
from tests.officials import add_settled_account, signed_in_client

CODE = factories.ROUND_CODE
ROUND = f"/quan-tri/dot/{CODE}"
DEVICES = f"{ROUND}/thiet-bi"
UNIT, OTHER = factories.UNIT_CODE, factories.OTHER_UNIT_CODE
FILLED = {"unit": UNIT, "kind": "kiosk", "name": "Kiosk sảnh chính", "pin": "2468", "again": "2468"}


@pytest.fixture(autouse=True)
def morning(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """A Monday morning; a test may move it on."""
    moment = [NOW]
    monkeypatch.setattr(calendar, "now", lambda: moment[0])
    return moment


@pytest.fixture
def official(app: Flask, database: Database, small_round: str) -> PageClient:
    add_settled_account(database, role="coordinator")
    return signed_in_client(app)


@pytest.fixture
def unit_official(app: Flask, database: Database, small_round: str) -> PageClient:
    add_settled_account(database, "donghoi", "unit_official", UNIT)
    return signed_in_client(app, "donghoi")


def fill(official: PageClient, **changes: str | None) -> Any:
    return official.submit(f"{DEVICES}/them", {**FILLED, **changes}, form=1)


def test_an_empty_fleet_says_what_to_do(official: PageClient) -> None:
    page = official.get(DEVICES).text
    assert 'href="/quan-tri/dot/2026-h2/thiet-bi/them"' in page
    assert "<table" not in page


def test_enrolling_leads_to_the_code_which_is_shown_once(official: PageClient, database: Database) -> None:
    response = fill(official)
    assert response.status_code == 303
    page = official.get(response.location).text
    code = re.search(r'class="pairing-code">([A-Z0-9]{4}-[A-Z0-9]{4})<', page)
    assert code is not None
    assert "http://localhost/kiosk/may/" in page
    assert code[1] not in official.get(response.location).text
    with database.write() as session:
        paired = devices.pair_device(session, code[1], NOW)
    assert response.location == f"{DEVICES}/{paired.code}"


def test_the_qr_code_holds_address_and_pairing_code(official: PageClient) -> None:
    import segno

    page = official.get(fill(official).location).text
    code = page.split('class="pairing-code">')[1][:9]
    drawn = b64decode(page.split('src="data:image/svg+xml;base64,')[1].split('"')[0])
    expected = BytesIO()
    segno.make(f"http://localhost/kiosk/may/#ghep={code}", error="m", micro=False).save(
        expected, kind="svg", scale=8, border=4, xmldecl=False, svgclass=None, lineclass=None, light="#fff"
    )
    assert drawn == expected.getvalue()


def test_a_code_that_nobody_looked_at_is_not_shown_later(
    official: PageClient, morning: list[datetime]
) -> None:
    location = fill(official).location
    morning[0] = NOW + timedelta(minutes=11)
    assert 'class="pairing-code"' not in official.get(location).text


@pytest.mark.parametrize(
    "changes",
    [
        {"unit": ""},
        {"unit": "99999"},
        {"kind": None},
        {"name": " "},
        {"name": "x" * 61},
        {"pin": "123", "again": "123"},
        {"pin": "12345678a", "again": "12345678a"},
        {"again": "1357"},
    ],
)
def test_a_faulty_enrolment_is_shown_again(
    official: PageClient, database: Database, changes: dict[str, str | None]
) -> None:
    response = fill(official, **changes)
    assert response.status_code == 400
    assert 'class="error-summary"' in response.text
    assert 'value="2468"' not in response.text
    with database.read() as session:
        assert devices.list_devices(session, CODE, now=NOW) == []


def test_a_wrong_token_enrols_nothing(official: PageClient, database: Database) -> None:
    assert official.post(f"{DEVICES}/them", data={**FILLED, "csrf_token": "x"}).status_code == 400
    with database.read() as session:
        assert devices.list_devices(session, CODE, now=NOW) == []


def test_a_closed_round_offers_no_enrolment(official: PageClient, database: Database) -> None:
    add(database)
    with database.write() as session:
        close_round(session, CODE)
    assert f"{DEVICES}/them" not in official.get(DEVICES).text
    assert "<form class" not in official.get(f"{DEVICES}/them").text


def test_a_new_code_ends_the_former_one(official: PageClient, database: Database) -> None:
    location = fill(official).location
    first = official.get(location).text.split('class="pairing-code">')[1][:9]
    official.submit(location, form=1)
    second = official.get(location).text.split('class="pairing-code">')[1][:9]
    assert first != second
    with database.write() as session:
        with pytest.raises(PairingUnknown):
            devices.pair_device(session, first, NOW)
        devices.pair_device(session, second, NOW)


def test_a_device_is_withdrawn_by_its_code(official: PageClient, database: Database) -> None:
    code = add(database)
    report(database, code, unsent=3)
    page = official.get(f"{DEVICES}/{code}/thu-hoi").text
    assert re.search(r"\b3 (phiếu|responses)", page)
    wrong = official.submit(f"{DEVICES}/{code}/thu-hoi", {"typed_code": "K-1"}, form=1)
    assert wrong.status_code == 400
    done = official.submit(f"{DEVICES}/{code}/thu-hoi", {"typed_code": code.lower()}, form=1)
    assert done.location == f"{DEVICES}/{code}"
    with database.read() as session:
        assert devices.get_device(session, CODE, code).status == "withdrawn"
    assert official.get(f"{DEVICES}/{code}/thu-hoi").location == f"{DEVICES}/{code}"
    assert f"{DEVICES}/{code}/thu-hoi" not in official.get(f"{DEVICES}/{code}").text


def test_alarms_stand_first_and_on_the_page_of_the_round(
    official: PageClient, database: Database, app: Flask
) -> None:
    with app.test_request_context():
        version = kiosk_app.current_version()
    quiet, silent, full = (add(database, name=name) for name in ("Yên", "Lặng", "Đầy"))
    hour_ago = NOW - timedelta(minutes=61)
    report(database, quiet, app_version=version, unsent=2)
    report(database, silent, hour_ago, app_version=version, unsent=5)
    report(
        database, full, hour_ago, app_version=version, storage="full", device_time=NOW - timedelta(days=400)
    )
    page = official.get(DEVICES).text
    table = page.split('id="devices"')[1]
    assert table.index(silent) < table.index(quiet)
    assert table.index(full) < table.index(quiet)
    assert table.count('class="alarm-sign"') == 4  # silent; storage, silent, clock
    assert official.get(f"{DEVICES}/{full}").text.count('class="alarm-sign"') == 3
    assert "alarm-line" in official.get(ROUND).text


def test_closing_warns_of_responses_that_are_still_on_devices(
    official: PageClient, database: Database
) -> None:
    link = f'href="{DEVICES}"'
    assert link not in official.get(f"{ROUND}/dong").text
    report(database, add(database), unsent=4, held=1)
    page = official.get(f"{ROUND}/dong").text
    assert link in page
    assert re.search(r"\b5 (phiếu|responses)", page)


def test_a_fleet_in_order_says_so(official: PageClient, database: Database, app: Flask) -> None:
    with app.test_request_context():
        version = kiosk_app.current_version()
    report(database, add(database), app_version=version)
    assert 'class="alarm' not in official.get(DEVICES).text
    assert "alarm-line" not in official.get(ROUND).text


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("sap-xep=ten", ["An", "Bình", "Chi"]),
        ("sap-xep=-chua-gui", ["Bình", "Chi", "An"]),
        ("tim=dong+thuan", ["Chi"]),
        ("tim=binh", ["Bình"]),
    ],
)
def test_the_fleet_is_sorted_and_searched(
    official: PageClient, database: Database, query: str, names: list[str]
) -> None:
    for name, unit_code, unsent in (("Chi", OTHER, 2), ("An", UNIT, 0), ("Bình", UNIT, 9)):
        report(database, add(database, name=name, unit_code=unit_code), unsent=unsent)
    table = official.get(f"{DEVICES}?{query}").text.split('id="devices"')[1]
    assert re.findall(r'class="quiet"[^>]*>([^<]+)</a>', table) == names


def test_an_official_of_a_unit_enrols_and_sees_only_its_own(
    unit_official: PageClient, database: Database
) -> None:
    foreign = add(database, unit_code=OTHER, name="Của nơi khác")
    page = unit_official.get(f"{DEVICES}/them").text
    assert 'name="unit"' not in page
    response = unit_official.submit(f"{DEVICES}/them", {**FILLED, "unit": OTHER}, form=1)
    own = response.location.rpartition("/")[2]
    with database.read() as session:
        assert devices.get_device(session, CODE, own).unit_code == UNIT
    listed = unit_official.get(DEVICES).text
    assert own in listed
    assert foreign not in listed
    for path in ("", "/thu-hoi"):
        assert unit_official.get(f"{DEVICES}/{foreign}{path}").status_code == 403
    for path in ("/thu-hoi", "/ma-ghep"):
        assert unit_official.post(f"{DEVICES}/{foreign}{path}", data={"a": "b"}).status_code == 403


def test_without_an_account_there_is_no_device(app: Flask, database: Database, small_round: str) -> None:
    code = add(database)
    client = app.test_client()
    for path in ("", "/them", f"/{code}", f"/{code}/thu-hoi"):
        assert client.get(DEVICES + path).location.startswith("/dang-nhap")
    for path in ("/them", "/tep-cuu", f"/{code}/thu-hoi", f"/{code}/ma-ghep"):
        assert client.post(DEVICES + path).location.startswith("/dang-nhap")


@pytest.mark.parametrize("path", ["/K-XXXXX", "/K-XXXXX/thu-hoi", "/%00"])
def test_an_unknown_device_is_not_found(official: PageClient, path: str) -> None:
    assert official.get(DEVICES + path).status_code == 404


def hand_in(client: PageClient, raw: bytes, **fields: str) -> Any:
    page = client.get(DEVICES).text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    sent = {"csrf_token": token, "file": (BytesIO(raw), "cuu.jsonl"), **fields}
    return client.post(f"{DEVICES}/tep-cuu", data=sent, content_type="multipart/form-data")


def test_a_rescue_file_is_handed_in(official: PageClient, database: Database) -> None:
    code = add(database)
    answers = {**ANSWERS, "why": "ờ" * 100}
    bodies = [body(UUID(int=number, version=4), answers=answers) for number in range(1, 501)]
    raw = rescue_file(code, bodies)
    assert len(raw) > 256 * 1024  # more than any other form may send
    page = hand_in(official, raw)
    assert page.status_code == 200
    assert "<dd>500</dd>" in page.text.replace("\n", "")
    assert "notice--success" in page.text
    assert "notice--success" in hand_in(official, raw).text


def test_faulty_lines_are_named_and_a_lost_first_line_made_up_for(
    official: PageClient, database: Database
) -> None:
    code = add(database)
    raw = rescue_file(code, [body()]).split(b"\n", 1)[1]
    assert hand_in(official, raw).status_code == 400
    page = hand_in(official, raw, device=code)
    assert page.status_code == 200
    assert "notice--warning" in page.text


def test_visits_of_a_rescue_file_are_counted_and_late_ones_said(
    official: PageClient, database: Database
) -> None:
    tablet, address = add_tablet(database)
    with database.write() as session:
        close_round(session, CODE)
    page = hand_in(official, rescue_file(tablet, [], [visit_text(address), visit_text(999)])).text
    figures = re.findall(r"<dt>([^<]+)</dt>\s*<dd>(\d+)", page)
    assert ("Lần đến lưu mới", "1") in figures
    assert "1 lần đến được nộp sau khi đợt khảo sát đóng" in page
    assert "Dòng 3 là lần đến một địa chỉ không có trong danh sách" in page


def test_a_withdrawn_tablet_that_held_something_says_what_to_do(
    official: PageClient, database: Database
) -> None:
    tablet, _ = add_tablet(database)
    report(database, tablet, unsent=2, held=1)
    page = official.get(f"{DEVICES}/{tablet}/thu-hoi").text
    assert "còn giữ 3 phiếu hoặc kết quả lần đến" in page
    assert "nộp tệp cứu phiếu của máy để nhận" in page
    with database.write() as session:
        devices.withdraw_device(session, tablet, now=NOW)
    page = official.get(f"{DEVICES}/{tablet}").text
    assert "còn 2 mục chưa gửi và 1 mục không được nhận" in page
    assert "theo lần báo cuối còn giữ 3 mục" in official.get(DEVICES).text


def test_a_tablet_with_refused_visits_raises_an_alarm(official: PageClient, database: Database) -> None:
    tablet, _ = add_tablet(database)
    report(database, tablet, held=2)
    assert "2 phiếu hoặc kết quả lần đến không được nhận" in official.get(DEVICES).text


@pytest.mark.parametrize("raw", [b"", b"hello", b"\xff" * 10, rescue_file("K-XXXXX", [body()])])
def test_another_file_is_refused_on_the_page(official: PageClient, raw: bytes) -> None:
    response = hand_in(official, raw)
    assert response.status_code == 400
    assert 'href="#file"' in response.text


def test_too_large_a_file_is_refused(official: PageClient) -> None:
    assert hand_in(official, b"x" * (6 * 1024 * 1024)).status_code == 413


def test_a_unit_hands_in_files_of_its_own_devices_only(unit_official: PageClient, database: Database) -> None:
    foreign = add(database, unit_code=OTHER)
    other_body = body(unit=OTHER)
    assert hand_in(unit_official, rescue_file(foreign, [other_body])).status_code == 400
    assert hand_in(unit_official, rescue_file(add(database), [body()])).status_code == 200


def test_the_clock_of_the_pages_is_that_of_the_tests() -> None:
    assert clock.now() == NOW


def test_a_unit_enrols_kiosks_and_no_interviewers_tablet(
    unit_official: PageClient, database: Database
) -> None:
    page = unit_official.get(f"{DEVICES}/them").text
    assert 'name="kind"' not in page
    assert "điều phối viên đăng ký" in page
    refused = post(unit_official, f"{DEVICES}/them", {**FILLED, "kind": "interviewer"})
    assert refused.status_code == 403
    assert "Việc này do điều phối viên thực hiện" in refused.text
    with database.read() as session:
        assert devices.list_devices(session, CODE, now=NOW) == []


def test_a_unit_makes_no_pairing_code_of_a_tablet(unit_official: PageClient, database: Database) -> None:
    tablet, kiosk = add_tablet(database)[0], add(database)
    assert "/ma-ghep" not in unit_official.get(f"{DEVICES}/{tablet}").text
    assert post(unit_official, f"{DEVICES}/{tablet}/ma-ghep", {}).status_code == 403
    assert "/ma-ghep" in unit_official.get(f"{DEVICES}/{kiosk}").text
    assert post(unit_official, f"{DEVICES}/{kiosk}/ma-ghep", {}).status_code == 303


def test_a_unit_hands_in_no_file_of_a_tablet(
    app: Flask, unit_official: PageClient, database: Database
) -> None:
    add_settled_account(database, role="coordinator")
    file = rescue_file(add_tablet(database)[0], [body()])
    refused = hand_in(unit_official, file)
    assert refused.status_code == 400
    assert "là máy của điều tra viên" in refused.text
    assert hand_in(signed_in_client(app), file).status_code == 200


def post(client: PageClient, path: str, values: dict[str, str]) -> Any:
    """Send what no form of the page offers."""
    page = client.get(f"{DEVICES}/them").text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    return client.post(path, data={"csrf_token": token, **values})
