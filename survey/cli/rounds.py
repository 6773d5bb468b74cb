"""`hailong round`: make, change, open, close and list survey rounds."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import click

from survey.cli.installation import load_settings, open_database, refusals_in_words
from survey.cli.quality import quality
from survey.services import round_drafts, rounds
from survey.services.catalogue import DEFAULT_TARGET_SET

_DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.group("round")
def survey_round() -> None:
    """Make, change, open, close and list survey rounds."""


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
    metavar="FORM=UNITS",
    help="A questionnaire and where it is asked: codes (FORM=18880,18859), a file with one code a line "
    "(FORM=@units.txt) or kinds of units (FORM=kind:ward,commune); may be repeated.",
)
@click.option("--target-year", type=int, help="Year of the targets; else the newest that has come.")
@click.option("--contact", help="Whom respondents can ask: office, telephone, e-mail.")
@click.option("--contact-en", help="The same in English.")
def create(
    code: str,
    title: str,
    title_en: str | None,
    opens_on: datetime,
    closes_on: datetime,
    target_set: str,
    asked: tuple[str, ...],
    target_year: int | None,
    contact: str | None,
    contact_en: str | None,
) -> None:
    """Make a draft round with the newest versions of the questionnaires."""
    places = [(form_id, _read_codes(text)) for form_id, _, text in (part.partition("=") for part in asked)]
    with refusals_in_words(), open_database(load_settings()).write() as session:
        units: dict[str, list[str]] = {}
        for form_id, (kinds, codes) in places:
            of_kinds = rounds.list_unit_codes(session, kinds, opens_on.date())
            units.setdefault(form_id, []).extend([*codes, *of_kinds])
        rounds.create_round(
            session,
            code=code,
            title=rounds.round_title(title, title_en),
            opens_on=opens_on.date(),
            closes_on=closes_on.date(),
            target_set_code=target_set,
            units=units,
            target_year=target_year,
            contact=rounds.round_contact(contact, contact_en),
        )
    click.echo(code)


def _read_codes(text: str) -> tuple[list[str], list[str]]:
    """Kinds of units and codes of units: `kind:ward,commune`, `@file` or `18880,18859`."""
    if text.startswith("kind:"):
        return _parts(text.removeprefix("kind:").split(",")), []
    if not text.startswith("@"):
        return [], _parts(text.split(","))
    try:
        return [], _parts(Path(text[1:]).read_text(encoding="utf-8-sig").splitlines())
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "UTF-8"
        raise click.BadParameter(f"{text[1:]}: {reason}", param_hint="--ask") from error


def _parts(texts: Iterable[str]) -> list[str]:
    return [text.strip() for text in texts if text.strip()]


@survey_round.command()
@click.argument("code")
@click.option("--title", help="Vietnamese title.")
@click.option("--title-en", help="English title.")
@click.option("--opens", "opens_on", type=_DAY)
@click.option("--closes", "closes_on", type=_DAY)
@click.option("--contact", help="Whom respondents can ask; an empty text names nobody.")
@click.option("--contact-en", help="The same in English.")
def edit(
    code: str,
    title: str | None,
    title_en: str | None,
    opens_on: datetime | None,
    closes_on: datetime | None,
    contact: str | None,
    contact_en: str | None,
) -> None:
    """Change titles and dates of a draft, or the contact of a round that is not closed."""
    with refusals_in_words(), open_database(load_settings()).write() as session:
        round_drafts.edit_round(
            session,
            code,
            title=title,
            title_en=title_en,
            opens_on=opens_on.date() if opens_on else None,
            closes_on=closes_on.date() if closes_on else None,
            contact=contact,
            contact_en=contact_en,
        )


@survey_round.command()
@click.argument("code")
@click.confirmation_option(prompt="Xóa bản thảo này? | Delete this draft?")
def delete(code: str) -> None:
    """Delete a draft with its frame, devices and codes; an open or closed round stays."""
    with refusals_in_words(), open_database(load_settings()).write() as session:
        round_drafts.delete_draft(session, code)


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
