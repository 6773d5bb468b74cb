"""Engines and sessions: one writer connection and several readers for SQLite, one pool for PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.exc import DatabaseError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

__all__ = ["Database", "DatabaseUnreachable", "RecordedRefusal", "Session", "outages_named"]

# FULL: what a citizen was thanked for survives a power cut. secure_delete: a deleted draft is overwritten.
SQLITE_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "secure_delete=ON",
    "busy_timeout=30000",
)


class DatabaseUnreachable(Exception):
    """The database cannot be reached or written now; the text says why in one line."""


class RecordedRefusal(Exception):
    """Raised by a use case that refuses and must keep what it wrote down about the refusal."""


class Database:
    """Hands out sessions. `write` commits once, when its block ends without an error."""

    def __init__(self, url: str) -> None:
        self.url = url
        if url.startswith("sqlite"):
            # SQLite's busy handler polls without order; waiting for the one writer connection is fair.
            self._writer = _sqlite_engine(
                url, "BEGIN IMMEDIATE", pool_size=1, max_overflow=0, pool_timeout=60
            )
            self._reader = _sqlite_engine(url, "BEGIN", pool_size=8, max_overflow=8)
        else:
            self._writer = self._reader = create_engine(
                url, pool_size=8, max_overflow=8, pool_pre_ping=True, hide_parameters=True
            )

    @contextmanager
    def write(self) -> Iterator[Session]:
        with outages_named(), Session(self._writer, expire_on_commit=False) as session:
            try:
                yield session
            except RecordedRefusal:
                session.commit()
                raise
            session.commit()

    @contextmanager
    def read(self) -> Iterator[Session]:
        with outages_named(), Session(self._reader, expire_on_commit=False) as session:
            yield session

    def check(self) -> None:
        """Raise `DatabaseUnreachable` unless the database answers."""
        try:
            with outages_named(), self._reader.connect() as connection:
                connection.execute(text("SELECT 1"))
        except DatabaseError as error:
            raise DatabaseUnreachable(first_line(error)) from error

    def dispose(self) -> None:
        """Close all connections, for instance before a server forks."""
        self._writer.dispose()
        self._reader.dispose()


@contextmanager
def outages_named() -> Iterator[None]:
    """No connection, no room on the disk, no turn within the time limit: one error that callers know."""
    try:
        yield
    except (OperationalError, InterfaceError, PoolTimeout) as error:
        raise DatabaseUnreachable(first_line(error)) from error


def first_line(error: Exception) -> str:
    """What the database itself said, without the statement."""
    return str(getattr(error, "orig", None) or error).strip().splitlines()[0]


def _sqlite_engine(url: str, begin: str, **pool: Any) -> Engine:
    engine = create_engine(url, connect_args={"timeout": 30}, hide_parameters=True, **pool)

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, record: Any) -> None:
        # The driver's own transactions would leave the first SELECT outside of them.
        connection.isolation_level = None
        for pragma in SQLITE_PRAGMAS:
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql(begin)

    return engine
