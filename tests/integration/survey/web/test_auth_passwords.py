"""The one-time password must be changed before anything else."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from survey.services import accounts
from survey.settings import Settings
from survey.store.database import Database
from survey.web import clock
from tests.fixtures.applications import PageClient
from tests.officials import NEW_PASSWORD, PASSWORD, add_account, add_settled_account, signed_in_client


@pytest.fixture
def one_time(database: Database) -> str:
    return add_account(database)


def change(client: PageClient, current: str, new: str, again: str | None = None) -> tuple[int, str]:
    typed = {"current": current, "new": new, "again": new if again is None else again}
    response = client.submit("/doi-mat-khau", typed, form=1)
    return response.status_code, response.text


@pytest.mark.parametrize("path", ["/quan-tri/", "/quan-tri/dot/x", "/quan-tri/dot/x/ket-qua.xlsx"])
def test_a_one_time_password_opens_nothing_but_its_own_change(app: Flask, one_time: str, path: str) -> None:
    client = signed_in_client(app, password=one_time)
    assert client.get(path).location == f"/doi-mat-khau?tiep={path}"
    assert "Mật khẩu này chỉ dùng một lần" in client.get("/doi-mat-khau").text


def test_after_the_change_the_wanted_page_opens(app: Flask, one_time: str) -> None:
    client = signed_in_client(app, password=one_time)
    typed = {"current": one_time, "new": NEW_PASSWORD, "again": NEW_PASSWORD}
    response = client.submit("/doi-mat-khau?tiep=/quan-tri/", typed, form=1)
    assert response.location == "/quan-tri/"
    assert client.get("/quan-tri/").status_code == 200
    assert signed_in_client(app, password=NEW_PASSWORD).get("/quan-tri/").status_code == 200


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        (("sai", NEW_PASSWORD, NEW_PASSWORD), "current", "Mật khẩu hiện tại không đúng."),
        ((PASSWORD, "ngắn", "ngắn"), "new", "Mật khẩu mới cần ít nhất 12 ký tự."),
        ((PASSWORD, PASSWORD, PASSWORD), "new", "Mật khẩu mới phải khác mật khẩu hiện tại."),
        ((PASSWORD, "sonoivu-2026-abc", "sonoivu-2026-abc"), "new", "không được chứa tên đăng nhập"),
        ((PASSWORD, NEW_PASSWORD, "khác"), "again", "Hai lần nhập mật khẩu mới không giống nhau."),
        ((PASSWORD, NEW_PASSWORD, ""), "again", "Xin nhập lại mật khẩu mới."),
    ],
)
def test_a_refused_password_is_explained_at_its_field(
    app: Flask, database: Database, typed: tuple[str, str, str], field: str, sentence: str
) -> None:
    add_settled_account(database)
    status, text = change(signed_in_client(app), *typed)
    assert status == 400
    assert f'<a href="#{field}">' in text
    assert sentence in text
    assert signed_in_client(app).get("/quan-tri/").status_code == 200


def test_the_fifth_wrong_present_password_ends_the_sessions(app: Flask, database: Database) -> None:
    add_settled_account(database)
    guessing, elsewhere = signed_in_client(app), signed_in_client(app)
    for _ in range(4):
        assert change(guessing, "sai", NEW_PASSWORD)[0] == 400

    typed = {"current": "sai", "new": NEW_PASSWORD, "again": NEW_PASSWORD}
    response = guessing.submit("/doi-mat-khau", typed, form=1)

    assert response.location == "/dang-nhap"
    assert "Tài khoản bị khóa đến" in guessing.get("/dang-nhap").text
    assert guessing.get("/quan-tri/").status_code == 303
    assert "bị tạm khóa" in elsewhere.get("/quan-tri/", follow_redirects=True).text


def test_a_name_that_others_locked_cannot_change_its_password(app: Flask, database: Database) -> None:
    add_settled_account(database)
    client, stranger = signed_in_client(app), app.test_client()
    assert isinstance(stranger, PageClient)
    for _ in range(5):
        stranger.submit("/dang-nhap", {"username": "sonoivu", "password": "sai"})

    status, text = change(client, PASSWORD, NEW_PASSWORD)

    assert status == 403
    assert '<a href="#current">Tài khoản bị khóa đến' in text
    assert client.get("/quan-tri/").status_code == 200


def test_no_password_is_compared_while_others_wait_to_write(
    app: Flask, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_settled_account(database)
    client = signed_in_client(app)
    slow_steps: list[str] = []

    def during_no_transaction(slow: Callable[..., Any]) -> Callable[..., Any]:
        def step(*values: str) -> Any:
            slow_steps.append(slow.__name__)
            assert app.extensions["database"]._writer.pool.checkedout() == 0
            return slow(*values)

        return step

    for name in ("_hash", "_verify"):
        monkeypatch.setattr(accounts, name, during_no_transaction(getattr(accounts, name)))

    client.submit("/doi-mat-khau", {"current": PASSWORD, "new": NEW_PASSWORD, "again": NEW_PASSWORD}, form=1)
    signed_in_client(app, password=NEW_PASSWORD)

    assert slow_steps == ["_verify", "_hash", "_verify"]


def test_a_password_is_the_same_however_the_keyboard_composes_it(app: Flask, database: Database) -> None:
    add_settled_account(database)
    change(signed_in_client(app), PASSWORD, "mâ\u0323t khâ\u0309u cu\u0309a tôi")
    assert signed_in_client(app, password="mật khẩu của tôi").get("/quan-tri/").status_code == 200


def test_the_page_asks_for_signing_in(client: PageClient) -> None:
    assert client.get("/doi-mat-khau").location == "/dang-nhap?tiep=/doi-mat-khau"
    assert client.post("/doi-mat-khau", data={"new": "x"}).location == "/dang-nhap?tiep=/doi-mat-khau"


def test_the_file_with_the_first_password_goes_with_its_change(
    app: Flask, database: Database, settings: Settings
) -> None:
    with database.write() as session:
        password = accounts.create_first_account(session, now=clock.now())
    assert password is not None
    settings.first_password_file.write_text(password, encoding="ascii")
    client = signed_in_client(app, accounts.FIRST_USERNAME, password)
    change(client, "wrong", NEW_PASSWORD)
    assert settings.first_password_file.exists()
    change(client, password, NEW_PASSWORD)
    assert not settings.first_password_file.exists()


def test_other_accounts_leave_that_file_alone(
    app: Flask, database: Database, settings: Settings, one_time: str
) -> None:
    settings.first_password_file.write_text("of another account", encoding="ascii")
    change(signed_in_client(app, password=one_time), one_time, NEW_PASSWORD)
    assert settings.first_password_file.exists()
