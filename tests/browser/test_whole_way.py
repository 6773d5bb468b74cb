"""The main job: citizens fill every form, an official signs in and finds each response in the exports."""

import csv
import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import openpyxl
from flask import Flask
from sqlalchemy import select

from survey.models import QuestionnaireVersion, Response
from survey.services.accounts import create_first_account
from tests import factories
from tests.browser.respondents import fill_form
from tests.fixtures.browsers import PHONE, PageOpener
from tests.officials import settle_account

if TYPE_CHECKING:
    from playwright.sync_api import Page

PASSWORD = "đường về nhà có hàng tre"
ROUND_PATH = f"/quan-tri/dot/{factories.ROUND_CODE}"


def open_rounds_and_account(app: Flask) -> None:
    with app.extensions["database"].write() as session:
        factories.open_shipped_round(session)
        first = create_first_account(session, now=datetime.now(UTC))
    assert first is not None
    settle_account(app.extensions["database"], "quantri", first, PASSWORD)


def sign_in_as_official(page: "Page") -> None:
    page.goto("/dang-nhap")
    page.get_by_label("Tên đăng nhập").fill("quantri")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    page.wait_for_url("**/quan-tri/")


def download(page: "Page", path: str) -> bytes:
    answer = page.request.get(path)
    assert answer.ok, f"{path}: {answer.status}"
    return answer.body()


def read_stored_ratings(app: Flask) -> dict[str, str]:
    query = select(QuestionnaireVersion.form_id, Response.ratings).join(
        Response, Response.questionnaire_version_id == QuestionnaireVersion.id
    )
    with app.extensions["database"].read() as session:
        return dict(session.execute(query).all())


def test_each_form_filled_on_a_phone_is_in_the_officials_export(app: Flask, new_page: PageOpener) -> None:
    open_rounds_and_account(app)
    phone = new_page(**PHONE)
    for form_id in factories.SHIPPED_FORMS:
        unit_code = factories.UNITS_OF_FORM[form_id][0]
        fill_form(phone, f"/khao-sat/{factories.ROUND_CODE}/{form_id}/{unit_code}")
    official = new_page()
    sign_in_as_official(official)

    stored = read_stored_ratings(app)
    for form_id in factories.SHIPPED_FORMS:
        content = download(official, f"{ROUND_PATH}/phieu.csv?phieu={form_id}").decode("utf-8-sig")
        [line] = csv.DictReader(io.StringIO(content))
        answers = [line[f"{form_id}.{question.id}"] for question in factories.shipped_form(form_id).rated]
        assert "".join(answer or "." for answer in answers) == stored[form_id]
        assert (line["channel"], line["selection"]) == ("phone", "self_selected")


def test_official_sees_the_count_and_exports_the_report(app: Flask, new_page: PageOpener) -> None:
    open_rounds_and_account(app)
    fill_form(new_page(**PHONE), f"/khao-sat/{factories.ROUND_CODE}/quay-motcua/18880")
    official = new_page()
    sign_in_as_official(official)

    official.goto(f"{ROUND_PATH}/ket-qua")
    workbook = openpyxl.load_workbook(io.BytesIO(download(official, f"{ROUND_PATH}/ket-qua.xlsx")))
    scorecard = download(official, f"{ROUND_PATH}/ket-qua.csv").decode("utf-8-sig")

    assert "1 phiếu" in official.locator("main").inner_text()
    assert workbook.sheetnames[0] == "Bảng chỉ tiêu"
    assert len(scorecard.splitlines()) == 1 + 7
