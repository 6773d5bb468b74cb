"""A personal code on the citizen's way: typed, in a link, used once."""

from dataclasses import replace

import pytest
from flask import Flask

from survey.services import invitations
from survey.settings import Settings
from survey.web import clock
from tests import factories
from tests.fixtures.applications import PageClient
from tests.integration.survey.web.api.conftest import read_responses
from tests.integration.survey.web.conftest import SMALL_FORM, START, read_draft
from tests.integration.survey.web.test_respond_send import answer_all


@pytest.fixture
def codes(app: Flask, settings: Settings, small_round: str) -> list[str]:
    with app.extensions["database"].write() as session:
        (batch,) = invitations.issue_codes(
            session,
            secret_key=settings.secret_key,
            round_code=factories.ROUND_CODE,
            form_id=SMALL_FORM,
            unit_codes=[factories.UNIT_CODE],
            count=5,
            account_id=None,
            today=clock.today(),
        )
        return invitations.list_codes(session, settings.secret_key, factories.ROUND_CODE, batch)


def begin_with(client: PageClient, code: str) -> str:
    """Follows the link and presses "Start"; gives the path of the response."""
    start = client.get(f"/ma/{code}").location
    return str(client.submit(start).location).rpartition("/")[0]


def test_the_first_page_leads_to_the_entry_of_a_code(client: PageClient, codes: list[str]) -> None:
    assert 'href="/ma"' in client.get("/").text
    page = client.get("/ma").text
    assert "Mã trên giấy mời" in page


def test_a_typed_code_leads_to_its_form(client: PageClient, codes: list[str]) -> None:
    typed = codes[0].replace("-", " ").lower()

    response = client.get("/ma", query_string={"ma": typed})

    assert (response.status_code, response.location) == (303, f"{START}?moi={codes[0]}")
    assert "bị xóa khi gửi phiếu" in client.get(response.location).text


def test_nothing_typed_is_asked_for(client: PageClient) -> None:
    response = client.get("/ma?ma=")

    assert response.status_code == 400
    assert 'href="#ma"' in response.text


@pytest.mark.parametrize("path", ["/ma/AAAAA-AAAAA", "/ma?ma=AAAAA-AAAAA", f"{START}?moi=AAAAA-AAAAA"])
def test_a_wrong_code_is_asked_for_again(client: PageClient, codes: list[str], path: str) -> None:
    response = client.get(path)

    assert response.status_code == 404
    assert 'value="AAAAA-AAAAA"' in response.text
    assert 'href="#ma"' in response.text


def test_a_response_with_a_code_counts_as_invited_and_uses_it_up(
    app: Flask, client: PageClient, codes: list[str]
) -> None:
    path = begin_with(client, codes[0])
    assert read_draft(app, path).selection == "invited"

    sent = client.submit(answer_all(client, path))

    assert sent.location.endswith("/cam-on")
    assert [row.selection for row in read_responses(app)] == ["invited"]
    stranger = app.test_client()
    assert stranger.get(f"/ma/{codes[0]}").status_code == 404


def test_whoever_sent_finds_the_thanks_again_by_the_same_link(client: PageClient, codes: list[str]) -> None:
    thanks = client.submit(answer_all(client, begin_with(client, codes[0]))).location

    for path in (f"/ma/{codes[0]}", f"/ma?ma={codes[0].lower()}", f"{START}?moi={codes[0]}"):
        assert client.get(path).location == thanks


def test_of_two_forms_begun_with_one_code_the_first_sent_is_stored(
    app: Flask, client: PageClient, codes: list[str]
) -> None:
    other = app.test_client()
    assert isinstance(other, PageClient)
    first, second = (answer_all(each, begin_with(each, codes[0])) for each in (client, other))

    sent, refused = client.submit(first), other.submit(second)

    assert sent.status_code == 303
    assert refused.status_code == 409
    assert "Mã này đã được sử dụng" in refused.text
    assert len(read_responses(app)) == 1
    assert read_draft(app, second).answers


def test_the_poster_of_a_procedure_makes_nobody_invited(
    app: Flask, client: PageClient, codes: list[str]
) -> None:
    path = client.submit(f"{START}?moi={codes[0]}&thu-tuc=x").location

    assert read_draft(app, path).selection == "self_selected"


class TestGuessing:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return replace(settings, rate_limit_per_minute=2)

    def test_wrong_codes_are_limited_and_right_ones_are_not(
        self, client: PageClient, codes: list[str]
    ) -> None:
        statuses = [client.get(f"/ma/{'A' * 9}{letter}").status_code for letter in "ABCDE"]

        assert statuses == [404] * 4 + [429]
        assert client.get(f"/ma/{codes[0]}").status_code == 303
