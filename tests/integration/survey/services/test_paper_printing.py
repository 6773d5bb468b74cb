"""Files of paper forms: made by a process of their own, one at a time on a machine."""

from pathlib import Path

import pytest

from survey.services.paper_batches import Batch
from survey.services.paper_printing import Part, PrintingBusy, PrintingFailed, list_parts, print_part
from survey.services.report_files import the_one_computation
from survey.store.database import Database
from tests import factories
from tests.paper import make_batch


@pytest.fixture
def batch(sqlite_url: str) -> Batch:
    database = Database(sqlite_url)
    with database.write() as session:
        factories.open_small_round(session)
        made = make_batch(session, printed=41)
    database.dispose()
    return made


def test_the_files_hold_every_form_once(batch: Batch) -> None:
    assert list_parts(batch) == [Part(1, 20), Part(21, 40), Part(41, 41)]


def test_two_files_are_not_made_at_once(sqlite_url: str, tmp_path: Path, batch: Batch) -> None:
    with the_one_computation(tmp_path, "printing"), pytest.raises(PrintingBusy):
        print_part(sqlite_url, tmp_path, batch, Part(1, 2), wait_seconds=0)
    # A report that is being computed holds up no forms.
    with the_one_computation(tmp_path):
        assert print_part(sqlite_url, tmp_path, batch, Part(1, 2), wait_seconds=0).startswith(b"%PDF")


def test_a_process_that_ends_without_a_file_is_said_with_its_reason(tmp_path: Path, batch: Batch) -> None:
    with pytest.raises(PrintingFailed, match="no such table"):
        print_part(f"sqlite:///{tmp_path}/nothing.db", tmp_path, batch, Part(1, 2), wait_seconds=0)
