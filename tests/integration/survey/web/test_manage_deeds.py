"""Opening and closing a round: said beforehand, confirmed by its code, done once."""

import pytest
from flask import Flask

from survey.services.round_forms import get_round
from survey.store.database import Database
from tests import factories
from tests.fixtures.applications import PageClient
from tests.officials import add_settled_account, send_responses, signed_in_client

CODE = factories.ROUND_CODE
ROUND = f"/quan-tri/dot/{CODE}"


@pytest.fixture
def official(app: Flask, database: Database, small_round: str) -> PageClient:
    add_settled_account(database, role="coordinator")
    return signed_in_client(app)


def status(database: Database) -> str:
    with database.read() as session:
        return get_round(session, CODE).status


def set_status(database: Database, value: str) -> None:
    with database.write() as session:
        get_round(session, CODE).status = value


def test_closing_says_what_happens_and_to_how_many(official: PageClient, database: Database) -> None:
    send_responses(database, "vi-du", {(factories.UNIT_CODE, "phone", "invited"): 3})
    page = official.get(f"{ROUND}/dong").text
    assert "không đơn vị nào trong 2 đơn vị nhận thêm phiếu" in page
    assert "3 phiếu đã nhận được giữ nguyên" in page


def test_the_code_closes_the_round(official: PageClient, database: Database) -> None:
    response = official.submit(f"{ROUND}/dong", {"typed_code": f" {CODE} "}, form=1)
    assert response.location == ROUND
    assert status(database) == "closed"
    assert "Đợt khảo sát đã đóng." in official.get(ROUND).text
    assert "Đợt khảo sát đã đóng." not in official.get(ROUND).text


@pytest.mark.parametrize("typed", ["", "2026", CODE.upper()])
def test_another_code_closes_nothing(official: PageClient, database: Database, typed: str) -> None:
    response = official.submit(f"{ROUND}/dong", {"typed_code": typed}, form=1)
    assert response.status_code == 400
    assert f"Xin gõ đúng mã đợt khảo sát: {CODE}" in response.text
    assert status(database) == "open"


def test_a_wrong_token_closes_nothing_and_keeps_what_was_typed(
    official: PageClient, database: Database
) -> None:
    response = official.post(f"{ROUND}/dong", data={"typed_code": CODE, "csrf_token": "x"})
    assert response.status_code == 400
    assert f'value="{CODE}"' in response.text
    assert status(database) == "open"


def test_pressing_twice_is_harmless(official: PageClient, database: Database) -> None:
    first = official.get(f"{ROUND}/dong")
    token = first.text.split('name="csrf_token" value="')[1].split('"')[0]
    sent = {"typed_code": CODE, "csrf_token": token}
    answers = [official.post(f"{ROUND}/dong", data=sent) for _ in range(2)]
    assert [answer.location for answer in answers] == [ROUND, ROUND]
    assert official.get(ROUND).text.count("Đợt khảo sát đã đóng.") == 1


def test_a_draft_is_opened_by_its_code(official: PageClient, database: Database) -> None:
    set_status(database, "draft")
    page = official.get(f"{ROUND}/mo").text
    assert "Từ 1/7/2025 đến 31/12/2099, 1 mẫu phiếu nhận trả lời tại 2 đơn vị." in page
    assert official.submit(f"{ROUND}/mo", {"typed_code": CODE}, form=1).location == ROUND
    assert status(database) == "open"


@pytest.mark.parametrize(("present", "deed"), [("closed", "mo"), ("open", "mo"), ("draft", "dong")])
def test_a_deed_that_does_not_fit_leads_back(
    official: PageClient, database: Database, present: str, deed: str
) -> None:
    token = official.get(f"{ROUND}/dong").text.split('name="csrf_token" value="')[1].split('"')[0]
    set_status(database, present)
    assert official.get(f"{ROUND}/{deed}").location == ROUND
    sent = {"typed_code": CODE, "csrf_token": token}
    assert official.post(f"{ROUND}/{deed}", data=sent).location == ROUND
    assert status(database) == present
