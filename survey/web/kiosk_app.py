"""The kiosk as an application that is installed on a device and works without a network.

The server gives it as files: a shell without any personal state, a service worker with the digest of every
file, and a manifest. An update of any file changes the version, so that a device takes all of it or nothing.
"""

import hashlib
import json
from base64 import b64encode
from pathlib import Path

from flask import Blueprint, Response, current_app, make_response, render_template, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _

from survey.i18n import LANGUAGES
from survey.web.assets import static_url
from survey.web.kiosk_app_words import list_words

blueprint = Blueprint("kiosk_app", __name__)

_SCRIPTS = "js/kiosk-app"
_ENTRY = f"{_SCRIPTS}/app.js"
_WORKER = f"{_SCRIPTS}/service-worker.js"
_MODULES = (_SCRIPTS, "js/interviewer")
_STYLES = ("css/base.css", "css/kiosk.css", "css/kiosk-app.css", "css/interviewer.css")
_OTHER_FILES = (*_STYLES, "img/icon.svg")
_VERSION_DIGITS = 12


@blueprint.get("/kiosk/may/")
def shell() -> Response:
    return _to_be_checked(make_response(_render_shell(current_version())))


@blueprint.get("/kiosk/may/sw.js")
def service_worker() -> Response:
    files = _list_digests()
    files[url_for("kiosk_app.shell")] = _digest(_render_shell(current_version()).encode())
    app = {
        "version": current_version(),
        "shell": url_for("kiosk_app.shell"),
        "files": [[address, f"sha256-{b64encode(digest).decode()}"] for address, digest in files.items()],
    }
    text = f"const APP = {json.dumps(app)};\n" + _static_file(_WORKER).read_text(encoding="utf-8")
    return _to_be_checked(Response(text, mimetype="text/javascript"))


@blueprint.get("/kiosk/may/manifest.webmanifest")
def manifest() -> Response:
    home = url_for("kiosk_app.shell")
    icon = {"src": static_url("img/icon.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any"}
    drawn = [
        {"src": static_url(f"img/kiosk-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png"}
        for size in (192, 512)
    ]
    with force_locale("vi"):
        content = {
            "id": home,
            "start_url": home,
            "scope": home,
            "name": _("Satisfaction survey"),
            "short_name": _("Survey"),
            "lang": "vi",
            "display": "fullscreen",
            "background_color": "#f4f6f9",
            "theme_color": "#0b5f6b",
            "icons": [icon, *drawn, {**drawn[1], "purpose": "maskable"}],
        }
    text = json.dumps(content, ensure_ascii=False)
    return _to_be_checked(Response(text, mimetype="application/manifest+json"))


def current_version() -> str:
    """Changes with every byte of the application."""
    parts = hashlib.sha256(_render_shell("").encode())
    for address, digest in _list_digests().items():
        parts.update(address.encode() + digest)
    parts.update(_static_file(_WORKER).read_bytes())
    return parts.hexdigest()[:_VERSION_DIGITS]


def _render_shell(version: str) -> str:
    # The same for everybody: it asks neither the cookie of the language nor that of the session.
    words = {}
    for language in LANGUAGES:
        with force_locale(language):
            words[language] = list_words()
    with force_locale("vi"):
        return render_template(
            "kiosk_app/shell.html",
            version=version,
            words=json.dumps(words, ensure_ascii=False, separators=(",", ":")),
            entry=static_url(_ENTRY),
            api=f"{request.script_root}/api/v1",
        )


def _list_digests() -> dict[str, bytes]:
    """Address → digest of every file that the shell needs, in a fixed order."""
    scripts = [
        f"{folder}/{name}"
        for folder in _MODULES
        for name in sorted(path.name for path in _static_file(folder).glob("*.js"))
    ]
    # A module names the others by their plain addresses.
    modules = [name for name in scripts if name not in (_ENTRY, _WORKER)]
    plain = {url_for("static", filename=name): _digest_file(name) for name in modules}
    return {**plain, **{static_url(name): _digest_file(name) for name in (_ENTRY, *_OTHER_FILES)}}


def _digest_file(name: str) -> bytes:
    return _digest(_static_file(name).read_bytes())


def _digest(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()


def _static_file(name: str) -> Path:
    return Path(current_app.static_folder or "") / name


def _to_be_checked(response: Response) -> Response:
    """Kept by the browser, but asked about every time."""
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response
