"""`hailong demo`: the demonstration round."""

import click

from survey.cli.installation import load_settings, open_database, refusals_in_words
from survey.services.calendar import local_date, now
from survey.services.demonstration import ROUND_CODE, load_demonstration, remove_demonstration
from survey.store.database import Database


@click.command()
@click.option("--remove", is_flag=True, help="Delete the demonstration round with all its responses.")
def demo(remove: bool) -> None:
    """Load the demonstration round: 12 000 synthetic responses in every measure."""
    database = open_database(load_settings())
    if remove:
        with refusals_in_words():
            remove_demonstration(database)
        click.echo(f"Đã xóa đợt minh họa · removed: {ROUND_CODE}")
        return
    load_with_progress(database)


def load_with_progress(database: Database) -> None:
    """Load the demonstration round and say how far it is."""
    label = "Đang nạp dữ liệu minh họa · loading the demonstration"
    with refusals_in_words(), click.progressbar(length=100, label=label) as bar:
        count = load_demonstration(
            database,
            local_date(now()),
            lambda done, total: bar.update(round(100 * done / total) - bar.pos),
        )
    click.echo(
        f"{count} phiếu minh họa · demonstration responses"
        if count
        else f"Đợt minh họa đã có sẵn · already there: {ROUND_CODE}"
    )
