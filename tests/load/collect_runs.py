"""One closed-loop run against a server, and what it says."""

import json
import statistics
import subprocess
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from uuid import UUID

from tests.factories import fill_answers, shipped_form
from tests.soak.application import FORM_ID, place


@dataclass(frozen=True)
class Run:
    seconds: float
    ids: list[UUID]
    microseconds: list[int]

    @property
    def rate(self) -> float:
        return len(self.ids) / self.seconds

    @cached_property
    def _percentiles(self) -> list[float]:
        return statistics.quantiles(self.microseconds, n=100)

    def percentile_ms(self, percent: int) -> float:
        return self._percentiles[percent - 1] / 1000


def run_clients(port: int, count: int, seconds: float) -> Run:
    """Let another process send for so long."""
    with TemporaryDirectory() as directory:
        file = Path(directory) / "answers.txt"
        command = [
            sys.executable,
            "-m",
            "tests.load.collect_client",
            str(port),
            str(count),
            str(seconds),
            file,
        ]
        subprocess.run(command, input=body_template(), check=True)
        lines = [line.split() for line in file.read_text(encoding="ascii").splitlines()]
    return Run(seconds, [UUID(line[0]) for line in lines], [int(line[1]) for line in lines])


def body_template() -> bytes:
    """A complete response of 31 rated answers; `@@@` stands for its id."""
    questionnaire = shipped_form(FORM_ID)
    answers = fill_answers(questionnaire, Random(3028), optional_share=1.0)
    plain = {name: list(value) if isinstance(value, tuple) else value for name, value in answers.items()}
    return json.dumps({"id": "@@@", **place(), "answers": plain}, ensure_ascii=False).encode()
