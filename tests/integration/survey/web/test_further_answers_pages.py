"""The page of comments and other answers: for coordinators alone, screened before publishing."""

import csv
import io
from uuid import uuid4

import openpyxl
import pytest
from flask import Flask

from survey.reports.further_answers import SHEET_NAME
from survey.services.responses import NewResponse, submit_response
from survey.services.rounds import close_round
from survey.store.database import Database
from tests import factories
from tests.fixtures.applications import PageClient
from tests.officials import add_settled_account, signed_in_client
from tests.rounds import TODAY

ROUND = f"/quan-tri/dot/{factories.ROUND_CODE}"
PAGE = f"{ROUND}/y-kien/vi-du"


@pytest.fixture
def answered(small_round: str, database: Database) -> None:
    with database.write() as session:
        for place in range(6):
            new = NewResponse(
                response_id=uuid4(),
                round_code=factories.ROUND_CODE,
                form_id="vi-du",
                unit_code=factories.UNIT_CODE,
                channel="phone",
                selection="invited",
                answers={"visited": "no", "why": f"=Ý kiến {place}", "channels": ("web",)},
            )
            submit_response(session, new, today=TODAY)


@pytest.fixture
def coordinator(app: Flask, database: Database) -> PageClient:
    add_settled_account(database, role="coordinator")
    return signed_in_client(app)


@pytest.mark.usefixtures("answered")
def test_coordinators_see_tables_and_comments(coordinator: PageClient) -> None:
    page = coordinator.get(PAGE).text

    assert "Phải rà soát trước khi công bố" in page
    assert page.count('<blockquote class="comment-text">') == 6
    assert "không có quyền số" in page
    assert PAGE in coordinator.get(ROUND).text


@pytest.mark.usefixtures("answered")
@pytest.mark.parametrize("is_closed", [False, True])
def test_an_official_of_a_unit_sees_none_of_it(app: Flask, database: Database, is_closed: bool) -> None:
    if is_closed:
        with database.write() as session:
            close_round(session, factories.ROUND_CODE)
    add_settled_account(database, "xa", "unit_official", factories.UNIT_CODE)
    official = signed_in_client(app, "xa")

    assert official.get(PAGE).status_code == 403
    assert official.get(f"{PAGE}/y-kien.csv").status_code == 403


@pytest.mark.usefixtures("answered")
def test_comments_are_a_file_of_their_own(coordinator: PageClient) -> None:
    text = coordinator.get(f"{PAGE}/y-kien.csv").data.decode("utf-8-sig")

    rows = list(csv.DictReader(io.StringIO(text)))

    assert len(rows) == 6
    assert all(row["comment"].startswith("'=Ý kiến") for row in rows)
    assert set(rows[0]) == {
        *("data", "round_code", "form", "question", "question_text", "unit_code", "unit", "comment")
    }
    assert "Ý kiến" not in coordinator.get(f"{ROUND}/phieu.csv").text


@pytest.mark.usefixtures("answered")
def test_the_workbook_has_the_tables_and_no_comment(coordinator: PageClient) -> None:
    content = coordinator.get(f"{ROUND}/ket-qua.xlsx").data

    workbook = openpyxl.load_workbook(io.BytesIO(content))
    cells = [cell.value for sheet in workbook for row in sheet.iter_rows() for cell in row if cell.value]

    assert SHEET_NAME.vi in workbook.sheetnames
    assert "Trang mạng" in cells
    assert not any("Ý kiến 0" in str(value) for value in cells)


def test_a_page_without_answers_says_so(coordinator: PageClient, small_round: str) -> None:
    page = coordinator.get(PAGE).text

    assert "Chưa có ai trả lời phiếu này" in page
    assert "Chưa có ai viết ý kiến" in page
