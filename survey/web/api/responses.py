"""`POST /api/v1/responses`: where kiosks, interviewers' tablets and phones send what was filled in."""

import json
from datetime import datetime

from flask import Blueprint, Response, current_app, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from survey.services.delivered_responses import Delivery, DeliveryMalformed, parse_delivery, selection_of
from survey.services.deliveries import deliver, keep_malformed, keep_too_large
from survey.services.devices import DeviceAccess
from survey.services.invitations import CodePlace, find_place, personal_digest
from survey.services.problems import InvitationUnknown
from survey.services.responses import Receipt, find_receipt
from survey.settings import Settings
from survey.web import clock, database
from survey.web.api.callers import (
    WRONG_INVITATIONS,
    ContentRefused,
    count_request,
    find_device,
    invitation_key,
    require_plain_json,
)
from survey.web.api.problems import ApiProblem

blueprint = Blueprint("api_responses", __name__, url_prefix="/api/v1")


@blueprint.post("/responses")
def submit() -> ResponseReturnValue:
    """Every case; the server takes most of the plain ones before they come here (`plain_responses`)."""
    now = clock.now()
    try:
        body = request.get_data()
    except RequestEntityTooLarge:
        _mark_too_large(find_device(), now)
        raise
    device = find_device()
    try:
        require_plain_json()
        delivery = parse_delivery(body)
    except (ContentRefused, DeliveryMalformed) as refusal:
        if device is None:
            raise
        with database.write() as session:
            keep_malformed(session, body, device, refusal, now=now)
        raise
    selection = selection_of(device) if device else _selection_without_device(delivery)
    with database.write() as session:
        receipt = deliver(session, delivery, device, selection=selection, now=now)
    text = json.dumps(receipt_document(receipt))
    return Response(text, 201 if receipt.is_new else 200, mimetype="application/json")


def _mark_too_large(device: DeviceAccess | None, now: datetime) -> None:
    """Nobody would learn of it: the device keeps what it sent and is refused each time."""
    if device is not None:
        with database.write() as session:
            keep_too_large(session, device, request.content_length or 0, now=now)


def receipt_document(receipt: Receipt) -> dict[str, str]:
    return {"id": str(receipt.response_id), "receipt_number": receipt.number, "status": "stored"}


def _selection_without_device(delivery: Delivery) -> str:
    """`invited` with a code of those who were drawn; a wrong code is not taken for an open link."""
    if delivery.invitation is None:
        return "self_selected"
    settings: Settings = current_app.extensions["settings"]
    key = invitation_key(delivery, settings.secret_key)
    if key is None and not _is_personal(delivery):
        count_request(WRONG_INVITATIONS)
        raise ApiProblem("invitation_unknown")
    count_request(key or f"invitation {personal_digest(delivery.invitation)}")
    return "invited"


def _is_personal(delivery: Delivery) -> bool:
    """Whether its code admits it, or has admitted it before: then a repeat gets its receipt."""
    assert delivery.invitation is not None
    with database.read() as session:
        if find_receipt(session, delivery.response_id):
            return personal_digest(delivery.invitation) is not None
        try:
            place = find_place(session, delivery.invitation)
        except InvitationUnknown:
            return False
    return place == CodePlace(delivery.round_code, delivery.form_id, delivery.unit_code)
