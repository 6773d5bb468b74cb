"""Times deeds in turn, so that a busy machine disturbs all of them alike."""

from __future__ import annotations

import statistics
import time
import tracemalloc
from collections.abc import Callable, Mapping

ROUNDS = 5
Deed = Callable[[], object]


def median_seconds(deeds: Mapping[str, Deed], rounds: int = ROUNDS) -> dict[str, float]:
    """Give the median CPU seconds of each deed over rounds in which every deed has its turn."""
    taken: dict[str, list[float]] = {name: [] for name in deeds}
    for deed in deeds.values():
        deed()
    for _ in range(rounds):
        for name, deed in deeds.items():
            start = time.process_time()
            deed()
            taken[name].append(time.process_time() - start)
    return {name: statistics.median(seconds) for name, seconds in taken.items()}


def peak_megabytes(deed: Deed) -> float:
    """Give the most memory that a deed allocates beyond what lies there before."""
    tracemalloc.start()
    deed()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak / 1e6
