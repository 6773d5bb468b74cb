from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from questionnaires.model import AnswerValue
from survey.models import Response, ResponseDraft
from survey.services import device_config
from survey.services.rounds import close_round
from tests import factories
from tests.fixtures.forms import read_form
from tests.integration.survey.web.conftest import read_draft
from tests.respondents import Respondent

HOME = f"/kiosk/{factories.ROUND_CODE}/vi-du/{factories.UNIT_CODE}"
ReadAnswers = Callable[[str], dict[str, AnswerValue]]


@pytest.fixture
def begun(client: FlaskClient, small_round: str) -> str:
    """The path of a response that was begun on the kiosk."""
    return client.submit(HOME).location.partition("/cau/")[0]  # type: ignore[attr-defined,no-any-return]


def count_drafts(app: Flask) -> int:
    with app.extensions["database"].read() as session:
        return int(session.scalar(select(func.count()).select_from(ResponseDraft)))


def read_responses(app: Flask) -> list[Response]:
    with app.extensions["database"].read() as session:
        return list(session.scalars(select(Response)))


def test_start_screen_says_what_it_is(client: FlaskClient, small_round: str) -> None:
    page = client.get(HOME)

    for words in ("Phiếu ví dụ", "Khoảng 2 phút.", "Phiếu không ghi tên.", "Tôi đồng ý trả lời."):
        assert words in page.text


def test_start_leads_to_the_first_question(app: Flask, client: FlaskClient, begun: str) -> None:
    page = client.get(f"{begun}/cau/visited")

    assert page.status_code == 200
    assert 'value="1" max="4"' in page.text
    draft = read_draft(app, begun)
    assert (draft.channel, draft.selection, draft.layout) == ("kiosk", "self_selected", "kiosk")


def test_one_press_answers_and_leads_on(client: FlaskClient, begun: str, read_answers: ReadAnswers) -> None:
    answer = client.submit(f"{begun}/cau/visited", {"answer_visited": "yes"})

    assert answer.location == f"{begun}/cau/q01"
    assert read_answers(begun) == {"visited": "yes"}


@pytest.mark.parametrize("form_id", ["tthc", "giaoduc-hocsinh", "sipas"])
def test_whole_form_is_filled_question_by_question(
    app: Flask, client: FlaskClient, open_shipped: Callable[..., None], form_id: str
) -> None:
    open_shipped(form_id)
    unit = factories.UNITS_OF_FORM[form_id][0]

    page = Respondent(client).fill(f"/kiosk/{factories.ROUND_CODE}/{form_id}/{unit}")

    assert 'class="receipt"' in page.text
    (response,) = read_responses(app)
    assert response.channel == "kiosk"
    assert count_drafts(app) == 0


def test_back_leads_to_the_question_before(
    client: FlaskClient, begun: str, read_answers: ReadAnswers
) -> None:
    client.submit(f"{begun}/cau/visited", {"answer_visited": "yes"})

    answer = client.submit(f"{begun}/cau/q01", {"move": "back"})

    assert answer.location == f"{begun}/cau/visited"
    assert 'value="yes" aria-pressed="true"' in client.get(answer.location).text
    assert read_answers(begun) == {"visited": "yes"}


def test_back_from_the_first_question_discards_the_response(
    app: Flask, client: FlaskClient, begun: str
) -> None:
    answer = client.submit(f"{begun}/cau/visited", {"move": "back"})

    assert answer.location == HOME
    assert count_drafts(app) == 0


def test_optional_question_can_be_skipped(client: FlaskClient, begun: str, read_answers: ReadAnswers) -> None:
    client.submit(f"{begun}/cau/visited", {"answer_visited": "no"})
    client.submit(f"{begun}/cau/expected", {"answer_expected": "90", "move": "next"})

    answer = client.submit(f"{begun}/cau/expected", {"answer_expected": "90", "move": "skip"})

    assert answer.location == f"{begun}/cau/channels"
    assert read_answers(begun) == {"visited": "no"}


def test_required_question_cannot_be_skipped(client: FlaskClient, begun: str) -> None:
    assert client.submit(f"{begun}/cau/visited", {"move": "skip"}).status_code == 422
    assert client.submit(f"{begun}/cau/visited").status_code == 422


def test_unreadable_number_stays_as_typed(client: FlaskClient, begun: str) -> None:
    client.submit(f"{begun}/cau/visited", {"answer_visited": "no"})

    page = client.submit(f"{begun}/cau/expected", {"answer_expected": "999", "move": "next"})

    assert page.status_code == 422
    assert read_form(page.text).fields["answer_expected"] == "999"


