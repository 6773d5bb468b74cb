"""The files in which a batch is printed, each typeset by a process of its own, one at a time."""

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from survey.services.paper_batches import Batch
from survey.services.problems import SurveyError
from survey.services.report_files import the_one_computation

# So that one file takes some 300 MB and 3 seconds at most, whatever the size of the batch.
FORMS_PER_FILE = 20
MOST_SECONDS = 300
_LOCK = "printing"
_PAUSE = 0.2


class PrintingBusy(SurveyError):
    """Another file is being typeset on this machine."""

    code = "printing_busy"


class PrintingFailed(SurveyError):
    """The process that typesets ended without a file, for instance for want of memory."""

    code = "printing_failed"

    def __init__(self, reason: str) -> None:
        super().__init__(reason=reason)
        self.reason = reason


@dataclass(frozen=True)
class Part:
    """The forms of one file, from the first to the last number."""

    first: int
    last: int

    @property
    def name(self) -> str:
        return f"{self.first:04d}-{self.last:04d}"


def list_parts(batch: Batch) -> list[Part]:
    firsts = range(1, batch.printed_count + 1, FORMS_PER_FILE)
    return [Part(first, min(first + FORMS_PER_FILE - 1, batch.printed_count)) for first in firsts]


def print_part(
    database_url: str, data_directory: Path, batch: Batch, part: Part, *, wait_seconds: float
) -> bytes:
    """The PDF of these forms; raises `PrintingBusy` where another one is not done after `wait_seconds`."""
    order = {
        "database_url": database_url,
        "round_code": batch.round_code,
        "batch_code": batch.code,
        "first": part.first,
        "last": part.last,
    }
    latest = time.monotonic() + wait_seconds
    while True:
        with the_one_computation(data_directory, _LOCK) as lock:
            if lock is not None:
                return _run(json.dumps(order).encode(), lock)
        if time.monotonic() >= latest:
            raise PrintingBusy
        time.sleep(_PAUSE)


def _run(order: bytes, lock: int) -> bytes:
    try:
        done = subprocess.run(
            [sys.executable, "-m", "survey.cli.paper_worker"],
            input=order,
            capture_output=True,
            timeout=MOST_SECONDS,
            check=False,
            # It holds the lock as long as it lives.
            pass_fds=[lock],
        )
    except subprocess.TimeoutExpired:
        raise PrintingFailed(f"not done after {MOST_SECONDS} seconds") from None
    except OSError as error:
        raise PrintingFailed(str(error)) from error
    if done.returncode:
        last = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
        raise PrintingFailed(last[0] if last else f"ended with status {done.returncode}")
    return done.stdout
