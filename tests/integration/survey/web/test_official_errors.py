"""Where something goes wrong on officials' pages, they stay among theirs and read words for them."""

from io import BytesIO

import pytest
from flask import Flask

from survey.services import rescue_files
from survey.store.database import Database
from tests import factories
from tests.fixtures.applications import PageClient
from tests.officials import add_settled_account, signed_in_client

ROUND = f"/quan-tri/dot/{factories.ROUND_CODE}"
NAVIGATION = 'class="topbar-nav"'


@pytest.fixture
def official(app: Flask, database: Database, small_round: str) -> PageClient:
    add_settled_account(database, role="coordinator")
    return signed_in_client(app)


@pytest.mark.parametrize(
    "path", ["/quan-tri/khong-co", "/quan-tri/dot/khong-co", f"{ROUND}/thiet-bi/KHONG-CO"]
)
def test_a_missing_page_leads_back_to_the_rounds(official: PageClient, path: str) -> None:
    page = official.get(path)

    assert page.status_code == 404
    assert NAVIGATION in page.text
    assert 'class="button button--primary" href="/quan-tri/"' in page.text
    assert "quét lại mã QR" not in page.text


def test_a_wrong_method_has_the_page_of_officials(official: PageClient) -> None:
    page = official.get(f"{ROUND}/thiet-bi/tep-cuu/khong-co/khong")
    refused = official.delete(ROUND)

    assert (page.status_code, refused.status_code) == (404, 405)
    assert NAVIGATION in refused.text
    assert "GET" in refused.headers["Allow"]


def test_no_permission_has_the_page_of_officials(app: Flask, database: Database, small_round: str) -> None:
    add_settled_account(database, "donghoi", "unit_official", factories.UNIT_CODE)

    page = signed_in_client(app, "donghoi").get(f"{ROUND}/ket-qua")

    assert page.status_code == 403
    assert NAVIGATION in page.text


def test_a_fault_of_ours_has_the_page_of_officials(
    app: Flask, official: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_: str) -> None:
        raise RuntimeError("secret detail")

    app.testing = False
    app.config["PROPAGATE_EXCEPTIONS"] = False
    monkeypatch.setitem(app.view_functions, "manage.show_round", fail)
    page = official.get(ROUND)

    assert page.status_code == 500
    assert NAVIGATION in page.text
    assert "secret detail" not in page.text


def test_a_rescue_file_that_is_too_large_names_the_limit_and_the_command(official: PageClient) -> None:
    content = BytesIO(b"x" * (rescue_files.LARGEST_FILE + 100_000))

    page = official.post(f"{ROUND}/thiet-bi/tep-cuu", data={"file": (content, "cuu.jsonl")})

    assert page.status_code == 413
    assert NAVIGATION in page.text
    assert f"{rescue_files.LARGEST_FILE // 1024 // 1024} MB" in page.text
    assert "hailong response import" in page.text


def test_another_file_that_is_too_large_is_to_be_split(official: PageClient) -> None:
    content = BytesIO(b"x" * (2 * 1024 * 1024 + 100_000))

    page = official.post(f"{ROUND}/dia-ban/nhap", data={"file": (content, "dia-ban.csv")})

    assert page.status_code == 413
    assert "2 MB" in page.text
    assert "hailong response import" not in page.text


def test_a_form_that_is_too_large_does_not_speak_of_a_file(official: PageClient) -> None:
    page = official.post(f"{ROUND}/thiet-bi/them", data={"name": "x" * 300_000})

    assert page.status_code == 413
    assert NAVIGATION in page.text
    assert "MB" not in page.text


def test_without_an_account_the_page_is_the_public_one(client: PageClient, small_round: str) -> None:
    page = client.get("/quan-tri/khong-co")

    assert page.status_code == 404
    assert NAVIGATION not in page.text
    assert "Về trang đầu" in page.text