@pytest.mark.parametrize("move", ["back", "en"])
def test_leaving_a_screen_loses_nothing_that_cannot_be_taken(
    client: FlaskClient, begun: str, move: str
) -> None:
    client.submit(f"{begun}/cau/visited", {"answer_visited": "no"})

    page = client.submit(f"{begun}/cau/expected", {"answer_expected": "hai lần", "move": move})

    assert page.status_code == 422
    assert f'<html lang="{"en" if move == "en" else "vi"}"' in page.text
    assert read_form(page.text).fields["answer_expected"] == "hai lần"


@pytest.mark.parametrize("place", ["cau/q01", "cau/why", "gui"])
def test_nobody_gets_ahead_of_an_open_question(client: FlaskClient, begun: str, place: str) -> None:
    assert client.get(f"{begun}/{place}").location == f"{begun}/cau/visited"


def test_unknown_question_is_not_found(client: FlaskClient, begun: str) -> None:
    assert client.get(f"{begun}/cau/khong_co").status_code == 404


def test_pages_of_the_phone_lead_to_the_kiosk(client: FlaskClient, begun: str) -> None:
    for place in ("", "visit", "xem-lai"):
        assert client.get(f"{begun}/{place}").location == f"{begun}/cau/visited"


def test_screens_of_the_kiosk_lead_a_phone_to_its_pages(client: FlaskClient, small_round: str) -> None:
    path = client.submit(small_round).location.rpartition("/")[0]

    for place in ("cau/visited", "gui"):
        assert client.get(f"{path}/{place}").location == f"{path}/visit"


def test_abandoned_response_is_discarded(app: Flask, client: FlaskClient, begun: str) -> None:
    client.submit(f"{begun}/cau/visited", {"answer_visited": "no"})
    page = client.get(f"{begun}/cau/expected")
    discard = read_form(page.text, 1)
    assert discard.action == f"{begun}/bo"

    answer = client.post(discard.action, data=discard.fields)

    assert answer.status_code == 303
    assert answer.location == f"{HOME}/phieu-moi"
    assert count_drafts(app) == 0


def test_discarding_needs_the_token(app: Flask, client: FlaskClient, begun: str) -> None:
    client.post(f"{begun}/bo", data={"csrf_token": "wrong"})

    assert count_drafts(app) == 1


def finish(client: FlaskClient, begun: str) -> str:
    """Answer and send; gives the path of the thanks."""
    client.submit(f"{begun}/cau/visited", {"answer_visited": "no"})  # type: ignore[attr-defined]
    return str(client.submit(f"{begun}/gui").location)  # type: ignore[attr-defined]


def test_a_sending_that_is_refused_says_so(client: FlaskClient, begun: str) -> None:
    client.submit(f"{begun}/cau/visited", {"answer_visited": "no"})
    fields = read_form(client.get(f"{begun}/gui").text).fields
    client.submit(f"{begun}/cau/visited", {"answer_visited": "yes"})

    answer = client.post(f"{begun}/gui", data=fields)

    assert answer.location == f"{begun}/cau/q01?thieu=1"
    assert "Chưa gửi được phiếu" in client.get(answer.location).text


def test_thanks_return_to_the_start_screen(client: FlaskClient, begun: str) -> None:
    page = client.get(finish(client, begun))

    assert page.headers["Refresh"].endswith(f"; url={HOME}/phieu-moi")
    assert 'data-return-seconds="20"' in page.text


def test_sending_twice_stores_one_response(app: Flask, client: FlaskClient, begun: str) -> None:
    client.submit(f"{begun}/cau/visited", {"answer_visited": "no"})
    fields = read_form(client.get(f"{begun}/gui").text).fields

    pages = [client.post(f"{begun}/gui", data=fields, follow_redirects=True) for _ in range(2)]

    assert pages[0].text == pages[1].text
    assert len(read_responses(app)) == 1


@pytest.mark.parametrize("place", ["cau/visited", "gui"])
def test_wrong_token_shows_the_screen_again(app: Flask, client: FlaskClient, begun: str, place: str) -> None:
    client.submit(f"{begun}/cau/visited", {"answer_visited": "no"})

    page = client.submit(f"{begun}/{place}", {"csrf_token": "wrong"})

    assert page.status_code == 400
    assert "notice--warning" in page.text
    assert read_responses(app) == []


@pytest.fixture
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """The next person may begin at once."""
    monkeypatch.setitem(device_config.SETTINGS, "minimum_interval_seconds", 0)


