"""The link of those who were drawn into the sample, and who sees it."""

import html
import re
from collections.abc import Callable

import pytest
from flask import Flask

from survey.store.database import Database
from tests import factories
from tests.fixtures.applications import PageClient
from tests.integration.survey.web.conftest import SMALL_FORM, START, read_draft
from tests.officials import add_settled_account, signed_in_client

ADDRESSES = f"/quan-tri/dot/{factories.ROUND_CODE}/dia-chi/"


@pytest.fixture
def invited(app: Flask, database: Database, small_round: str) -> str:
    """The link as the coordinator copies it."""
    add_settled_account(database, role="coordinator")
    page = signed_in_client(app).get(ADDRESSES + SMALL_FORM).text
    found = re.search(re.escape(f'href="{small_round}') + r'(\?moi=[a-z2-7]{16})"', page)
    assert found
    return small_round + found[1]


def test_a_response_begun_through_the_link_counts_as_invited(
    app: Flask, client: PageClient, invited: str
) -> None:
    assert read_draft(app, client.submit(invited).location).selection == "invited"
    assert read_draft(app, client.submit(START).location).selection == "self_selected"


def test_the_code_survives_the_language_and_the_way_back(
    app: Flask, client: PageClient, invited: str
) -> None:
    switch = re.search(r'href="(/ngon-ngu/en[^"]+)"', client.get(invited).text)
    assert switch
    back = client.get(html.unescape(switch[1])).location
    assert back == invited
    first = client.submit(back).location
    start = client.submit(first, {"move": "back"}).location
    assert start.startswith(f"{invited}&phieu=")
    again = client.submit(start).location
    assert again == first
    assert read_draft(app, again).selection == "invited"


@pytest.mark.parametrize("code", ["", "aaaaaaaaaaaaaaaa", "đ", "%00"])
def test_a_wrong_code_is_refused(client: PageClient, small_round: str, code: str) -> None:
    assert client.get(f"{small_round}?moi={code}").status_code == 404
    assert client.post(f"{small_round}?moi={code}", data={"response_id": ""}).status_code == 404


def test_a_code_holds_for_its_unit_alone(client: PageClient, invited: str) -> None:
    other = invited.replace(factories.UNIT_CODE, factories.OTHER_UNIT_CODE, 1)
    assert client.get(other).status_code == 404


@pytest.mark.usefixtures("small_round")
def test_an_official_of_a_unit_sees_no_such_link(app: Flask, database: Database) -> None:
    add_settled_account(database, "donghoi", "unit_official", factories.UNIT_CODE)
    client = signed_in_client(app, "donghoi")
    for path in (ADDRESSES + SMALL_FORM, f"/quan-tri/dot/{factories.ROUND_CODE}/don-vi"):
        page = client.get(path).text
        assert START in page
        assert "moi=" not in page


def test_a_form_of_one_screen_has_none(
    app: Flask, database: Database, open_shipped: Callable[..., None]
) -> None:
    open_shipped("quay-motcua")
    add_settled_account(database)
    client = signed_in_client(app)
    assert "moi=" not in client.get(f"{ADDRESSES}quay-motcua").text
    start = f"/khao-sat/{factories.ROUND_CODE}/quay-motcua/{factories.UNIT_CODE}"
    assert client.get(f"{start}?moi=aaaaaaaaaaaaaaaa").status_code == 404
