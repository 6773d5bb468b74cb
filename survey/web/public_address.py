"""Full addresses of this site, for posters, QR codes and messages."""

from flask import current_app, request


def public_url(path: str) -> str:
    """The full address of a path of this site, wherever the page with it was opened."""
    return (_known_address() or _guessed_address()) + path


def guessed_address() -> str | None:
    """What full addresses begin with for want of the setting PUBLIC_ADDRESS; None where it is set."""
    return None if _known_address() else _guessed_address()


def _known_address() -> str | None:
    address: str | None = current_app.extensions["settings"].public_address
    return address


def _guessed_address() -> str:
    return request.host_url.rstrip("/")
