"""`hailong invitation`: personal codes of those who were drawn into the sample."""

from pathlib import Path

import click

from survey.cli.installation import load_settings, open_database, refusals_in_words
from survey.services import invitations
from survey.services.calendar import local_date, now


@click.group()
def invitation() -> None:
    """Personal codes: make them, write them into a file, withdraw them."""


@invitation.command()
@click.argument("round_code")
@click.argument("form_id")
@click.argument("unit_codes", metavar="UNIT_CODE…", nargs=-1, required=True)
@click.option("--count", type=int, required=True, help="How many codes for each unit.")
def create(round_code: str, form_id: str, unit_codes: tuple[str, ...], count: int) -> None:
    """Make codes for each of the units and print the codes of the batches."""
    settings = load_settings()
    with refusals_in_words(), open_database(settings).write() as session:
        batches = invitations.issue_codes(
            session,
            secret_key=settings.secret_key,
            round_code=round_code,
            form_id=form_id,
            unit_codes=unit_codes,
            count=count,
            account_id=None,
            today=local_date(now()),
        )
    for unit_code, batch_code in zip(unit_codes, batches, strict=True):
        click.echo(f"{batch_code}\t{unit_code}\t{count}")


@invitation.command()
@click.argument("round_code")
@click.argument("batch_code")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The CSV file to write."
)
def export(round_code: str, batch_code: str, out: Path) -> None:
    """Write the codes of a batch with their addresses; needs PUBLIC_ADDRESS."""
    from survey.reports.invitation_slips import render_codes

    settings = load_settings()
    if settings.public_address is None:
        raise click.UsageError(
            "PUBLIC_ADDRESS: cần cho địa chỉ kèm mã | is needed for the addresses of codes"
        )
    with refusals_in_words(), open_database(settings).read() as session:
        batch = invitations.get_batch(session, round_code, batch_code)
        codes = invitations.list_codes(session, settings.secret_key, round_code, batch_code)
    listed = [(code, f"{settings.public_address}/ma/{code}") for code in codes]
    out.write_bytes(render_codes([(batch, listed)], "vi"))
    click.echo(f"{out}\t{len(codes)} mã · codes")


@invitation.command()
@click.argument("round_code")
@click.argument("form_id")
def status(round_code: str, form_id: str) -> None:
    """One line a batch: code, unit, codes, used, withdrawn, day."""
    with refusals_in_words(), open_database(load_settings()).read() as session:
        for batch in invitations.list_batches(session, round_code, form_id):
            click.echo(
                f"{batch.code}\t{batch.unit_code}\t{batch.issued_count}\t{batch.used_count}\t"
                f"{batch.withdrawn_count}\t{batch.created_on.isoformat()}"
            )


@invitation.command()
@click.argument("round_code")
@click.argument("batch_code")
def withdraw(round_code: str, batch_code: str) -> None:
    """Make the unused codes of a batch invalid and print how many there were."""
    with refusals_in_words(), open_database(load_settings()).write() as session:
        count = invitations.withdraw_batch(session, round_code, batch_code, today=local_date(now()))
    click.echo(f"{batch_code}\t{count}")
