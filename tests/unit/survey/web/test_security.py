"""Headers, cookies and limits of every answer."""

import gzip
from pathlib import Path

import pytest

from survey.security import CONTENT_SECURITY_POLICY
from tests.html import check_html
from tests.unit.survey.web.conftest import build_app

DOCUMENTS = ["/style/citizen", "/nothing-here", "/health", "/static/img/icon.svg", "/static/css/nothing.css"]
PARTS = ["/static/css/base.css", "/static/js/keep.js", "/ngon-ngu/en"]


@pytest.mark.parametrize("path", DOCUMENTS + PARTS)
def test_every_answer_carries_the_headers(client, path):
    headers = client.get(path, buffered=True).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.parametrize("path", DOCUMENTS)
def test_whatever_can_be_shown_by_itself_has_a_policy(client, path):
    headers = client.get(path, buffered=True).headers
    assert headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]


@pytest.mark.parametrize("path", PARTS)
def test_what_a_page_names_carries_no_policy(client, path):
    assert "Content-Security-Policy" not in client.get(path, buffered=True).headers


def test_the_policy_allows_nothing_inline_and_no_other_host():
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert "http" not in CONTENT_SECURITY_POLICY
    assert CONTENT_SECURITY_POLICY.startswith("default-src 'none'")


def test_https_is_remembered_and_binds_the_cookies(client):
    plain = client.get("/style/citizen")
    assert "Strict-Transport-Security" not in plain.headers
    assert "Secure" not in plain.headers["Set-Cookie"]
    secure = client.get("/style/citizen", base_url="https://khao-sat.test")
    assert "max-age=31536000" in secure.headers["Strict-Transport-Security"]
    assert "Secure" in secure.headers["Set-Cookie"]
    assert "Secure" in client.get("/ngon-ngu/en", base_url="https://khao-sat.test").headers["Set-Cookie"]


def test_the_session_cookie_is_closed_to_scripts_and_lasts_for_weeks(client):
    cookie = client.get("/style/citizen").headers["Set-Cookie"]
    assert cookie.startswith("hailong=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Expires=" in cookie


def test_reading_the_session_renews_it(client):
    client.get("/style/citizen")
    assert "hailong=" in client.get("/style/citizen").headers["Set-Cookie"]


def test_a_page_that_needs_no_session_sets_no_cookie(client):
    assert "Set-Cookie" not in client.get("/health").headers
    assert "Set-Cookie" not in client.get("/static/css/base.css", buffered=True).headers


def test_pages_are_not_kept_and_files_are_kept_for_ever(client):
    page = client.get("/style/citizen")
    assert page.headers["Cache-Control"] == "no-store"
    address = page.text.split('href="/static/css/base.css')[1].split('"')[0]
    style = client.get("/static/css/base.css" + address, buffered=True)
    assert "immutable" in style.headers["Cache-Control"]
    again = client.get(
        "/static/css/base.css" + address, headers={"If-None-Match": style.headers["ETag"]}, buffered=True
    )
    assert (again.status_code, "immutable" in again.headers["Cache-Control"]) == (304, True)


@pytest.mark.parametrize("query", ["", "?v=000000000000"])
def test_a_file_without_its_version_is_asked_for_again(client, query):
    assert client.get("/static/css/base.css" + query, buffered=True).headers["Cache-Control"] == "no-cache"


def test_a_missing_file_is_a_page_that_is_not_kept(client):
    answer = client.get("/static/css/absent.css")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (404, "no-store")


@pytest.mark.parametrize("path", ["/style/citizen", "/static/css/base.css"])
def test_text_is_compressed_for_who_takes_it(client, path):
    plain = client.get(path, buffered=True)
    packed = client.get(path, headers={"Accept-Encoding": "gzip, br"}, buffered=True)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert len(packed.data) * 2 < len(plain.data)
    assert int(packed.headers["Content-Length"]) == len(packed.data)
    if path.endswith(".css"):
        assert gzip.decompress(packed.data) == plain.data
        cached = client.get(
            path, headers={"Accept-Encoding": "gzip", "If-None-Match": packed.headers["ETag"]}, buffered=True
        )
        assert cached.status_code == 304


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/style/citizen", {"Accept-Encoding": "gzip;q=0"}),
        ("/style/citizen", {}),
        ("/health", {"Accept-Encoding": "gzip"}),
        ("/static/css/base.css", {"Accept-Encoding": "gzip", "Range": "bytes=0-99"}),
    ],
)
def test_nothing_is_compressed_unasked_or_in_parts(client, path, headers):
    assert "Content-Encoding" not in client.get(path, headers=headers, buffered=True).headers


def test_the_size_of_a_compressed_page_is_blurred(app):
    from survey.web.compression import compress

    content = b"the same page " * 100
    packed = {compress(content) for _ in range(20)}
    assert len({len(one) for one in packed}) > 1
    assert {gzip.decompress(one) for one in packed} == {content}


def test_proxies_are_believed_only_when_they_are_trusted(tmp_path: Path):
    forwarded = {"X-Forwarded-Proto": "https"}
    direct = build_app(tmp_path).test_client().get("/health", headers=forwarded)
    proxied = build_app(tmp_path, trusted_proxies=1).test_client().get("/health", headers=forwarded)
    assert "Strict-Transport-Security" not in direct.headers
    assert "Strict-Transport-Security" in proxied.headers


@pytest.mark.parametrize(
    "host", ["khaosat.example.vn", "khaosat.example.vn:8443", "localhost:8000", "127.0.0.1"]
)
def test_the_public_host_and_this_machine_are_answered(tmp_path: Path, host: str):
    app = build_app(tmp_path, public_address="https://khaosat.example.vn")
    assert app.test_client().get("/style/citizen", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["example.org", "khaosat.example.vn.example.org", "x.khaosat.example.vn", ""]
)
@pytest.mark.parametrize("path", ["/style/citizen", "/health", "/nothing-here", "/static/css/base.css"])
def test_a_forged_host_is_refused_with_a_page(tmp_path: Path, host: str, path: str):
    app = build_app(tmp_path, public_address="https://khaosat.example.vn")
    answer = app.test_client().get(path, headers={"Host": host})
    assert answer.status_code == 400
    assert answer.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert host not in answer.text or not host
    check_html(answer)


def test_a_proxy_tells_the_public_host(tmp_path: Path):
    app = build_app(tmp_path, public_address="https://khaosat.example.vn", trusted_proxies=1)
    client = app.test_client()
    forwarded = {"Host": "internal:8000", "X-Forwarded-Host": "khaosat.example.vn"}
    assert client.get("/style/citizen", headers=forwarded).status_code == 200
    forged = {"Host": "khaosat.example.vn", "X-Forwarded-Host": "example.org"}
    assert client.get("/style/citizen", headers=forged).status_code == 400


def test_without_a_public_address_every_host_is_answered(client):
    assert client.get("/style/citizen", headers={"Host": "example.org"}).status_code == 200
