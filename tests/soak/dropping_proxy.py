"""A network that loses answers: the request arrives, is stored, and its answer never comes back."""

import socket
import socketserver
import threading
from collections import Counter
from random import Random


class DroppingProxy:
    """Passes requests to a port and swallows as many answers to each body as its seed says, up to `most`."""

    def __init__(self, port: int, *, most: int, seed: int) -> None:
        self._port, self._most, self._seed = port, most, seed
        self._dropped = Counter[bytes]()
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def dropped_count(self) -> int:
        return self._dropped.total()

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[socketserver.BaseRequestHandler]:
        proxy = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                head, body = _read_request(self.request)
                if not head:
                    return
                answer = proxy._pass_on(head + body)
                if not proxy._is_swallowed(body):
                    self.request.sendall(answer)

        return Handler

    def _pass_on(self, request: bytes) -> bytes:
        closing = request.replace(b"\r\n", b"\r\nConnection: close\r\n", 1)
        with socket.create_connection(("127.0.0.1", self._port), timeout=30) as upstream:
            upstream.sendall(closing)
            parts = iter(lambda: upstream.recv(65536), b"")
            return b"".join(parts)

    def _is_swallowed(self, body: bytes) -> bool:
        wanted = Random(f"{self._seed}-{hash(body)}").randint(0, self._most)
        with self._lock:
            if self._dropped[body] >= wanted:
                return False
            self._dropped[body] += 1
            return True


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 128


def _read_request(connection: socket.socket) -> tuple[bytes, bytes]:
    data = b""
    while b"\r\n\r\n" not in data:
        part = connection.recv(65536)
        if not part:
            return b"", b""
        data += part
    head, _, body = data.partition(b"\r\n\r\n")
    length = next(
        int(line.partition(b":")[2])
        for line in head.split(b"\r\n")
        if line.lower().startswith(b"content-length")
    )
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n", body
