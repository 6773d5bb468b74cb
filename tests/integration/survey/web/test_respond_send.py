from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from survey.models import QuarantinedResponse, Response, ResponseDraft
from survey.services import drafts
from survey.services.rounds import close_round
from survey.web import clock
from tests import factories
from tests.fixtures.forms import read_form
from tests.integration.survey.web.conftest import response_id_of
from tests.respondents import Respondent

Begin = Callable[[], str]
NOT_STORED = "Nội dung vừa gửi đến không được lưu."
BY_SECTIONS = [form_id for form_id in factories.SHIPPED_FORMS if form_id != "quay-motcua"]


def read_responses(app: Flask) -> list[Response]:
    with app.extensions["database"].read() as session:
        return list(session.scalars(select(Response)))


def count(app: Flask, model: type) -> int:
    with app.extensions["database"].read() as session:
        return int(session.scalar(select(func.count()).select_from(model)))


def answer_all(client: FlaskClient, path: str) -> str:
    """Answer the small form; gives the path of its review."""
    client.submit(f"{path}/visit", {"answer_visited": "yes"})  # type: ignore[attr-defined]
    client.submit(f"{path}/service", {"answer_q01": "3", "answer_q02": "1"})  # type: ignore[attr-defined]
    client.submit(f"{path}/closing", {"answer_expected": "85"})  # type: ignore[attr-defined]
    return f"{path}/xem-lai"


@pytest.mark.parametrize("form_id", BY_SECTIONS)
def test_every_shipped_form_is_filled_without_javascript(
    app: Flask, client: FlaskClient, open_shipped: Callable[..., None], form_id: str
) -> None:
    open_shipped(form_id)
    unit = factories.UNITS_OF_FORM[form_id][0]

    page = Respondent(client).fill(f"/khao-sat/{factories.ROUND_CODE}/{form_id}/{unit}")

    assert 'class="receipt"' in page.text
    (response,) = read_responses(app)
    assert (response.channel, response.selection, response.language) == ("phone", "self_selected", "vi")
    assert response.duration_band == "under_1m"
    assert len(response.ratings) == len(factories.shipped_form(form_id).rated)
    assert count(app, ResponseDraft) == 0


def test_tthc_keeps_sector_and_procedure(
    app: Flask, client: FlaskClient, open_shipped: Callable[..., None]
) -> None:
    open_shipped("tthc")

    Respondent(client, avoid=("construction", "investment", "other", "not_yet", "overdue")).fill(
        f"/khao-sat/{factories.ROUND_CODE}/tthc/{factories.UNIT_CODE}"
    )

    (response,) = read_responses(app)
    assert response.sector_code == "land"
    assert response.procedure_id is not None
    assert "." not in response.ratings


def test_review_shows_every_answer_and_the_way_to_correct_it(client: FlaskClient, begin: Begin) -> None:
    page = client.get(answer_all(client, begin()))

    assert page.text.count("<dt>") == 6
    assert page.text.count("?sua=1#answer_") == 6
    assert "85%" in page.text


def test_thanks_show_receipt_and_time(
    app: Flask, client: FlaskClient, begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    review = answer_all(client, begin())
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 23, 7, 5, tzinfo=UTC))

    answer = client.submit(review)
    page = client.get(answer.location)

    assert answer.status_code == 303
    assert "14:05" in page.text
    digits = f"{response_id_of(review).int % 10**12:012d}"
    assert f"{digits[:4]} {digits[4:8]} {digits[8:]}" in page.text
    assert "14:05" not in app.test_client().get(answer.location).text


def test_sending_twice_stores_one_response(app: Flask, client: FlaskClient, begin: Begin) -> None:
    review = answer_all(client, begin())
    fields = read_form(client.get(review).text).fields

    pages = [client.post(review, data=fields, follow_redirects=True) for _ in range(3)]

    assert len({page.text for page in pages}) == 1
    assert len(read_responses(app)) == 1


def test_presses_at_the_same_moment_store_one_response(app: Flask, client: FlaskClient, begin: Begin) -> None:
    review = answer_all(client, begin())
    fields = read_form(client.get(review).text).fields
    cookie = client.get_cookie("hailong")
    assert cookie is not None

    def press(_number: int) -> tuple[int, str | None]:
        device = app.test_client()
        device.set_cookie("hailong", cookie.value)
        answer = device.post(review, data=fields)
        return answer.status_code, answer.location

    with ThreadPoolExecutor(6) as presses:
        answers = set(presses.map(press, range(6)))

    assert answers == {(303, review.replace("xem-lai", "cam-on"))}
    assert len(read_responses(app)) == 1


