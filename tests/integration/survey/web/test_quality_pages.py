"""The page on data quality: what it says, who may see it, its files and thresholds."""

import csv
import html
import io
import re
from datetime import date
from uuid import uuid4

import openpyxl
import pytest
from flask import Flask

from survey.reports.figure_words import format_day
from survey.services.responses import NewResponse, submit_response
from survey.services.rounds import close_round
from survey.store.database import Database
from survey.web import clock
from tests import factories
from tests.fixtures.applications import PageClient
from tests.officials import add_settled_account, send_responses, signed_in_client
from tests.rounds import tthc_answers

ROUND = f"/quan-tri/dot/{factories.ROUND_CODE}"
QUALITY = f"{ROUND}/chat-luong"
OWN, OTHER = factories.UNIT_CODE, factories.OTHER_UNIT_CODE
OF_THE_PROVINCE = ("", "/don-vi.csv", "/chi-so.csv", "/nguong", f"/don-vi/{OTHER}")


@pytest.fixture
def busy_round(database: Database) -> None:
    """Honest responses at two units, and eight too fast ones at the first."""
    with database.write() as session:
        factories.open_shipped_round(session, ["tthc"])
    send_responses(database, "tthc", {(OWN, "phone", "invited"): 40, (OTHER, "paper", "invited"): 40})
    with database.write() as session:
        for _ in range(8):
            new = NewResponse(
                uuid4(),
                factories.ROUND_CODE,
                "tthc",
                OWN,
                "phone",
                "invited",
                answers=tthc_answers(),
                duration_band="under_1m",
            )
            submit_response(session, new, today=date(2026, 9, 1))


@pytest.fixture
def official(app: Flask, database: Database, busy_round: None) -> PageClient:
    add_settled_account(database, "sonoivu", "coordinator")
    return signed_in_client(app)


@pytest.fixture
def unit_official(app: Flask, database: Database, busy_round: None) -> PageClient:
    add_settled_account(database, "donghoi", "unit_official", OWN)
    return signed_in_client(app, "donghoi")


