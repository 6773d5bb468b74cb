"""Engines and sessions: one writer connection and several readers for SQLite, one pool for PostgreSQL."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
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


# Another process that writes is asked for its turn so often, and for so long at most.
_TURN_SECONDS = 0.001
_LONGEST_WAIT_SECONDS = 30


class DatabaseUnreachable(Exception):
    """The database cannot be reached or written now; the text says why in one line."""


class RecordedRefusal(Exception):
    """Raised by a use case that refuses and must keep what it wrote down about the refusal."""


class Database:
    """Hands out sessions. `write` commits once, when its block ends without an error."""

    def __init__(self, url: str) -> None:
        self.url = url
        if url.startswith("sqlite"):
            # Within a process, waiting for the one writer connection is fair.
            self._writer = _sqlite_engine(url, _begin_to_write, pool_size=1, max_overflow=0, pool_timeout=60)
            self._reader = _sqlite_engine(url, _begin_to_read, pool_size=8, max_overflow=8)
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


def _begin_to_read(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def _begin_to_write(connection: Connection) -> None:
    """Take the turn among the processes that write.

    SQLite's own waiting grows to a tenth of a second a look, so that a process that waited loses to those
    that have just come. Looking every millisecond, nobody waits for much longer than a transaction lasts.
    """
    driver = connection.connection.driver_connection
    assert driver is not None
    deadline = time.monotonic() + _LONGEST_WAIT_SECONDS
    driver.execute("PRAGMA busy_timeout=0").close()
    try:
        while time.monotonic() < deadline:
            try:
                driver.execute("BEGIN IMMEDIATE").close()
                return
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                    break
            time.sleep(_TURN_SECONDS)
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        driver.execute("PRAGMA busy_timeout=30000").close()


def _sqlite_engine(url: str, begin: Callable[[Connection], None], **pool: Any) -> Engine:
    engine = create_engine(url, connect_args={"timeout": 30}, hide_parameters=True, **pool)

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, record: Any) -> None:
        # The driver's own transactions would leave the first SELECT outside of them.
        connection.isolation_level = None
        for pragma in SQLITE_PRAGMAS:
            connection.execute(f"PRAGMA {pragma}").close()

    event.listen(engine, "begin", begin)
    return engine
