"""`hailong paper`: print the forms of a batch, and say how far the batches of a round are."""

from pathlib import Path

import click

from survey.cli.installation import load_settings, open_database, refusals_in_words
from survey.services import paper_batches, paper_progress


@click.group()
def paper() -> None:
    """Paper forms: the file to print, and how far they are keyed."""


@paper.command("print")
@click.argument("round_code")
@click.argument("batch_code")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The PDF to write."
)
def print_(round_code: str, batch_code: str, out: Path) -> None:
    """Write all forms of a batch into one PDF, in the language for which the batch was made."""
    from survey.reports.paper_form import render_paper_forms

    with refusals_in_words(), open_database(load_settings()).read() as session:
        batch = paper_batches.get_batch(session, round_code, batch_code)
    out.write_bytes(render_paper_forms(batch))
    click.echo(f"{out}\t{batch.printed_count} phiếu · forms")


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
