from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from survey.models import QuarantinedResponse, Response
from tests import factories
from tests.fixtures.forms import read_form
from tests.respondents import find_main_form, list_choices

PATH = f"/khao-sat/{factories.ROUND_CODE}/quay-motcua/{factories.UNIT_CODE}"
ANSWERS = {"answer_overall": "3", "answer_on_time": "late"}


@pytest.fixture(autouse=True)
def _counter(open_shipped: Callable[..., None]) -> None:
    open_shipped("quay-motcua")


def read_responses(app: Flask) -> list[Response]:
    with app.extensions["database"].read() as session:
        return list(session.scalars(select(Response)))


def test_page_asks_everything_at_once_and_is_no_index(client: FlaskClient) -> None:
    page = client.get(PATH)

    assert len(list_choices(find_main_form(page), "radio")) <= 3
    assert "không phải khảo sát để tính chỉ số hài lòng" in page.text


def test_one_press_stores_the_response(app: Flask, client: FlaskClient) -> None:
    page = client.submit(PATH, ANSWERS, follow_redirects=True)

    assert page.request.path.endswith("/cam-on")
    (response,) = read_responses(app)
    assert (response.ratings, response.details) == ("3.", {"on_time": "late"})
    assert (response.channel, response.selection) == ("phone", "self_selected")


def test_second_press_is_the_same_response(app: Flask, client: FlaskClient) -> None:
    fields = {**read_form(client.get(PATH).text).fields, **ANSWERS}

    pages = [client.post(PATH, data=fields, follow_redirects=True) for _ in range(2)]

    assert pages[0].text == pages[1].text
    assert len(read_responses(app)) == 1


def test_same_id_with_other_answers_is_refused_and_reported(app: Flask, client: FlaskClient) -> None:
    fields = {**read_form(client.get(PATH).text).fields, **ANSWERS}
    client.post(PATH, data=fields)

    page = client.post(PATH, data={**fields, "answer_overall": "1"})

    assert page.status_code == 409
    assert [response.ratings for response in read_responses(app)] == ["3."]
    with app.extensions["database"].read() as session:
        assert len(session.scalars(select(QuarantinedResponse)).all()) == 1


def test_missing_answer_keeps_the_others(app: Flask, client: FlaskClient) -> None:
    page = client.submit(PATH, {"answer_on_time": "late"})

    assert page.status_code == 422
    assert '<a href="#answer_overall">' in page.text
    assert read_form(page.text).fields["answer_on_time"] == "late"
    assert read_responses(app) == []


@pytest.mark.parametrize("change", [{"csrf_token": "wrong"}, {"response_id": "1234"}])
def test_page_that_was_not_ours_is_shown_again(
    app: Flask, client: FlaskClient, change: dict[str, str]
) -> None:
    page = client.submit(PATH, {**ANSWERS, **change})

    assert page.status_code == 400
    assert read_form(page.text).fields["answer_overall"] == "3"
    assert read_responses(app) == []
    assert client.post(PATH, data=read_form(page.text).fields).status_code == 303


def test_changing_the_language_keeps_the_answers(client: FlaskClient) -> None:
    page = client.submit(PATH, {**ANSWERS, "move": "en"})

    assert page.status_code == 200
    assert '<html lang="en">' in page.text
    assert read_form(page.text).fields["answer_overall"] == "3"
    assert '<html lang="en">' in client.get(PATH).text
