"""`/api/v1/openapi.json`: the interface in OpenAPI 3.1, made from the classes that read the bodies."""

import json
from functools import cache
from importlib.metadata import version
from typing import Any

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue
from pydantic.json_schema import models_json_schema

from survey.services.delivered_responses import DeliveryDocument
from survey.services.delivered_visits import VisitBody
from survey.services.dispositions import OUTCOMES
from survey.web.api.bodies import PairingBody, StatusBody
from survey.web.api.problem_words import PROBLEMS
from survey.web.api.problems import MEDIA_TYPE

blueprint = Blueprint("api_openapi", __name__, url_prefix="/api/v1")

_BODIES = (DeliveryDocument, PairingBody, StatusBody, VisitBody)
_ALWAYS = (400, 413, 415, 500, 503)
_TEXT = {"type": "string"}
_BOTH_LANGUAGES = {
    "type": "object",
    "required": ["vi"],
    "properties": {"vi": _TEXT, "en": {"type": ["string", "null"]}},
}


@blueprint.get("/openapi.json")
def show() -> ResponseReturnValue:
    return Response(_document_text(), mimetype="application/json")


@cache
def _document_text() -> str:
    return json.dumps(build_document(), ensure_ascii=False)


def build_document() -> dict[str, Any]:
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "hailong",
            "version": version("hailong"),
            "description": "How devices and other programs send what citizens answered.",
        },
        "paths": {
            "/api/v1/responses": {"post": _submit()},
            "/api/v1/device/pairing": {"post": _pair()},
            "/api/v1/device": {"get": _config()},
            "/api/v1/device/status": {"post": _status()},
            "/api/v1/assignments": {"get": _assignments()},
            "/api/v1/visits": {"post": _visit()},
        },
        "components": {
            "schemas": {**_body_schemas(), "Problem": _problem_schema(), **_answer_schemas()},
            "securitySchemes": {"device": {"type": "http", "scheme": "bearer"}},
            "responses": {"Problem": _problem("Why it was refused, with what to do.")},
        },
    }


def _submit() -> dict[str, Any]:
    return {
        "operationId": "submitResponse",
        "summary": "Store a filled questionnaire, once however often it is sent",
        "description": (
            "Answered after the durable commit. The same id and content give the same receipt again. What a "
            "device sends and cannot be stored is kept for staff; the problem then says `kept`."
        ),
        "security": [{"device": []}, {}],
        "requestBody": _content("DeliveryDocument"),
        "responses": {
            "201": _answer("Stored.", "Receipt"),
            "200": _answer("It was stored before; the same receipt.", "Receipt"),
            **_problems(401, 403, 404, 409, 422, 429),
        },
    }


def _pair() -> dict[str, Any]:
    return {
        "operationId": "pairDevice",
        "summary": "Use a pairing code up for a credential",
        "requestBody": _content("PairingBody"),
        "responses": {"201": _answer("Paired.", "Credential"), **_problems(404, 429)},
    }


def _config() -> dict[str, Any]:
    return {
        "operationId": "getDevice",
        "summary": "What the device has to ask, complete for work without a network",
        "security": [{"device": []}],
        "parameters": [{"name": "If-None-Match", "in": "header", "schema": _TEXT}],
        "responses": {
            "200": {
                **_answer("The configuration.", "DeviceConfiguration"),
                "headers": {"ETag": {"schema": _TEXT}},
            },
            "304": {"description": "It is still the same."},
            **_problems(401, 403, 429),
        },
    }


def _status() -> dict[str, Any]:
    return {
        "operationId": "reportStatus",
        "summary": "Say how the device is",
        "security": [{"device": []}],
        "requestBody": _content("StatusBody"),
        "responses": {"200": _answer("Noted.", "Acknowledgement"), **_problems(401, 403, 429)},
    }


def _assignments() -> dict[str, Any]:
    return {
        "operationId": "listAssignments",
        "summary": "Where the interviewer of this device is sent, with what came of it so far",
        "security": [{"device": []}],
        "parameters": [{"name": "If-None-Match", "in": "header", "schema": _TEXT}],
        "responses": {
            "200": {**_answer("The list.", "Assignments"), "headers": {"ETag": {"schema": _TEXT}}},
            "304": {"description": "It is still the same."},
            **_problems(401, 403, 429),
        },
    }


