"""`hailong round`: make, open, close and list survey rounds."""

from datetime import datetime

import click

from survey.cli.installation import load_settings, open_database, refusals_in_words
from survey.cli.quality import quality
from survey.services import rounds
from survey.services.catalogue import DEFAULT_TARGET_SET

_DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.group("round")
def survey_round() -> None:
    """Make, open, close and list survey rounds."""


@survey_round.command()
@click.argument("code")
@click.option("--title", required=True, help="Vietnamese title.")
@click.option("--title-en", help="English title; the Vietnamese one where left out.")
@click.option("--opens", "opens_on", type=_DAY, required=True)
@click.option("--closes", "closes_on", type=_DAY, required=True)
@click.option("--targets", "target_set", default=DEFAULT_TARGET_SET, show_default=True)
@click.option(
    "--ask",
    "asked",
    multiple=True,
    required=True,
    metavar="FORM=UNIT,UNIT…",
    help="A questionnaire and the codes of the units where it is asked; may be repeated.",
)
def create(
    code: str,
    title: str,
    title_en: str | None,
    opens_on: datetime,
    closes_on: datetime,
    target_set: str,
    asked: tuple[str, ...],
) -> None:
    """Make a draft round with the newest versions of the questionnaires."""
    units: dict[str, list[str]] = {}
    for part in asked:
        form_id, _, codes = part.partition("=")
        units.setdefault(form_id, []).extend(code.strip() for code in codes.split(",") if code.strip())
    with refusals_in_words(), open_database(load_settings()).write() as session:
        rounds.create_round(
            session,
            code=code,
            title=rounds.round_title(title, title_en),
            opens_on=opens_on.date(),
            closes_on=closes_on.date(),
            target_set_code=target_set,
            units=units,
        )
    click.echo(code)


@survey_round.command("open")
@click.argument("code")
def open_(code: str) -> None:
    """Let a round be answered between its dates."""
    with refusals_in_words(), open_database(load_settings()).write() as session:
        rounds.open_round(session, code)


@survey_round.command()
@click.argument("code")
def close(code: str) -> None:
    """Take no further responses."""
    with refusals_in_words(), open_database(load_settings()).write() as session:
        rounds.close_round(session, code)


@survey_round.command("list")
def list_() -> None:
    """One line a round: code, status, dates, responses, title."""
    with open_database(load_settings()).read() as session:
        for line in rounds.list_rounds(session):
            click.echo(
                f"{line.code}\t{line.status}\t{line.opens_on}\t{line.closes_on}\t{line.response_count}\t{line.title.vi}"
            )


survey_round.add_command(quality)
