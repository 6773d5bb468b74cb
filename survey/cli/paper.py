"""`hailong paper`: print the forms of a batch, and say how far the batches of a round are."""

from pathlib import Path

import click

from survey.cli.installation import load_settings, open_database, refusals_in_words
from survey.services import paper_batches, paper_printing, paper_progress

# While other files are made for pages.
_PRINTING_WAIT = 3600


@click.group()
def paper() -> None:
    """Paper forms: the file to print, and how far they are keyed."""


@paper.command("print")
@click.argument("round_code")
@click.argument("batch_code")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="The PDF to write; of more than 20 forms, what the names of the files begin with.",
)
def print_(round_code: str, batch_code: str, out: Path) -> None:
    """Write all forms of a batch, in the language for which the batch was made.

    20 forms make one PDF. Of a larger batch each file has the numbers of its forms in its name, before the
    ending of FILE; a line is printed as soon as a file is written.
    """
    settings = load_settings()
    with refusals_in_words(), open_database(settings).read() as session:
        batch = paper_batches.get_batch(session, round_code, batch_code)
    parts = paper_printing.list_parts(batch)
    for part in parts:
        with refusals_in_words():
            content = paper_printing.print_part(
                settings.database_url, settings.data_directory, batch, part, wait_seconds=_PRINTING_WAIT
            )
        path = out if len(parts) == 1 else out.with_name(f"{out.stem}-{part.name}{out.suffix}")
        path.write_bytes(content)
        click.echo(f"{path}\t{part.last - part.first + 1} phiếu · forms")


@paper.command()
@click.argument("round_code")
def status(round_code: str) -> None:
    """One line a batch.

    Code, unit, form, printed, returned, stored, spoilt, waiting, differing, status, language, and of a closed
    batch the forms not settled when its round was closed, the day and the name of who closed it.
    """
    with refusals_in_words(), open_database(load_settings()).read() as session:
        for line in paper_batches.list_batches(session, round_code):
            batch, progress = line.batch, paper_progress.get_progress(session, line.batch)
            returned = "" if batch.returned_count is None else batch.returned_count
            closing = ("", "", "")
            if batch.closed_on is not None:
                closing = (str(batch.unsettled_count), batch.closed_on.isoformat(), batch.closed_by or "")
            click.echo(
                f"{batch.code}\t{batch.unit_code}\t{batch.questionnaire.id}\t{batch.printed_count}\t{returned}\t"
                f"{line.stored_count}\t{line.spoilt_count}\t{len(progress.keyed_once)}\t"
                f"{len(progress.differing)}\t{batch.status}\t{batch.language}\t" + "\t".join(closing)
            )
