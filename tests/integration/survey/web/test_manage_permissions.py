"""Who may see what: nobody without an account, an official of one unit only that unit."""

import pytest
from flask import Flask

from survey.models.account import ROLES
from survey.services.rounds import close_round
from survey.store.database import Database
from survey.web import clock, results
from tests import factories, report_values
from tests.fixtures.applications import PageClient
from tests.html import without_tokens
from tests.officials import add_settled_account, send_responses, signed_in_client

ROUND = f"/quan-tri/dot/{factories.ROUND_CODE}"
OWN, OTHER = factories.UNIT_CODE, factories.OTHER_UNIT_CODE
OF_THE_PROVINCE = (
    "/ket-qua",
    "/ket-qua/tthc",
    "/ket-qua/tthc/land",
    f"/ket-qua/tthc/don-vi/{OTHER}",
    "/ket-qua.xlsx",
    "/ket-qua.csv",
    "/so-lieu.csv",
    "/ket-qua/tthc/so-lieu.csv?cap=unit",
    "/bang-chi-tieu.svg",
    "/phieu.csv",
    "/dong",
    "/mo",
)
WITH_FIGURES = tuple(path for path in OF_THE_PROVINCE if path not in ("/phieu.csv", "/dong", "/mo"))
OF_A_UNIT = ("", "/don-vi", "/cach-tinh", f"/ket-qua/tthc/don-vi/{OWN}", "/dia-chi/tthc")


@pytest.fixture
def unit_official(app: Flask, database: Database) -> PageClient:
    with database.write() as session:
        factories.open_shipped_round(session, ["tthc"])
    counts = {(OWN, "phone", "invited"): 12, (OTHER, "paper", "invited"): 9}
    send_responses(database, "tthc", counts)
    add_settled_account(database, "donghoi", "unit_official", OWN)
    return signed_in_client(app, "donghoi")


@pytest.mark.parametrize("path", [*OF_THE_PROVINCE, *OF_A_UNIT])
def test_without_an_account_every_page_leads_to_signing_in(client: PageClient, path: str) -> None:
    response = client.get(ROUND + path)
    assert response.status_code == 303
    assert response.location.startswith(f"/dang-nhap?tiep={ROUND}")


def test_without_an_account_no_deed_is_done(client: PageClient) -> None:
    sent = {"typed_code": factories.ROUND_CODE}
    assert client.post(f"{ROUND}/dong", data=sent).location.startswith("/dang-nhap")


def test_an_official_of_a_unit_gets_403_for_everything_else(unit_official: PageClient) -> None:
    for path in OF_THE_PROVINCE:
        assert unit_official.get(ROUND + path).status_code == 403, path
    assert unit_official.post(f"{ROUND}/dong", data={"typed_code": "x"}).status_code == 403


def test_while_the_round_is_open_a_unit_sees_counts_alone(unit_official: PageClient) -> None:
    page = unit_official.get(f"{ROUND}/don-vi").text
    assert ">12<" in page
    assert "%</td>" not in page
    assert f"{ROUND}/ket-qua/" not in page
    assert unit_official.get(f"{ROUND}/ket-qua/tthc/don-vi/{OWN}").location == f"{ROUND}/don-vi"
    assert 'id="design"' not in unit_official.get(f"{ROUND}/cach-tinh").text


def test_the_page_of_a_unit_points_out_where_addresses_were_guessed(unit_official: PageClient) -> None:
    page = unit_official.get(f"{ROUND}/don-vi").text
    assert "Các đường dẫn bắt đầu bằng http://localhost" in page
    assert "PUBLIC_ADDRESS" in page


@pytest.mark.usefixtures("unit_official")
@pytest.mark.parametrize("role", ROLES)
def test_live_figures_are_for_those_alone_who_may_export_the_rows(
    app: Flask, database: Database, role: str
) -> None:
    """Two live reports tell what one response said; the export of the rows tells them no less."""
    add_settled_account(database, f"{role}-1", role, OWN if role == "unit_official" else None)
    client = signed_in_client(app, f"{role}-1")
    own_unit = f"/ket-qua/tthc/don-vi/{OWN}"
    figures = [path for path in (*WITH_FIGURES, own_unit) if client.get(ROUND + path).status_code == 200]
    assert client.get(f"{ROUND}/phieu.csv").status_code == (403 if role == "unit_official" else 200)
    assert figures == ([] if role == "unit_official" else [*WITH_FIGURES, own_unit])


def test_what_a_unit_sees_of_an_open_round_does_not_follow_from_the_answers(
    unit_official: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment, pages = clock.now(), []
    monkeypatch.setattr(clock, "now", lambda: moment)
    for value in (0.5, 0.95):
        line = report_values.result("tthc", "", 900, value, 0.02, 0.9, "met" if value > 0.9 else "not_met")
        report = report_values.report((line,), status="open", round_code=factories.ROUND_CODE)
        monkeypatch.setattr(results, "get_index_report", lambda code, report=report: report)
        texts = [unit_official.get(ROUND + path).text for path in ("/don-vi", "/cach-tinh")]
        pages.append([without_tokens(text) for text in texts])
    assert pages[0] == pages[1]
    assert "900 phiếu được tính" in pages[0][1]


def test_an_official_of_a_unit_sees_its_figures_and_addresses(
    unit_official: PageClient, database: Database
) -> None:
    with database.write() as session:
        close_round(session, factories.ROUND_CODE)
    assert unit_official.get(ROUND).location == f"{ROUND}/don-vi"
    page = unit_official.get(f"{ROUND}/don-vi").text
    assert "Phường Đồng Hới" in page
    assert "số liệu tính đến" in page
    assert f'href="{ROUND}/cach-tinh"' in page
    assert f"{ROUND}/ket-qua/tthc/don-vi/{OWN}" in page
    assert OTHER not in page
    assert f'href="{ROUND}/ket-qua"' not in page
    results = unit_official.get(f"{ROUND}/ket-qua/tthc/don-vi/{OWN}").text
    assert "Phường Đồng Hới" in results
    assert f'href="{ROUND}/ket-qua"' not in results


def test_an_official_of_a_unit_sees_neither_counts_nor_addresses_of_others(unit_official: PageClient) -> None:
    rounds = unit_official.get("/quan-tri/").text
    assert ">21<" not in rounds
    addresses = unit_official.get(f"{ROUND}/dia-chi/tthc").text
    assert OWN in addresses
    assert OTHER not in addresses


@pytest.mark.usefixtures("unit_official")
@pytest.mark.parametrize("role", ["administrator", "coordinator"])
def test_administrators_and_coordinators_see_everything(app: Flask, database: Database, role: str) -> None:
    add_settled_account(database, role, role)
    client = signed_in_client(app, role)
    for path in ("", "/ket-qua", "/ket-qua/tthc", f"/ket-qua/tthc/don-vi/{OTHER}", "/ket-qua.csv", "/dong"):
        assert client.get(ROUND + path).status_code == 200, path
    assert client.get(f"{ROUND}/don-vi").location == ROUND
