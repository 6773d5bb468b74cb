"""`hailong paper`: the file to print, and how far the batches are."""

import io
from collections.abc import Callable
from pathlib import Path

import pypdf
import pytest
from click.testing import Result

from survey.store.database import Database
from tests import factories
from tests.paper import ANSWERS, add_people, key, make_batch

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


def test_the_state_of_each_batch_is_one_line(hailong: Command) -> None:
    line = hailong("paper", "status", factories.ROUND_CODE).stdout.rstrip("\n").split("\t")
    assert line == ["L0001", factories.UNIT_CODE, "vi-du", "3", "", "0", "0", "1", "0", "open"]


@pytest.mark.parametrize("arguments", [("print", "2031", "L0001"), ("print", factories.ROUND_CODE, "L0009")])
def test_what_does_not_exist_is_refused_in_words(hailong: Command, tmp_path: Path, arguments: tuple) -> None:
    result = hailong("paper", *arguments, "--out", tmp_path / "a.pdf")
    assert result.exit_code == 1
    assert " | " in result.stderr
    assert not (tmp_path / "a.pdf").exists()
