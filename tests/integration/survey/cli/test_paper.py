"""`hailong paper`: the file to print, and how far the batches are."""

import io
from collections.abc import Callable
from pathlib import Path

import pypdf
import pytest
from click.testing import Result

from survey.services.paper_batches import count_forms
from survey.services.paper_printing import FORMS_PER_FILE
from survey.services.paper_progress import close_batch
from survey.services.rounds import close_round
from survey.store.database import Database
from tests import factories
from tests.paper import ANSWERS, TODAY, add_people, key, make_batch

Command = Callable[..., Result]


@pytest.fixture(autouse=True)
def _batch(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    with database.write() as session:
        factories.open_small_round(session)
        batch = make_batch(session, printed=3)
        (person,) = add_people(session, "a")
        key(session, batch, 2, person, ANSWERS)
    database.dispose()


def test_a_batch_is_printed(hailong: Command, tmp_path: Path) -> None:
    out = tmp_path / "phieu.pdf"
    assert hailong("paper", "print", factories.ROUND_CODE, "L0001", "--out", out).exit_code == 0
    text = pypdf.PdfReader(io.BytesIO(out.read_bytes())).pages[-2].extract_text()
    assert "L0001-0003" in text


def test_a_large_batch_is_printed_in_numbered_files(
    hailong: Command, sqlite_url: str, tmp_path: Path
) -> None:
    database = Database(sqlite_url)
    with database.write() as session:
        make_batch(session, printed=FORMS_PER_FILE + 1)
    database.dispose()
    out = tmp_path / "phieu.pdf"
    done = hailong("paper", "print", factories.ROUND_CODE, "L0002", "--out", out)
    assert done.exit_code == 0
    names = ["phieu-0001-0020.pdf", "phieu-0021-0021.pdf"]
    assert [Path(line.partition("\t")[0]).name for line in done.stdout.splitlines()] == names
    assert sorted(path.name for path in tmp_path.glob("*.pdf")) == names
    text = pypdf.PdfReader(tmp_path / names[1]).pages[0].extract_text()
    assert "L0002-0021" in text


def test_the_state_of_each_batch_is_one_line(hailong: Command) -> None:
    line = hailong("paper", "status", factories.ROUND_CODE).stdout.removesuffix("\n").split("\t")
    assert line == [
        "L0001",
        factories.UNIT_CODE,
        "vi-du",
        "3",
        "",
        "0",
        "0",
        "1",
        "0",
        "open",
        "vi",
        "",
        "",
        "",
    ]


def test_who_closed_a_batch_and_what_was_not_settled_is_in_its_line(
    hailong: Command, sqlite_url: str
) -> None:
    database = Database(sqlite_url)
    with database.write() as session:
        count_forms(session, factories.ROUND_CODE, "L0001", handed_out=3, returned=2)
        close_round(session, factories.ROUND_CODE)
        close_batch(session, factories.ROUND_CODE, "L0001", TODAY, closed_by="Lan")
    database.dispose()
    line = hailong("paper", "status", factories.ROUND_CODE).stdout.rstrip("\n").split("\t")
    assert line[4:] == ["2", "0", "0", "0", "0", "closed", "vi", "2", TODAY.isoformat(), "Lan"]


@pytest.mark.parametrize("arguments", [("print", "2031", "L0001"), ("print", factories.ROUND_CODE, "L0009")])
def test_what_does_not_exist_is_refused_in_words(hailong: Command, tmp_path: Path, arguments: tuple) -> None:
    result = hailong("paper", *arguments, "--out", tmp_path / "a.pdf")
    assert result.exit_code == 1
    assert " | " in result.stderr
    assert not (tmp_path / "a.pdf").exists()
