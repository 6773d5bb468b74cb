"""Whatever goes wrong, a page says what happened and what to do next."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from flask import Flask, session
from flask.testing import FlaskClient

from survey.app import create_app
from survey.services import problems
from survey.settings import Settings
from survey.store.database import DatabaseUnreachable
from survey.web.api.problem_words import PROBLEMS
from survey.web.errors import HTTP_ERRORS, SURVEY_ERRORS
from tests.html import check_html

TODAY = date.today()  # noqa: DTZ011
# One is a sentence on the page of the decision, the other becomes what stood against storing.
TAKEN_BY_THEIR_CALLER = {"decision_refused", "delivery_kept"}
EXAMPLES = [
    (problems.RoundUnknown("2031-q1"), 404, "2031-q1"),
    (problems.RoundNotOpen("r", TODAY + timedelta(2), TODAY + timedelta(9), "open"), 409, str(TODAY.year)),
    (problems.RoundNotOpen("r", TODAY - timedelta(9), TODAY - timedelta(2), "open"), 409, str(TODAY.year)),
    (problems.RoundNotOpen("r", TODAY, TODAY, "closed"), 409, str(TODAY.year)),
    (problems.ClosedMeanwhile(uuid4(), problems.RoundNotOpen("r", TODAY, TODAY, "closed")), 409, ""),
    (problems.QuestionnaireUnknown("<b>"), 404, "&lt;b&gt;"),
    (problems.QuestionnaireChanged("tthc", 1), 409, "tthc"),
    (problems.UnitUnknown("19333"), 404, "19333"),
    (problems.MeasureUnknown("x"), 404, ""),
    (problems.DraftUnknown(uuid4()), 404, ""),
    (problems.AnswersRefused([]), 400, ""),
    (problems.ResponseConflict(uuid4()), 409, ""),
    (problems.SignInRefused("wrong"), 403, ""),
    (problems.PasswordRefused("wrong"), 400, ""),
    (problems.ImportRefused([]), 400, ""),
    (problems.SurveyError(anything=1), 400, ""),
    (DatabaseUnreachable("down"), 503, ""),
]


def raising(app: Flask, error: Exception) -> FlaskClient:
    @app.get("/raise")
    def refuse() -> str:
        raise error

    return app.test_client()


@pytest.mark.parametrize(("error", "status", "words"), EXAMPLES, ids=lambda value: type(value).__name__)
def test_a_refused_use_case_is_a_page(app, error, status, words):
    page = raising(app, error).get("/raise")
    assert page.status_code == status
    assert words in page.text
    assert "Traceback" not in page.text
    check_html(page)


def test_every_code_of_the_services_has_a_page_or_a_problem_of_the_interface():
    kinds = problems.SurveyError.__subclasses__()
    assert {kind.code for kind in kinds} - TAKEN_BY_THEIR_CALLER <= set(SURVEY_ERRORS) | set(PROBLEMS)


@pytest.mark.parametrize("status", [*HTTP_ERRORS, 401, 410, 422, 501])
def test_every_http_error_is_a_page_in_both_languages(client, status):
    for language in ("vi", "en"):
        client.set_cookie("ngon_ngu", language)
        page = client.post(f"/break/{status}")
        assert page.status_code == status
        check_html(page)


def test_the_page_speaks_vietnamese(client):
    page = client.get("/nothing-here")
    assert "Không tìm thấy trang" in page.text
    assert "Về trang đầu" in page.text


def test_a_wrong_method_names_the_right_ones(client):
    page = client.delete("/style/citizen")
    assert page.status_code == 405
    assert "GET" in page.headers["Allow"]
    check_html(page)


FIELD = '--b\r\nContent-Disposition: form-data; name="anything"\r\n\r\n{}\r\n--b--\r\n'


@pytest.mark.parametrize(
    ("data", "content_type"),
    [
        ("anything=" + "x" * 300_000, "application/x-www-form-urlencoded"),
        ("anything=" + "x" * 70_000, "application/x-www-form-urlencoded"),
        (FIELD.format("x" * 300_000), "multipart/form-data; boundary=b"),
        (FIELD.format("x" * 70_000), "multipart/form-data; boundary=b"),
    ],
)
def test_an_oversized_body_is_refused_with_a_page(client, data, content_type):
    page = client.post("/break/400", data=data, content_type=content_type)
    assert page.status_code == 413
    check_html(page)


def test_a_fault_of_ours_is_noted_and_shows_no_trace(app, caplog):
    app.testing = False
    page = raising(app, RuntimeError("secret detail")).get("/raise")
    assert page.status_code == 500
    assert "secret detail" not in page.text
    assert "secret detail" in caplog.text
    check_html(page)


def test_the_log_names_neither_the_address_nor_the_answers(app, caplog):
    caplog.set_level("INFO")
    response_id = uuid4()
    raising(app, problems.ResponseConflict(response_id)).get("/raise?answer=bad")
    assert "response_conflict" in caplog.text
    assert str(response_id) not in caplog.text
    assert "bad" not in caplog.text


def test_a_kiosk_finds_its_way_back(app):
    @app.get("/start")
    def start() -> str:
        session["kiosk_home"] = "/kiosk/r/f/u"
        return ""

    client = app.test_client()
    client.get("/start")
    page = client.get("/nothing-here")
    assert 'data-idle-url="/kiosk/r/f/u"' in page.text
    check_html(page)


def test_an_unreachable_database_is_not_healthy(tmp_path):
    url = f"sqlite:///{tmp_path / 'no such directory' / 'x.db'}"
    app = create_app(Settings(data_directory=tmp_path, database_url=url, secret_key="s"))
    assert app.test_client().get("/health").status_code == 503
