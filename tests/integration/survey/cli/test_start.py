"""Starting with settings or a database that cannot work: clear lines, exit status 2."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from survey import __version__

Command = Callable[..., Result]
COMMANDS = [
    *[("migrate",), ("serve",), ("demo",), ("round", "list"), ("account", "list"), ("round", "open", "q1")],
    *[("account", "reset-password", "lan"), ("report", "build", "q1", "--out", "q1.csv")],
]
PROGRAM = [sys.executable, "-c", "from survey.cli import main; main(prog_name='hailong')"]


def test_version_is_told(hailong: Command) -> None:
    assert hailong("--version").output.strip() == f"hailong, version {__version__}"


def test_help_names_every_command(hailong: Command) -> None:
    listed = hailong("-h").output

    for name in (
        "serve",
        "migrate",
        "demo",
        "round",
        "questionnaire",
        "catalogue",
        "frame",
        "report",
        "account",
    ):
        assert f"\n  {name} " in listed


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_broken_database_address_is_one_line(hailong: Command, command: tuple[str, ...]) -> None:
    result = hailong(*command, DATABASE_URL="mysql://user@host/name")

    assert result.exit_code == 2
    assert result.output == (
        "hailong: DATABASE_URL: chỉ dùng được sqlite và postgresql, không phải mysql | "
        "only sqlite and postgresql are supported, not mysql\n"
    )


def test_every_faulty_setting_is_a_line(hailong: Command, tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    result = hailong(
        "migrate",
        DATA_DIRECTORY=str(tmp_path / "file" / "var"),
        DATABASE_URL="nonsense",
        PORT="http",
        PUBLIC_ADDRESS="https://khaosat.example.vn/khao-sat",
    )

    assert result.exit_code == 2
    names = [line.split(": ")[1] for line in result.stderr.splitlines()]
    assert names == ["DATA_DIRECTORY", "DATABASE_URL", "PORT", "PUBLIC_ADDRESS"]
    assert result.stdout == ""


def test_unwritable_data_directory_is_one_line(hailong: Command, tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    result = hailong("migrate", DATA_DIRECTORY=str(tmp_path / "file" / "var"), DATABASE_URL="")

    assert result.exit_code == 2
    (line,) = result.stderr.splitlines()
    assert line.startswith("hailong: DATA_DIRECTORY: không ghi được vào ")


def test_file_that_is_no_database_is_one_line(hailong: Command, tmp_path: Path) -> None:
    (tmp_path / "letter.db").write_text("Kính gửi Ủy ban nhân dân tỉnh" * 100, encoding="utf-8")

    result = hailong("migrate", DATABASE_URL=f"sqlite:///{tmp_path / 'letter.db'}")

    assert result.exit_code == 2
    assert result.stderr == "hailong: DATABASE_URL: không dùng được cơ sở dữ liệu | file is not a database\n"


def test_database_of_a_newer_version_is_one_line(hailong: Command, sqlite_url: str) -> None:
    connection = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))
    with connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()

    result = hailong("migrate")

    assert result.exit_code == 2
    assert result.stderr == (
        "hailong: DATABASE_URL: không dùng được cơ sở dữ liệu | Can't locate revision identified by '9999'\n"
    )


def test_server_that_is_down_is_one_line(hailong: Command, tmp_path: Path) -> None:
    result = hailong("round", "list", DATABASE_URL=f"postgresql://nobody@/absent?host={tmp_path}")

    assert result.exit_code == 2
    (line,) = result.stderr.splitlines()
    assert line.startswith("hailong: DATABASE_URL: ")


@pytest.mark.parametrize("value", ["many", "0", "1000"])
def test_impossible_number_of_processes_is_one_line(environment: dict[str, str], value: str) -> None:
    result = subprocess.run(
        [*PROGRAM, "serve"],
        env={**os.environ, **environment, "WEB_CONCURRENCY": value},
        capture_output=True,
        text=True,
        check=False,
    )

    assert result.returncode == 2
    assert (
        result.stderr == f"hailong: WEB_CONCURRENCY: cần số nguyên từ 1 đến 64, không phải {value!r} | "
        f"a whole number from 1 to 64 is needed, not {value!r}\n"
    )


def test_migrating_fills_a_new_installation(hailong: Command, tmp_path: Path) -> None:
    result = hailong("migrate", DATABASE_URL="")

    assert (result.exit_code, result.output) == (0, "")
    assert (tmp_path / "var" / "hailong.db").is_file()
    assert hailong("round", "list", DATABASE_URL="").output == ""


@pytest.mark.parametrize("command", [("conquer",), ("round",), ("round", "create"), ("serve", "--fast")])
def test_wrong_call_has_status_two(hailong: Command, command: tuple[str, ...]) -> None:
    assert hailong(*command).exit_code == 2
