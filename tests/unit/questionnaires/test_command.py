"""The command line of a form author."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from questionnaires.__main__ import main
from questionnaires.examples import example_document
from questionnaires.json_schema import SCHEMA_PATH


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    path = tmp_path / "sound.yaml"
    path.write_text(yaml.safe_dump(example_document(), allow_unicode=True), encoding="utf-8")
    return path


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    path = tmp_path / "faulty.yaml"
    document = example_document() | {"layout": "poster"}
    del document["title"]["vi"]
    path.write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")
    return path


def test_a_sound_file_ends_with_status_0(sound: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(sound)]) == 0
    assert capsys.readouterr().out == "1 tệp, 0 lỗi\n"


def test_a_file_that_says_nothing_is_no_sound_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "nothing.yaml"
    path.write_text("---\n")
    assert main(["check", str(path)]) == 1
    assert capsys.readouterr().out == f"{path}: tệp không có nội dung\n1 tệp, 1 lỗi\n"


def test_each_problem_is_a_line_and_the_status_1(
    sound: Path, faulty: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(sound), str(faulty)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert f"{faulty}: title.vi: thiếu lời tiếng Việt" in lines
    assert lines[-1] == "2 tệp, 2 lỗi"


def test_the_messages_can_be_english(faulty: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["check", "--language", "en", str(faulty)])
    assert f"{faulty}: title.vi: the Vietnamese text is missing" in capsys.readouterr().out


def test_a_file_that_cannot_be_read_is_status_2_and_the_others_are_checked(
    faulty: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(tmp_path / "nothing.yaml"), str(tmp_path), str(faulty)]) == 2
    captured = capsys.readouterr()
    assert len(captured.err.splitlines()) == 2
    assert "title.vi" in captured.out


def test_without_files_the_shipped_forms_are_checked(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 0
    assert int(capsys.readouterr().out.split()[0]) >= 7


def test_the_schema_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema"]) == 0
    assert capsys.readouterr().out == SCHEMA_PATH.read_text(encoding="utf-8")


def test_a_plain_locale_prints_vietnamese(faulty: Path) -> None:
    environment = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    command = [sys.executable, "-m", "questionnaires", "check", str(faulty)]
    done = subprocess.run(command, env=environment, capture_output=True, check=False)
    assert done.returncode == 1
    assert "thiếu lời tiếng Việt" in done.stdout.decode()
