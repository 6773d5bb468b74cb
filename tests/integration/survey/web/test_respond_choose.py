from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from survey.services.rounds import close_round
from tests import factories

UNITS = f"/khao-sat/{factories.ROUND_CODE}/vi-du/"


def test_first_page_without_an_open_round_says_so(client: FlaskClient) -> None:
    page = client.get("/")

    assert page.status_code == 200
    assert "empty-state" in page.text
    assert "/khao-sat/" not in page.text


def test_first_page_lists_services_with_their_duration(
    client: FlaskClient, open_shipped: Callable[..., None]
) -> None:
    open_shipped("quay-motcua", "tthc")

    page = client.get("/")

    assert page.text.index("Giải quyết thủ tục hành chính") < page.text.index("Đánh giá nhanh tại quầy")
    assert "Khoảng 5 phút" in page.text


def test_first_page_names_rounds_only_where_there_are_several(app: Flask, client: FlaskClient) -> None:
    with app.extensions["database"].write() as session:
        factories.open_small_round(session)
    one = client.get("/")
    with app.extensions["database"].write() as session:
        factories.open_round_with(session, ["vi-du"], [factories.UNIT_CODE], code="second")
    two = client.get("/")

    assert "<h2>" not in one.text
    assert two.text.count("<h2>") == 2


def test_first_page_leaves_out_a_closed_round(app: Flask, client: FlaskClient, small_round: str) -> None:
    with app.extensions["database"].write() as session:
        close_round(session, factories.ROUND_CODE)

    assert "/khao-sat/" not in client.get("/").text


def test_demonstration_is_marked(app: Flask, client: FlaskClient) -> None:
    with app.extensions["database"].write() as session:
        factories.open_small_round(session, is_demonstration=True)

    for path in ("/", UNITS, f"{UNITS}{factories.UNIT_CODE}"):
        assert 'class="demonstration"' in client.get(path).text


def test_units_are_listed(client: FlaskClient, small_round: str) -> None:
    page = client.get(UNITS)

    assert "Phường Đồng Hới" in page.text
    assert f'href="{UNITS}{factories.UNIT_CODE}"' in page.text


@pytest.fixture
def many_units(app: Flask) -> None:
    codes = ("18880", "18859", "18871", "19093", "19333", "SNV", "STC", "VD-BV-01", "VD-TH-01")
    with app.extensions["database"].write() as session:
        factories.open_small_round(session, unit_codes=codes)


@pytest.mark.parametrize("search", ["dong hoi", "Đồng Hới", "HOI dong", "18880"])
@pytest.mark.usefixtures("many_units")
def test_search_for_a_unit_ignores_marks(client: FlaskClient, search: str) -> None:
    page = client.get(UNITS, query_string={"tim": search})

    assert "Phường Đồng Hới" in page.text
    assert "Phường Đồng Thuận" not in page.text
    assert f'value="{search}"' in page.text


@pytest.mark.usefixtures("many_units")
def test_search_without_a_hit_leads_back_to_all_units(client: FlaskClient) -> None:
    page = client.get(UNITS, query_string={"tim": "<Sài Gòn>\x00"})

    assert page.status_code == 200
    assert "&lt;Sài Gòn&gt;" in page.text
    assert f'href="{UNITS}"' in page.text


@pytest.mark.usefixtures("many_units")
def test_many_units_are_grouped_by_kind(client: FlaskClient) -> None:
    page = client.get(UNITS)

    assert page.text.count("<details") == 6


def test_one_unit_leads_straight_on(app: Flask, client: FlaskClient) -> None:
    with app.extensions["database"].write() as session:
        factories.open_small_round(session, unit_codes=[factories.UNIT_CODE])

    assert client.get(UNITS).location == f"{UNITS}{factories.UNIT_CODE}"


@pytest.mark.parametrize(
    "path",
    [
        "/khao-sat/khong-co/vi-du/",
        f"/khao-sat/{factories.ROUND_CODE}/khong-co/",
        f"/khao-sat/{factories.ROUND_CODE}/vi-du/khong-co",
        f"/khao-sat/{factories.ROUND_CODE}/vi-du/%00",
        "/khao-sat/%00/vi-du/",
        "/khao-sat/%ff%fe/vi-du/",
        "/kiosk/khong-co/vi-du/18880",
        "/phieu/1234/dossier",
        "/phieu/7f2c9d7e-6a2b-4a55-9a52-1f6a3c1d9e10/",
        "/phieu/7f2c9d7e-6a2b-4a55-9a52-1f6a3c1d9e10/visit",
        "/phieu/7f2c9d7e-6a2b-4a55-9a52-1f6a3c1d9e10/xem-lai",
        "/phieu/7f2c9d7e-6a2b-4a55-9a52-1f6a3c1d9e10/cam-on",
        "/phieu/7f2c9d7e-6a2b-4a55-9a52-1f6a3c1d9e10/cau/q01",
    ],
)
def test_unknown_address_is_a_page_that_says_so(client: FlaskClient, small_round: str, path: str) -> None:
    page = client.get(path)

    assert page.status_code == 404
    assert "<h1>" in page.text
