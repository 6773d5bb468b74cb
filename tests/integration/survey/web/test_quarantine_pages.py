"""What was set aside on the officials' pages: looked at, taken in, left aside; who may do it."""

import re
from collections.abc import Callable
from datetime import date
from uuid import UUID

import pytest
from flask import Flask

from survey.models import QuarantinedResponse, Response
from survey.services import devices, quarantine
from survey.services.deliveries import keep_too_large
from survey.services.foreign_bytes import readable_content
from survey.services.problems import DeliveryKept, ResponseConflict
from survey.services.responses import receipt_number
from survey.services.round_forms import get_round
from survey.store.database import Database
from tests import factories
from tests.deliveries import ANSWERS, NOW, body, enrol, send_body
from tests.fixtures.applications import PageClient
from tests.officials import add_settled_account, signed_in_client

ROUND = f"/quan-tri/dot/{factories.ROUND_CODE}"
ASIDE = f"{ROUND}/phieu-de-rieng"
LATE, TWICE = UUID(int=11, version=4), UUID(int=12, version=4)
SignIn = Callable[[str], PageClient]


@pytest.fixture
def sign_in(app: Flask, database: Database, small_round: str) -> SignIn:
    """A browser with a new account of this role."""

    def open_browser(role: str) -> PageClient:
        add_settled_account(database, role, role, factories.UNIT_CODE if role == "unit_official" else None)
        return signed_in_client(app, role)

    return open_browser


@pytest.fixture
def late(database: Database, small_round: str) -> int:
    """The number of a sound response of a withdrawn device."""
    with database.write() as session:
        access = enrol(session)
        devices.withdraw_device(session, access.code, now=NOW)
        withdrawn = devices.find_device_by_code(session, access.code)
    with pytest.raises(DeliveryKept), database.write() as session:
        send_body(session, withdrawn, body(LATE))
    return newest(database)


@pytest.fixture
def twice(database: Database, small_round: str) -> int:
    """The number of what came under the id of a stored response with other answers."""
    with database.write() as session:
        send_body(session, None, body(TWICE))
    with pytest.raises(ResponseConflict), database.write() as session:
        send_body(session, None, body(TWICE, answers={**ANSWERS, "q01": 1}))
    return newest(database)


def newest(database: Database) -> int:
    with database.read() as session:
        row = session.query(QuarantinedResponse).order_by(QuarantinedResponse.id.desc()).first()
        assert row is not None
        return row.id


def keep(database: Database, *, with_round: bool = True, text: str = "{") -> int:
    with database.write() as session:
        round_id = get_round(session, factories.ROUND_CODE).id if with_round else None
        quarantine.keep(
            session,
            response_id=None,
            round_id=round_id,
            device_id=None,
            reason="malformed",
            content={"body": text},
            today=date(2026, 9, 7),
        )
    return newest(database)


def stored(database: Database, response_id: UUID) -> bool:
    with database.read() as session:
        return session.get(Response, response_id) is not None


def set_status(database: Database, status: str) -> None:
    with database.write() as session:
        get_round(session, factories.ROUND_CODE).status = status


def press(client: PageClient, kept_id: int, deed: str, note: str = "") -> tuple[int, str]:
    """Press one of the two buttons and follow; gives status and page."""
    page = client.get(f"{ASIDE}/{kept_id}").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token is not None
    sent = {"csrf_token": token[1], "note": note}
    answer = client.post(f"{ASIDE}/{kept_id}/{deed}", data=sent, follow_redirects=True)
    return answer.status_code, answer.text


def test_without_anything_the_list_says_so(sign_in: SignIn) -> None:
    client = sign_in("coordinator")
    assert "<table" not in client.get(ASIDE).text
    assert ASIDE not in client.get(ROUND).text


def test_the_page_of_the_round_leads_to_the_list(sign_in: SignIn, late: int, twice: int) -> None:
    client = sign_in("coordinator")
    assert f'href="{ASIDE}"' in client.get(ROUND).text
    page = client.get(ASIDE).text
    assert page.index(f"{ASIDE}/{twice}") < page.index(f"{ASIDE}/{late}")


