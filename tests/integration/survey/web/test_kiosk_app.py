"""The files of the kiosk application: the same for everybody, complete, and new as one."""

import base64
import gzip
import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

LARGEST_APP = 80 * 1024


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Nothing here asks a database."""
    return sqlite_url


def read_app(client: FlaskClient) -> dict[str, Any]:
    first_line = client.get("/kiosk/may/sw.js").text.splitlines()[0]
    app: dict[str, Any] = json.loads(first_line.removeprefix("const APP = ").removesuffix(";"))
    return app


def test_shell_is_the_same_for_everybody(client: FlaskClient) -> None:
    client.set_cookie("ngon_ngu", "en")
    english = client.get("/kiosk/may/")
    client.delete_cookie("ngon_ngu")

    assert english.data == client.get("/kiosk/may/").data
    assert 'lang="vi"' in english.text
    assert "Set-Cookie" not in english.headers
    assert english.headers["Cache-Control"] == "no-cache"


def test_unchanged_shell_is_not_sent_again(client: FlaskClient) -> None:
    etag = client.get("/kiosk/may/").headers["ETag"]

    assert client.get("/kiosk/may/", headers={"If-None-Match": etag}).status_code == 304


def test_every_listed_file_has_its_digest(client: FlaskClient) -> None:
    files = read_app(client)["files"]

    assert len(files) > 20
    for address, integrity in files:
        answer = client.get(address)
        digest = base64.b64encode(hashlib.sha256(answer.data).digest()).decode()
        assert (answer.status_code, f"sha256-{digest}") == (200, integrity), address


def test_every_script_but_the_worker_is_listed(app: Flask, client: FlaskClient) -> None:
    listed = {address.partition("?")[0].rpartition("/")[2] for address, _ in read_app(client)["files"]}

    scripts = {path.name for path in Path(app.static_folder or "", "js", "kiosk-app").glob("*.js")}
    assert scripts - listed == {"service-worker.js"}


def test_any_changed_file_is_a_new_version(app: Flask, client: FlaskClient, tmp_path: Path) -> None:
    directory = tmp_path / "static"
    shutil.copytree(app.static_folder or "", directory)
    app.static_folder = str(directory)
    versions = [read_app(client)["version"]]
    for name in ("js/kiosk-app/face.js", "css/kiosk.css", "js/kiosk-app/service-worker.js"):
        with (directory / name).open("a", encoding="utf-8") as file:
            file.write("/* newer */\n")
        versions.append(read_app(client)["version"])

    assert len(set(versions)) == len(versions)


def test_worker_may_serve_the_shell_alone(client: FlaskClient) -> None:
    answer = client.get("/kiosk/may/sw.js")

    assert answer.mimetype == "text/javascript"
    assert "Service-Worker-Allowed" not in answer.headers
    assert read_app(client)["shell"] == "/kiosk/may/"


def test_manifest_names_pictures_that_are_there(client: FlaskClient) -> None:
    manifest = client.get("/kiosk/may/manifest.webmanifest")

    content = json.loads(manifest.text)
    assert manifest.mimetype == "application/manifest+json"
    assert content["start_url"] == content["scope"] == "/kiosk/may/"
    assert [client.get(icon["src"]).status_code for icon in content["icons"]] == [200] * 4


def test_whole_app_is_small(client: FlaskClient) -> None:
    addresses = ["/kiosk/may/sw.js", *(address for address, _ in read_app(client)["files"])]

    assert sum(len(gzip.compress(client.get(address).data, 6)) for address in addresses) <= LARGEST_APP
