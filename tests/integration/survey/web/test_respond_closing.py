"""A round that ends while somebody is answering: by its last day, or because an official closes it."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from survey.models import Response, ResponseDraft
from survey.services.drafts import KEPT_FOR
from survey.services.rounds import close_round
from tests import factories
from tests.fixtures.forms import read_form

Begin = Callable[[], str]
SetClock = Callable[[datetime], None]
# 23:30 in Viet Nam on the last day of the round.
LAST_EVENING = datetime(2099, 12, 31, 16, 30, tzinfo=UTC)
NEXT_DAY = LAST_EVENING + timedelta(hours=12)
KIOSK_HOME = f"/kiosk/{factories.ROUND_CODE}/vi-du/{factories.UNIT_CODE}"


def close(app: Flask) -> None:
    with app.extensions["database"].write() as session:
        close_round(session, factories.ROUND_CODE)


def count(app: Flask, model: type) -> int:
    with app.extensions["database"].read() as session:
        return int(session.scalar(select(func.count()).select_from(model)))


def read_days(app: Flask) -> list[date]:
    with app.extensions["database"].read() as session:
        return list(session.scalars(select(Response.received_on)))


def answer_first_sections(client: FlaskClient, path: str) -> str:
    """Gives the path of the last section."""
    client.submit(f"{path}/visit", {"answer_visited": "yes"})  # type: ignore[attr-defined]
    client.submit(f"{path}/service", {"answer_q01": "3", "answer_q02": "1"})  # type: ignore[attr-defined]
    return f"{path}/closing"


# After the last day -----------------------------------------------------------------------------------------


def test_form_begun_on_the_last_day_can_be_sent_after_it(
    app: Flask, client: FlaskClient, begin: Begin, set_clock: SetClock
) -> None:
    set_clock(LAST_EVENING)
    closing = answer_first_sections(client, begin())
    set_clock(NEXT_DAY)

    thanks = client.submit(client.submit(closing, {"answer_expected": "85"}).location).location

    assert 'class="receipt"' in client.get(thanks).text
    assert read_days(app) == [date(2100, 1, 1)]


def test_kiosk_form_begun_on_the_last_day_can_be_sent_after_it(
    app: Flask, client: FlaskClient, small_round: str, set_clock: SetClock
) -> None:
    set_clock(LAST_EVENING)
    begun = client.submit(KIOSK_HOME).location.partition("/cau/")[0]
    set_clock(NEXT_DAY)

    client.submit(f"{begun}/cau/visited", {"answer_visited": "no"})

    assert client.submit(f"{begun}/gui").location == f"{begun}/cam-on"
    assert read_days(app) == [date(2100, 1, 1)]


def test_back_from_the_first_section_does_not_end_a_form_begun_in_time(
    client: FlaskClient, begin: Begin, set_clock: SetClock
) -> None:
    set_clock(LAST_EVENING)
    path = begin()
    set_clock(NEXT_DAY)
    start = client.submit(f"{path}/visit", {"move": "back"}).location

    page = client.get(start, follow_redirects=True)

    assert page.status_code == 200
    assert page.request.path == f"{path}/visit"


def test_nobody_begins_after_the_last_day(
    app: Flask, client: FlaskClient, small_round: str, set_clock: SetClock
) -> None:
    set_clock(LAST_EVENING)
    fields = read_form(client.get(small_round).text).fields
    set_clock(NEXT_DAY)

    assert client.post(small_round, data=fields).status_code == 409
    assert client.get(small_round).status_code == 409
    assert client.get(KIOSK_HOME).status_code == 409
    assert count(app, ResponseDraft) == 0


def test_form_left_for_too_long_after_the_last_day_is_gone(
    app: Flask, client: FlaskClient, begin: Begin, set_clock: SetClock
) -> None:
    set_clock(LAST_EVENING)
    path = begin()
    set_clock(LAST_EVENING + KEPT_FOR + timedelta(minutes=1))

    assert client.get(f"{path}/visit").status_code == 410
    assert count(app, ResponseDraft) == 0


# After a deliberate closing ---------------------------------------------------------------------------------


def test_closing_gives_back_what_was_entered_and_stores_nothing(
    app: Flask, client: FlaskClient, begin: Begin
) -> None:
    closing = answer_first_sections(client, begin())
    fields = read_form(client.get(closing).text).fields
    close(app)

    page = client.post(
        closing, data={**fields, "answer_expected": "khoảng <80>", "answer_why": "Chờ lâu", "move": "next"}
    )

    assert page.status_code == 409
    assert "Ông/Bà đã đến chưa?" in page.text
    for words in (">Có<", ">Hài lòng<", ">Không hài lòng<", "khoảng &lt;80&gt;", "Chờ lâu"):
        assert words in page.text
    assert count(app, Response) == 0


def test_page_that_was_being_sent_replaces_its_old_answers(
    app: Flask, client: FlaskClient, begin: Begin
) -> None:
    closing = answer_first_sections(client, begin())
    client.submit(closing, {"answer_why": "Lần đầu"})
    fields = read_form(client.get(closing).text).fields
    close(app)

    page = client.post(closing, data={**fields, "answer_why": "Lần hai"})

    assert "Lần hai" in page.text
    assert "Lần đầu" not in page.text


@pytest.mark.parametrize("place", ["", "visit", "xem-lai"])
def test_opening_any_page_after_the_closing_gives_back_the_answers(
    app: Flask, client: FlaskClient, begin: Begin, place: str
) -> None:
    path = begin()
    client.submit(answer_first_sections(client, path), {"answer_expected": "85"})
    close(app)

    pages = [client.get(f"{path}/{place}") for _ in range(2)]

    for page in pages:
        assert page.status_code == 409
        assert "85%" in page.text
        assert "trong hai ngày" in page.text


def test_sending_after_the_closing_stores_nothing_and_gives_back_the_answers(
    app: Flask, client: FlaskClient, begin: Begin
) -> None:
    path = begin()
    client.submit(answer_first_sections(client, path), {"answer_expected": "85"})
    fields = read_form(client.get(f"{path}/xem-lai").text).fields
    close(app)

    page = client.post(f"{path}/xem-lai", data=fields)

    assert page.status_code == 409
    assert "85%" in page.text
    assert count(app, Response) == 0


def test_given_back_answers_stand_in_the_language_of_the_page(
    app: Flask, client: FlaskClient, begin: Begin
) -> None:
    path = begin()
    client.submit(f"{path}/visit", {"answer_visited": "yes"})
    client.set_cookie("ngon_ngu", "en")
    close(app)

    page = client.get(f"{path}/visit")

    assert "Did you visit?" in page.text
    assert "/ngon-ngu/" not in page.text


def test_answers_of_a_closed_round_are_deleted_after_two_days(
    app: Flask, client: FlaskClient, begin: Begin, set_clock: SetClock
) -> None:
    set_clock(LAST_EVENING)
    path = begin()
    client.submit(f"{path}/visit", {"answer_visited": "yes"})
    close(app)
    set_clock(LAST_EVENING + KEPT_FOR + timedelta(minutes=1))

    page = client.get(f"{path}/visit")

    assert page.status_code == 410
    assert "Ông/Bà đã đến chưa?" not in page.text
    assert count(app, ResponseDraft) == 0
    assert app.test_client().get(f"{path}/visit").status_code == 404


@pytest.mark.parametrize("place", ["cau/q01", "gui"])
def test_kiosk_shows_nobody_what_was_entered(
    app: Flask, client: FlaskClient, small_round: str, place: str
) -> None:
    begun = client.submit(KIOSK_HOME).location.partition("/cau/")[0]
    client.submit(f"{begun}/cau/visited", {"answer_visited": "yes"})
    client.submit(f"{begun}/cau/q01", {"answer_q01": "3"})
    client.submit(f"{begun}/cau/q02", {"answer_q02": "3"})
    fields = read_form(client.get(f"{begun}/{place}").text).fields
    close(app)

    page = client.post(f"{begun}/{place}", data={**fields, "answer_q01": "1"})

    assert page.status_code == 409
    assert "Ông/Bà đã đến chưa?" not in page.text
    assert "<dl" not in page.text
    assert f'data-idle-url="{KIOSK_HOME}/phieu-moi"' in page.text
    assert (count(app, ResponseDraft), count(app, Response)) == (0, 0)
