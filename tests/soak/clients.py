"""Devices that send until they are acknowledged, as many at once as asked for."""

import http.client
import json
import threading
import time
from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import UUID

from questionnaires.model import AnswerValue
from tests.factories import fill_answers, shipped_form
from tests.soak.application import FORM_ID, place

TIMEOUT_SECONDS = 10
GIVE_UP_SECONDS = 90


@dataclass
class Tally:
    """What the clients did; `refusals` counts answers that were neither a receipt nor a broken connection."""

    attempts: int = 0
    sent: set[UUID] = field(default_factory=set)
    acknowledged: set[UUID] = field(default_factory=set)
    refusals: dict[int, int] = field(default_factory=dict)
    broken: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)


def answers_of(response_id: UUID) -> dict[str, AnswerValue]:
    """Answers that follow from the id alone, so that what is stored can be compared later."""
    return fill_answers(shipped_form(FORM_ID), Random(response_id.int))


def body_of(response_id: UUID) -> bytes:
    answers = {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in answers_of(response_id).items()
    }
    return json.dumps({"id": str(response_id), **place(), "answers": answers}).encode()


class Clients:
    """Threads that send one response after another until they are told to stop."""

    def __init__(self, port: int, count: int, *, seed: int, path: str = "/api/v1/responses") -> None:
        self.tally = Tally()
        self._port, self._path = port, path
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=self._run, args=(Random(f"{seed}-{number}"),), daemon=True)
            for number in range(count)
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def finish(self) -> Tally:
        """Let each client bring its last response home, then return what all did."""
        self._stop.set()
        for thread in self._threads:
            thread.join()
        return self.tally

    def _run(self, rng: Random) -> None:
        while not self._stop.is_set():
            self.deliver(UUID(int=rng.getrandbits(128), version=4), rng)

    def deliver(self, response_id: UUID, rng: Random) -> None:
        """Send one response until it is acknowledged."""
        body = body_of(response_id)
        with self.tally.lock:
            self.tally.sent.add(response_id)
        deadline = time.monotonic() + GIVE_UP_SECONDS
        while time.monotonic() < deadline:
            if self._try(response_id, body):
                return
            time.sleep(rng.uniform(0.02, 0.2))

    def _try(self, response_id: UUID, body: bytes) -> bool:
        with self.tally.lock:
            self.tally.attempts += 1
        try:
            status, answer = post(self._port, self._path, body)
        except (OSError, http.client.HTTPException):
            with self.tally.lock:
                self.tally.broken += 1
            return False
        if status in (200, 201) and is_receipt(answer, response_id):
            with self.tally.lock:
                self.tally.acknowledged.add(response_id)
            return True
        with self.tally.lock:
            self.tally.refusals[status] = self.tally.refusals.get(status, 0) + 1
        return False


def post(port: int, path: str, body: bytes, headers: dict[str, str] | None = None) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_SECONDS)
    try:
        connection.request("POST", path, body, {"Content-Type": "application/json", **(headers or {})})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def is_receipt(answer: bytes, response_id: UUID) -> bool:
    try:
        receipt: Any = json.loads(answer)
    except ValueError:
        return False
    return receipt.get("id") == str(response_id) and receipt.get("status") == "stored"
