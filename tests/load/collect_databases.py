"""The databases that responses are collected into: filled, counted, and measured by themselves."""

import re
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol
from uuid import UUID

from sqlalchemy import select, text

from survey.models import Response
from survey.store.database import Database
from tests.soak.application import prepare
from tests.soak.postgresql import DurablePostgres

_COLUMNS = [column.name for column in Response.__table__.columns if column.name != "id"]
_NEW_ID = {
    "postgresql": "gen_random_uuid()",
    "sqlite": "lower(hex(randomblob(16)))",
}
_NUMBERS = {
    "postgresql": "generate_series(1, :count)",
    "sqlite": (
        "(WITH RECURSIVE numbers(number) AS "
        "(SELECT 1 UNION ALL SELECT number + 1 FROM numbers WHERE number < :count) "
        "SELECT number FROM numbers)"
    ),
}


class Target(Protocol):
    name: str
    url: str

    def fill(self, count: int) -> None:
        """Add rows, copied from one that was sent, until there are at least so many."""

    def count(self) -> int: ...

    def count_missing(self, ids: Iterable[UUID]) -> int: ...

    def floor(self, clients: int, seconds: float) -> float | None:
        """Transactions a second that insert one row of the same size, without us; None if nothing does it."""

    def close(self) -> None: ...


class _Stored:
    """What both databases have in common."""

    name: str

    def __init__(self, url: str) -> None:
        self.url = url
        prepare(url)
        self._database = Database(url)

    def fill(self, count: int) -> None:
        missing = count - self.count()
        if missing <= 0:
            return
        columns = ", ".join(_COLUMNS)
        copied = ", ".join(f"sample.{name}" for name in _COLUMNS)
        statement = (
            f"INSERT INTO response (id, {columns}) SELECT {_NEW_ID[self.name]}, {copied} "
            f"FROM (SELECT * FROM response LIMIT 1) AS sample, {_NUMBERS[self.name]} AS numbers"
        )
        with self._database.write() as session:
            session.execute(text(statement), {"count": missing})

    def count(self) -> int:
        with self._database.read() as session:
            return int(session.execute(text("SELECT count(*) FROM response")).scalar_one())

    def count_missing(self, ids: Iterable[UUID]) -> int:
        with self._database.read() as session:
            stored = set(session.scalars(select(Response.id)))
        return len(set(ids) - stored)

    def close(self) -> None:
        self._database.dispose()


class SqliteTarget(_Stored):
    name = "sqlite"

    def __init__(self, directory: Path) -> None:
        super().__init__(f"sqlite:///{directory}/collect.db")

    def floor(self, clients: int, seconds: float) -> float | None:
        return None


class PostgresqlTarget(_Stored):
    name = "postgresql"

    def __init__(self, directory: Path) -> None:
        self._server = DurablePostgres()
        self._server.start()
        self._directory = directory
        super().__init__(self._server.create_database("collect"))

    def floor(self, clients: int, seconds: float) -> float | None:
        size = self._row_size()
        with self._database.write() as session:
            session.execute(text("CREATE TABLE IF NOT EXISTS bench_row (id uuid PRIMARY KEY, content text)"))
        script = self._directory / "insert.sql"
        # A row this short is neither compressed nor moved elsewhere.
        script.write_text(
            f"INSERT INTO bench_row VALUES (gen_random_uuid(), repeat('x', {size}));\n", encoding="ascii"
        )
        command = [
            *(self._server.binaries / "pgbench", "--no-vacuum", "--file", script),
            *("--client", str(clients), "--jobs", "2", "--time", str(round(seconds))),
            *("--host", self._server.directory, "--username", "postgres", "collect"),
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        found = re.search(r"^tps = ([0-9.]+)", done.stdout, re.MULTILINE)
        assert found is not None, done.stdout
        return float(found[1])

    def close(self) -> None:
        super().close()
        self._server.stop()

    def _row_size(self) -> int:
        with self._database.read() as session:
            query = text(
                "SELECT avg(pg_column_size(response.*)) FROM (SELECT * FROM response LIMIT 100) response"
            )
            return round(float(session.execute(query).scalar_one()))
