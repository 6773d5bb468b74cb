"""The command `hailong` with settings of its own, in this process."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from survey.cli import main

Command = Callable[..., Result]


@pytest.fixture
def environment(sqlite_url: str, tmp_path: Path) -> dict[str, str]:
    """What an installation on SQLite is told; everything else has its default."""
    names = ("SECRET_KEY", "SECRET_KEY_FILE", "HOST", "PORT", "WEB_CONCURRENCY", "TRUSTED_PROXIES")
    absent = dict.fromkeys((*names, "PUBLIC_ADDRESS"), "")
    return {**absent, "DATABASE_URL": sqlite_url, "DATA_DIRECTORY": str(tmp_path / "var")}


@pytest.fixture
def hailong(environment: dict[str, str]) -> Command:
    """Runs the command; an error that is not said in words fails the test."""

    def run(*arguments: object, **changes: str) -> Result:
        runner = CliRunner(env={**environment, **changes})
        return runner.invoke(main, [str(argument) for argument in arguments], catch_exceptions=False)

    return run
