"""The plain case of `POST /api/v1/responses`: sound, allowed and new. It needs no page, session or words.

Everything else, from a repeat to a fault, is left to the view in `survey.web.api.responses`, which looks
afresh and finds the words. What kiosks send at a peak is nearly always plain, and costs a fraction this way.
"""

import asyncio
import json
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Flask

from survey.security import Doorkeeper
from survey.services.calendar import local_date
from survey.services.delivered_responses import (
    DeliveryMalformed,
    build_response,
    local_hour,
    parse_delivery,
    selection_of,
)
from survey.services.deliveries import REFUSALS
from survey.services.devices import DeviceAccess
from survey.services.problems import DatabaseUnreachable
from survey.services.response_batches import ResponseBatches
from survey.services.response_lookups import KnownLookups, NotRemembered, RememberedLookups
from survey.services.responses import CheckedResponse, Receipt, check_with, receipt_number
from survey.settings import Settings
from survey.web import clock
from survey.web.api import callers
from survey.web.api.responses import receipt_document
from survey.web.asgi_types import Message, Scope

ADDRESS = "/api/v1/responses"
LARGEST_BODY = 256 * 1024
_JSON = (b"application/json", b"application/json;charset=utf-8")
_SCHEME = b"bearer "
# What was refused once may have been decided on meanwhile: the view looks.
_REFUSED_BEFORE = b"x-hailong-refused-before"
# What tells through proxies which host was asked, and how.
_DOOR = {b"host", b"x-forwarded-host", b"x-forwarded-proto"}


class _NotPlain(Exception):
    """Left to the view."""


_LEFT_TO_THE_VIEW: tuple[type[Exception], ...] = (
    _NotPlain,
    DeliveryMalformed,
    DatabaseUnreachable,
    *REFUSALS,
)


class PlainResponses:
    """What comes to `ADDRESS` in one process."""

    def __init__(self, app: Flask) -> None:
        self._shared = callers.shared(app)
        settings: Settings = app.extensions["settings"]
        self._secret_key = settings.secret_key
        self._door = Doorkeeper(settings.trusted_proxies, settings.trusted_hosts)
        self._batches = ResponseBatches(app.extensions["database"])
        self._known = KnownLookups(self._shared.lookups)

    async def take(self, scope: Scope, body: bytes) -> list[Message] | None:
        """The messages of the answer to a plain response, which is stored then; None for any other one."""
        now = clock.now()
        protection = self._door.headers_for(_door_environ(scope))
        if protection is None:
            return None
        try:
            try:
                checked, key = self._check(self._known, scope, body, now)
            except NotRemembered:
                # The database is never asked in the event loop.
                asking = self._shared.lookups
                checked, key = await asyncio.to_thread(self._check, asking, scope, body, now)
        except _LEFT_TO_THE_VIEW:
            return None
        if key is not None:
            if self._shared.limits.take(key):
                return None
            scope[callers.COUNTED] = True
        if not await self._batches.store(checked, today=local_date(now)):
            return None
        return _created(checked.new.response_id, protection)

    def _check(
        self, lookups: RememberedLookups, scope: Scope, body: bytes, now: datetime
    ) -> tuple[CheckedResponse, str | None]:
        """Judge it as the view would; also the name under which it counts towards the limit of its sender."""
        device = _find_device(lookups, _credential(scope["headers"]))
        delivery = parse_delivery(body)
        if device is not None:
            selection, key = selection_of(device), callers.device_key(device)
        else:
            selection, key = "self_selected", None
            if delivery.invitation is not None:
                selection, key = "invited", callers.invitation_key(delivery, self._secret_key)
                if key is None:
                    raise _NotPlain
        new = build_response(lookups, delivery, device, selection=selection, now=now)
        return check_with(lookups, new, today=local_date(now), hour=local_hour(now)), key


def _credential(headers: list[tuple[bytes, bytes]]) -> str | None:
    """The device's, if it names one; whatever else is unusual about the head is not plain."""
    credential, is_json = None, False
    for name, value in headers:
        if name == b"content-type":
            is_json = value.lower().replace(b" ", b"") in _JSON
        elif name == b"authorization":
            if credential is not None or value[: len(_SCHEME)].lower() != _SCHEME:
                raise _NotPlain
            credential = value[len(_SCHEME) :].strip().decode("latin-1")
        elif name in (b"content-encoding", _REFUSED_BEFORE):
            raise _NotPlain
    if not is_json:
        raise _NotPlain
    return credential


def _find_device(lookups: RememberedLookups, credential: str | None) -> DeviceAccess | None:
    if credential is None:
        return None
    device = lookups.find_device(credential)
    if device is None:
        raise _NotPlain
    return device


def _door_environ(scope: Scope) -> dict[str, Any]:
    environ = {
        "HTTP_" + name.decode("ascii").upper().replace("-", "_"): value.decode("latin-1")
        for name, value in scope["headers"]
        if name in _DOOR
    }
    return {"wsgi.url_scheme": scope["scheme"], **environ}


def _created(response_id: UUID, protection: dict[str, str]) -> list[Message]:
    body = json.dumps(
        receipt_document(Receipt(response_id, receipt_number(response_id), is_new=True))
    ).encode()
    given = {
        "content-type": "application/json",
        "content-length": str(len(body)),
        "cache-control": "no-store",
        **protection,
    }
    headers = [(name.lower().encode("ascii"), value.encode("ascii")) for name, value in given.items()]
    return [
        {"type": "http.response.start", "status": 201, "headers": headers},
        {"type": "http.response.body", "body": body},
    ]
