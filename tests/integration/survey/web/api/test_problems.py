"""Whatever goes wrong below /api/ is a problem document, in Vietnamese unless English is asked for."""

from collections.abc import Callable
from html import unescape
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from survey.web.api.problem_words import PROBLEMS, malformed_detail
from tests.integration.survey.web.api.conftest import PATH, Post, body, read_responses


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


FAULTY: dict[str, tuple[Any, str]] = {
    "missing": ({"round": None}, "This field is missing."),
    "extra_forbidden": ({"colour": "red"}, "There is no such field."),
    "string_type": ({"unit": 5}, "Text is needed."),
    "string_too_short": ({"unit": ""}, "The text is missing or too short."),
    "string_too_long": ({"unit": "x" * 65}, "The text is too long."),
    "string_pattern_mismatch": ({"unit": "a\nb"}, "The text has characters that are not allowed here."),
    "int_type": ({"version": "1"}, "A whole number is needed."),
    "greater_than_equal": ({"version": 0}, "The number is too small."),
    "less_than_equal": ({"version": 10**7}, "The number is too large."),
    "literal_error": ({"language": "fr"}, "The value is none of those that are allowed here."),
    "uuid_parsing": ({"id": "5"}, "A UUID is needed"),
    "dict_type": ({"answers": [1]}, "An object with named fields is needed."),
    "datetime_parsing": ({"started_at": "hôm qua"}, "A date and a time are needed"),
    "moment_out_of_range": ({"started_at": "0001-01-01T00:00:00Z"}, "A year from 1900 to 2999 is needed."),
}


@pytest.mark.parametrize("code", FAULTY)
def test_a_fault_of_the_document_is_said_in_words_of_our_own(post: Post, code: str) -> None:
    changes, words = FAULTY[code]
    document = {name: value for name, value in {**body(), **changes}.items() if value is not None}

    problems = post(document, headers={"Accept-Language": "en"}).json["problems"]

    assert {"code": code}.items() <= problems[0].items()
    assert problems[0]["detail"].startswith(words)


def test_faults_of_a_document_are_said_in_the_language_of_the_caller(post: Post) -> None:
    faulty = body(unit=5)

    english = post(faulty, headers={"Accept-Language": "en"}).json["problems"]
    vietnamese = post(faulty).json["problems"]

    assert [problem["code"] for problem in english] == [problem["code"] for problem in vietnamese]
    assert [problem["detail"] for problem in english] != [problem["detail"] for problem in vietnamese]


def test_a_code_that_nobody_foresaw_has_words_all_the_same() -> None:
    assert malformed_detail("complex_type") == malformed_detail("set_type")
    assert malformed_detail("date_from_datetime_inexact") == malformed_detail("date_type")


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"data": b"{}", "content_type": "application/json"}, "malformed"),
        ({"data": b"{}", "content_type": "text/plain"}, "content_refused"),
    ],
)
def test_what_is_kept_is_not_said_to_be_lost(
    post: Post, pair: Callable[..., str], options: dict[str, Any], code: str
) -> None:
    english = {"Accept-Language": "en"}

    kept = post(None, pair(), headers=english, **options).json
    refused = post(None, headers=english, **options).json

    assert (kept["code"], kept["kept"], refused["code"]) == (code, True, code)
    assert "Nothing was stored" not in kept["detail"]
    assert "kept apart for staff" in kept["detail"]
    assert "Nothing was stored" in refused["detail"]


@pytest.mark.parametrize("version", [1, 5])
def test_an_id_that_could_be_foreseen_is_refused(app: Flask, post: Post, version: int) -> None:
    answer = post(body(id=str(UUID(int=uuid4().int, version=version))))

    assert answer.status_code == 400
    assert "phiên bản 4" in answer.json["problems"][0]["detail"]
    assert read_responses(app) == []
