"""The list of rounds, a round's counts and addresses."""

from dataclasses import replace
from datetime import date

import pytest
from flask import Flask

from survey.app import create_app
from survey.services.frames import import_frame
from survey.services.rounds import close_round
from survey.settings import Settings
from survey.store.database import Database
from tests import factories
from tests.fixtures.applications import PageClient
from tests.officials import add_settled_account, send_responses, signed_in_client

ROUND = f"/quan-tri/dot/{factories.ROUND_CODE}"
FORM = "vi-du"


@pytest.fixture
def official(app: Flask, database: Database) -> PageClient:
    add_settled_account(database, role="coordinator")
    return signed_in_client(app)


@pytest.fixture
def busy_round(small_round: str, database: Database) -> None:
    """Seven responses at one unit, one at another."""
    first, second = factories.UNIT_CODE, factories.OTHER_UNIT_CODE
    send_responses(
        database, FORM, {(first, "phone", "invited"): 4, (first, "kiosk", "self_selected"): 3}, seed=1
    )
    send_responses(database, FORM, {(second, "phone", "invited"): 1}, on=date(2026, 9, 4), seed=2)


def test_an_empty_list_says_what_to_do_next(official: PageClient) -> None:
    page = official.get("/quan-tri/").text
    assert "Chưa có đợt khảo sát nào" in page
    assert "hailong round create" in page


@pytest.mark.usefixtures("busy_round")
def test_the_list_shows_each_round_with_dates_state_and_count(official: PageClient) -> None:
    page = official.get("/quan-tri/").text
    for words in ("Đợt khảo sát 2026-h2", "1/7/2025", "31/12/2099", "Đang nhận phiếu", ">8<"):
        assert words in page


def test_a_demonstration_is_marked(official: PageClient, database: Database) -> None:
    with database.write() as session:
        factories.open_small_round(session, is_demonstration=True)
    for path in ("/quan-tri/", ROUND, f"{ROUND}/dong", f"{ROUND}/dia-chi/{FORM}", f"{ROUND}/ket-qua"):
        assert "Dữ liệu minh họa" in official.get(path).text


@pytest.mark.usefixtures("busy_round")
def test_counts_stand_by_form_channel_day_and_unit(official: PageClient) -> None:
    page = official.get(ROUND).text
    assert "5 được mời, 3 tự nguyện" in page
    assert "Nhiều nhất ngày 1/9/2026: 7 phiếu" in page
    assert "4/9/2026" in page
    assert page.count(">2/2<") == 2  # units with responses: of the round, and of its one questionnaire
    assert "chưa nhập số giao dịch nên không có quyền số" in page


@pytest.mark.usefixtures("busy_round")
def test_coverage_stands_beside_the_frame(official: PageClient, database: Database) -> None:
    frame = f"form,unit_code,sector,population\n{FORM},{factories.UNIT_CODE},,400\n"
    with database.write() as session:
        import_frame(session, factories.ROUND_CODE, frame.encode())
    page = official.get(ROUND).text
    assert ">400 <" in page
    assert "số phiếu bằng 2,0% số giao dịch" in page


@pytest.mark.usefixtures("busy_round")
@pytest.mark.parametrize(
    ("order", "names"),
    [
        ("ten", ["Phường Đồng Hới", "Phường Đồng Thuận"]),
        ("-ten", ["Phường Đồng Thuận", "Phường Đồng Hới"]),
        ("so-phieu", ["Phường Đồng Thuận", "Phường Đồng Hới"]),
        ("-so-phieu", ["Phường Đồng Hới", "Phường Đồng Thuận"]),
        ("khong-co", ["Phường Đồng Hới", "Phường Đồng Thuận"]),
    ],
)
def test_units_are_sorted_as_the_address_says(official: PageClient, order: str, names: list[str]) -> None:
    table = official.get(f"{ROUND}?sap-xep={order}").text.split('id="units"')[1]
    assert table.index(names[0]) < table.index(names[1])


@pytest.mark.usefixtures("busy_round")
def test_a_search_needs_no_vietnamese_marks(official: PageClient) -> None:
    table = official.get(f"{ROUND}?tim=dong hoi").text.split('id="units"')[1]
    assert "Phường Đồng Hới" in table
    assert "Phường Đồng Thuận" not in table
    assert "Không có đơn vị nào có các từ này" in official.get(f"{ROUND}?tim=xyz").text


@pytest.mark.usefixtures("small_round")
def test_addresses_are_written_out_in_full(official: PageClient) -> None:
    page = official.get(f"{ROUND}/dia-chi/{FORM}").text
    path = f"{factories.ROUND_CODE}/{FORM}/{factories.UNIT_CODE}"
    assert f'<a href="/khao-sat/{path}">http://localhost/khao-sat/{path}</a>' in page
    assert f'<a href="/kiosk/{path}">http://localhost/kiosk/{path}</a>' in page
    found = official.get(f"{ROUND}/dia-chi/{FORM}?tim=thuan").text
    assert path not in found
    assert factories.OTHER_UNIT_CODE in found


@pytest.mark.usefixtures("small_round")
def test_addresses_begin_with_the_public_one(settings: Settings, database: Database) -> None:
    add_settled_account(database, role="coordinator")
    app = create_app(replace(settings, public_address="https://khaosat.example.vn"))
    app.test_client_class = PageClient
    page = signed_in_client(app).get(f"{ROUND}/dia-chi/{FORM}").text
    app.extensions["database"].dispose()
    assert ">https://khaosat.example.vn/khao-sat/" in page
    assert ">https://khaosat.example.vn/kiosk/" in page
    assert "?moi=" in page
    assert "http://localhost" not in page
    assert "PUBLIC_ADDRESS" not in page


@pytest.mark.usefixtures("small_round")
def test_a_guessed_beginning_of_addresses_is_pointed_out(official: PageClient) -> None:
    page = official.get(f"{ROUND}/dia-chi/{FORM}").text
    assert "Các đường dẫn bắt đầu bằng http://localhost" in page
    assert "PUBLIC_ADDRESS" in page
    assert "PUBLIC_ADDRESS" not in official.get(f"{ROUND}/dia-chi/{FORM}?tim=khong-co").text


@pytest.mark.parametrize("path", ["", "/dong", "/ket-qua", "/cach-tinh", "/ket-qua.csv", "/phieu.csv"])
def test_an_unknown_round_is_not_found(official: PageClient, path: str) -> None:
    response = official.get(f"/quan-tri/dot/khong-co{path}")
    assert response.status_code == 404
    assert "khong-co" in response.text


def test_a_code_with_a_zero_byte_is_not_found(official: PageClient) -> None:
    assert official.get("/quan-tri/dot/%00/ket-qua").status_code == 404


@pytest.mark.usefixtures("small_round")
def test_a_closed_round_offers_no_deed(official: PageClient, database: Database) -> None:
    assert f"{ROUND}/dong" in official.get(ROUND).text
    with database.write() as session:
        close_round(session, factories.ROUND_CODE)
    page = official.get(ROUND).text
    assert "Đã đóng" in page
    assert f"{ROUND}/dong" not in page
