"""What an interviewer's device has been given, and where it tells of its visits.

Told apart from the responses: what was answered and where somebody was interviewed share no id and no time.
"""

import hashlib
import json
from typing import Any

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from survey.services.assignments import AssignmentOfDevice, list_for_device
from survey.services.delivered_visits import parse_visit
from survey.services.visits import record_visit
from survey.web import clock, database
from survey.web.api.callers import read_json, require_device

blueprint = Blueprint("api_assignments", __name__, url_prefix="/api/v1")


@blueprint.get("/assignments")
def show() -> ResponseReturnValue:
    device = require_device()
    with database.read() as session:
        lines = [_line(assignment) for assignment in list_for_device(session, device)]
    text = json.dumps({"assignments": lines}, ensure_ascii=False)
    response = Response(text, mimetype="application/json")
    response.set_etag(hashlib.sha256(text.encode()).hexdigest()[:32])
    response.headers["Cache-Control"] = "no-cache, private"
    return response.make_conditional(request)


@blueprint.post("/visits")
def record() -> ResponseReturnValue:
    device = require_device()
    visit = parse_visit(read_json())
    with database.write() as session:
        is_new = record_visit(session, device, visit, today=clock.today())
    text = json.dumps({"id": str(visit.visit_id), "status": "stored"})
    return Response(text, 201 if is_new else 200, mimetype="application/json")


def _line(assignment: AssignmentOfDevice) -> dict[str, Any]:
    return {
        "id": assignment.id,
        "number": assignment.number,
        "questionnaire": assignment.form_id,
        "unit": assignment.unit_code,
        "place": assignment.place,
        "note": assignment.note,
        "attempts": assignment.attempts,
        "outcome": assignment.outcome,
    }