def test_between_two_forms_a_moment_passes(client: FlaskClient, begun: str) -> None:
    finish(client, begun)
    waiting = client.get(HOME)
    seconds, _, address = waiting.headers["Refresh"].partition("; url=")
    assert 0 < int(seconds) <= 10
    assert "Xin chờ giây lát" in waiting.text
    assert "<form" not in waiting.text
    assert begun not in waiting.text
    with client.session_transaction() as cookie:
        assert set(cookie) == {"csrf_token", "kiosk_home", "completed"}
        cookie["completed"] -= 10
    assert 'name="response_id"' in client.get(address, follow_redirects=True).text


@pytest.mark.usefixtures("no_pause")
def test_next_person_sees_nothing_of_the_last_one(client: FlaskClient, begun: str) -> None:
    thanks = finish(client, begun)
    number = client.get(thanks).text.partition('class="receipt">')[2].partition("<")[0]

    home = client.get(HOME)

    assert begun not in home.text
    assert number not in home.text
    with client.session_transaction() as cookie:
        assert set(cookie) == {"csrf_token", "kiosk_home"}


def test_no_screen_is_kept_or_filled_in_by_the_browser(client: FlaskClient, begun: str) -> None:
    page = client.get(f"{begun}/cau/visited")

    assert page.headers["Cache-Control"] == "no-store"
    assert 'autocomplete="off"' in page.text


def test_changing_the_language_keeps_the_question(client: FlaskClient, begun: str) -> None:
    answer = client.submit(f"{begun}/cau/visited", {"move": "en"})

    assert answer.location == f"{begun}/cau/visited"
    assert "Did you visit?" in client.get(answer.location).text


def test_fresh_start_is_in_vietnamese(client: FlaskClient, small_round: str) -> None:
    client.get("/ngon-ngu/en")

    page = client.get(f"{HOME}/phieu-moi", follow_redirects=True)

    assert page.request.path == HOME
    assert '<html lang="vi">' in page.text.replace(' class="kiosk"', "")


@pytest.fixture
def counter(open_shipped: Callable[..., None]) -> str:
    """The path of the quick rating on a kiosk."""
    open_shipped("quay-motcua")
    return f"/kiosk/{factories.ROUND_CODE}/quay-motcua/{factories.UNIT_CODE}"


def test_quick_rating_is_one_screen_on_the_kiosk(app: Flask, client: FlaskClient, counter: str) -> None:
    page = client.submit(counter, {"answer_overall": "2"}, follow_redirects=True)

    assert 'class="receipt"' in page.text
    (response,) = read_responses(app)
    assert (response.channel, response.ratings) == ("kiosk", "2.")


def test_back_after_a_quick_rating_leads_to_its_thanks(app: Flask, client: FlaskClient, counter: str) -> None:
    thanks = client.submit(counter, {"answer_overall": "2"}).location

    assert client.get(counter).location == thanks


@pytest.mark.usefixtures("no_pause")
def test_next_person_rates_under_an_id_of_their_own(app: Flask, client: FlaskClient, counter: str) -> None:
    for _ in range(2):
        fields = read_form(client.get(counter).text).fields
        thanks = client.post(counter, data={**fields, "answer_overall": "2"}).location
        home = client.get(client.get(thanks).headers["Refresh"].partition("url=")[2], follow_redirects=True)

    assert home.request.path == counter
    assert fields["response_id"] not in home.text
    with client.session_transaction() as cookie:
        assert set(cookie) == {"csrf_token", "kiosk_home", "begun", "shown"}
        assert str(fields["response_id"]) not in str(dict(cookie))
    assert len(read_responses(app)) == 2


def test_quick_rating_repeated_after_the_closing_has_its_receipt(
    app: Flask, client: FlaskClient, counter: str
) -> None:
    fields = {**read_form(client.get(counter).text).fields, "answer_overall": "2"}
    thanks = client.post(counter, data=fields).location
    with app.extensions["database"].write() as session:
        close_round(session, factories.ROUND_CODE)

    assert client.post(counter, data=fields).location == thanks
    client.get(f"{counter}/phieu-moi")
    assert client.get(counter).status_code == 409
    assert len(read_responses(app)) == 1


def test_kiosk_does_not_remember_what_the_browser_did_elsewhere(client: FlaskClient, counter: str) -> None:
    client.get(counter.replace("/kiosk/", "/khao-sat/"))
    client.get(counter)

    with client.session_transaction() as cookie:
        assert [path for _response_id, path in cookie["begun"]] == [counter]
