"""What every command needs: the settings, an up-to-date database, and refusals said in words."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import click

from survey.cli.sentences import sentences_of
from survey.services.calendar import local_date, now
from survey.services.catalogue import import_shipped
from survey.services.installation import is_empty, publish_shipped
from survey.services.problems import SurveyError
from survey.settings import Settings, SettingsFaulty
from survey.store.database import Database, DatabaseUnreachable
from survey.store.migrate import upgrade


def load_settings() -> Settings:
    """The settings, or one line a problem and exit status 2."""
    try:
        return Settings.from_environ()
    except SettingsFaulty as faulty:
        for problem in faulty.problems:
            click.echo(f"hailong: {problem}", err=True)
        sys.exit(2)


def open_database(settings: Settings) -> Database:
    """The database, migrated, with catalogue and questionnaires; else one line and exit status 2."""
    _keep_private(settings)
    database = Database(settings.database_url)
    try:
        database.check()
        upgrade(settings.database_url)
        with refusals_in_words(), database.write() as session:
            if is_empty(session):
                import_shipped(session)
            publish_shipped(session, local_date(now()))
    except DatabaseUnreachable as unreachable:
        _stop_without_database(unreachable)
    return database


def _keep_private(settings: Settings) -> None:
    """A SQLite database and its log are read by their owner alone; a directory open to others is named."""
    if settings.database_file is not None:
        with suppress(OSError):
            settings.database_file.touch(mode=0o600)
            settings.database_file.chmod(0o600)
    if settings.data_directory.stat().st_mode & 0o007:
        click.echo(
            f"hailong: DATA_DIRECTORY: người khác trên máy đọc được {settings.data_directory}; "
            f"nên chạy chmod 700 | others on this machine can read it; chmod 700 is advised",
            err=True,
        )


@contextmanager
def refusals_in_words() -> Iterator[None]:
    """Print what a use case refused, one line a fault, and leave with status 1; with 2 for an outage."""
    try:
        yield
    except DatabaseUnreachable as unreachable:
        _stop_without_database(unreachable)
    except SurveyError as error:
        for sentence in sentences_of(error):
            click.echo(f"hailong: {sentence}", err=True)
        sys.exit(1)


def _stop_without_database(unreachable: DatabaseUnreachable) -> None:
    click.echo(f"hailong: DATABASE_URL: không dùng được cơ sở dữ liệu | {unreachable}", err=True)
    sys.exit(2)
