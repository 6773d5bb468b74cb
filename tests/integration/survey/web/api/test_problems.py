"""Whatever goes wrong below /api/ is a problem document, in Vietnamese unless English is asked for."""

from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from survey.web.api.problem_words import PROBLEMS
from tests.integration.survey.web.api.conftest import PATH, Post, body


@pytest.fixture(params=["sqlite"])
def database_url(request: pytest.FixtureRequest) -> str:
    """One database: what is said of a problem does not depend on it."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/", 404, "not_found"),
        ("GET", "/api/v1/khong-co", 404, "not_found"),
        ("GET", "/api/problems/khong-co", 404, "not_found"),
        ("GET", PATH, 405, "method_not_allowed"),
        ("DELETE", "/api/v1/device", 405, "method_not_allowed"),
        ("POST", PATH, 415, "content_refused"),
    ],
)
def test_refused_by_the_server_itself(
    client: FlaskClient, method: str, path: str, status: int, code: str
) -> None:
    answer = client.open(path, method=method)

    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert {name: answer.json[name] for name in ("type", "status", "code")} == {
        "type": f"/api/problems/{code}",
        "status": status,
        "code": code,
    }
    assert ("Allow" in answer.headers) == (status == 405)


def test_fault_of_our_own_is_a_problem(app: Flask, client: FlaskClient) -> None:
    def fail() -> None:
        raise RuntimeError

    app.add_url_rule("/api/v1/fault", view_func=fail)
    app.testing = False

    answer = client.get("/api/v1/fault")

    assert (answer.status_code, answer.json["code"]) == (500, "fault")


def test_database_that_is_away_is_a_problem(app: Flask, post: Post) -> None:
    with app.extensions["database"].write() as session:
        session.connection().exec_driver_sql("ALTER TABLE response RENAME TO elsewhere")

    answer = post(body())

    assert (answer.status_code, answer.json["code"]) == (503, "unavailable")
    assert int(answer.headers["Retry-After"]) > 0


@pytest.mark.parametrize(
    ("query", "accepted", "language"),
    [
        ("", None, "vi"),
        ("", "en-US,en", "en"),
        ("?lang=vi", "en", "vi"),
        ("?lang=en", None, "en"),
        ("", "fr", "vi"),
    ],
)
def test_language_of_the_words(client: FlaskClient, query: str, accepted: str | None, language: str) -> None:
    headers = {"Accept-Language": accepted} if accepted else {}

    answer = client.get(f"/api/v1/khong-co{query}", headers=headers)

    assert list(answer.content_language) == [language]
    assert (answer.json["title"] == "No such address") == (language == "en")


@pytest.mark.parametrize("code", PROBLEMS)
def test_type_of_a_problem_leads_to_its_meaning(client: FlaskClient, code: str) -> None:
    answer: Any = client.get(f"/api/problems/{code}?lang=en")

    assert answer.status_code == 200
    assert str(PROBLEMS[code].title) in unescape(answer.get_data(as_text=True))


def test_problems_of_pages_stay_pages(client: FlaskClient) -> None:
    assert client.get("/khong-co").mimetype == "text/html"
