"""Posters: who may print which, what their code leads to, what the procedure's poster answers already."""

import io
import re
from datetime import date, timedelta

import pytest
from flask import Flask
from pypdf import PdfReader

from survey.models import Procedure
from survey.services.drafts import purge_drafts
from survey.store.database import Database
from tests import factories
from tests.fixtures.applications import PageClient
from tests.integration.survey.web.conftest import read_draft
from tests.officials import add_settled_account, signed_in_client

UNIT = factories.UNIT_CODE
POSTERS = f"/quan-tri/dot/{factories.ROUND_CODE}/ap-phich/tthc"
START = f"/khao-sat/{factories.ROUND_CODE}/tthc/{UNIT}"
PROCEDURE = "VD-DD-01"


@pytest.fixture
def open_tthc(app: Flask) -> None:
    with app.extensions["database"].write() as session:
        factories.open_shipped_round(session, ["tthc"])


@pytest.fixture
def coordinator(app: Flask, database: Database, open_tthc: None) -> PageClient:
    add_settled_account(database, role="coordinator")
    return signed_in_client(app)


def test_the_page_lists_units_and_procedures(coordinator: PageClient) -> None:
    page = coordinator.get(POSTERS).text

    assert f"http://localhost{START}" in page
    assert "Chuyển mục đích sử dụng đất" in page
    assert f"{POSTERS}/{UNIT}.svg?kho-giay=a4" in page


def test_the_page_of_a_procedure_leads_to_its_posters(coordinator: PageClient) -> None:
    page = coordinator.get(f"{POSTERS}?thu-tuc={PROCEDURE}&kho-giay=a5&tim=dong+hoi").text

    assert f"{START}?thu-tuc={PROCEDURE}" in page
    assert f"{POSTERS}/{UNIT}.pdf?thu-tuc={PROCEDURE}&amp;kho-giay=a5" in page
    assert factories.OTHER_UNIT_CODE not in page


def test_one_file_has_the_posters_of_all_units(coordinator: PageClient) -> None:
    answer = coordinator.get(f"{POSTERS}/tat-ca.pdf?kho-giay=a5")

    pages = PdfReader(io.BytesIO(answer.data)).pages
    assert answer.headers["Content-Type"] == "application/pdf"
    assert len(pages) == len(factories.UNITS_OF_FORM["tthc"])


@pytest.mark.parametrize("query", ["kho-giay=a3", "thu-tuc=khong-co"])
def test_what_cannot_be_chosen_is_not_printed(coordinator: PageClient, query: str) -> None:
    for path in (POSTERS, f"{POSTERS}/{UNIT}.pdf", f"{POSTERS}/tat-ca.pdf"):
        assert coordinator.get(f"{path}?{query}").status_code == 404
    assert coordinator.get(f"{POSTERS}/SNV.pdf").status_code == 404


@pytest.mark.usefixtures("open_tthc")
def test_an_official_prints_the_poster_of_his_unit_alone(app: Flask, database: Database) -> None:
    add_settled_account(database, "donghoi", "unit_official", UNIT)
    client = signed_in_client(app, "donghoi")

    page = client.get(POSTERS).text

    assert f"{POSTERS}/{UNIT}.pdf" in page
    assert factories.OTHER_UNIT_CODE not in page
    assert "tat-ca.pdf" not in page
    assert client.get(f"{POSTERS}/{UNIT}.pdf").status_code == 200
    assert client.get(f"{POSTERS}/{factories.OTHER_UNIT_CODE}.pdf").status_code == 403
    assert client.get(f"{POSTERS}/tat-ca.pdf").status_code == 403


@pytest.mark.usefixtures("open_tthc")
def test_nobody_else_prints_one(client: PageClient) -> None:
    assert client.get(f"{POSTERS}/{UNIT}.pdf").status_code == 303


@pytest.mark.usefixtures("open_tthc")
def test_the_procedure_of_the_poster_is_answered_and_can_be_changed(app: Flask, client: PageClient) -> None:
    start = f"{START}?thu-tuc={PROCEDURE}"
    assert "Chuyển mục đích sử dụng đất" in client.get(start).text

    dossier = client.submit(start).location

    draft = read_draft(app, dossier)
    assert draft.answers == {"sector": "land", "procedure": PROCEDURE}
    assert draft.selection == "self_selected"
    handling = client.submit(dossier, {"answer_respondent_kind": "person", "move": "next"}).location
    assert re.search(f'value="{PROCEDURE}"[^>]* checked', client.get(handling).text)
    client.submit(dossier, {"answer_sector": "construction", "move": "next"})
    assert not re.search(f'value="{PROCEDURE}"', client.get(handling).text)


@pytest.mark.usefixtures("open_tthc")
def test_the_procedure_survives_the_language_and_the_way_back(app: Flask, client: PageClient) -> None:
    start = f"{START}?thu-tuc={PROCEDURE}"
    switch = re.search(r'href="(/ngon-ngu/en[^"]+)"', client.get(start).text)
    assert switch
    assert client.get(switch[1].replace("&amp;", "&")).location == start
    dossier = client.submit(start).location

    back = client.submit(dossier, {"move": "back"}).location

    assert back.startswith(f"{start}&phieu=")
    assert client.submit(back).location == dossier
    assert read_draft(app, dossier).answers == {"sector": "land", "procedure": PROCEDURE}


@pytest.mark.usefixtures("open_tthc")
def test_an_unknown_or_expired_procedure_is_the_plain_form(app: Flask, client: PageClient) -> None:
    with app.extensions["database"].write() as session:
        expired = session.query(Procedure).filter_by(code=PROCEDURE).one()
        expired.valid_to = date(2025, 12, 31)
    for code in ("khong-co", PROCEDURE, "đ", ""):
        assert read_draft(app, client.submit(f"{START}?thu-tuc={code}").location).answers == {}


def test_the_poster_of_a_procedure_never_invites(
    app: Flask, client: PageClient, coordinator: PageClient
) -> None:
    addresses = coordinator.get(f"/quan-tri/dot/{factories.ROUND_CODE}/dia-chi/tthc").text
    invited = re.search(re.escape(START) + r"\?(moi=[a-z2-7]{16})", addresses)
    assert invited

    draft = read_draft(app, client.submit(f"{START}?{invited[1]}&thu-tuc={PROCEDURE}").location)

    assert draft.selection == "self_selected"
    assert client.get(f"{START}?moi=aaaaaaaaaaaaaaaa&thu-tuc={PROCEDURE}").status_code == 404


@pytest.mark.usefixtures("open_tthc")
def test_the_form_that_was_left_is_offered_until_it_is_deleted(app: Flask, client: PageClient) -> None:
    first = client.submit(START).location
    left = first.rpartition("/")[0] + "/"
    assert f'href="{left}"' in client.get(START).text
    assert left not in app.test_client().get(START).text

    with app.extensions["database"].write() as session:
        purge_drafts(session, now=read_draft(app, first).started_at + timedelta(days=3))

    assert left not in client.get(START).text


@pytest.mark.usefixtures("open_tthc")
def test_a_step_that_was_taken_names_the_next_page(client: PageClient) -> None:
    answer = client.submit(START, headers={"X-Hailong": "keep"})

    assert answer.status_code == 204
    assert answer.headers["X-Hailong"] == "page"
    assert answer.headers["X-Hailong-Next"].endswith("/dossier")
    assert client.get(START).headers["X-Hailong"] == "page"
    assert "X-Hailong" not in client.get("/dang-nhap").headers
