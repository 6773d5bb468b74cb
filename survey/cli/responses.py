"""`hailong response import`: rescue files of devices that could not send."""

import sys
from pathlib import Path

import click

from survey.cli.installation import load_settings, open_database, refusals_in_words
from survey.cli.sentences import rescue_fault_sentence
from survey.services.calendar import now
from survey.services.rescue_files import LARGEST_FILE, RescueOutcome, import_rescue_file


@click.group()
def response() -> None:
    """Filled questionnaires that come on another way."""


@response.command("import")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--device", "device_code", help="The device's code, where the first line of the file is lost.")
@click.option("--dry-run", is_flag=True, help="Say what would be done and store nothing.")
def import_(files: tuple[Path, ...], device_code: str | None, dry_run: bool) -> None:
    """Take the sound responses of rescue files, each once; name the faulty lines and leave with status 1."""
    database = open_database(load_settings())
    is_whole = True
    for file in files:
        with refusals_in_words():
            outcome = import_rescue_file(
                database, _read(file), now=now(), device_code=device_code, dry_run=dry_run
            )
        for fault in outcome.faults:
            click.echo(f"hailong: {file.name}: {rescue_fault_sentence(fault)}", err=True)
        click.echo(f"{file.name}: {_summary(outcome, dry_run)}")
        is_whole = is_whole and not outcome.faults
    if not is_whole:
        sys.exit(1)


def _read(file: Path) -> bytes:
    if file.stat().st_size > LARGEST_FILE:
        raise click.BadParameter(f"{file.name}: > {LARGEST_FILE // 1024 // 1024} MB", param_hint="FILES")
    return file.read_bytes()


def _summary(outcome: RescueOutcome, dry_run: bool) -> str:
    trial = "thử, chưa lưu gì · trial, nothing stored: " if dry_run else ""
    return (
        f"{trial}{outcome.device_code}: {outcome.stored} lưu mới · stored, "
        f"{outcome.already} đã có · already there, {outcome.kept} để riêng · set aside, "
        f"{len(outcome.faults)} lỗi · faults"
    )
