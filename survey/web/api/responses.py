"""`POST /api/v1/responses`: where kiosks, interviewers' tablets and phones send what was filled in."""

import json
from typing import Any

from flask import Blueprint, Response, current_app, request
from flask.typing import ResponseReturnValue

from questionnaires.problems import Problem
from survey.services.delivered_responses import Delivery, DeliveryMalformed, parse_delivery, selection_of
from survey.services.deliveries import keep_malformed
from survey.services.invited_links import is_invited_code
from survey.settings import Settings
from survey.web import clock, database
from survey.web.api.callers import ContentRefused, batches, count_request, find_device, require_plain_json
from survey.web.api.problems import ApiProblem

blueprint = Blueprint("api_responses", __name__, url_prefix="/api/v1")


@blueprint.post("/responses")
def submit() -> ResponseReturnValue:
    body = request.get_data()
    device = find_device()
    now = clock.now()
    try:
        require_plain_json()
        delivery = _read(body)
    except (ContentRefused, DeliveryMalformed) as refusal:
        if device is None:
            raise
        with database.write() as session:
            keep_malformed(session, body, device, refusal, now=now)
        raise
    selection = selection_of(device) if device else _selection_without_device(delivery)
    receipt = batches().deliver(delivery, device, selection=selection, now=now)
    answer = {"id": str(receipt.response_id), "receipt_number": receipt.number, "status": "stored"}
    return Response(json.dumps(answer), 201 if receipt.is_new else 200, mimetype="application/json")


def _read(body: bytes) -> Delivery:
    delivery = parse_delivery(body)
    try:
        # Of two values under one name the second would win without a word.
        json.loads(body, object_pairs_hook=_require_unique_names)
    except ValueError as fault:
        raise DeliveryMalformed([Problem("json_invalid", "", {"message": str(fault)[:200]})]) from None
    return delivery


def _require_unique_names(pairs: list[tuple[str, Any]]) -> None:
    if len({name for name, _ in pairs}) < len(pairs):
        raise ValueError("a name stands twice in one object")


def _selection_without_device(delivery: Delivery) -> str:
    """`invited` with the code of those who were drawn; a wrong code is not taken for an open link."""
    if delivery.invitation is None:
        return "self_selected"
    settings: Settings = current_app.extensions["settings"]
    place = (delivery.round_code, delivery.form_id, delivery.unit_code)
    if not is_invited_code(delivery.invitation, settings.secret_key, *place):
        raise ApiProblem("invitation_unknown")
    count_request(f"invitation {'|'.join(place)}")
    return "invited"
