"""The databases that tests get: the schema of today, and nothing from another test."""

import psycopg
import pytest
from sqlalchemy import inspect, text

from survey.store.database import Database
from tests.fixtures.emptied import EmptiedDatabases

ADD_MEASURE = "INSERT INTO measure (code, name_vi, name_en, position) VALUES ('m', 'Đo', 'Measure', 1)"

ADD_TARGET_SET = "INSERT INTO target_set (code, name, confidence_level) VALUES ('t', 'Chỉ tiêu', 0.95)"


@pytest.mark.parametrize("attempt", [1, 2])
def test_each_test_gets_an_empty_database(database: Database, attempt: int) -> None:
    with database.write() as session:
        assert session.scalar(text("SELECT count(*) FROM measure")) == 0
        session.execute(text(ADD_MEASURE))


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_test_can_choose_its_database(database: Database) -> None:
    with database.read() as session:
        assert inspect(session.connection()).dialect.name == "postgresql"


def test_an_empty_database_has_no_table(empty_database_url: str) -> None:
    database = Database(empty_database_url)
    with database.read() as session:
        assert inspect(session.connection()).get_table_names() == []
    database.dispose()


def test_the_demonstration_is_there_to_look_at(demonstration_url: str) -> None:
    database = Database(demonstration_url)
    with database.read() as session:
        assert session.scalar(text("SELECT count(*) FROM survey_round WHERE is_demonstration")) == 1
        assert session.scalar(text("SELECT count(*) FROM response")) == 12_000
    database.dispose()


def test_a_database_is_lent_again_without_rows(emptied_databases: EmptiedDatabases) -> None:
    with emptied_databases.lend() as first, emptied_databases.server.connect(first) as connection:
        connection.execute(ADD_TARGET_SET)
        left_open = emptied_databases.server.connect(first)
        left_open.execute("BEGIN")
        left_open.execute(ADD_MEASURE)

    with emptied_databases.lend() as second, emptied_databases.server.connect(second) as connection:
        assert second == first
        assert connection.execute("SELECT count(*) FROM measure").fetchone() == (0,)
        assert connection.execute(f"{ADD_TARGET_SET} RETURNING id").fetchone() == (1,)
    with pytest.raises(psycopg.OperationalError):
        left_open.execute("COMMIT")


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE measure RENAME TO elsewhere",
        "ALTER TABLE measure ADD COLUMN more INTEGER",
        "ALTER TABLE measure DISABLE TRIGGER ALL",
        "CREATE TABLE more (number INTEGER)",
    ],
)
def test_a_database_of_another_schema_is_not_lent_again(
    emptied_databases: EmptiedDatabases, change: str
) -> None:
    with emptied_databases.lend() as first, emptied_databases.server.connect(first) as connection:
        connection.execute(change.encode())

    with emptied_databases.lend() as second:
        assert second != first
