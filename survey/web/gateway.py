"""What the server runs: takes plain responses in the event loop and hands everything else to Flask."""

from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import IO

from flask import Flask

from survey.web.api.plain_responses import ADDRESS, LARGEST_BODY, PlainResponses
from survey.web.asgi_types import Receive, Scope, Send
from survey.web.wsgi_bridge import WsgiBridge

# More than any page takes. Below it a client is heard to the end, so that it hears what is wrong.
LARGEST_REQUEST = 8 * 1024 * 1024
_IN_MEMORY = 256 * 1024
# Pages wait for the database and the template; more of them at once only hinder each other.
PAGE_THREADS = 8


class Gateway:
    """An ASGI application."""

    def __init__(self, app: Flask) -> None:
        self._pages = WsgiBridge(app, threads=PAGE_THREADS)
        self._responses = PlainResponses(app)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1000})
            return
        if scope["type"] != "http":
            return
        with _place_for(scope) as body:
            length = await _read(scope, receive, body)
            if length is None:
                return
            if scope["method"] == "POST" and scope["path"] == ADDRESS and 0 < length <= LARGEST_BODY:
                answer = await self._responses.take(scope, body.read())
                if answer is not None:
                    for message in answer:
                        await send(message)
                    return
                body.seek(0)
            await self._pages.answer(scope, body, length, send)


async def _read(scope: Scope, receive: Receive, body: IO[bytes]) -> int | None:
    """Read the body whole; its length, or None where the client has gone in the middle of it.

    Of a longer one than any page takes only the length is told: Flask refuses it unread.
    """
    announced = _content_length(scope)
    if announced > LARGEST_REQUEST:
        return announced
    length = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        length += body.write(message.get("body", b""))
        if length > LARGEST_REQUEST or not message.get("more_body", False):
            body.seek(0)
            return length


def _place_for(scope: Scope) -> IO[bytes]:
    """Memory for what is short, a file for what is not or does not say."""
    if _content_length(scope) <= _IN_MEMORY and not any(
        name == b"transfer-encoding" for name, _ in scope["headers"]
    ):
        return BytesIO()
    return SpooledTemporaryFile(_IN_MEMORY)


def _content_length(scope: Scope) -> int:
    # The server has refused what is no number.
    return next((int(value) for name, value in scope["headers"] if name == b"content-length"), 0)
