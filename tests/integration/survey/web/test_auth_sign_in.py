"""Signing in and out, the lock-out, and how long a session lasts."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from survey.store.database import Database
from survey.web import clock
from tests.fixtures.applications import PageClient
from tests.html import without_tokens
from tests.officials import NEW_PASSWORD, PASSWORD, add_settled_account, sign_in, signed_in_client

WRONG = (
    "Tên đăng nhập hoặc mật khẩu không đúng, hoặc tài khoản đang tạm khóa do nhập sai mật khẩu nhiều lần. "
    "Nếu cả hai đều đúng, xin thử lại sau 15 phút."
)


@pytest.fixture
def account(database: Database) -> None:
    add_settled_account(database)


def submit(client: FlaskClient, username: str, password: str, path: str = "/dang-nhap") -> tuple[int, str]:
    assert isinstance(client, PageClient)
    response = client.submit(path, {"username": username, "password": password})
    return response.status_code, response.text


def refusals_of(app: Flask, name: str) -> list[tuple[int, str]]:
    """Six answers to a wrong password and, once the name is locked, one to the right password.

    The name and the token are left out: they are what the visitor himself sent.
    """
    client = app.test_client()
    answers = []
    for password in ["sai"] * 6 + [PASSWORD]:
        status, text = submit(client, name, password)
        text = without_tokens(text).replace(f'value="{name}"', "")
        answers.append((status, text))
    return answers


def pass_time(monkeypatch: pytest.MonkeyPatch, span: timedelta) -> None:
    moment = clock.now() + span
    monkeypatch.setattr(clock, "now", lambda: moment)


def test_pages_of_officials_ask_for_signing_in_and_lead_back(client: FlaskClient) -> None:
    response = client.get("/quan-tri/dot/2026-q3/ket-qua?tim=x")
    assert response.status_code == 303
    assert response.location == "/dang-nhap?tiep=/quan-tri/dot/2026-q3/ket-qua?tim%3Dx"


@pytest.mark.usefixtures("account")
def test_signing_in_leads_to_the_page_that_was_wanted(client: PageClient) -> None:
    response = client.submit(
        "/dang-nhap?tiep=/quan-tri/dot/x/dong", {"username": " SoNoiVu ", "password": PASSWORD}
    )
    assert response.location == "/quan-tri/dot/x/dong"
    assert client.get("/quan-tri/").status_code == 200
    assert client.get("/dang-nhap").location == "/quan-tri/"


@pytest.mark.usefixtures("account")
@pytest.mark.parametrize("target", ["https://example.org/", "//example.org/", "/\\example.org", "/phieu/1"])
def test_signing_in_never_leads_away(client: PageClient, target: str) -> None:
    response = client.submit(f"/dang-nhap?tiep={target}", {"username": "sonoivu", "password": PASSWORD})
    assert response.location == "/quan-tri/"


@pytest.mark.usefixtures("account")
def test_a_refused_name_stays_and_its_password_does_not(client: FlaskClient) -> None:
    status, text = submit(client, "sonoivu", "bi-mat-sai")
    assert status == 403
    assert WRONG in text
    assert 'value="sonoivu"' in text
    assert "bi-mat-sai" not in text


@pytest.mark.usefixtures("account")
def test_no_answer_tells_which_names_exist_nor_which_are_locked(app: Flask) -> None:
    answers = {name: refusals_of(app, name) for name in ("sonoivu", "khongco")}
    assert len(answers["sonoivu"]) == 7
    assert answers["sonoivu"] == answers["khongco"]
    assert len(set(answers["sonoivu"])) == 1


@pytest.mark.usefixtures("account")
def test_empty_fields_are_named(client: FlaskClient) -> None:
    status, text = submit(client, "", "")
    assert status == 400
    assert '<a href="#username">Xin nhập tên đăng nhập.</a>' in text
    assert '<a href="#password">Xin nhập mật khẩu.</a>' in text


@pytest.mark.usefixtures("account")
def test_a_wrong_token_shows_the_page_again_with_the_name(client: FlaskClient) -> None:
    response = client.post(
        "/dang-nhap", data={"username": "sonoivu", "password": PASSWORD, "csrf_token": "x"}
    )
    assert response.status_code == 400
    assert "Xin gửi lại." in response.text
    assert 'value="sonoivu"' in response.text


@pytest.mark.usefixtures("account")
def test_five_failures_lock_the_account_for_a_quarter_of_an_hour(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime.fromisoformat("2026-09-30T09:00:00+00:00"))
    for _ in range(5):
        assert WRONG in submit(client, "sonoivu", "sai")[1]
    status, text = submit(client, "sonoivu", PASSWORD)
    assert status == 403
    assert WRONG in text
    monkeypatch.setattr(clock, "now", lambda: datetime.fromisoformat("2026-09-30T09:15:01+00:00"))
    assert submit(client, "sonoivu", PASSWORD)[0] == 303


@pytest.mark.usefixtures("account")
def test_a_session_starts_anew_when_somebody_signs_in(client: PageClient) -> None:
    with client.session_transaction() as session:
        session["planted"] = "by somebody else"
    client.get("/dang-nhap")
    with client.session_transaction() as session:
        token_before = session["csrf_token"]
    sign_in(client)
    with client.session_transaction() as session:
        assert "planted" not in session
        assert session.get("csrf_token") != token_before


@pytest.mark.usefixtures("account")
def test_the_cookie_is_kept_from_scripts_and_other_sites(client: PageClient) -> None:
    response = client.submit("/dang-nhap", {"username": "sonoivu", "password": PASSWORD})
    cookie = response.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


@pytest.mark.usefixtures("account")
def test_a_session_ends_after_an_idle_hour(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    client = signed_in_client(app)
    pass_time(monkeypatch, timedelta(minutes=59))
    assert client.get("/quan-tri/").status_code == 200
    pass_time(monkeypatch, timedelta(minutes=61))
    response = client.get("/quan-tri/", follow_redirects=True)
    assert response.request.path == "/dang-nhap"
    assert "quá lâu không có thao tác" in response.text


@pytest.mark.usefixtures("account")
def test_a_session_ends_after_ten_hours_of_work(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    client = signed_in_client(app)
    for _ in range(11):
        pass_time(monkeypatch, timedelta(minutes=54))
        assert client.get("/quan-tri/").status_code == 200
    pass_time(monkeypatch, timedelta(minutes=30))
    assert client.get("/quan-tri/").status_code == 303


@pytest.mark.usefixtures("account")
def test_signing_out_ends_the_session_and_says_so(app: Flask) -> None:
    client = signed_in_client(app)
    response = client.submit("/quan-tri/", form=0)
    assert response.request.path == "/dang-xuat"
    assert response.location == "/dang-nhap"
    page = client.get("/dang-nhap").text
    assert "notice--success" in page
    assert "Ông/Bà đã đăng xuất." in page
    assert client.get("/quan-tri/").status_code == 303


@pytest.mark.usefixtures("account")
def test_signing_out_ends_a_copy_of_the_cookie(app: Flask) -> None:
    client, thief = signed_in_client(app), app.test_client()
    cookie = client.get_cookie("hailong")
    assert cookie is not None
    thief.set_cookie("hailong", cookie.value)
    assert thief.get("/quan-tri/").status_code == 200
    thief.set_cookie("hailong", cookie.value)

    client.submit("/quan-tri/", form=0)

    ended = thief.get("/quan-tri/", follow_redirects=True)
    assert ended.request.path == "/dang-nhap"
    assert "đã đăng xuất ở nơi khác" in ended.text
    assert signed_in_client(app).get("/quan-tri/").status_code == 200


@pytest.mark.usefixtures("account")
def test_signing_out_twice_leads_to_the_sign_in_page(app: Flask) -> None:
    client = signed_in_client(app)
    client.submit("/quan-tri/", form=0)
    assert client.post("/dang-xuat", data={"csrf_token": "old"}).location == "/dang-nhap"


@pytest.mark.usefixtures("account")
def test_signing_out_from_an_old_page_does_not_fail_unseen(app: Flask) -> None:
    client = signed_in_client(app)
    response = client.post("/dang-xuat", data={"csrf_token": "old"})
    assert response.status_code == 400
    assert "chưa kết thúc" in response.text
    assert client.get("/quan-tri/").status_code == 200


@pytest.mark.usefixtures("account")
def test_changing_the_password_ends_other_sessions(app: Flask) -> None:
    here, elsewhere = signed_in_client(app), signed_in_client(app)
    changed = here.submit(
        "/doi-mat-khau", {"current": PASSWORD, "new": NEW_PASSWORD, "again": NEW_PASSWORD}, form=1
    )
    assert changed.status_code == 303
    assert here.get("/quan-tri/").status_code == 200
    ended = elsewhere.get("/quan-tri/", follow_redirects=True)
    assert ended.request.path == "/dang-nhap"
    assert "đã đổi mật khẩu" in ended.text


@pytest.mark.usefixtures("account")
def test_the_sign_in_page_speaks_english_too(client: PageClient) -> None:
    client.get("/ngon-ngu/en?tiep=/dang-nhap")
    _, text = submit(client, "sonoivu", "wrong")
    assert "The user name or the password is not right, or the account is locked" in text
