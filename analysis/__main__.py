"""`python -m analysis estimate CASE_DIR [--out FILE]`: survey data, a design and queries in, answers as
JSON out."""

from __future__ import annotations

import argparse
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path

from analysis.cases.answers import answer_case
from analysis.cases.files import as_json, read_case
from analysis.errors import AnalysisError, CalibrationWarning


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Returns
    -------
    int
        0 if every query was answered, 1 if any was not, 2 if a file cannot be read or written.
    """
    options = _parser().parse_args(arguments)
    try:
        case = read_case(options.case)
    except AnalysisError as error:
        print(f"{options.case}: {error}", file=sys.stderr)
        return 2
    with warnings.catch_warnings(record=True) as reported:
        warnings.simplefilter("always", CalibrationWarning)
        answers, complete = answer_case(case)
    for line in dict.fromkeys(str(report.message) for report in reported):
        print(line, file=sys.stderr)
    for name, answer in answers.items():
        if isinstance(answer, dict) and "error" in answer:
            print(f"{name}: {answer['error']}", file=sys.stderr)
    text = as_json(answers) + "\n"
    if options.out is None:
        sys.stdout.write(text)
        return 0 if complete else 1
    try:
        options.out.write_text(text, encoding="utf-8")
    except OSError as error:
        print(f"{options.out}: {error.strerror}", file=sys.stderr)
        return 2
    return 0 if complete else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m analysis", description="Design-based survey statistics.")
    commands = parser.add_subparsers(required=True)
    estimate = commands.add_parser("estimate", help="answer the queries of a case directory")
    estimate.add_argument(
        "case", type=Path, metavar="CASE_DIR", help="holds data.csv, design.json, queries.json"
    )
    estimate.add_argument(
        "--out", type=Path, metavar="FILE", help="write the answers here, not to standard output"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
