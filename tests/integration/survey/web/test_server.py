"""The server as an operator runs it, over plain sockets: what does not show in Flask's own client."""

import json
import socket
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from survey.models import Response
from survey.store.database import Database
from tests.load.collect_runs import body_template
from tests.soak.application import Application, prepare

JSON = "Content-Type: application/json\r\n"
PATH = "/api/v1/responses"


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    url = f"sqlite:///{tmp_path_factory.mktemp('server')}/data.db"
    prepare(url)
    database = Database(url)
    yield database
    database.dispose()


@pytest.fixture(scope="module")
def server(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    application = Application(database.url, tmp_path_factory.mktemp("data"), processes=1)
    application.start()
    yield application
    application.stop()


def count_stored(database: Database) -> int:
    with database.read() as session:
        return session.scalars(select(func.count()).select_from(Response)).one()


class Answer:
    """What came back on a connection that was then closed."""

    def __init__(self, raw: bytes) -> None:
        head, _, self.body = raw.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        self.status = int(first.split()[1])
        self.headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def ask(server: Application, head: str, body: bytes = b"") -> Answer:
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        connection.sendall(head.replace("\n", "\r\n").encode("latin-1") + b"\r\n" + body)
        raw = b""
        while part := connection.recv(65_536):
            raw += part
    return Answer(raw)


def head(method: str, path: str, more: str = "") -> str:
    return f"{method} {path} HTTP/1.1\nHost: 127.0.0.1\nConnection: close\n{more.replace(chr(13), '')}"


def response_body() -> bytes:
    return body_template().replace(b"@@@", str(uuid4()).encode())


def chunked(body: bytes, size: int = 50_000) -> bytes:
    pieces = [body[start : start + size] for start in range(0, len(body), size)]
    return b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def post(server: Application, body: bytes, more: str = "") -> Answer:
    return ask(server, head("POST", PATH, f"{JSON}Content-Length: {len(body)}\n{more}"), body)


def test_plain_response_and_its_repeat_get_one_receipt(server: Application, database: Database) -> None:
    before, body = count_stored(database), response_body()

    first, again = post(server, body), post(server, body)

    assert (first.status, again.status) == (201, 200)
    assert first.json == again.json
    assert count_stored(database) == before + 1


def test_every_answer_carries_the_same_protection(server: Application) -> None:
    body = response_body()
    plain, by_flask = post(server, body).headers, post(server, body).headers
    differing = {"date", "content-length", "vary"}

    assert {n: v for n, v in plain.items() if n not in differing} == {
        n: v for n, v in by_flask.items() if n not in differing
    }
    assert "content-security-policy" in plain


def test_body_in_chunks_is_the_same_body(server: Application) -> None:
    answer = ask(
        server, head("POST", PATH, f"{JSON}Transfer-Encoding: chunked\n"), chunked(response_body(), 100)
    )

    assert (answer.status, answer.json["status"]) == (201, "stored")


@pytest.mark.parametrize("megabytes", [1, 5, 9])
def test_large_body_in_chunks_is_refused_as_too_large(server: Application, megabytes: int) -> None:
    large = chunked(b'{"id": "' + b"x" * megabytes * 2**20 + b'"}')

    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        connection.sendall(
            head("POST", PATH, f"{JSON}Transfer-Encoding: chunked\n").replace("\n", "\r\n").encode()
        )
        connection.sendall(b"\r\n")
        try:
            connection.sendall(large)
        except OSError:
            assert megabytes > 8  # more than is heard to its end
        raw = connection.recv(65_536)

    assert (Answer(raw).status, Answer(raw).json["code"]) == (413, "too_large")


def test_body_that_is_announced_as_huge_is_refused_unread(server: Application) -> None:
    answer = ask(server, head("POST", PATH, f"{JSON}Content-Length: {2**40}\n"), b"{")

    assert answer.status == 413


def test_client_that_leaves_in_the_middle_leaves_nothing(server: Application, database: Database) -> None:
    before, body = count_stored(database), response_body()
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        text = head("POST", PATH, f"{JSON}Content-Length: {len(body)}\n").replace("\n", "\r\n")
        connection.sendall(text.encode() + b"\r\n" + body[:-1])

    assert post(server, response_body()).status == 201
    assert count_stored(database) == before + 1


def test_several_requests_on_one_connection(server: Application) -> None:
    bodies = [response_body() for _ in range(3)]
    text = "".join(
        f"POST {PATH} HTTP/1.1\r\nHost: 127.0.0.1\r\n{JSON}Content-Length: {len(body)}\r\n\r\n{body.decode()}"
        for body in bodies
    )
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        connection.sendall(text.encode())
        raw = b""
        while raw.count(b'"stored"') < 3:
            part = connection.recv(65_536)
            assert part, raw
            raw += part

    assert raw.count(b"HTTP/1.1 201") == 3


def test_only_the_head_is_sent_where_only_the_head_was_asked_for(server: Application) -> None:
    whole, only_head = ask(server, head("GET", "/")), ask(server, head("HEAD", "/"))

    assert (whole.status, only_head.status, only_head.body) == (200, 200, b"")
    assert only_head.headers["content-length"] == whole.headers["content-length"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/?lang=\xff\xfe", (200, 400)),
        ("/%FF%FE", (404,)),
        ("/khao-sat/%00/tthc/1", (404,)),
        ("/%2e%2e/%2e%2e/etc/passwd", (404,)),
        ("/ti\xea\xbfng", (404, 400)),
    ],
)
def test_strange_address_is_answered_in_order(
    server: Application, path: str, status: tuple[int, ...]
) -> None:
    assert ask(server, head("GET", path)).status in status


def test_letters_of_an_address_arrive_whole(server: Application) -> None:
    answer = ask(server, head("GET", "/khao-sat/2026-h2/khảo-sát/1".encode().decode("latin-1")))
    escaped = ask(server, head("GET", "/khao-sat/2026-h2/kh%E1%BA%A3o-s%C3%A1t/1"))

    assert "khảo-sát" in escaped.body.decode()
    assert answer.status in (400, escaped.status)


def test_header_with_underscores_does_not_stand_for_another(server: Application) -> None:
    body = response_body()

    # Taken for Content-Encoding it would be refused.
    assert post(server, body, "Content_Encoding: gzip\n").status == 201


def test_files_are_whole(server: Application) -> None:
    page = ask(server, head("GET", "/kiosk/may/"))
    scripts = [part.split('"')[0] for part in page.body.decode().split('src="')[1:]]

    assert scripts
    for address in scripts:
        file = ask(server, head("GET", address))
        assert (file.status, len(file.body)) == (200, int(file.headers["content-length"]))


def test_web_sockets_are_not_spoken(server: Application) -> None:
    more = "Upgrade: websocket\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\nSec-WebSocket-Version: 13\n"

    answer = ask(server, head("GET", "/", more).replace("Connection: close", "Connection: Upgrade"))

    assert answer.status == 403