@pytest.mark.parametrize("place", ["", "visit", "service", "closing", "xem-lai", "cam-on", "cau/q01"])
def test_pages_of_a_sent_response_lead_to_its_thanks(client: FlaskClient, begin: Begin, place: str) -> None:
    path = begin()
    client.submit(answer_all(client, path))

    page = client.get(f"{path}/{place}", follow_redirects=True)

    assert page.request.path == f"{path}/cam-on"


def test_starting_again_with_a_sent_id_leads_to_its_thanks(client: FlaskClient, small_round: str) -> None:
    fields = read_form(client.get(small_round).text).fields
    path = client.post(small_round, data=fields).location.rpartition("/")[0]
    client.submit(answer_all(client, path))

    page = client.post(small_round, data=fields, follow_redirects=True)

    assert page.request.path == f"{path}/cam-on"


def test_other_answers_under_a_sent_id_are_refused(app: Flask, client: FlaskClient, begin: Begin) -> None:
    path = begin()
    client.submit(f"{path}/visit", {"answer_visited": "yes"})
    fields = read_form(client.get(f"{path}/service").text).fields
    client.submit(answer_all(client, path))
    (before,) = read_responses(app)

    same = client.post(f"{path}/service", data={**fields, "answer_q01": "3", "answer_q02": "1"})
    other = client.post(f"{path}/service", data={**fields, "answer_q01": "1", "answer_q02": "1"})

    assert same.location == f"{path}/cam-on"
    assert other.status_code == 409
    assert read_responses(app)[0].content_digest == before.content_digest


def test_other_answers_under_a_sent_id_are_kept_for_staff_once_a_content(
    app: Flask, client: FlaskClient, begin: Begin
) -> None:
    path = begin()
    client.submit(f"{path}/visit", {"answer_visited": "yes"})
    fields = read_form(client.get(f"{path}/service").text).fields
    client.submit(answer_all(client, path))

    for q01 in ("3", "1", "1", "99"):
        client.post(f"{path}/service", data={**fields, "answer_q01": q01, "answer_q02": "1"})

    with app.extensions["database"].read() as session:
        kept = session.scalars(select(QuarantinedResponse).order_by(QuarantinedResponse.id)).all()
    assert {(row.response_id, row.reason) for row in kept} == {(response_id_of(path), "conflict")}
    assert [row.content["section_id"] for row in kept] == ["service", "service"]
    assert [row.content["answers"] for row in kept] == [{"q01": 1, "q02": 1}, {"q01": ["99"], "q02": 1}]


@pytest.mark.parametrize("guess", ["1", "3"])
def test_a_stranger_learns_nothing_of_a_sent_response(
    app: Flask, client: FlaskClient, begin: Begin, guess: str
) -> None:
    path = begin()
    client.submit(answer_all(client, path))

    page = app.test_client().post(f"{path}/service", data={"answer_q01": guess, "answer_q02": guess})

    assert page.status_code == 409
    assert NOT_STORED in page.text
    assert count(app, QuarantinedResponse) == 0


def test_a_stranger_cannot_pass_for_who_began_a_sent_response(
    app: Flask, client: FlaskClient, small_round: str
) -> None:
    path = client.submit(small_round).location.rpartition("/")[0]
    client.submit(answer_all(client, path))
    stranger = app.test_client()
    stranger.submit(small_round, {"response_id": str(response_id_of(path))})
    token = read_form(stranger.get(small_round).text).fields["csrf_token"]

    page = stranger.post(f"{path}/service", data={"csrf_token": token, "answer_q01": "1", "answer_q02": "1"})

    assert page.status_code == 409
    assert NOT_STORED in page.text
    assert count(app, QuarantinedResponse) == 0


