"""`hailong response import`: rescue files of devices that could not send."""

import sys
from pathlib import Path

import click

from survey.cli.installation import load_settings, open_database, refusals_in_words
from survey.cli.sentences import rescue_fault_sentence, sentences_of
from survey.services.calendar import now
from survey.services.problems import SurveyError
from survey.services.rescue_files import RescueOutcome, import_rescue_file
from survey.store.database import Database


@click.group()
def response() -> None:
    """Filled questionnaires that come on another way."""


@response.command("import")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option(
    "--device",
    "device_code",
    help="The device that took the responses, where the first line is lost or names another one.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be done and store nothing.")
def import_(files: tuple[Path, ...], device_code: str | None, dry_run: bool) -> None:
    """Take what is sound in rescue files, responses and visits, each once.

    Faulty lines and files are named, the others are taken, and the status is then 1.
    """
    database = open_database(load_settings())
    is_whole = True
    for file in files:
        with refusals_in_words():
            is_whole = _import(database, file, device_code, dry_run) and is_whole
    if not is_whole:
        sys.exit(1)


def _import(database: Database, file: Path, device_code: str | None, dry_run: bool) -> bool:
    """Whether the whole file was taken; one that cannot be taken is named and costs the others nothing."""
    try:
        with file.open("rb") as content:
            outcome = import_rescue_file(
                database, content, now=now(), device_code=device_code, dry_run=dry_run
            )
    except SurveyError as refusal:
        for sentence in sentences_of(refusal):
            click.echo(f"hailong: {file.name}: {sentence}", err=True)
        return False
    except OSError as trouble:
        reason = trouble.strerror
        click.echo(f"hailong: {file.name}: không đọc được tệp · cannot be read: {reason}", err=True)
        return False
    for fault in outcome.faults:
        click.echo(f"hailong: {file.name}: {rescue_fault_sentence(fault)}", err=True)
    click.echo(f"{file.name}: {_summary(outcome, dry_run)}")
    return not outcome.faults


def _summary(outcome: RescueOutcome, dry_run: bool) -> str:
    trial = "thử, chưa lưu gì · trial, nothing stored: " if dry_run else ""
    return (
        f"{trial}{outcome.device_code}: {outcome.stored} lưu mới · stored, "
        f"{outcome.already} đã có · already there, {outcome.kept} để riêng · set aside, "
        f"{_visits(outcome)}{len(outcome.faults)} lỗi · faults"
    )


def _visits(outcome: RescueOutcome) -> str:
    if not outcome.has_visits:
        return ""
    late = f" (đợt đã đóng · round closed: {outcome.visits_late})" if outcome.visits_late else ""
    return (
        f"{outcome.visits_stored} lần đến lưu mới · visits stored{late}, "
        f"{outcome.visits_already} lần đến đã có · visits already there, "
    )
