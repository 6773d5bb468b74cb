"""The switch between Vietnamese and English."""

import pytest


def test_the_switch_keeps_the_page_and_its_query(client):
    page = client.get("/style/citizen?errors=1&from=%C4%91")
    address = page.text.split('hreflang="en" href="')[1].split('"')[0].replace("&amp;", "&")
    answer = client.get(address)
    assert answer.status_code == 303
    assert answer.location == "/style/citizen?errors=1&from=%C4%91"
    assert '<html lang="en">' in client.get(answer.location).text


def test_vietnamese_can_be_chosen_back(client):
    client.get("/ngon-ngu/en")
    client.get("/ngon-ngu/vi")
    assert '<html lang="vi">' in client.get("/style/citizen").text


@pytest.mark.parametrize("language", ["fr", "EN", "vi-VN", "../vi"])
def test_an_unknown_language_is_a_page_that_does_not_exist(client, language):
    answer = client.get(f"/ngon-ngu/{language}")
    assert answer.status_code == 404
    assert "ngon_ngu" not in answer.headers.get("Set-Cookie", "")


@pytest.mark.parametrize(
    "wanted",
    ["", "https://other.test/", "//other.test/", "/\\other.test/", "\\\\other.test", "javascript:alert(1)",
     "/a\r\nSet-Cookie:x", "other", "///other.test", "/\t/other.test", "//[bad"],
)  # fmt: skip
def test_the_switch_never_leads_to_another_site(client, wanted):
    assert client.get("/ngon-ngu/en", query_string={"tiep": wanted}).location == "/"


def test_the_switch_keeps_vietnamese_words_in_addresses(client):
    assert client.get("/ngon-ngu/en", query_string={"tiep": "/tìm?q=Đồng"}).location.startswith(
        "/t%C3%ACm?q="
    )
