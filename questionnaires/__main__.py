"""``python -m questionnaires``: check form files, print the JSON Schema."""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from questionnaires.checks import check_file
from questionnaires.json_schema import render_json_schema
from questionnaires.loader import list_shipped_paths
from questionnaires.messages import render_problem
from questionnaires.values import Language

_UNREADABLE: Final[Mapping[Language, str]] = {
    "vi": "{path}: không đọc được tệp: {reason}",
    "en": "{path}: cannot be read: {reason}",
}
_COUNT: Final[Mapping[Language, str]] = {
    "vi": "{files} tệp, {problems} lỗi",
    "en": "{files} file(s), {problems} problem(s)",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status: 0 sound, 1 problems, 2 a file that cannot be read."""
    options = _build_parser().parse_args(arguments)
    # The messages are Vietnamese; a C locale must not turn them into a crash.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8")
    if options.command == "schema":
        print(render_json_schema(), end="")
        return 0
    return _check(options.files or list_shipped_paths(), options.language)


def _build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m questionnaires", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser("check", help="check form files, or all shipped forms")
    check.add_argument("files", nargs="*", type=Path, metavar="FILE")
    check.add_argument("--language", choices=("vi", "en"), default="vi", help="language of the messages")
    commands.add_parser("schema", help="print the JSON Schema of the format")
    return parser


def _check(paths: Sequence[Path], language: Language) -> int:
    count = 0
    unreadable = False
    for path in paths:
        try:
            problems = check_file(path)
        except OSError as error:
            print(_UNREADABLE[language].format(path=path, reason=error.strerror), file=sys.stderr)
            unreadable = True
            continue
        for problem in problems:
            place = f"{path}: {problem.path}" if problem.path else f"{path}"
            print(f"{place}: {render_problem(problem, language)}")
        count += len(problems)
    print(_COUNT[language].format(files=len(paths), problems=count))
    if unreadable:
        return 2
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
