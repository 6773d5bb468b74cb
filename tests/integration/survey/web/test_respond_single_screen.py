from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from survey.models import QuarantinedResponse, Response
from survey.services.drafts import KEPT_FOR
from survey.services.rounds import close_round
from survey.web import clock
from survey.web.single_screen import VISIT
from tests import factories
from tests.fixtures.forms import read_form
from tests.respondents import find_main_form, list_choices

PATH = f"/khao-sat/{factories.ROUND_CODE}/quay-motcua/{factories.UNIT_CODE}"
SetClock = Callable[[datetime], None]
# 23:59 in Viet Nam on the last day of the round.
LAST_MINUTE = datetime(2099, 12, 31, 16, 59, tzinfo=UTC)
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


def close(app: Flask) -> None:
    with app.extensions["database"].write() as session:
        close_round(session, factories.ROUND_CODE)


def test_reload_keeps_the_id(client: FlaskClient) -> None:
    ids = {read_form(client.get(PATH).text).fields["response_id"] for _ in range(2)}

    assert len(ids) == 1


def test_each_browser_has_an_id_of_its_own(app: Flask, client: FlaskClient) -> None:
    ids = {read_form(browser.get(PATH).text).fields["response_id"] for browser in (client, app.test_client())}

    assert len(ids) == 2


def test_back_after_sending_leads_to_the_thanks_again(app: Flask, client: FlaskClient) -> None:
    thanks = client.submit(PATH, ANSWERS).location

    assert client.get(PATH).location == thanks
    assert client.get(PATH, follow_redirects=True).status_code == 200
    assert len(read_responses(app)) == 1


def test_back_after_an_answer_that_got_lost_leads_to_the_thanks(app: Flask, client: FlaskClient) -> None:
    fields = {**read_form(client.get(PATH).text).fields, **ANSWERS}
    cookie = client.get_cookie("hailong")
    assert cookie is not None
    thanks = client.post(PATH, data=fields).location
    client.set_cookie("hailong", cookie.value)

    assert client.get(PATH).location == thanks


def test_thanks_lead_to_one_more_form(app: Flask, client: FlaskClient) -> None:
    thanks = client.get(client.submit(PATH, ANSWERS).location)
    assert f'href="{PATH}/phieu-moi"' in thanks.text

    fields = read_form(client.get(f"{PATH}/phieu-moi", follow_redirects=True).text).fields
    client.post(PATH, data={**fields, **ANSWERS})

    assert len(read_responses(app)) == 2


def test_one_more_form_at_an_unknown_unit_is_not_found(client: FlaskClient) -> None:
    assert client.get(f"{PATH}0000/phieu-moi").status_code == 404


def test_next_visit_finds_an_empty_form(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    fields = {**read_form(client.get(PATH).text).fields, **ANSWERS}
    client.post(PATH, data=fields)
    later = clock.now() + VISIT + timedelta(minutes=2)
    monkeypatch.setattr(clock, "now", lambda: later)

    assert read_form(client.get(PATH).text).fields["response_id"] != fields["response_id"]


def test_repeated_after_the_closing_it_has_its_receipt(app: Flask, client: FlaskClient) -> None:
    fields = {**read_form(client.get(PATH).text).fields, **ANSWERS}
    thanks = client.post(PATH, data=fields).location
    close(app)

    assert client.post(PATH, data=fields).location == thanks
    assert client.get(PATH).location == thanks
    assert client.post(PATH, data={**fields, "answer_overall": "1"}).status_code == 409
    assert len(read_responses(app)) == 1


@pytest.mark.parametrize("change", [{}, {"move": "en"}, {"answer_overall": ""}, {"csrf_token": "wrong"}])
def test_nothing_new_is_taken_after_the_closing(
    app: Flask, client: FlaskClient, change: dict[str, str]
) -> None:
    fields = {**read_form(client.get(PATH).text).fields, **ANSWERS, **change}
    close(app)

    page = client.post(PATH, data=fields)

    assert page.status_code == 409
    assert "31/12/2099" in page.text
    assert "Trễ hẹn" in page.text
    assert read_responses(app) == []


def test_page_opened_on_the_last_day_is_taken_after_it(
    app: Flask, client: FlaskClient, set_clock: SetClock
) -> None:
    set_clock(LAST_MINUTE)
    fields = {**read_form(client.get(PATH).text).fields, **ANSWERS}
    set_clock(LAST_MINUTE + timedelta(minutes=2))

    thanks = client.post(PATH, data=fields)

    assert thanks.status_code == 303
    assert [str(response.received_on) for response in read_responses(app)] == ["2100-01-01"]
    assert client.get(f"{PATH}/phieu-moi", follow_redirects=True).status_code == 409


def test_page_that_lay_for_days_after_the_last_one_is_given_back(
    app: Flask, client: FlaskClient, set_clock: SetClock
) -> None:
    set_clock(LAST_MINUTE)
    fields = {**read_form(client.get(PATH).text).fields, **ANSWERS}
    set_clock(LAST_MINUTE + KEPT_FOR + timedelta(minutes=2))

    page = client.post(PATH, data=fields)

    assert page.status_code == 409
    assert "Đợt khảo sát đã kết thúc" in page.text
    assert "<dl" in page.text
    assert read_responses(app) == []


@pytest.mark.parametrize("overall", ["3", "1"])
@pytest.mark.parametrize("is_stored", [True, False])
def test_a_stranger_with_an_id_learns_nothing(
    app: Flask, client: FlaskClient, overall: str, is_stored: bool
) -> None:
    fields = {**read_form(client.get(PATH).text).fields, **ANSWERS}
    if is_stored:
        client.post(PATH, data=fields)
    stranger = app.test_client()
    known = {"response_id": fields["response_id"], **ANSWERS, "answer_overall": overall}

    page = stranger.submit(PATH, known)

    assert page.status_code == 400
    shown = read_form(page.text).fields
    assert shown["answer_overall"] == overall
    assert shown["response_id"] != fields["response_id"]
    assert len(read_responses(app)) == is_stored
    with app.extensions["database"].read() as session:
        assert session.scalars(select(QuarantinedResponse)).all() == []
    assert stranger.post(PATH, data=shown).status_code == 303
