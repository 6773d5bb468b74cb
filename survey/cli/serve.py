"""`hailong serve`: migrate, make secrets, print the addresses and run the production server."""

import os
import socket
import sys

import click

from survey.cli.demonstration import load_with_progress
from survey.cli.installation import load_settings, open_database
from survey.services.accounts import FIRST_USERNAME, create_first_account, list_accounts
from survey.services.calendar import local_date, now
from survey.services.drafts import purge_drafts
from survey.services.rounds import list_open, list_units
from survey.settings import Settings
from survey.store.database import Database


@click.command()
def migrate() -> None:
    """Bring the database to the newest schema and publish shipped questionnaires."""
    open_database(load_settings())


@click.command()
@click.option("--demonstration", is_flag=True, help="Load the demonstration round on the first start.")
def serve(demonstration: bool) -> None:
    """Start the server; HOST, PORT and DATABASE_URL are read from the environment."""
    settings = load_settings()
    # Imported here: gunicorn reads WEB_CONCURRENCY as soon as it is imported, before it has been checked.
    from survey.cli.server import Server

    _require_free_port(settings)
    database = open_database(settings)
    if demonstration and _is_first_start(database):
        load_with_progress(database)
    password = _first_password(settings, database)
    with database.write() as session:
        purge_drafts(session, now=now())
    _print_addresses(settings, database, password)
    # Connections must not be shared between the server's processes.
    database.dispose()
    Server(settings).run()


def _is_first_start(database: Database) -> bool:
    """The first account is made last, so that a start that was broken off counts as the first again."""
    with database.read() as session:
        return not list_accounts(session)


def _require_free_port(settings: Settings) -> None:
    with socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            place = settings.address
            click.echo(
                f"hailong: PORT: không mở được {place}, có thể chương trình khác đang dùng | "
                f"{place}: {error.strerror}",
                err=True,
            )
            sys.exit(2)


def _first_password(settings: Settings, database: Database) -> str | None:
    """The first official's one-time password; kept in a file for its owner until it has been changed."""
    file = settings.first_password_file
    with database.write() as session:
        password = create_first_account(session, now=now())
        if password is not None:
            # Before the account is committed: nobody may have lost the only password of the only account.
            file.unlink(missing_ok=True)
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="ascii") as stream:
                stream.write(password)
    return file.read_text(encoding="ascii") if file.exists() else None


def _print_addresses(settings: Settings, database: Database, password: str | None) -> None:
    listening = f"http://{settings.address}"
    base = settings.public_address or listening
    lines = [("Người dân · citizens", f"{base}/")]
    kiosk = _kiosk_path(database)
    if kiosk:
        lines.append(("Kiosk", base + kiosk))
    lines.append(("Cán bộ · officials", f"{base}/quan-tri/"))
    if settings.public_address:
        lines.append(("Máy chủ lắng nghe tại · listens at", listening))
    if password:
        lines.append(("Tên đăng nhập · user name", FIRST_USERNAME))
        lines.append(("Mật khẩu dùng một lần · one-time password", password))
    click.echo("hailong đang chạy · is running (Ctrl+C: dừng · stop)")
    for name, value in lines:
        click.echo(f"  {name:<42} {value}")


def _kiosk_path(database: Database) -> str | None:
    """The kiosk of the first unit that can be answered now."""
    with database.read() as session:
        for survey_round in list_open(session, local_date(now())):
            for form in sorted(survey_round.forms, key=lambda form: form.form_id != "tthc"):
                units = list_units(session, survey_round.code, form.form_id)
                return f"/kiosk/{survey_round.code}/{form.form_id}/{units[0].code}"
    return None
