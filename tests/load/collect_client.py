"""Closed-loop clients in one process: each keeps a connection and sends as soon as it has its answer.

Usage: `python -m tests.load.collect_client PORT CLIENTS SECONDS FILE`, with the body's template on standard
input, in which `@@@` stands for the response id. Writes one line an acknowledged response to FILE: its id and
the microseconds that its answer took. One thread and plain sockets: little of the machine is spent here.
"""

import selectors
import socket
import sys
import time
import uuid
from pathlib import Path
from typing import NamedTuple

ACKNOWLEDGED = (b"HTTP/1.1 201", b"HTTP/1.1 200")


class Answer(NamedTuple):
    response_id: str
    microseconds: int


class _Client:
    """One connection with one request on its way."""

    def __init__(self, port: int, head: bytes, tail: bytes) -> None:
        self._head, self._tail = head, tail
        self.connection = socket.create_connection(("127.0.0.1", port))
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._received = b""
        self._sent_at = 0.0
        self._id = ""

    def send(self) -> None:
        self._id = str(uuid.uuid4())
        self._received = b""
        self._sent_at = time.perf_counter()
        self.connection.sendall(self._head + self._id.encode() + self._tail)

    def receive(self) -> Answer | None:
        """Take what has come; an answer that is complete is returned, one that is no receipt ends the run."""
        part = self.connection.recv(65536)
        if not part:
            raise SystemExit("the server has closed a connection")
        self._received += part
        head, separator, body = self._received.partition(b"\r\n\r\n")
        if not separator or len(body) < _content_length(head):
            return None
        if not head.startswith(ACKNOWLEDGED) or self._id.encode() not in body:
            raise SystemExit(f"no receipt: {self._received[:500].decode(errors='replace')}")
        return Answer(self._id, round(1e6 * (time.perf_counter() - self._sent_at)))


def run(port: int, count: int, seconds: float, template: bytes) -> list[Answer]:
    """Send from `count` clients for so long; every request that was begun is waited for."""
    head, tail = _request(template)
    clients = [_Client(port, head, tail) for _ in range(count)]
    selector = selectors.DefaultSelector()
    for client in clients:
        selector.register(client.connection, selectors.EVENT_READ, client)
        client.send()
    answers: list[Answer] = []
    waiting, end = count, time.perf_counter() + seconds
    while waiting:
        for key, _events in selector.select(timeout=30):
            answer = key.data.receive()
            if answer is None:
                continue
            answers.append(answer)
            if time.perf_counter() < end:
                key.data.send()
            else:
                waiting -= 1
    for client in clients:
        client.connection.close()
    return answers


def _request(template: bytes) -> tuple[bytes, bytes]:
    before, _, after = template.partition(b"@@@")
    length = len(before) + 36 + len(after)
    lines = (
        b"POST /api/v1/responses HTTP/1.1",
        b"Host: 127.0.0.1",
        b"Content-Type: application/json",
        b"Content-Length: " + str(length).encode(),
    )
    return b"\r\n".join(lines) + b"\r\n\r\n" + before, after


def _content_length(head: bytes) -> int:
    lowered = head.lower()
    start = lowered.index(b"content-length:") + len(b"content-length:")
    return int(lowered[start:].split(b"\r\n", 1)[0])


def main() -> None:
    port, count, seconds, file = sys.argv[1:5]
    answers = run(int(port), int(count), float(seconds), sys.stdin.buffer.read())
    text = "".join(f"{answer.response_id} {answer.microseconds}\n" for answer in answers)
    Path(file).write_text(text, encoding="ascii")


if __name__ == "__main__":
    main()
