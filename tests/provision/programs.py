"""Finds the programs that the tests need beside Python: a PostgreSQL server and Chromium.

Run as a program, it prints the name of each one that is missing.
"""

import os
import shutil
import subprocess
from pathlib import Path

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
SERVER_PROGRAMS = ("initdb", "postgres")


def find_postgresql() -> Path | None:
    """The directory of the server programs. Debian keeps them off the PATH, one directory a version."""
    for directory in _postgresql_directories():
        if all(os.access(directory / program, os.X_OK) for program in SERVER_PROGRAMS):
            return directory
    return None


def find_chromium() -> Path | None:
    """The browser; `CHROMIUM` in the environment names another one."""
    names = [name for name in (os.environ.get("CHROMIUM"), *CHROMIUM_NAMES) if name]
    found = (shutil.which(name) for name in names)
    return next((Path(path) for path in found if path), None)


def _postgresql_directories() -> list[Path]:
    directories = [Path(given) for given in (os.environ.get("POSTGRESQL_BIN"),) if given]
    initdb = shutil.which("initdb")
    if initdb:
        directories.append(Path(initdb).resolve().parent)
    installed = Path("/usr/lib/postgresql").glob("*/bin")
    directories += sorted(installed, key=lambda path: path.parent.name.zfill(4), reverse=True)
    if shutil.which("pg_config"):
        answer = subprocess.run(["pg_config", "--bindir"], capture_output=True, text=True, check=False)
        directories.append(Path(answer.stdout.strip()))
    return directories


def main() -> None:
    if find_postgresql() is None:
        print("postgresql")
    if find_chromium() is None:
        print("chromium")


if __name__ == "__main__":
    main()
