"""A disk that fills up under load: clear refusals, nothing lost, and on it goes once there is room."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.soak.account import Account, settle
from tests.soak.application import Application, prepare
from tests.soak.clients import Clients
from tests.soak.postgresql import DurablePostgres

CLIENTS = 8
SIZES_MB = {"sqlite": 24, "postgresql": 160}
FULL_SECONDS = 6.0
AFTER_SECONDS = 3.0
_STEP = 64 * 1024


@dataclass(frozen=True)
class FullDisk:
    """`while_full` counts what the clients were answered while there was no room, by status."""

    account: Account
    while_full: dict[int, int]
    broken: int
    acknowledged_after: int
    restarts: int

    @property
    def faults(self) -> list[str]:
        found = list(self.account.faults)
        if set(self.while_full) - {503}:
            found.append(f"a full disk was answered with {sorted(self.while_full)}, not with 503 alone")
        if not self.while_full:
            found.append("the disk never filled up")
        if not self.acknowledged_after:
            found.append("nothing was stored after there was room again")
        return found


def fill_the_disk(kind: str, *, seed: int = 3028) -> FullDisk:
    with _small_disk(SIZES_MB[kind]) as disk, TemporaryDirectory(prefix="hailong-soak-") as directory:
        postgres = DurablePostgres(disk) if kind == "postgresql" else None
        try:
            if postgres:
                postgres.start()
            url = postgres.create_database("soak") if postgres else f"sqlite:///{disk}/soak.db"
            prepare(url)
            application = Application(url, Path(directory))
            try:
                application.start()
                return _fill(application, postgres, url, disk, seed)
            finally:
                application.stop()
        finally:
            if postgres:
                postgres.stop()


def _fill(
    application: Application, postgres: DurablePostgres | None, url: str, disk: Path, seed: int
) -> FullDisk:
    load = Clients(application.port, CLIENTS, seed=seed)
    load.start()
    time.sleep(1)
    ballast = disk / "ballast"
    deadline = time.monotonic() + FULL_SECONDS
    while time.monotonic() < deadline:
        _take_what_is_left(ballast)
        time.sleep(0.1)
    while_full = dict(load.tally.refusals)
    before, restarts = len(load.tally.acknowledged), 0
    ballast.unlink()
    if postgres and not postgres.is_running():
        # A server that cannot write its log stops; starting it is all that is needed.
        postgres.start()
        restarts = 1
    time.sleep(AFTER_SECONDS)
    tally = load.finish()
    return FullDisk(settle(url, tally), while_full, tally.broken, len(tally.acknowledged) - before, restarts)


def _take_what_is_left(ballast: Path) -> None:
    with ballast.open("ab", buffering=0) as file:
        try:
            while file.write(b"\0" * _STEP) == _STEP:
                pass
        except OSError:
            return


@contextmanager
def _small_disk(size_mb: int) -> Iterator[Path]:
    """A tmpfs of this size; needs the right to mount."""
    with TemporaryDirectory(prefix="hailong-disk-") as directory:
        mount = ["mount", "-t", "tmpfs", "-o", f"size={size_mb}m,mode=0755", "tmpfs", directory]
        mounted = subprocess.run(mount, capture_output=True, text=True, check=False)
        if mounted.returncode != 0:
            raise SystemExit(f"A small disk needs the right to mount a tmpfs: {mounted.stderr.strip()}")
        try:
            yield Path(directory)
        finally:
            subprocess.run(["umount", "--lazy", directory], check=True)
