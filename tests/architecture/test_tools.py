"""Rules that a tool can check are checked by the tool."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.source_files import ROOT

BIN = Path(sys.executable).parent


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(["ruff", "check", "."], id="ruff-check"),
        pytest.param(["ruff", "format", "--check", "--diff", "."], id="ruff-format"),
        pytest.param(["mypy"], id="mypy"),
        pytest.param(["lint-imports"], id="import-contracts"),
    ],
)
def test_tool_has_no_objection(command: list[str]) -> None:
    program, *arguments = command

    answer = subprocess.run(
        [BIN / program, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )

    if answer.returncode != 0:
        pytest.fail(f"{' '.join(command)}\n{answer.stdout}{answer.stderr}", pytrace=False)
