"""The answer is lost after the commit, again and again: the retries stay one response."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from random import Random
from uuid import UUID

from tests.soak.account import Account, settle
from tests.soak.clients import Clients
from tests.soak.dropping_proxy import DroppingProxy
from tests.soak.kill import running

MOST_RETRIES = 8
SENDERS = 16


@dataclass(frozen=True)
class DroppedAnswers:
    account: Account
    dropped: int


def lose_answers(kind: str, *, submissions: int, seed: int = 3028) -> DroppedAnswers:
    """Send this many responses, each of which loses up to eight answers before one comes through."""
    rng = Random(seed)
    ids = [UUID(int=rng.getrandbits(128), version=4) for _ in range(submissions)]
    with running(kind) as bench:
        proxy = DroppingProxy(bench.application.port, most=MOST_RETRIES, seed=seed)
        proxy.start()
        senders = Clients(proxy.port, 0, seed=seed)
        try:
            with ThreadPoolExecutor(SENDERS) as pool:
                list(pool.map(lambda response_id: senders.deliver(response_id, Random(seed)), ids))
        finally:
            proxy.stop()
        return DroppedAnswers(settle(bench.url, senders.tally), proxy.dropped_count)
