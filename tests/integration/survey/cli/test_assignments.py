"""`hailong assignment import`: the list of a round's addresses."""

from pathlib import Path

import pytest

from survey.services.assignments import list_assignments
from survey.store.database import Database
from tests import factories
from tests.integration.survey.cli.conftest import Command

HEADING = "number,questionnaire,unit,place,note,device"


@pytest.fixture
def database(sqlite_url: str) -> Database:
    database = Database(sqlite_url)
    with database.write() as session:
        factories.open_small_round(session)
    return database


def test_a_list_is_taken_over(hailong: Command, database: Database, tmp_path: Path) -> None:
    file = tmp_path / "danh-sach.csv"
    file.write_text(f"{HEADING}\n1,vi-du,{factories.UNIT_CODE},Nhà văn hóa thôn 3,,\n", encoding="utf-8")
    result = hailong("assignment", "import", factories.ROUND_CODE, file)
    assert (result.exit_code, result.output) == (0, "1 mới, 0 thay đổi · new, changed\n")
    with database.read() as session:
        (line,) = list_assignments(session, factories.ROUND_CODE).lines
    assert line.place == "Nhà văn hóa thôn 3"


def test_every_fault_is_said_and_nothing_is_taken(
    hailong: Command, database: Database, tmp_path: Path
) -> None:
    file = tmp_path / "danh-sach.csv"
    rows = [f"1,vi-du,{factories.UNIT_CODE},gọi 0912345678,,", "2,vi-du,00000,Thôn 3,,I-XXXXX"]
    file.write_text("\n".join([HEADING, *rows]), encoding="utf-8")
    result = hailong("assignment", "import", factories.ROUND_CODE, file)
    assert result.exit_code == 1
    assert "dòng 2, cột place: giống số điện thoại" in result.output
    assert "dòng 3, cột unit: không thuộc đợt khảo sát này" in result.output
    assert "dòng 3, cột device: không thuộc đợt khảo sát này" in result.output
    with database.read() as session:
        assert list_assignments(session, factories.ROUND_CODE).lines == ()
