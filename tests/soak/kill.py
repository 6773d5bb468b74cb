"""SIGKILL at random moments under load: the application, and the database server below it."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from tests.soak.account import Account, settle
from tests.soak.application import Application, prepare
from tests.soak.clients import Clients, Tally
from tests.soak.postgresql import DurablePostgres

CLIENTS = 32
LOAD_SECONDS = (0.3, 2.0)
DOWN_SECONDS = (0.0, 0.5)


@dataclass(frozen=True)
class Bench:
    """A running application, the database below it and what clients do to it."""

    application: Application
    postgres: DurablePostgres | None
    url: str


@contextmanager
def running(kind: str) -> Iterator[Bench]:
    """An application on a fresh database of this kind, `sqlite` or `postgresql`; nothing of it stays."""
    with TemporaryDirectory(prefix="hailong-soak-") as directory:
        postgres = DurablePostgres() if kind == "postgresql" else None
        try:
            if postgres:
                postgres.start()
            url = postgres.create_database("soak") if postgres else f"sqlite:///{directory}/soak.db"
            prepare(url)
            application = Application(url, Path(directory))
            try:
                application.start()
                yield Bench(application, postgres, url)
            finally:
                application.stop()
        finally:
            if postgres:
                postgres.stop()


def kill_application(kind: str, *, kills: int, clients: int = CLIENTS, seed: int = 3028) -> Account:
    with running(kind) as bench:
        application = bench.application
        tally = _under_load(bench, application.kill, application.start, kills, clients, seed)
        return settle(bench.url, tally)


def kill_postgresql(*, kills: int, clients: int = CLIENTS, seed: int = 3028) -> Account:
    with running("postgresql") as bench:
        assert bench.postgres is not None
        tally = _under_load(bench, bench.postgres.kill, bench.postgres.start, kills, clients, seed)
        return settle(bench.url, tally)


def _under_load(
    bench: Bench, kill: Callable[[], None], start: Callable[[], None], kills: int, clients: int, seed: int
) -> Tally:
    rng = Random(seed)
    load = Clients(bench.application.port, clients, seed=seed)
    load.start()
    for _ in range(kills):
        time.sleep(rng.uniform(*LOAD_SECONDS))
        kill()
        time.sleep(rng.uniform(*DOWN_SECONDS))
        start()
    time.sleep(rng.uniform(*LOAD_SECONDS))
    return load.finish()