def test_a_conflict_is_shown_beside_what_is_stored(sign_in: SignIn, twice: int) -> None:
    page = sign_in("coordinator").get(f"{ASIDE}/{twice}").text
    row = page.split("<tbody")[1].split("</tr>")[1]
    assert "Không hài lòng" in row
    assert "Hài lòng" in row
    assert "<strong>" in row
    assert receipt_number(TWICE) in page
    assert f"{ASIDE}/{twice}/nhan" not in page


def test_a_sound_one_is_taken_in_once(sign_in: SignIn, database: Database, late: int) -> None:
    client = sign_in("coordinator")
    first = press(client, late, "nhan", "gửi muộn")
    assert receipt_number(LATE) in first[1]
    assert stored(database, LATE)
    page = client.get(f"{ASIDE}/{late}").text
    assert "Tài khoản coordinator" in page
    assert "gửi muộn" in page
    assert "<textarea" not in page


def test_two_officials_who_press_at_once_store_it_once(
    sign_in: SignIn, database: Database, late: int
) -> None:
    clients = [sign_in("coordinator"), sign_in("administrator")]
    tokens = [
        client.get(f"{ASIDE}/{late}").text.split('name="csrf_token" value="')[1].split('"')[0]
        for client in clients
    ]
    for client, token in zip(clients, tokens, strict=True):
        answer = client.post(f"{ASIDE}/{late}/nhan", data={"csrf_token": token, "note": ""})
        assert answer.location == f"{ASIDE}/{late}"
    with database.read() as session:
        assert session.query(Response).count() == 1


def test_leaving_aside_needs_a_note_and_keeps_everything(
    sign_in: SignIn, database: Database, late: int
) -> None:
    client = sign_in("coordinator")
    status, page = press(client, late, "giu")
    assert status == 400
    assert 'href="#note-giu"' in page
    status, page = press(client, late, "giu", "thử máy")
    assert status == 200
    assert "thử máy" in page
    assert "Hài lòng" in page
    assert not stored(database, LATE)


def test_a_note_may_not_be_endless(sign_in: SignIn, late: int) -> None:
    assert press(sign_in("coordinator"), late, "giu", "x" * 501)[0] == 400


def test_a_wrong_token_decides_nothing(sign_in: SignIn, database: Database, late: int) -> None:
    client = sign_in("coordinator")
    answer = client.post(f"{ASIDE}/{late}/nhan", data={"csrf_token": "x", "note": "giữ lại"})
    assert answer.status_code == 400
    assert "giữ lại" in answer.text
    assert not stored(database, LATE)


@pytest.mark.parametrize("role", ["coordinator", "administrator"])
def test_a_closed_round_is_final(sign_in: SignIn, database: Database, late: int, role: str) -> None:
    client = sign_in(role)
    assert "phiếu để riêng chờ quyết định" in client.get(f"{ROUND}/dong").text
    set_status(database, "closed")
    page = client.get(f"{ASIDE}/{late}").text
    assert f"{ASIDE}/{late}/nhan" not in page
    assert "số liệu đã công bố không bao giờ thay đổi" in page
    assert press(client, late, "nhan")[0] == 400
    assert not stored(database, LATE)
    assert "không nhận thêm phiếu nào" in client.get(ROUND).text


def test_what_nobody_can_read_is_shown_as_it_came(sign_in: SignIn, database: Database) -> None:
    kept_id = keep(database, text="<script>alert(1)</script> &")
    client = sign_in("coordinator")
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp;" in client.get(f"{ASIDE}/{kept_id}").text
    assert press(client, kept_id, "nhan")[0] == 400


def test_an_official_of_a_unit_sees_counts_alone(sign_in: SignIn, database: Database, late: int) -> None:
    keep(database)
    client = sign_in("unit_official")
    page = client.get(ASIDE).text
    assert "<dd>1</dd>" in page
    assert "<table" not in page
    assert client.get(f"{ASIDE}/{late}").status_code == 403
    assert client.post(f"{ASIDE}/{late}/nhan", data={"note": "x"}).status_code == 403
    assert not stored(database, LATE)


