"""`hailong round quality`: which units should be looked at, in the terminal."""

import click

from survey.cli.installation import load_settings, open_database, refusals_in_words
from survey.services.calendar import now


@click.command()
@click.argument("round_code", metavar="ROUND")
@click.option("--all", "with_all", is_flag=True, help="Every unit, not only those that stand out.")
@click.option("--language", type=click.Choice(["vi", "en"]), default="vi", show_default=True)
def quality(round_code: str, with_all: bool, language: str) -> None:
    """Show the flags of a round by unit, the worst first; no index leaves anything out because of them."""
    # Imported here: SciPy takes a second that other commands need not wait.
    from survey.reports.quality_tables import units_table
    from survey.reports.quality_words import finding, origin
    from survey.services.quality import build_quality_report

    with refusals_in_words(), open_database(load_settings()).read() as session:
        report = build_quality_report(session, round_code, now=now())
    click.echo(finding(report, language))
    click.echo(origin(report, language))
    lines = [line for form in report.forms for line in form.units] if with_all else report.standing_out
    table = units_table(lines, language)
    if table.rows:
        click.echo("\t".join(table.heads))
    for row in table.rows:
        click.echo("\t".join(row))
