"""The output of a proof goes to its own block of the page, and nowhere else."""

from pathlib import Path

import pytest

from tests.soak.account import Account
from tests.soak.record import write_record

PAGE = "# Page\n\n<!-- one -->\n```\nold\n```\n\n<!-- two -->\n```\nkept\n```\n"


def test_block_is_replaced_and_the_rest_stays(tmp_path: Path) -> None:
    document = tmp_path / "page.md"
    document.write_text(PAGE, encoding="utf-8")

    write_record("one", ["sent 1", "0 faults"], document)

    assert document.read_text(encoding="utf-8") == PAGE.replace("old\n", "sent 1\n0 faults\n")


def test_unknown_block_is_named(tmp_path: Path) -> None:
    document = tmp_path / "page.md"
    document.write_text(PAGE, encoding="utf-8")

    with pytest.raises(SystemExit, match="three"):
        write_record("three", [], document)


@pytest.mark.parametrize(
    "change",
    [{"lost": 1}, {"duplicates": 1}, {"altered": 1}, {"acknowledged": 9}, {"stored": 11}],
    ids=lambda change: next(iter(change)),
)
def test_every_way_of_not_being_exactly_once_is_a_fault(change: dict[str, int]) -> None:
    whole = {
        "sent": 10,
        "attempts": 12,
        "acknowledged": 10,
        "stored": 10,
        "duplicates": 0,
        "lost": 0,
        "altered": 0,
    }

    assert Account(**whole).faults == []
    assert len(Account(**{**whole, **change}).faults) == 1
