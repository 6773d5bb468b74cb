"""A device pairs, fetches what it has to ask, and says how it is."""

import json
from typing import Any

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from survey.services.device_config import DeviceConfig, build_device_config
from survey.services.devices import DeviceReport, pair_device, record_contact
from survey.services.problems import DeviceWithdrawn
from survey.web import clock, database
from survey.web.api.bodies import PairingBody, StatusBody, parse_body
from survey.web.api.callers import count_request, read_json, require_device

blueprint = Blueprint("api_device", __name__, url_prefix="/api/v1")


@blueprint.post("/device/pairing")
def pair() -> ResponseReturnValue:
    body = parse_body(PairingBody, read_json())
    # All attempts together: whoever guesses codes has as many addresses as he likes.
    count_request("pairing")
    with database.write() as session:
        paired = pair_device(session, body.code, clock.now())
    return _json({"device": paired.code, "credential": paired.credential}, 201)


@blueprint.get("/device")
def show() -> ResponseReturnValue:
    device = require_device()
    with database.read() as session:
        config = build_device_config(session, device, today=clock.today())
    response = _json(config.content | {"server_time": clock.now().isoformat()})
    # Weak: the time of the server is in the document, and is not what the tag is about.
    response.set_etag(config.etag, weak=True)
    response.headers["Cache-Control"] = "no-cache, private"
    return response.make_conditional(request)


@blueprint.post("/device/status")
def report() -> ResponseReturnValue:
    device = require_device()
    body = parse_body(StatusBody, read_json())
    now = clock.now()
    reported = DeviceReport(
        unsent=body.unsent,
        held=body.held,
        dropped=body.dropped,
        app_version=body.app_version,
        device_time=body.device_time,
        storage=body.storage,
    )
    with database.write() as session:
        if not record_contact(session, device.id, reported, now):
            raise DeviceWithdrawn(device.id)
        config: DeviceConfig = build_device_config(session, device, today=clock.today())
    return _json({"server_time": now.isoformat(), "status": "active", "config": config.etag})


def _json(content: dict[str, Any], status: int = 200) -> Response:
    return Response(json.dumps(content, ensure_ascii=False), status, mimetype="application/json")
