"""A PostgreSQL server that writes through to the disk, to be killed and started again."""

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

import psycopg

from tests.provision import postgresql_server
from tests.provision.programs import find_postgresql

# Its defaults, so that what is measured and proved is what an operator gets; only the socket is ours.
SETTINGS = {"listen_addresses": "", "max_connections": "200", "shared_buffers": "128MB", "timezone": "UTC"}


class DurablePostgres:
    """One cluster in a directory of its own; `url` stays the same over kills and restarts."""

    def __init__(self, parent: Path | None = None) -> None:
        binaries = find_postgresql()
        if binaries is None:
            raise SystemExit("No PostgreSQL server programs were found; `make test-tools` installs them.")
        self.binaries = binaries
        self.directory = Path(tempfile.mkdtemp(prefix="hailong-postgresql-", dir=parent))
        self.directory.chmod(0o700)
        self._identity = postgresql_server.server_identity(self.directory)
        postgresql_server.make_cluster(binaries, self.directory, self._identity)
        self._server: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._server = postgresql_server.start_server(self.binaries, self.directory, self._identity, SETTINGS)
        postgresql_server.wait_until_ready(self._server, self.directory)

    def is_running(self) -> bool:
        return self._server is not None and self._server.poll() is None

    def kill(self) -> None:
        """SIGKILL to the server and its children, as a power cut leaves it."""
        assert self._server is not None
        children = _children(self._server.pid)
        self._server.kill()
        for pid in children:
            _kill(pid)
        self._server.wait()

    def stop(self) -> None:
        """Stop the server and remove its data."""
        if self.is_running() and self._server is not None:
            self._server.send_signal(signal.SIGQUIT)
            self._server.wait()
        shutil.rmtree(self.directory, ignore_errors=True)

    def create_database(self, name: str) -> str:
        with psycopg.connect(self.connection_string("postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"'.encode())
        return f"postgresql+psycopg://postgres@/{name}?host={self.directory}"

    def connection_string(self, database: str) -> str:
        return f"host={self.directory} user=postgres dbname={database}"


def _children(pid: int) -> list[int]:
    file = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in file.read_text().split()] if file.exists() else []


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
