"""`hailong assignment import`: where interviewers are sent."""

from pathlib import Path

import click

from survey.cli.installation import load_settings, open_database, refusals_in_words
from survey.services.assignments import import_assignments


@click.group()
def assignment() -> None:
    """Addresses for interviewers."""


@assignment.command("import")
@click.argument("round_code", metavar="ROUND")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_(round_code: str, file: Path) -> None:
    """Add a CSV file's addresses to the round's list; a number that is there is changed.

    Columns: number, questionnaire, unit, place, note and device; the cells of note and device may be empty.
    No person's name, phone number or identity card may stand in it.
    """
    with refusals_in_words(), open_database(load_settings()).write() as session:
        counts = import_assignments(session, round_code, file.read_bytes())
    click.echo(f"{counts.added} mới, {counts.changed} thay đổi · new, changed")
