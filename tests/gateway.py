"""The gateway as a WSGI application, so that a test's client can send through it."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any, TypeVar

from flask import Flask
from werkzeug.datastructures import EnvironHeaders
from werkzeug.wrappers import Response

from survey.web.gateway import Gateway

T = TypeVar("T")


def run_in_loop(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run it in an event loop of a thread of its own: Playwright's may be running in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()


class ThroughGateway:
    """Hands a request of PEP 3333 to the gateway as a server of ASGI does, and its answer back."""

    def __init__(self, app: Flask) -> None:
        self._gateway = Gateway(app)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        status, headers, body = run_in_loop(self.ask(environ))
        return Response(body, status, headers)(environ, start_response)

    async def ask(self, environ: dict[str, Any]) -> tuple[int, list[tuple[str, str]], bytes]:
        messages: list[dict[str, Any]] = []

        async def send(message: dict[str, Any]) -> None:
            messages.append(message)

        await self._gateway(scope_of(environ), receiver_of(environ), send)
        start, *blocks = messages
        headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in start["headers"]]
        return start["status"], headers, b"".join(block["body"] for block in blocks)


def scope_of(environ: dict[str, Any]) -> dict[str, Any]:
    path = environ["PATH_INFO"].encode("latin-1")
    return {
        "type": "http",
        "http_version": "1.1",
        "method": environ["REQUEST_METHOD"],
        "scheme": environ["wsgi.url_scheme"],
        "path": path.decode("utf-8", "replace"),
        "raw_path": path.replace(b"%", b"%25"),
        "query_string": environ["QUERY_STRING"].encode("latin-1"),
        "root_path": "",
        "headers": [
            (name.lower().encode("latin-1"), value.encode("latin-1"))
            for name, value in EnvironHeaders(environ).items()
        ],
        "server": (environ["SERVER_NAME"], int(environ["SERVER_PORT"])),
        "client": ("127.0.0.1", 40_000),
    }


def receiver_of(environ: dict[str, Any]) -> Callable[[], Any]:
    length = int(environ.get("CONTENT_LENGTH") or 0)
    body = BytesIO(environ["wsgi.input"].read(length))

    async def receive() -> dict[str, Any]:
        piece = body.read(65_536)
        return {"type": "http.request", "body": piece, "more_body": body.tell() < length}

    return receive
