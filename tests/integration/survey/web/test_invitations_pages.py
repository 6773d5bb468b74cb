"""The officials' page of personal codes: making, downloading and withdrawing them."""

import csv
import io
import re

import pytest
from flask import Flask
from pypdf import PdfReader

from survey.store.database import Database
from tests import factories
from tests.fixtures.applications import PageClient
from tests.integration.survey.web.conftest import SMALL_FORM
from tests.officials import add_settled_account, signed_in_client

PAGE = f"/quan-tri/dot/{factories.ROUND_CODE}/ma-khao-sat/{SMALL_FORM}"


@pytest.fixture
def coordinator(app: Flask, database: Database, small_round: str) -> PageClient:
    add_settled_account(database, role="coordinator")
    return signed_in_client(app)


def make(client: PageClient, count: str = "9", unit: str = factories.UNIT_CODE) -> str:
    """Makes codes; gives the page that is shown then."""
    response = client.submit(PAGE, {"unit_code": unit, "count": count}, form=1)
    assert response.location == PAGE
    return client.get(PAGE).text


def read_csv(client: PageClient, name: str) -> list[dict[str, str]]:
    response = client.get(f"{PAGE}/{name}.csv")
    assert response.mimetype == "text/csv"
    return list(csv.DictReader(io.StringIO(response.data.decode("utf-8-sig"))))


def test_an_empty_page_says_what_to_do(coordinator: PageClient) -> None:
    page = coordinator.get(PAGE).text
    assert "Chưa có mã nào" in page
    assert 'name="count"' in page


def test_codes_are_made_listed_and_downloaded(coordinator: PageClient) -> None:
    page = make(coordinator)
    lines = read_csv(coordinator, "M0001")

    assert "Đã tạo 9 mã." in page
    assert len({line["Mã khảo sát"] for line in lines}) == 9
    assert [line["STT"] for line in lines] == [str(number) for number in range(1, 10)]
    for line in lines:
        assert line["Địa chỉ"].endswith(f"/ma/{line['Mã khảo sát']}")
    assert coordinator.get(f"/ma/{lines[0]['Mã khảo sát']}").status_code == 303
    assert read_csv(coordinator, "tat-ca") == lines


def test_slips_are_printed_eight_on_a_sheet(coordinator: PageClient) -> None:
    make(coordinator)
    codes = [line["Mã khảo sát"] for line in read_csv(coordinator, "M0001")]

    response = coordinator.get(f"{PAGE}/M0001.pdf")
    pages = PdfReader(io.BytesIO(response.data)).pages
    texts = [page.extract_text() for page in pages]

    assert response.mimetype == "application/pdf"
    assert [sum(code in text for code in codes) for text in texts] == [8, 1]
    assert "Ông/Bà" in texts[0]


def test_every_unit_gets_a_batch_of_its_own(coordinator: PageClient, database: Database) -> None:
    with database.write() as session:
        factories.open_shipped_round(session, ["tthc"], code="moi-don-vi")
    page = PAGE.replace(factories.ROUND_CODE, "moi-don-vi").replace(SMALL_FORM, "tthc")

    coordinator.submit(page, {"unit_code": "*", "count": "5"}, form=1)

    lines = re.findall(r">(M\d{4})</th>", coordinator.get(page).text)
    assert len(lines) == 2


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"unit_code": "", "count": "9"}, "unit_code"),
        ({"unit_code": "khong-co", "count": "9"}, "unit_code"),
        ({"unit_code": factories.UNIT_CODE, "count": "4"}, "count"),
        ({"unit_code": factories.UNIT_CODE, "count": "1.001"}, "count"),
        ({"unit_code": factories.UNIT_CODE, "count": "chín"}, "count"),
    ],
)
def test_what_is_missing_is_said_at_its_field(
    coordinator: PageClient, sent: dict[str, str], field: str
) -> None:
    response = coordinator.submit(PAGE, sent, form=1)

    assert response.status_code == 422
    assert f'href="#{field}"' in response.text
    assert "Chưa có mã nào" in coordinator.get(PAGE).text


def test_withdrawing_asks_for_the_code_of_the_batch(coordinator: PageClient) -> None:
    make(coordinator)
    codes = [line["Mã khảo sát"] for line in read_csv(coordinator, "M0001")]

    wrong = coordinator.submit(f"{PAGE}/M0001/thu-hoi", {"typed_code": "M1"}, form=1)
    done = coordinator.submit(f"{PAGE}/M0001/thu-hoi", {"typed_code": "m0001"}, form=1)

    assert wrong.status_code == 422
    assert done.location == PAGE
    assert "Đã thu hồi 9 mã." in coordinator.get(PAGE).text
    assert coordinator.get(f"/ma/{codes[0]}").status_code == 404
    assert coordinator.get(f"{PAGE}/M0001.csv").location == PAGE
    assert "Các mã này đã thu hồi." in coordinator.get(PAGE).text
    assert coordinator.get(f"{PAGE}/M0001/thu-hoi").location == PAGE


def test_an_unknown_batch_is_not_found(coordinator: PageClient) -> None:
    assert coordinator.get(f"{PAGE}/M0099.csv").status_code == 404


def test_a_form_of_one_screen_has_no_codes(coordinator: PageClient, database: Database) -> None:
    with database.write() as session:
        factories.open_shipped_round(session, ["quay-motcua"], code="quay")
    page = PAGE.replace(factories.ROUND_CODE, "quay").replace(SMALL_FORM, "quay-motcua")

    assert "không chọn mẫu" in coordinator.get(page).text
    assert "ma-khao-sat" not in coordinator.get("/quan-tri/dot/quay").text


def test_an_official_of_a_unit_hands_out_no_invitations(
    app: Flask, database: Database, small_round: str
) -> None:
    add_settled_account(database, "donghoi", "unit_official", factories.UNIT_CODE)
    client = signed_in_client(app, "donghoi")

    for path in ("", "/tat-ca.csv", "/M0001.csv", "/M0001.pdf", "/M0001/thu-hoi"):
        assert client.get(PAGE + path).status_code == 403
    assert client.post(PAGE, data={"unit_code": factories.UNIT_CODE, "count": "9"}).status_code == 403
