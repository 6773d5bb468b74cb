"""The databases that tests get: the schema of today, and nothing from another test."""

import pytest
from sqlalchemy import inspect, text

from survey.store.database import Database

ADD_MEASURE = "INSERT INTO measure (code, name_vi, name_en, position) VALUES ('m', 'Đo', 'Measure', 1)"


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
