"""Style sheets, scripts and pictures. Their address carries a hash of the content: keep them for ever."""

import hashlib
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, current_app, request, url_for

_FOR_EVER = "public, max-age=31536000, immutable"


def init_app(app: Flask) -> None:
    app.jinja_env.globals["static_url"] = static_url
    app.after_request(_let_browsers_keep)


def static_url(name: str) -> str:
    """The address of a file below `static/`; a name that does not exist is a fault of the template."""
    return url_for("static", filename=name, v=_current_version(name))


def _current_version(name: str) -> str:
    file = Path(current_app.static_folder or "") / name
    return _hash_of(file, file.stat().st_mtime_ns)


@lru_cache(maxsize=256)
def _hash_of(file: Path, changed_ns: int) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12]


def _let_browsers_keep(response: Response) -> Response:
    if request.endpoint == "static" and response.status_code in (200, 206, 304):
        name = (request.view_args or {})["filename"]
        is_current = request.args.get("v") == _current_version(name)
        response.headers["Cache-Control"] = _FOR_EVER if is_current else "no-cache"
    return response