def test_what_belongs_to_no_round_is_for_administrators(sign_in: SignIn, database: Database) -> None:
    kept_id = keep(database, with_round=False)
    address = f"/quan-tri/phieu-de-rieng/{kept_id}"
    administrator, coordinator = sign_in("administrator"), sign_in("coordinator")
    assert address in administrator.get("/quan-tri/phieu-de-rieng").text
    assert administrator.get(address).status_code == 200
    assert administrator.get(f"{ASIDE}/{kept_id}").status_code == 404
    for path in ("/quan-tri/phieu-de-rieng", address):
        assert coordinator.get(path).status_code == 403
    link = 'href="/quan-tri/phieu-de-rieng"'
    assert link in administrator.get("/quan-tri/").text
    assert link not in coordinator.get("/quan-tri/").text
    done = administrator.submit(address, {"note": "rác"}, form=1)
    assert done.location == address
    assert link not in administrator.get("/quan-tri/").text


@pytest.mark.parametrize("path", ["/99", "/0", f"/{2**40}", "/x"])
def test_an_unknown_number_is_not_found(sign_in: SignIn, path: str) -> None:
    assert sign_in("coordinator").get(ASIDE + path).status_code == 404


def test_without_an_account_nothing_is_shown(client: PageClient, late: int) -> None:
    for path in ("", f"/{late}"):
        assert client.get(ASIDE + path).location.startswith("/dang-nhap")
    assert client.post(f"{ASIDE}/{late}/nhan", data={"note": "x"}).location.startswith("/dang-nhap")


def test_a_long_list_has_pages(sign_in: SignIn, database: Database, small_round: str) -> None:
    for number in range(51):
        last = keep(database, text=str(number))
    client = sign_in("coordinator")
    assert f"{ASIDE}/{last}" in client.get(ASIDE).text
    assert f"{ASIDE}/{last - 50}" in client.get(f"{ASIDE}?trang=2").text
    assert client.get(f"{ASIDE}?trang=99999999999").status_code == 200


def test_bytes_of_another_charset_are_offered_as_they_came(sign_in: SignIn, database: Database) -> None:
    raw = '{"why": "hướng dẫn"}'.encode("utf-16")
    with database.write() as session:
        quarantine.keep(
            session,
            response_id=None,
            round_id=get_round(session, factories.ROUND_CODE).id,
            device_id=None,
            reason="malformed",
            content=readable_content(raw),
            today=date(2026, 9, 7),
        )
    kept_id = newest(database)
    client = sign_in("coordinator")
    page = client.get(f"{ASIDE}/{kept_id}").text
    assert "UTF-16" in page
    assert "hướng dẫn" in page
    address = f"{ASIDE}/{kept_id}/nguyen-ban"
    assert f'href="{address}"' in page
    answer = client.get(address)
    assert answer.data == raw
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert sign_in("unit_official").get(address).status_code == 403


def test_a_plain_text_has_no_bytes_beside_it(sign_in: SignIn, database: Database, late: int) -> None:
    assert sign_in("coordinator").get(f"{ASIDE}/{late}/nguyen-ban").status_code == 404


def test_what_was_too_large_is_shown_by_its_size(sign_in: SignIn, database: Database) -> None:
    with database.write() as session:
        access = enrol(session)
        for _ in range(2):
            keep_too_large(session, access, 5_000_000, now=NOW)
    kept_id = newest(database)
    page = sign_in("coordinator").get(f"{ASIDE}/{kept_id}").text
    assert "4.883 KB, không giữ lại nội dung nào" in page
    assert "Xin tải tệp cứu phiếu và giữ lại" in page
    assert f"{ASIDE}/{kept_id}/nhan" not in page
    with database.read() as session:
        assert session.query(QuarantinedResponse).count() == 1
