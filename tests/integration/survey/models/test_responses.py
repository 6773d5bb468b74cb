"""What a stored response is: immutable, in the order of its key, and without anything that names a person."""

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import Date, DateTime, Row, Time, text
from sqlalchemy.exc import DatabaseError

from survey.models import Base, Device, Response
from survey.store.database import Database
from tests.rounds import open_small_round, send, small_answers

# What would tell who answered, or let the response be joined with something that does.
PERSONAL = (
    *("name", "phone", "mail", "address", "ip", "user_agent", "agent", "cookie", "session", "account"),
    *("person", "invitation", "access_code", "dossier", "birth", "identity", "serial", "position"),
)


def fetch(database: Database, query: str) -> Sequence[Row[Any]]:
    with database.read() as session:
        return session.execute(text(query)).all()


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("response", "ratings = '555'"),
        ("response", "unit_id = unit_id"),
        ("questionnaire_version", "version = 2"),
        ("questionnaire_version", "document = '{}'"),
    ],
)
def test_stored_row_never_changes(database: Database, table: str, change: str) -> None:
    with database.write() as session:
        open_small_round(session)
        send(session, small_answers(4, 4))
    before = fetch(database, f"SELECT * FROM {table}")

    with pytest.raises(DatabaseError, match=f"{table} is immutable"), database.write() as session:
        session.execute(text(f"UPDATE {table} SET {change}"))

    assert fetch(database, f"SELECT * FROM {table}") == before


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("table", ["response", "response_draft"])
def test_sqlite_keeps_no_order_of_arrival(database: Database, table: str) -> None:
    ((statement,),) = fetch(database, f"SELECT sql FROM sqlite_master WHERE name = '{table}'")

    assert statement.rstrip().endswith("WITHOUT ROWID")


def test_no_column_of_a_response_names_a_person() -> None:
    # A device of a unit is no person's: no column says who used it.
    assert {column.name for column in Device.__table__.columns} & set(PERSONAL) == {"name"}
    names = [column.name for column in Response.__table__.columns]

    assert [name for name in names if set(name.split("_")) & set(PERSONAL)] == []


def test_response_has_days_and_no_time() -> None:
    columns = Response.__table__.columns

    assert [column.name for column in columns if isinstance(column.type, DateTime | Time)] == []
    assert [column.name for column in columns if isinstance(column.type, Date)] == [
        "received_on",
        "device_on",
    ]


def test_no_table_points_at_a_response() -> None:
    pointing = [
        f"{table.name}.{key.parent.name}"
        for table in Base.metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table.name in ("response", "response_draft")
    ]

    assert pointing == []


def test_key_of_a_response_is_not_counted_up() -> None:
    (key,) = Response.__table__.primary_key.columns

    assert key.type.python_type.__name__ == "UUID"
    assert key.default is None
