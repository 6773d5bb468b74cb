"""`hailong account`: officials' accounts."""

import click

from survey.cli.installation import load_settings, open_database, refusals_in_words
from survey.models.account import ROLES
from survey.services import accounts
from survey.services.calendar import now


@click.group()
def account() -> None:
    """Officials' accounts."""


@account.command()
@click.argument("username")
@click.option("--name", "display_name", required=True, help="The name that pages show.")
@click.option("--role", type=click.Choice(ROLES), required=True)
@click.option("--unit", "unit_code", help="The unit of a unit_official.")
def create(username: str, display_name: str, role: str, unit_code: str | None) -> None:
    """Add an account and print its one-time password."""
    if (role == "unit_official") != (unit_code is not None):
        raise click.BadParameter(
            "vai trò unit_official cần --unit, vai trò khác không có đơn vị | "
            "the role unit_official needs --unit, any other role has no unit",
            param_hint="--unit",
        )
    with refusals_in_words(), open_database(load_settings()).write() as session:
        password = accounts.create_account(
            session, username, display_name, role, unit_code=unit_code, now=now()
        )
    click.echo(password)


@account.command("reset-password")
@click.argument("username")
def reset_password(username: str) -> None:
    """Print a new one-time password; the account's sessions end and a lock is lifted."""
    with refusals_in_words(), open_database(load_settings()).write() as session:
        click.echo(accounts.reset_password(session, username))


@account.command("list")
def list_() -> None:
    """One line an account: user name, role, name."""
    with open_database(load_settings()).read() as session:
        for line in accounts.list_accounts(session):
            click.echo(f"{line.username}\t{line.role}\t{line.display_name}")
