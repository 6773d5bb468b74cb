"""The application as an operator runs it, in a process of its own that can be killed at any moment."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from datetime import date
from pathlib import Path

from survey.services.installation import publish_shipped
from survey.store.database import Database
from survey.store.migrate import upgrade
from tests.factories import ROUND_CODE, UNITS_OF_FORM, load_catalogue, open_round_with, shipped_form

FORM_ID = "yte-ngoaitru"
START_LIMIT_SECONDS = 60


def prepare(database_url: str) -> None:
    """Schema, catalogue, published forms and one open round that asks the form of 31 rated items."""
    upgrade(database_url)
    database = Database(database_url)
    with database.write() as session:
        load_catalogue(session)
        publish_shipped(session, date(2026, 1, 2))
        open_round_with(session, [FORM_ID], opens_on=date(2026, 1, 2))
    database.dispose()


def place() -> dict[str, object]:
    """What a body of the interface says of where the response belongs."""
    return {
        "round": ROUND_CODE,
        "questionnaire": FORM_ID,
        "version": shipped_form(FORM_ID).version,
        "unit": UNITS_OF_FORM[FORM_ID][0],
        "language": "vi",
    }


class Application:
    """The server on a free port; `kill` leaves nothing of it, `start` brings it back on the same port."""

    def __init__(self, database_url: str, data_directory: Path, *, processes: int = 2) -> None:
        self.port = _free_port()
        self._log = data_directory / "server.log"
        self._environment = {
            **os.environ,
            "DATABASE_URL": database_url,
            "DATA_DIRECTORY": str(data_directory),
            "PORT": str(self.port),
            "WEB_CONCURRENCY": str(processes),
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        program = Path(sys.executable).with_name("hailong")
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [program, "serve"], env=self._environment, stdout=log, stderr=log, start_new_session=True
            )
        deadline = time.monotonic() + START_LIMIT_SECONDS
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                break
            if self._answers():
                return
            time.sleep(0.05)
        last_lines = self._log.read_text(errors="replace")[-2000:]
        raise RuntimeError(f"the application has not started\n{last_lines}")

    def kill(self) -> None:
        """SIGKILL to the server and its workers."""
        assert self._process is not None
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                self.kill()

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/api/v1/openapi.json", timeout=2):
                return True
        except OSError:
            return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
