"""A device pairs, fetches what it has to ask, and says how it is."""

import json
from typing import Any

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from survey.services.device_config import DeviceConfig, build_device_config
from survey.services.devices import DeviceReport, pair_device, record_contact, record_former_contact
from survey.services.problems import DeviceWithdrawn, PairingUnknown
from survey.services.quarantine import count_decided
from survey.web import clock, database
from survey.web.api.bodies import PairingBody, StatusBody, parse_body
from survey.web.api.callers import (
    count_request,
    find_device,
    given_credential,
    read_json,
    require_device,
)

blueprint = Blueprint("api_device", __name__, url_prefix="/api/v1")


@blueprint.post("/device/pairing")
def pair() -> ResponseReturnValue:
    """Only wrong codes are counted, all together: whoever guesses must not keep others from pairing.

    A right code is taken however many wrong ones came. There are 31^8 = 8.5e11 codes, and one lasts 60
    minutes. At 1 000 guesses a second, more than two processes answer, 3.6 million of them are tried: with
    100 devices waiting to be paired somebody meets one of their codes with a chance of 4 in 10 000.
    """
    body = parse_body(PairingBody, read_json())
    try:
        with database.write() as session:
            paired = pair_device(session, body.code, clock.now(), former_credential=given_credential())
    except PairingUnknown:
        count_request("pairing")
        raise
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
    """Hardware that was exchanged goes on saying what it holds, and hears that it is withdrawn."""
    device = find_device()
    if device is None or device.former_id is None:
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
        lost=body.lost,
        is_kept=body.is_kept,
    )
    if device.former_id is not None:
        with database.write() as session:
            record_former_contact(session, device.former_id, reported, now)
        raise DeviceWithdrawn(device.id)
    with database.write() as session:
        if not record_contact(session, device.id, reported, now):
            raise DeviceWithdrawn(device.id)
        config: DeviceConfig = build_device_config(session, device, today=clock.today())
        decided = count_decided(session, device.id) if body.held else 0
    return _json(
        {"server_time": now.isoformat(), "status": "active", "config": config.etag, "decided": decided}
    )


def _json(content: dict[str, Any], status: int = 200) -> Response:
    return Response(json.dumps(content, ensure_ascii=False), status, mimetype="application/json")
