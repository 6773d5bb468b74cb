"""The files of the project, without what was built or installed beside them."""

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("analysis", "migrations", "questionnaires", "survey")
LEFT_OUT = {"__pycache__", "build", "dist", "node_modules", "var"}
TEMPLATES = ROOT / "survey" / "templates"


def list_files(directory: Path = ROOT) -> Iterator[Path]:
    for path in sorted(directory.iterdir()):
        if path.is_dir():
            if not _is_left_out(path.name):
                yield from list_files(path)
        elif path.suffix not in (".mo", ".pyc") and path.name != ".env":
            yield path


def list_texts() -> Iterator[tuple[Path, str]]:
    """Every text file, with its text; what is not UTF-8 is a picture, a font or an archive."""
    for path in list_files():
        with suppress(UnicodeDecodeError):
            yield path, path.read_bytes().decode("utf-8")


def list_templates() -> list[Path]:
    return [path for path in list_files(TEMPLATES) if path.suffix == ".html"]


def find_lines(text: str, pattern: str) -> list[str]:
    """The lines in which a regular expression is found."""
    return [line.strip() for line in text.splitlines() if re.search(pattern, line)]


def _is_left_out(directory: str) -> bool:
    hidden = directory.startswith(".") and directory != ".ci"
    return hidden or directory in LEFT_OUT or directory.endswith(".egg-info")
