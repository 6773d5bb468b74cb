"""The interface as it is described, and that it does what it describes, whatever is sent."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from survey.settings import Settings
from tests.integration.survey.web.api.conftest import PATH, authorization, body, read_responses
from tests.interface_cases import furnish
from tests.rounds import small_answers

EXAMPLES = 32
OPERATIONS = ["submitResponse", "pairDevice", "getDevice", "reportStatus", "listAssignments", "recordVisit"]
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)
QUICK = hypothesis_settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, rate_limit_per_minute=1_000_000)


@pytest.fixture
def document(client: FlaskClient) -> dict[str, Any]:
    loaded: dict[str, Any] = client.get("/api/v1/openapi.json").json
    return loaded


def test_document_is_openapi_3_1(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    schemathesis.openapi.from_dict(document).validate()


def test_every_address_is_described(app: Flask, document: dict[str, Any]) -> None:
    served = {
        (rule.rule, method.lower())
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/") and rule.endpoint != "api_openapi.show"
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }

    assert served == {(path, method) for path, item in document["paths"].items() for method in item}


@pytest.mark.parametrize("paired", [False, True])
@pytest.mark.parametrize("operation_id", OPERATIONS)
def test_whatever_fits_the_description_is_answered_as_described(
    app: Flask, pair: Callable[..., str], operation_id: str, paired: bool
) -> None:
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    operation = schema.find_operation_by_id(operation_id)
    headers = authorization(pair() if paired else None)

    @QUICK
    @given(case=operation.as_strategy())
    def check(case: Any) -> None:
        case.call_and_validate(headers={**headers, "Accept-Encoding": "identity"}, checks=CHECKS)

    check()


@pytest.mark.parametrize("operation_id", OPERATIONS)
def test_what_names_what_exists_is_taken(app: Flask, small_round: None, operation_id: str) -> None:
    document = body()
    place = {name: document[name] for name in ("round", "questionnaire", "version", "unit")}
    installation = furnish(app.extensions["database"], place, lambda rng: small_answers(rng.randint(1, 5)))
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    operation = schema.find_operation_by_id(operation_id)
    statuses: set[int] = set()

    @QUICK
    @given(case=operation.as_strategy(), seed=st.integers(0, 2**32))
    def check(case: Any, seed: int) -> None:
        installation.make_fit(case, seed)
        headers = authorization(installation.credential_for(case.path))
        answer = case.call_and_validate(headers={**headers, "Accept-Encoding": "identity"}, checks=CHECKS)
        statuses.add(answer.status_code)

    check()
    assert statuses & {200, 201}
    assert 401 not in statuses


@pytest.mark.parametrize("name", [*body(invitation="a", completed_at="b"), "started_at", "sent_at"])
def test_any_value_in_any_field_is_answered(
    app: Flask, client: FlaskClient, pair: Callable[..., str], name: str
) -> None:
    headers = authorization(pair())

    @hypothesis_settings(QUICK, max_examples=15)
    @given(value=JSON_VALUES)
    def check(value: Any) -> None:
        content = json.dumps({**body(), name: value})
        answer = client.post(PATH, data=content, content_type="application/json", headers=headers)
        assert answer.status_code < 500
        assert (answer.status_code == 201) == (len(read_responses(app)) > len(before))
        before.extend(read_responses(app)[len(before) :])

    before: list[Any] = []
    check()


def test_any_answer_to_any_question_is_answered(client: FlaskClient, pair: Callable[..., str]) -> None:
    headers = authorization(pair())
    questions = st.sampled_from(["came", "q1", "q3", "expected", "ways", "why"]) | st.text()
    values = st.integers() | st.text() | st.lists(st.text()) | JSON_VALUES

    @hypothesis_settings(QUICK, max_examples=100)
    @given(answers=st.dictionaries(questions, values, max_size=6))
    def check(answers: dict[str, Any]) -> None:
        content = json.dumps(body(answers=answers))
        answer = client.post(PATH, data=content, content_type="application/json", headers=headers)
        assert answer.status_code in (201, 400, 422)

    check()


@pytest.mark.parametrize("path", [PATH, "/api/v1/device/pairing", "/api/v1/device/status"])
def test_any_bytes_are_answered(client: FlaskClient, pair: Callable[..., str], path: str) -> None:
    headers = authorization(pair())

    @QUICK
    @given(content=st.binary() | JSON_VALUES.map(lambda value: json.dumps(value).encode()))
    def check(content: bytes) -> None:
        answer = client.post(path, data=content, content_type="application/json", headers=headers)
        assert answer.status_code in (400, 404)

    check()
