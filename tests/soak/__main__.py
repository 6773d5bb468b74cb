"""Runs the long proofs and writes what they counted to docs/reliability.md: python -m tests.soak [NAME…]."""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.soak.delivery_fuzz import fuzz_deliveries
from tests.soak.dropped_answers import lose_answers
from tests.soak.form_fuzz import fuzz_forms
from tests.soak.full_disk import fill_the_disk
from tests.soak.interface_fuzz import fuzz_interface
from tests.soak.kill import kill_application, kill_postgresql
from tests.soak.record import write_record

KILLS = 20
SUBMISSIONS = 1000
FUZZ_INPUTS = 7000

Outcome = tuple[list[str], list[str]]


def main(names: list[str]) -> int:
    """Run the proofs of these names, or all; 1 where one of them found a fault."""
    found: list[str] = []
    for name, proof in PROOFS.items():
        if names and name not in names:
            continue
        start = time.monotonic()
        lines, faults = proof()
        for line in lines:
            print(f"{name}: {line}", flush=True)
        print(f"{name}: {len(faults)} faults, {time.monotonic() - start:.0f} s", flush=True)
        write_record(name, [*lines, f"{len(faults)} faults"])
        found += faults
    return 1 if found else 0


def _kill_application(kind: str) -> Outcome:
    account = kill_application(kind, kills=KILLS)
    return [f"{KILLS} SIGKILLs of the application: {account}"], account.faults


def _kill_postgresql() -> Outcome:
    account = kill_postgresql(kills=KILLS)
    return [f"{KILLS} SIGKILLs of PostgreSQL: {account}"], account.faults


def _lose_answers(kind: str) -> Outcome:
    result = lose_answers(kind, submissions=SUBMISSIONS)
    return [f"{result.dropped} answers lost after the commit: {result.account}"], result.account.faults


def _fill_the_disk(kind: str) -> Outcome:
    result = fill_the_disk(kind)
    answers = ", ".join(f"{count} × {status}" for status, count in sorted(result.while_full.items()))
    lines = [
        str(result.account),
        f"while the disk was full: {answers or 'no refusals'}, {result.broken} broken connections",
        f"acknowledged once there was room: {result.acknowledged_after}; "
        f"database servers started again: {result.restarts}",
    ]
    return lines, result.faults


def _fuzz() -> Outcome:
    """Pages, deliveries and the whole interface, each with a third of the inputs."""
    lines, faults = [], []
    for fuzz in (fuzz_forms, fuzz_deliveries, fuzz_interface):
        with TemporaryDirectory(prefix="hailong-fuzz-") as directory:
            result = fuzz(Path(directory), inputs=FUZZ_INPUTS)
        lines.append(str(result))
        faults += result.faults
    return lines + faults, faults


PROOFS: dict[str, Callable[[], Outcome]] = {
    "kill-application-sqlite": lambda: _kill_application("sqlite"),
    "kill-application-postgresql": lambda: _kill_application("postgresql"),
    "kill-postgresql": _kill_postgresql,
    "lost-answers-sqlite": lambda: _lose_answers("sqlite"),
    "lost-answers-postgresql": lambda: _lose_answers("postgresql"),
    "full-disk-sqlite": lambda: _fill_the_disk("sqlite"),
    "full-disk-postgresql": lambda: _fill_the_disk("postgresql"),
    "fuzz": _fuzz,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
