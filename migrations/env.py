"""Runs the revisions on the database that `survey.store.migrate` names."""

from alembic import context
from sqlalchemy import create_engine

from survey.models import Base

engine = create_engine(context.config.attributes["url"])
with engine.connect() as connection:
    context.configure(
        connection=connection, target_metadata=Base.metadata, render_as_batch=True, compare_type=True
    )
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
