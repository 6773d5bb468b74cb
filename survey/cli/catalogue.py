"""`hailong catalogue import`: units, procedures, sectors, measures and targets from CSV files."""

from pathlib import Path

import click

from survey.cli.installation import load_settings, open_database, refusals_in_words
from survey.services.catalogue import DEFAULT_TARGET_SET, SHIPPED, import_file


@click.group()
def catalogue() -> None:
    """Units, procedures, sectors, measures and targets."""


@catalogue.command("import")
@click.argument("kind", type=click.Choice([shipped.kind for shipped in SHIPPED]))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--set", "set_code", default=DEFAULT_TARGET_SET, show_default=True, help="Target set.")
@click.option("--set-name", help="Full name of the target set; left out, it keeps the one it has.")
def import_(kind: str, file: Path, set_code: str, set_name: str | None) -> None:
    """Take all rows of a file, or none and a line for each fault."""
    with refusals_in_words(), open_database(load_settings()).write() as session:
        count = import_file(session, kind, file.read_bytes(), set_code=set_code, set_name=set_name)
    click.echo(f"{count} dòng · rows")
