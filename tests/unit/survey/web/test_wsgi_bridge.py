"""Long answers are sent while they are made, and given up with the client."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from flask import Flask, Response

from survey.web.wsgi_bridge import WsgiBridge
from tests.gateway import run_in_loop

PIECE = b"x" * 100_000
PIECES = 10


class Source:
    """Pieces that know how many were asked for, and whether they were closed."""

    def __init__(self) -> None:
        self.taken = 0
        self.is_closed = False

    def __iter__(self) -> Iterator[bytes]:
        for _ in range(PIECES):
            self.taken += 1
            yield PIECE

    def close(self) -> None:
        self.is_closed = True


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
def bridge(source: Source) -> WsgiBridge:
    app = Flask("long")
    app.add_url_rule("/long", "long", lambda: Response(source, mimetype="text/csv"))  # type: ignore[arg-type]
    app.add_url_rule("/none", "none", lambda: Response(status=204))
    return WsgiBridge(app, threads=1)


def scope(path: str) -> dict[str, Any]:
    return {
        "method": "GET",
        "raw_path": path.encode(),
        "query_string": b"",
        "http_version": "1.1",
        "scheme": "http",
        "headers": [(b"host", b"localhost")],
        "server": ("127.0.0.1", 8000),
        "client": None,
    }


def ask(bridge: WsgiBridge, path: str, send: Any) -> None:
    run_in_loop(bridge.answer(scope(path), BytesIO(), 0, send))


def test_long_answer_goes_out_while_it_is_made(bridge: WsgiBridge, source: Source) -> None:
    sent: list[tuple[int, dict[str, Any]]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append((source.taken, message))

    ask(bridge, "/long", send)

    (_, start), (taken, first), *others = sent
    assert start["status"] == 200
    assert taken < PIECES
    assert b"".join(message["body"] for _, message in [(taken, first), *others]) == PIECE * PIECES
    assert [message["more_body"] for _, message in others][-1] is False
    assert source.is_closed


def test_answer_that_nobody_takes_is_given_up(bridge: WsgiBridge, source: Source) -> None:
    async def send(message: dict[str, Any]) -> None:
        raise OSError("the client has gone")

    with pytest.raises(OSError, match="gone"):
        ask(bridge, "/long", send)

    assert source.taken < PIECES
    assert source.is_closed


def test_empty_answer_is_complete(bridge: WsgiBridge) -> None:
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    ask(bridge, "/none", send)

    assert [message.get("more_body") for message in sent] == [None, False]
    assert sent[0]["status"] == 204
