"""`hailong report build`: the numbers of a round as a file."""

from pathlib import Path

import click

from survey.cli.installation import load_settings, open_database, refusals_in_words
from survey.services.calendar import now

_FORMATS = (".xlsx", ".csv")


@click.group()
def report() -> None:
    """Index reports."""


@report.command()
@click.argument("round_code")
@click.option("--out", type=click.Path(dir_okay=False, writable=True, path_type=Path), required=True)
@click.option("--language", type=click.Choice(["vi", "en"]), default="vi", show_default=True)
def build(round_code: str, out: Path, language: str) -> None:
    """Write the index report of a round; the ending of FILE (.xlsx or .csv) chooses the format."""
    if out.suffix.lower() not in _FORMATS:
        raise click.BadParameter(f"{out.name}: {' / '.join(_FORMATS)}", param_hint="--out")
    # Imported here: SciPy and XlsxWriter take a second that other commands need not wait.
    from survey.reports.tables_csv import render_report_csv
    from survey.reports.workbook import render_workbook
    from survey.services.further_answers import list_further_answers
    from survey.services.index_reports import build_index_report
    from survey.services.quality import build_quality_report

    moment = now()
    with refusals_in_words(), open_database(load_settings()).read() as session:
        value = build_index_report(session, round_code, now=moment)
        if out.suffix.lower() == ".xlsx":
            quality = build_quality_report(session, round_code, now=moment)
            further = list_further_answers(session, round_code)
            content = render_workbook(value, language, quality, further)
        else:
            content = render_report_csv(value, language)
    try:
        out.write_bytes(content)
    except OSError as error:
        raise click.BadParameter(f"{out}: {error.strerror}", param_hint="--out") from error
    click.echo(str(out))
