"""`hailong questionnaire`: check and publish questionnaire files."""

import sys
from pathlib import Path

import click

from questionnaires.loader import load_questionnaire
from questionnaires.problems import QuestionnaireFaulty
from survey.cli.installation import load_settings, open_database, refusals_in_words
from survey.cli.sentences import problem_sentence
from survey.services.calendar import local_date, now
from survey.services.questionnaires import publish


@click.group()
def questionnaire() -> None:
    """Questionnaires as files."""


@questionnaire.command("publish")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def publish_(file: Path) -> None:
    """Check a file and publish it as a version that never changes again."""
    try:
        loaded = load_questionnaire(file)
    except QuestionnaireFaulty as faulty:
        for problem in faulty.problems:
            click.echo(f"{file}: {problem_sentence(problem)}", err=True)
        sys.exit(1)
    with refusals_in_words(), open_database(load_settings()).write() as session:
        publish(session, loaded, local_date(now()))
    click.echo(f"{loaded.id} {loaded.version}")
