"""Who calls: the device behind a credential, and how often it or an invitation may."""

import math
from dataclasses import dataclass

from flask import Flask, current_app, request

from survey.services.devices import DeviceAccess
from survey.services.problems import DeviceWithdrawn, SurveyError
from survey.services.response_batches import ResponseBatches
from survey.settings import Settings
from survey.web.api.problems import ApiProblem
from survey.web.api.rate_limits import RateLimits

_SCHEME = "bearer "
_CHARSETS = ("utf-8", "utf8")
_EXTENSION = "api"


class ContentRefused(SurveyError):
    """Not JSON, not UTF-8, or compressed."""

    code = "content_refused"


@dataclass(frozen=True)
class _Shared:
    """What the requests of a process have in common."""

    batches: ResponseBatches
    limits: RateLimits


def init_app(app: Flask) -> None:
    # Before the server forks: the limits are shared memory, the batches hold no thread and no connection.
    settings: Settings = app.extensions["settings"]
    app.extensions[_EXTENSION] = _Shared(
        ResponseBatches(app.extensions["database"]),
        RateLimits(settings.rate_limit_per_minute, settings.rate_limit_burst),
    )


def batches() -> ResponseBatches:
    shared: _Shared = current_app.extensions[_EXTENSION]
    return shared.batches


def find_device() -> DeviceAccess | None:
    """The device that the credential names; None without a credential, 401 for one that nobody has."""
    given = request.headers.get("Authorization")
    if given is None:
        return None
    if given[: len(_SCHEME)].lower() != _SCHEME:
        raise ApiProblem("credential_unknown")
    device = batches().lookups.find_device(given[len(_SCHEME) :].strip())
    if device is None:
        raise ApiProblem("credential_unknown")
    count_request(f"device {device.id}")
    return device


def require_device() -> DeviceAccess:
    """A device in use; 401 without a credential, 403 once it was withdrawn."""
    device = find_device()
    if device is None:
        raise ApiProblem("credential_unknown")
    if device.status != "active":
        raise DeviceWithdrawn(device.id)
    return device


def count_request(key: str) -> None:
    """429 for what comes too often."""
    shared: _Shared = current_app.extensions[_EXTENSION]
    wait = shared.limits.take(key)
    if wait:
        raise ApiProblem("rate_limited", retry_after=math.ceil(wait))


def require_plain_json() -> None:
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    if request.mimetype != "application/json" or charset not in _CHARSETS or request.content_encoding:
        raise ContentRefused


def read_json() -> bytes:
    """The body; 413 before more than the limit was read, 415 for whatever is not JSON in UTF-8."""
    body = request.get_data()
    require_plain_json()
    return body