def _visit() -> dict[str, Any]:
    return {
        "operationId": "recordVisit",
        "summary": "Store what came of a visit, once however often it is sent",
        "description": (
            "Only days are kept, of a completed interview only the week. Send it apart from the response of "
            "the interview, at another time and in another order. A visit made by the last day of the round "
            "is taken after the round was closed too."
        ),
        "security": [{"device": []}],
        "requestBody": _content("VisitBody"),
        "responses": {
            "201": _answer("Stored.", "StoredVisit"),
            "200": _answer("It was stored before.", "StoredVisit"),
            **_problems(401, 403, 404, 409, 429),
        },
    }


def _content(name: str) -> dict[str, Any]:
    return {"required": True, "content": {"application/json": {"schema": _reference(name)}}}


def _answer(description: str, name: str) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": _reference(name)}}}


def _problem(description: str) -> dict[str, Any]:
    return {
        "description": description,
        "headers": {"Retry-After": {"schema": {"type": "integer"}, "description": "With 429 and 503."}},
        "content": {MEDIA_TYPE: {"schema": _reference("Problem")}},
    }


def _problems(*statuses: int) -> dict[str, Any]:
    return {
        str(status): {"$ref": "#/components/responses/Problem"} for status in sorted({*statuses, *_ALWAYS})
    }


def _reference(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _body_schemas() -> dict[str, Any]:
    _, definitions = models_json_schema(
        [(body, "validation") for body in _BODIES], ref_template="#/components/schemas/{model}"
    )
    schemas: dict[str, Any] = definitions["$defs"]
    return schemas


def _problem_schema() -> dict[str, Any]:
    fault = {"type": "object", "required": ["code", "detail"], "additionalProperties": _TEXT}
    return {
        "type": "object",
        "description": "RFC 9457. `code` is stable; title and detail are for people.",
        "required": ["type", "title", "status", "detail", "code"],
        "properties": {
            "type": {"type": "string", "format": "uri-reference"},
            "title": _TEXT,
            "status": {"type": "integer"},
            "detail": _TEXT,
            "code": {"type": "string", "enum": sorted(PROBLEMS)},
            "kept": {"type": "boolean", "description": "True: the server keeps what was sent, for staff."},
            "decided": {
                "type": "boolean",
                "description": (
                    "True: staff have decided on this very id and content, which the server keeps; with `id` "
                    "it is the receipt for it, and its sender need not keep it any longer."
                ),
            },
            "decision": {"type": "string", "enum": ["accepted", "dismissed"]},
            "id": {"type": "string", "description": "With `decided`: the id that was sent."},
            "problems": {"type": "array", "items": fault},
        },
    }


def _answer_schemas() -> dict[str, Any]:
    return {
        "Receipt": _object(
            id={"type": "string", "format": "uuid"}, receipt_number=_TEXT, status={"const": "stored"}
        ),
        "StoredVisit": _object(id={"type": "string", "format": "uuid"}, status={"const": "stored"}),
        "Assignments": _object(
            assignments={
                "type": "array",
                "items": _object(
                    id={"type": "integer"},
                    number=_TEXT,
                    questionnaire=_TEXT,
                    unit=_TEXT,
                    place=_TEXT,
                    note=_TEXT,
                    attempts={"type": "integer"},
                    outcome={"enum": [*OUTCOMES, None]},
                ),
            }
        ),
        "Credential": _object(device=_TEXT, credential=_TEXT),
        "Acknowledgement": _object(
            server_time={"type": "string", "format": "date-time"},
            status={"const": "active"},
            config=_TEXT,
            decided={
                "type": "integer",
                "description": (
                    "Of a device that holds refused responses: how many that it sent staff have decided on. "
                    "Where this changes, it sends them again and learns which."
                ),
            },
        ),
        "DeviceConfiguration": _object(
            device=_object(code=_TEXT, name=_TEXT, kind={"enum": ["kiosk", "interviewer"]}, pin_hash=_TEXT),
            round=_object(
                code=_TEXT,
                title=_BOTH_LANGUAGES,
                opens_on={"type": "string", "format": "date"},
                closes_on={"type": "string", "format": "date"},
                status={"enum": ["draft", "open", "closed"]},
                is_demonstration={"type": "boolean"},
            ),
            unit=_object(code=_TEXT, name=_BOTH_LANGUAGES),
            forms={"type": "array", "items": {"type": "object"}},
            settings={"type": "object", "additionalProperties": {"type": "integer"}},
            server_time={"type": "string", "format": "date-time"},
            app_version=_TEXT,
        ),
    }


def _object(**properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "required": list(properties), "properties": properties}
