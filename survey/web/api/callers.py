"""Who calls: the device behind a credential, and how often it or an invitation may."""

import math
from dataclasses import dataclass

from flask import Flask, current_app, request

from survey.services import devices
from survey.services.delivered_responses import Delivery
from survey.services.devices import DeviceAccess
from survey.services.invited_links import is_invited_code
from survey.services.problems import DeviceWithdrawn, SurveyError
from survey.services.response_lookups import RememberedLookups
from survey.settings import Settings
from survey.web import database
from survey.web.api.problems import ApiProblem
from survey.web.api.rate_limits import RateLimits

_SCHEME = "bearer "
_CHARSETS = ("utf-8", "utf8")
_EXTENSION = "api"
# Wrong codes are counted all together, right ones each by itself: whoever guesses keeps nobody out.
WRONG_INVITATIONS = "wrong invitations"
# Set on a request that was counted before it came to a view.
COUNTED = "hailong.counted"


class ContentRefused(SurveyError):
    """Not JSON, not UTF-8, or compressed."""

    code = "content_refused"


@dataclass(frozen=True)
class Shared:
    """What the requests of a process have in common."""

    lookups: RememberedLookups
    limits: RateLimits


def init_app(app: Flask) -> None:
    # Before the server forks: the limits are shared memory.
    settings: Settings = app.extensions["settings"]
    app.extensions[_EXTENSION] = Shared(
        RememberedLookups(app.extensions["database"].read),
        RateLimits(settings.rate_limit_per_minute, settings.rate_limit_burst),
    )


def shared(app: Flask) -> Shared:
    found: Shared = app.extensions[_EXTENSION]
    return found


def device_key(device: DeviceAccess) -> str:
    """The name under which what a device sends is counted."""
    return f"device {device.id}"


def invitation_key(delivery: Delivery, secret_key: str) -> str | None:
    """The name under which what comes with an invitation is counted; None where its code is wrong."""
    place = (delivery.round_code, delivery.form_id, delivery.unit_code)
    if delivery.invitation is None or not is_invited_code(delivery.invitation, secret_key, *place):
        return None
    return invited_key(*place)


def invited_key(round_code: str, form_id: str, unit_code: str, invitation_digest: str | None = None) -> str:
    """The same for an invitation that is known to be right; a personal code counts by itself."""
    return f"invitation {invitation_digest or f'{round_code}|{form_id}|{unit_code}'}"


def given_credential() -> str | None:
    """What the caller shows, right or wrong."""
    given = request.headers.get("Authorization", "")
    return given[len(_SCHEME) :].strip() if given[: len(_SCHEME)].lower() == _SCHEME else None


def find_device() -> DeviceAccess | None:
    """The device that the credential names; None without a credential, 401 for one that nobody has."""
    given = request.headers.get("Authorization")
    if given is None:
        return None
    if given[: len(_SCHEME)].lower() != _SCHEME:
        raise ApiProblem("credential_unknown")
    with database.read() as session:
        device = devices.find_device(session, given[len(_SCHEME) :].strip())
    if device is None:
        raise ApiProblem("credential_unknown")
    count_request(device_key(device))
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
    if request.environ.get(COUNTED):
        return
    wait = shared(current_app).limits.take(key)
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