@pytest.mark.parametrize("change", [{"answer_q02": None}, {"csrf_token": "wrong"}])
@pytest.mark.parametrize("guess", ["1", "3"])
def test_what_is_not_compared_with_a_sent_response_is_said_not_to_be_stored(
    app: Flask, client: FlaskClient, begin: Begin, guess: str, change: dict[str, str | None]
) -> None:
    path = begin()
    client.submit(f"{path}/visit", {"answer_visited": "yes"})
    fields = read_form(client.get(f"{path}/service").text).fields
    client.submit(answer_all(client, path))
    sent = {**fields, "answer_q01": guess, "answer_q02": "1", **change}

    page = client.post(
        f"{path}/service", data={name: value for name, value in sent.items() if value is not None}
    )

    assert page.status_code == 409
    assert NOT_STORED in page.text
    assert count(app, QuarantinedResponse) == 0


@pytest.mark.parametrize(("why", "status"), [("", 303), ("Chờ lâu", 409)])
def test_an_answer_that_was_not_given_is_compared_too(
    app: Flask, client: FlaskClient, begin: Begin, why: str, status: int
) -> None:
    path = begin()
    fields = read_form(client.get(f"{path}/visit").text).fields
    client.submit(answer_all(client, path))
    same = {"csrf_token": fields["csrf_token"], "answer_expected": "85"}

    page = client.post(f"{path}/closing", data={**same, "answer_why": why})

    assert page.status_code == status
    assert count(app, QuarantinedResponse) == (status == 409)


def test_wrong_token_sends_nothing(app: Flask, client: FlaskClient, begin: Begin) -> None:
    review = answer_all(client, begin())

    page = client.submit(review, {"csrf_token": "wrong"})

    assert page.status_code == 400
    assert read_responses(app) == []
    assert client.post(review, data=read_form(page.text).fields).location.endswith("/cam-on")


def test_unfinished_response_is_not_sent(app: Flask, client: FlaskClient, begin: Begin) -> None:
    path = begin()
    review = answer_all(client, path)
    fields = read_form(client.get(review).text).fields
    client.submit(f"{path}/visit", {"answer_visited": "no"})
    client.submit(f"{path}/visit", {"answer_visited": "yes"})

    answer = client.post(review, data=fields)

    assert answer.location == f"{path}/service?sua=1&thieu=1"
    page = client.get(answer.location)
    assert "Chưa gửi được phiếu" in page.text
    assert '<a href="#answer_q01">' in page.text
    assert client.submit(answer.location, {"answer_q01": "3", "answer_q02": "1"}).location == review
    assert "Chưa gửi được phiếu" not in client.get(review).text
    assert read_responses(app) == []


def test_language_at_sending_is_stored(app: Flask, client: FlaskClient, begin: Begin) -> None:
    review = answer_all(client, begin())
    client.get("/ngon-ngu/en", query_string={"tiep": review})

    page = client.post(review, data=read_form(client.get(review).text).fields, follow_redirects=True)

    assert '<html lang="en">' in page.text
    assert [response.language for response in read_responses(app)] == ["en"]


def test_thanks_stay_after_the_round_has_closed(app: Flask, client: FlaskClient, begin: Begin) -> None:
    review = answer_all(client, begin())
    thanks = client.submit(review).location
    with app.extensions["database"].write() as session:
        close_round(session, factories.ROUND_CODE)

    assert client.get(thanks).status_code == 200


def test_discarded_response_says_so_to_who_began_it(app: Flask, client: FlaskClient, begin: Begin) -> None:
    path = begin()
    with app.extensions["database"].write() as session:
        drafts.purge_drafts(session, now=clock.now() + timedelta(days=3))

    page = client.get(f"{path}/visit")

    assert page.status_code == 410
    assert f'href="/khao-sat/{factories.ROUND_CODE}/vi-du/{factories.UNIT_CODE}"' in page.text
    assert app.test_client().get(f"{path}/visit").status_code == 404


def test_next_start_discards_what_was_left_for_days(
    app: Flask, client: FlaskClient, begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin()
    later = clock.now() + timedelta(days=3)
    monkeypatch.setattr(clock, "now", lambda: later)

    begin()

    assert count(app, ResponseDraft) == 1


def test_nothing_is_quarantined_by_an_honest_respondent(
    app: Flask, client: FlaskClient, begin: Begin
) -> None:
    client.submit(answer_all(client, begin()))

    assert count(app, QuarantinedResponse) == 0


def test_no_page_of_a_respondent_is_kept_by_the_browser(client: FlaskClient, begin: Begin) -> None:
    path = begin()
    review = answer_all(client, path)

    for place in (f"{path}/visit", review, client.submit(review).location):
        assert client.get(place).headers["Cache-Control"] == "no-store"
