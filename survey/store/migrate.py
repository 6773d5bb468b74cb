"""Brings a database to the newest schema."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy.exc import DatabaseError

import migrations
from survey.store.database import DatabaseUnreachable, first_line, outages_named


def alembic_config(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    config.set_main_option("path_separator", "os")
    config.attributes["url"] = url
    return config


def upgrade(url: str, revision: str = "head") -> None:
    """Apply the revisions; `DatabaseUnreachable` for one that is down, read-only or of a newer version."""
    try:
        with outages_named():
            command.upgrade(alembic_config(url), revision)
    except (CommandError, DatabaseError) as error:
        raise DatabaseUnreachable(first_line(error)) from error


def downgrade(url: str, revision: str) -> None:
    command.downgrade(alembic_config(url), revision)
