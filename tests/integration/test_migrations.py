"""Migrations: up from nothing, the same schema as the models, down and up again with data."""

from collections.abc import Iterator
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import CheckConstraint, MetaData, inspect, select, text

from survey.models import Base, QuestionnaireVersion, Response
from survey.store.database import Database, DatabaseUnreachable
from survey.store.migrate import downgrade, upgrade
from tests.rounds import open_small_round, send, small_answers


@pytest.fixture
def empty_database(empty_database_url: str) -> Iterator[Database]:
    database = Database(empty_database_url)
    yield database
    database.dispose()


def tables_of(database: Database) -> set[str]:
    with database.read() as session:
        return set(inspect(session.connection()).get_table_names())


def functions_of(database: Database) -> list[Any]:
    with database.read() as session:
        query = "SELECT proname FROM pg_proc WHERE proname LIKE '%is_immutable'"
        return list(session.scalars(text(query)))


def test_migrating_an_empty_database_makes_every_table(empty_database: Database) -> None:
    upgrade(empty_database.url)

    assert tables_of(empty_database) == {*Base.metadata.tables, "alembic_version"}


def test_migrating_twice_changes_nothing(empty_database: Database) -> None:
    upgrade(empty_database.url)
    upgrade(empty_database.url)

    assert tables_of(empty_database) == {*Base.metadata.tables, "alembic_version"}


def test_migrated_schema_is_that_of_the_models(database: Database) -> None:
    with database.read() as session:
        context = MigrationContext.configure(
            session.connection(), opts={"compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, Base.metadata) == []


def test_migrated_checks_are_those_of_the_models(database: Database) -> None:
    expected = {
        str(constraint.name)
        for table in Base.metadata.tables.values()
        for constraint in table.constraints
        if isinstance(constraint, CheckConstraint)
    }
    with database.read() as session:
        inspector = inspect(session.connection())
        found = {
            check["name"]
            for table in Base.metadata.tables
            for check in inspector.get_check_constraints(table)
        }

    assert found == expected


def test_every_constraint_keeps_its_name(database: Database) -> None:
    with database.read() as session:
        stored = MetaData()
        stored.reflect(session.connection())

    for name, table in Base.metadata.tables.items():
        expected = {str(constraint.name) for constraint in table.constraints}
        assert {str(constraint.name) for constraint in stored.tables[name].constraints} == expected


def test_downgrading_leaves_nothing(empty_database: Database) -> None:
    upgrade(empty_database.url)

    downgrade(empty_database.url, "base")

    assert tables_of(empty_database) == {"alembic_version"}
    if empty_database.url.startswith("postgresql"):
        assert functions_of(empty_database) == []


def test_filled_database_goes_down_and_up_again(database: Database) -> None:
    with database.write() as session:
        open_small_round(session)
        send(session, small_answers(4, 4))
    database.dispose()

    downgrade(database.url, "base")
    upgrade(database.url)

    with database.write() as session:
        assert session.scalars(select(Response.id)).all() == []
        open_small_round(session)
        assert send(session, small_answers(4, 4)).is_new


def test_migrating_again_keeps_what_is_stored(database: Database) -> None:
    with database.write() as session:
        open_small_round(session)
        receipt = send(session, small_answers(4, 4))

    upgrade(database.url)

    with database.read() as session:
        assert session.scalars(select(Response.id)).all() == [receipt.response_id]
        assert session.scalars(select(QuestionnaireVersion.version)).all() == [1]


def test_migration_that_is_broken_off_leaves_no_half_schema(empty_database: Database) -> None:
    with empty_database.write() as session:
        session.execute(text("CREATE TABLE round_unit (in_the_way INTEGER)"))

    with pytest.raises(DatabaseUnreachable, match="round_unit"):
        upgrade(empty_database.url)

    assert tables_of(empty_database) - {"alembic_version"} == {"round_unit"}


def test_database_of_a_newer_version_is_refused(database: Database) -> None:
    with database.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(DatabaseUnreachable, match="9999"):
        upgrade(database.url)
