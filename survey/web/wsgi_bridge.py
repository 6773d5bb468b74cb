"""Lets Flask answer below an event loop: a request that was read whole, in one of a few threads."""

import asyncio
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import IO, Any
from urllib.parse import unquote_to_bytes

from flask import Flask
from werkzeug.datastructures import Headers
from werkzeug.test import run_wsgi_app

from survey.web.api import callers
from survey.web.asgi_types import Message, Scope, Send

# What is shorter goes out in one piece; longer answers, such as exports, are made while they are sent.
_BLOCK = 256 * 1024
# A client that takes no more for so long is given up, and the thread is free again.
_LONGEST_WAIT = 60


class WsgiBridge:
    """Flask's side of the server. No thread waits for a slow client to send."""

    def __init__(self, app: Flask, *, threads: int) -> None:
        self._app = app
        # Threads begin with the first request, which is after the fork.
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="page")

    async def answer(self, scope: Scope, body: IO[bytes], length: int, send: Send) -> None:
        """`length` is that of the body, or what the client announced where that is too much to be read."""
        loop = asyncio.get_running_loop()

        async def send_all(messages: list[Message]) -> None:
            for message in messages:
                await send(message)

        def send_and_wait(*messages: Message) -> None:
            asyncio.run_coroutine_threadsafe(send_all(list(messages)), loop).result(_LONGEST_WAIT)

        await loop.run_in_executor(
            self._threads, self._run, build_environ(scope, body, length), send_and_wait
        )

    def _run(self, environ: dict[str, Any], send: Any) -> None:
        pieces, status, headers = run_wsgi_app(self._app.wsgi_app, environ)
        try:
            before: list[Message] = [_start(status, headers)]
            for block, is_last in _in_blocks(pieces):
                send(*before, {"type": "http.response.body", "body": block, "more_body": not is_last})
                before = []
        finally:
            close = getattr(pieces, "close", None)
            if close is not None:
                close()


def _start(status: str, headers: Headers) -> Message:
    return {
        "type": "http.response.start",
        "status": int(status.split(" ", 1)[0]),
        "headers": [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers],
    }


def build_environ(scope: Scope, body: IO[bytes], length: int) -> dict[str, Any]:
    """The environment of PEP 3333."""
    server, client = scope["server"] or ("localhost", 80), scope["client"]
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1] or 80),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": client[0] if client else "",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
        if name == "transfer-encoding" or name == "content-length":
            continue  # the body is whole, whatever way it came
        key = "CONTENT_TYPE" if name == "content-type" else "HTTP_" + name.upper().replace("-", "_")
        separator = "; " if name == "cookie" else ","
        environ[key] = f"{environ[key]}{separator}{value}" if key in environ else value
    if callers.COUNTED in scope:
        environ[callers.COUNTED] = True
    if length or scope["method"] in ("POST", "PUT", "PATCH"):
        environ["CONTENT_LENGTH"] = str(length)
    return environ


def _in_blocks(pieces: Any) -> Iterator[tuple[bytes, bool]]:
    """The answer in blocks, each with whether it is the last one; an empty answer is one empty block."""
    gathered: list[bytes] = []
    size = 0
    for piece in pieces:
        if size >= _BLOCK:
            yield b"".join(gathered), False
            gathered, size = [], 0
        gathered.append(piece)
        size += len(piece)
    yield b"".join(gathered), True
