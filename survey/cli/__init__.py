"""The command `hailong`. Exit status 0: done; 1: refused, with the reason; 2: wrong call or settings."""

import click

from survey import __version__
from survey.cli.accounts import account
from survey.cli.assignments import assignment
from survey.cli.catalogue import catalogue
from survey.cli.demonstration import demo
from survey.cli.devices import device
from survey.cli.frames import frame
from survey.cli.invitations import invitation
from survey.cli.paper import paper
from survey.cli.questionnaires import questionnaire
from survey.cli.reports import report
from survey.cli.responses import response
from survey.cli.rounds import survey_round
from survey.cli.serve import migrate, serve


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="hailong")
def main() -> None:
    """Measure citizen satisfaction: rounds, catalogue, reports and the server."""


for command in (
    serve,
    migrate,
    demo,
    survey_round,
    questionnaire,
    catalogue,
    frame,
    invitation,
    paper,
    assignment,
    report,
    account,
    device,
    response,
):
    main.add_command(command)
