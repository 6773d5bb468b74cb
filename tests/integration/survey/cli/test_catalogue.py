"""`hailong catalogue import`: all rows, or none and a line for each fault."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import func, select

from survey.models import TargetSet, Unit
from survey.store.database import Database

Command = Callable[..., Result]
HEADING = "code;name;name_en;kind;former_province;valid_from;valid_to;successor_code;source\r\n"


def write(directory: Path, text: str, encoding: str = "utf-8-sig") -> Path:
    file = directory / "bảng.csv"
    file.write_bytes(text.encode(encoding))
    return file


@pytest.fixture
def installed(hailong: Command, sqlite_url: str) -> Iterator[Database]:
    hailong("migrate")
    database = Database(sqlite_url)
    yield database
    database.dispose()


def count_units(database: Database) -> int:
    with database.read() as session:
        return session.scalars(select(func.count()).select_from(Unit)).one()


def test_rows_are_taken_and_counted(hailong: Command, installed: Database, tmp_path: Path) -> None:
    before = count_units(installed)
    file = write(tmp_path, f"{HEADING}x;Xã X;X;commune;;1/7/2025;;;s\r\n")

    result = hailong("catalogue", "import", "units", file)

    assert (result.exit_code, result.stdout) == (0, "1 dòng · rows\n")
    assert count_units(installed) == before + 1


def test_each_fault_is_a_line_and_nothing_is_taken(
    hailong: Command, installed: Database, tmp_path: Path
) -> None:
    before = count_units(installed)
    faulty = [
        ";;X;commune;;;;;",
        "y;Y;Y;village;;1/13/2025;;;s",
        "z;Z;Z;commune;;1/7/2025;1/1/2020;absent;s",
        ";;;;;;;;s",
    ]
    file = write(tmp_path, HEADING + "x;Xã X;X;commune;;1/7/2025;;;s\r\n" + "\r\n".join(faulty))

    result = hailong("catalogue", "import", "units", file)

    assert (result.exit_code, result.stdout) == (1, "")
    lines = result.stderr.splitlines()
    assert len(lines) == 13
    assert lines[0] == "hailong: dòng 3, cột code: ô trống | cell is empty"
    assert lines[4].startswith("hailong: dòng 4, cột valid_from: không phải ngày")
    assert lines[4].endswith("“1/13/2025”")
    assert count_units(installed) == before


@pytest.mark.parametrize(("encoding", "name"), [("utf-16", "“UTF-16”"), ("cp1258", "Windows-1258 or TCVN3")])
def test_other_encoding_is_refused_by_name(
    hailong: Command, tmp_path: Path, encoding: str, name: str
) -> None:
    file = write(tmp_path, f"{HEADING}x;Đông;X;commune;;1/7/2025;;;s\r\n", encoding)

    result = hailong("catalogue", "import", "units", file)

    assert result.exit_code == 1
    (line,) = result.stderr.splitlines()
    assert line.startswith("hailong: tệp: ")
    assert name in line


def test_workbook_is_refused_by_name(hailong: Command, tmp_path: Path) -> None:
    (tmp_path / "units.csv").write_bytes(b"PK\x03\x04...")

    result = hailong("catalogue", "import", "units", tmp_path / "units.csv")

    assert result.exit_code == 1
    assert "“XLSX”" in result.stderr


def test_new_targets_become_a_set_with_its_name(
    hailong: Command, installed: Database, tmp_path: Path
) -> None:
    file = write(tmp_path, "measure,year,minimum_percent,text\nsipas,2026,91%,t\n")

    result = hailong("catalogue", "import", "targets", file, "--set", "1/QĐ", "--set-name", "Quyết định 1")

    assert result.exit_code == 0
    with installed.read() as session:
        names = dict(session.execute(select(TargetSet.code, TargetSet.name)).all())
    assert names["1/QĐ"] == "Quyết định 1"
    assert len(names) == 2


@pytest.mark.parametrize("arguments", [("weather", __file__), ("units", "absent.csv"), ("units",)])
def test_unknown_kind_or_file_is_a_wrong_call(hailong: Command, arguments: tuple[str, ...]) -> None:
    assert hailong("catalogue", "import", *arguments).exit_code == 2
