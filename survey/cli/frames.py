"""`hailong frame import`: transaction counts of a round."""

from pathlib import Path

import click

from survey.cli.installation import load_settings, open_database, refusals_in_words
from survey.services.frames import import_frame


@click.group()
def frame() -> None:
    """Transaction counts (or population) per unit and sector, which give the weights."""


@frame.command("import")
@click.argument("round_code")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_(round_code: str, file: Path) -> None:
    """Put a CSV file's counts in place of the round's.

    Columns: form, unit_code, sector, population and, where the design has them, stratum and psu.
    """
    with refusals_in_words(), open_database(load_settings()).write() as session:
        count = import_frame(session, round_code, file.read_bytes())
    click.echo(f"{count} dòng · rows")