def words(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def cells_of(page: str, table: str) -> list[list[str]]:
    body = page.split(f'id="{table}"')[1].split("<tbody")[1].split("</table>")[0]
    return [
        [words(cell) for cell in re.findall(r"<t[hd][ >].*?</t[hd]>", row, re.DOTALL)]
        for row in body.split("<tr")[1:]
    ]


def test_the_page_begins_with_what_to_look_at(official: PageClient) -> None:
    page = words(official.get(QUALITY).text)

    assert "1 đơn vị cần xem lại: Phường Đồng Hới. " in page
    assert "chỉ số công bố luôn là của tất cả các phiếu" in page


def test_units_of_a_questionnaire_are_all_shown_on_demand(official: PageClient) -> None:
    standing_out = cells_of(official.get(QUALITY).text, "units")
    every_one = cells_of(official.get(f"{QUALITY}?phieu=tthc").text, "units")

    assert [row[0] for row in standing_out] == ["Phường Đồng Hới 18880"]
    assert [row[0] for row in every_one] == ["Phường Đồng Hới 18880", "Phường Đồng Thuận 18859"]
    assert official.get(f"{QUALITY}?phieu=khong-co").status_code == 404


@pytest.mark.parametrize(
    ("path", "file", "table"),
    [("", "/chi-so.csv", "effects"), ("?phieu=tthc", "/don-vi.csv?phieu=tthc", "units")],
)
def test_the_file_has_the_cells_of_the_page(official: PageClient, path: str, file: str, table: str) -> None:
    page = official.get(QUALITY + path).text
    response = official.get(QUALITY + file)
    heads, *lines = csv.reader(io.StringIO(response.data.decode("utf-8-sig")))
    code = heads.index("Mã đơn vị") if "Mã đơn vị" in heads else None
    origin = heads.index("Loại số liệu")

    shown = [[cell for place, cell in enumerate(line[:origin]) if place != code] for line in lines]
    if code is not None:
        shown = [[f"{row[0]} {line[code]}", *row[1:]] for row, line in zip(shown, lines, strict=True)]

    assert response.headers["Content-Type"].startswith("text/csv")
    assert shown == cells_of(page, table)


def test_a_unit_has_its_evidence_its_meaning_and_what_to_do(official: PageClient) -> None:
    page = words(official.get(f"{QUALITY}/don-vi/{OWN}").text)

    assert "Quá nhanh 8 (100,0%)" in page
    assert "8 phiếu (điện thoại): dưới 1 phút" in page
    assert "Hỏi đơn vị xem phiếu có do cán bộ bấm giúp" in page
    assert "chỉ số công bố luôn là của tất cả các phiếu" in page


def test_an_unknown_unit_or_round_is_not_found(official: PageClient) -> None:
    assert official.get(f"{QUALITY}/don-vi/0").status_code == 404
    assert official.get("/quan-tri/dot/khong-co/chat-luong").status_code == 404


def test_round_and_results_lead_to_the_page(official: PageClient) -> None:
    assert f'href="{QUALITY}"' in official.get(ROUND).text
    assert f'href="{QUALITY}"' in official.get(f"{ROUND}/ket-qua").text


def test_the_workbook_has_a_sheet_on_data_quality(official: PageClient) -> None:
    book = openpyxl.load_workbook(io.BytesIO(official.get(f"{ROUND}/ket-qua.xlsx").data))

    values = [cell for row in book["Chất lượng dữ liệu"].iter_rows(values_only=True) for cell in row]

    assert "Phường Đồng Hới" in values
    assert 8 in values
    assert "Quá nhanh" in values


def test_a_new_response_is_seen_at_once(official: PageClient, database: Database) -> None:
    before = words(official.get(QUALITY).text)
    send_responses(database, "tthc", {(OTHER, "paper", "invited"): 1}, seed=9)

    after = words(official.get(QUALITY).text)

    assert "88 phiếu, 8 phiếu có dấu hiệu" in before
    assert "89 phiếu, 8 phiếu có dấu hiệu" in after


def test_thresholds_are_changed_and_hold_at_once(official: PageClient) -> None:
    response = official.submit(f"{QUALITY}/nguong", {"seconds_per_item": "0,5"}, form=1)

    assert response.status_code == 303
    assert "Không phiếu nào có dấu hiệu cần xem lại về cách thu thập." in words(official.get(QUALITY).text)
    assert 'value="0,5"' in official.get(f"{QUALITY}/nguong").text


def test_who_changed_a_threshold_when_and_how_is_shown(official: PageClient) -> None:
    assert "Chưa có ai thay đổi ngưỡng" in official.get(f"{QUALITY}/nguong").text

    official.submit(f"{QUALITY}/nguong", {"seconds_per_item": "0,5"}, form=1)
    official.submit(f"{QUALITY}/nguong", {}, form=1)

    (row,) = cells_of(official.get(f"{QUALITY}/nguong").text, "changes")
    assert row == [
        "Quá nhanh: số giây cho mỗi tiêu chí",
        "3",
        "0,5",
        format_day(clock.today(), "vi"),
        "Tài khoản sonoivu",
    ]
    assert "ngưỡng riêng của đợt khảo sát" in official.get(QUALITY).text


def test_every_wrong_threshold_is_named_and_nothing_is_saved(official: PageClient) -> None:
    typed = {"minimum_items": "mười", "last_hour": "3", "distance": "4"}

    page = official.submit(f"{QUALITY}/nguong", typed, form=1)

    assert page.status_code == 400
    assert 'href="#minimum_items"' in page.text
    assert 'href="#last_hour"' in page.text
    assert 'value="mười"' in page.text
    assert 'value="3,5"' in official.get(f"{QUALITY}/nguong").text


def test_a_forged_change_of_thresholds_is_refused(official: PageClient) -> None:
    page = official.post(f"{QUALITY}/nguong", data={"csrf_token": "x", "distance": "9"})

    assert page.status_code == 400
    assert 'value="3,5"' in official.get(f"{QUALITY}/nguong").text


@pytest.mark.parametrize("path", OF_THE_PROVINCE)
def test_without_an_account_every_page_leads_to_signing_in(client: PageClient, path: str) -> None:
    assert client.get(QUALITY + path).location.startswith("/dang-nhap?tiep=")


def test_an_official_of_a_unit_sees_neither_others_nor_thresholds(unit_official: PageClient) -> None:
    for path in OF_THE_PROVINCE:
        assert unit_official.get(QUALITY + path).status_code == 403, path
    assert unit_official.post(f"{QUALITY}/nguong", data={"distance": "9"}).status_code == 403


def test_an_official_of_a_unit_sees_its_own_once_the_round_is_closed(
    unit_official: PageClient, database: Database
) -> None:
    own = f"{QUALITY}/don-vi/{OWN}"
    assert unit_official.get(own).location == f"{ROUND}/don-vi"
    assert own not in unit_official.get(f"{ROUND}/don-vi").text
    with database.write() as session:
        close_round(session, factories.ROUND_CODE)

    page = unit_official.get(own)

    assert page.status_code == 200
    assert OTHER not in page.text
    assert f'href="{QUALITY}"' not in page.text
    assert own in unit_official.get(f"{ROUND}/don-vi").text
