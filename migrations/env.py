"""Runs the revisions on the database that `survey.store.migrate` names."""

from typing import Any

from alembic import context
from sqlalchemy import create_engine, event

from survey.models import Base

engine = create_engine(context.config.attributes["url"])

if engine.dialect.name == "sqlite":
    # The driver's own transactions leave DDL outside; a start that is broken off must leave no half schema.
    @event.listens_for(engine, "connect")
    def _configure(connection: Any, record: Any) -> None:
        connection.isolation_level = None

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
