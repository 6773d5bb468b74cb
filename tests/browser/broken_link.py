"""A network between browser and server that breaks when a test says so."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Literal

Way = Literal["open", "cut", "hangs", "answers_lost", "portal"]

_PORTAL_PAGE = b"<!doctype html><title>Wi-Fi</title><h1>Please sign in to this Wi-Fi</h1>"
_PORTAL = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\nContent-Length: "
    + str(len(_PORTAL_PAGE)).encode()
    + b"\r\n\r\n"
    + _PORTAL_PAGE
)
_LONGEST_REQUEST = 256 * 1024
_PATIENCE_SECONDS = 20.0


class BrokenLink:
    """Passes requests on, one a connection: `way` says what becomes of the next ones; `posts` counts them."""

    def __init__(self, server_port: int) -> None:
        self.way: Way = "open"
        self.posts = 0
        self._server_port = server_port
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def serve(self) -> None:
        """Until the listener is closed."""
        while True:
            try:
                browser, _address = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._pass_on, args=(browser,), daemon=True).start()

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _pass_on(self, browser: socket.socket) -> None:
        with browser, suppress(OSError):
            browser.settimeout(_PATIENCE_SECONDS)
            request = _read_request(browser)
            way = self.way
            self.posts += request.startswith(b"POST")
            if not request or way == "cut":
                return
            if way == "hangs":
                browser.recv(1)  # Until the browser gives up.
                return
            if way == "portal":
                browser.sendall(_PORTAL)
                return
            answer = self._ask_server(request)
            if way == "open":
                browser.sendall(answer)

    def _ask_server(self, request: bytes) -> bytes:
        with socket.create_connection(("127.0.0.1", self._server_port), _PATIENCE_SECONDS) as server:
            server.sendall(request)
            return b"".join(iter(lambda: server.recv(65536), b""))


@contextmanager
def broken_link(server_port: int) -> Iterator[BrokenLink]:
    link = BrokenLink(server_port)
    thread = threading.Thread(target=link.serve, daemon=True)
    thread.start()
    yield link
    link.close()
    thread.join()


def _read_request(browser: socket.socket) -> bytes:
    """One request, with the wish that the server close the connection after it."""
    received = b""
    while b"\r\n\r\n" not in received and len(received) < _LONGEST_REQUEST:
        part = browser.recv(65536)
        if not part:
            return b""
        received += part
    head, _gap, body = received.partition(b"\r\n\r\n")
    lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"connection:")]
    length = next(
        (int(line.split(b":")[1]) for line in lines if line.lower().startswith(b"content-length:")), 0
    )
    while len(body) < length:
        body += browser.recv(65536)
    return b"\r\n".join([*lines, b"Connection: close", b"", b""]) + body
