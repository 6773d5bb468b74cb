"""A pairing code on its way to the page that shows it: once, to the browser that asked for it.

It travels in the signed session cookie, for minutes, and is nowhere else than in that browser.
"""

import io
from base64 import b64encode
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

import segno
from flask import session

from survey.web import clock
from survey.web.public_address import guessed_address, public_url

_KEY = "pairing"
_SHOWN_WITHIN = timedelta(minutes=10)


@dataclass(frozen=True)
class ShownPairing:
    """The code with the address that it is typed at, and both as a QR code in a `data:` address."""

    code: str
    address: str
    qr: str
    guessed_address: str | None

    @property
    def needs_https(self) -> bool:
        """Whether browsers would refuse to let the application work without a network."""
        parts = urlsplit(self.address)
        return parts.scheme == "http" and parts.hostname not in ("localhost", "127.0.0.1")


def remember(device_code: str, pairing_code: str) -> None:
    until = (clock.now() + _SHOWN_WITHIN).timestamp()
    session[_KEY] = {"device": device_code, "code": pairing_code, "until": until}


def take(device_code: str) -> ShownPairing | None:
    """The code for this device, if it has not been shown yet; afterwards it is forgotten."""
    if session.get(_KEY, {}).get("device") != device_code:
        return None
    pairing = session.pop(_KEY)
    if clock.now().timestamp() > pairing["until"]:
        return None
    address = public_url("/kiosk/may/")
    code = pairing["code"]
    return ShownPairing(code, address, _qr(f"{address}#ghep={code}"), guessed_address())


def _qr(text: str) -> str:
    drawn = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        drawn, kind="svg", scale=8, border=4, xmldecl=False, svgclass=None, lineclass=None, light="#fff"
    )
    return "data:image/svg+xml;base64," + b64encode(drawn.getvalue()).decode()
