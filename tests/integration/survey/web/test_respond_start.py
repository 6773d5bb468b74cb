from collections.abc import Callable
from io import BytesIO
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from survey.models import ResponseDraft
from survey.services.rounds import close_round
from tests import factories
from tests.fixtures.forms import read_form
from tests.integration.survey.web.conftest import read_draft


def count_drafts(app: Flask) -> int:
    with app.extensions["database"].read() as session:
        return int(session.scalar(select(func.count()).select_from(ResponseDraft)))


def test_start_page_tells_everything_before_the_first_question(client: FlaskClient, small_round: str) -> None:
    introduction = factories.example_document()["introduction"]

    page = client.get(small_round)

    for text in introduction.values():
        assert text["vi"] in page.text
    assert "Tôi đồng ý trả lời." in page.text


def test_start_leads_to_the_first_section(app: Flask, client: FlaskClient, small_round: str) -> None:
    answer = client.submit(small_round)

    assert answer.status_code == 303
    assert answer.location.endswith("/visit")
    draft = read_draft(app, answer.location)
    assert (draft.channel, draft.selection, draft.layout) == ("phone", "self_selected", "sections")


def test_each_start_page_has_an_id_of_its_own(client: FlaskClient, small_round: str) -> None:
    ids = {read_form(client.get(small_round).text).fields["response_id"] for _ in range(3)}

    assert len(ids) == 3


def test_pressing_start_twice_begins_one_response(app: Flask, client: FlaskClient, small_round: str) -> None:
    fields = read_form(client.get(small_round).text).fields

    locations = {client.post(small_round, data=fields).location for _ in range(2)}

    assert len(locations) == 1
    assert count_drafts(app) == 1


@pytest.mark.parametrize("token", [None, "wrong"])
def test_wrong_token_shows_the_page_again(
    app: Flask, client: FlaskClient, small_round: str, token: str | None
) -> None:
    page = client.submit(small_round, {"csrf_token": token})

    assert page.status_code == 400
    assert "notice--warning" in page.text
    assert client.post(small_round, data=read_form(page.text).fields).status_code == 303
    assert count_drafts(app) == 1


@pytest.mark.parametrize("response_id", [None, "", "1234", "x" * 36, "\x00"])
def test_malformed_id_begins_nothing(
    app: Flask, client: FlaskClient, small_round: str, response_id: str | None
) -> None:
    page = client.submit(small_round, {"response_id": response_id})

    assert page.status_code == 400
    assert UUID(str(read_form(page.text).fields["response_id"]))
    assert count_drafts(app) == 0


def test_going_back_to_the_start_goes_on_with_the_same_response(
    app: Flask, client: FlaskClient, small_round: str
) -> None:
    section = client.submit(small_round).location

    back = client.submit(section, {"move": "back"}).location

    assert client.submit(back).location == section
    assert count_drafts(app) == 1


def test_an_id_from_elsewhere_is_not_taken_over(client: FlaskClient, small_round: str) -> None:
    foreign = uuid4()

    page = client.get(f"{small_round}?phieu={foreign}")

    assert str(foreign) not in page.text.partition("<form")[2]


def test_closed_round_says_when_it_was_open(app: Flask, client: FlaskClient, small_round: str) -> None:
    with app.extensions["database"].write() as session:
        close_round(session, factories.ROUND_CODE)

    for path in (small_round, small_round.rpartition("/")[0] + "/", small_round.replace("khao-sat", "kiosk")):
        page = client.get(path)
        assert page.status_code == 409
        assert "31/12/2099" in page.text


def test_what_a_person_can_paste_is_answered_at_its_field(
    client: FlaskClient, begin: Callable[[], str]
) -> None:
    path = begin()
    client.submit(f"{path}/visit", {"answer_visited": "no"})

    page = client.submit(f"{path}/closing", {"answer_why": "ế" * 68_000})

    assert page.status_code == 422
    assert '<a href="#answer_why">' in page.text
    assert len(read_form(page.text).fields["answer_why"]) == 68_000


def test_oversized_body_is_refused_and_leads_back_to_what_was_typed(
    app: Flask, client: FlaskClient, begin: Callable[[], str]
) -> None:
    path = begin()

    page = client.submit(f"{path}/visit?sua=1", {"answer_visited": "no", "more": "x" * 700_000})

    assert page.status_code == 413
    assert "Nội dung gửi" in page.text
    assert f'href="{path}/visit?sua=1"' in page.text
    assert read_draft(app, path).answers == {}


@pytest.mark.parametrize("size", [700_000, 2_000_000])
def test_oversized_start_begins_nothing(app: Flask, client: FlaskClient, small_round: str, size: int) -> None:
    page = client.submit(small_round, {"more": "x" * size})

    assert page.status_code == 413
    assert count_drafts(app) == 0


@pytest.mark.parametrize("name", ["answer_visited", "shown", "csrf_token", "move", "khong_co"])
def test_a_file_in_place_of_a_field_is_refused(
    app: Flask, client: FlaskClient, begin: Callable[[], str], name: str
) -> None:
    path = begin()
    fields = {**read_form(client.get(f"{path}/visit").text).fields, "answer_visited": "yes"}

    page = client.post(f"{path}/visit", data={**fields, name: (BytesIO(b"yes"), "a.txt")})

    assert page.status_code == 400
    assert read_draft(app, path).answers == {}


@pytest.mark.parametrize(
    ("place", "name"), [("{start}", "response_id"), ("/dang-nhap", "username"), ("/dang-nhap", "password")]
)
def test_a_file_begins_nothing_and_signs_nobody_in(
    client: FlaskClient, small_round: str, place: str, name: str
) -> None:
    path = place.format(start=small_round)
    fields = read_form(client.get(path).text).fields

    page = client.post(path, data={**fields, name: (BytesIO(b"x"), "a.txt")})

    assert page.status_code == 400


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "image/png", ""])
def test_other_content_is_refused(client: FlaskClient, begin: Callable[[], str], content_type: str) -> None:
    page = client.post(f"{begin()}/visit", data=b'{"answer_visited": "yes"}', content_type=content_type)

    assert page.status_code == 415


@pytest.mark.parametrize("body", [b"\xff\xfe=%ff&csrf_token=%00", b"=&=&==", b"--x\r\nbroken", b"%"])
@pytest.mark.parametrize(
    "content_type", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]
)
def test_broken_body_is_no_fault_of_the_system(
    client: FlaskClient, begin: Callable[[], str], body: bytes, content_type: str
) -> None:
    page = client.post(f"{begin()}/visit", data=body, content_type=content_type)

    assert page.status_code == 400


def test_a_page_whose_id_could_be_foreseen_begins_nothing(
    app: Flask, client: FlaskClient, small_round: str
) -> None:
    client.submit(small_round, {"response_id": str(uuid5(NAMESPACE_URL, "L0001:1"))})

    assert count_drafts(app) == 0
