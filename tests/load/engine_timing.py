"""Times deeds in turn, so that a busy machine disturbs all of them alike."""

from __future__ import annotations

import statistics
import time
import tracemalloc
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

ROUNDS = 5
Deed = Callable[[], object]
T = TypeVar("T")


@dataclass(frozen=True)
class Timing:
    """CPU seconds of a deed and of its floor in the same rounds."""

    seconds: float
    floor: float
    ratio: float


def time_beside(deed: Deed, floor: Deed, rounds: int = ROUNDS) -> Timing:
    """Give the medians of both, and the median of the ratios of the rounds."""
    deed(), floor()
    pairs = [(cpu_seconds(deed), cpu_seconds(floor)) for _ in range(rounds)]
    return Timing(
        statistics.median(pair[0] for pair in pairs),
        statistics.median(pair[1] for pair in pairs),
        statistics.median(pair[0] / pair[1] for pair in pairs),
    )


def median_seconds(deeds: Mapping[str, Deed], rounds: int = ROUNDS) -> dict[str, float]:
    """Give the median CPU seconds of each deed over rounds in which every deed has its turn."""
    for deed in deeds.values():
        deed()
    taken = [{name: cpu_seconds(deed) for name, deed in deeds.items()} for _ in range(rounds)]
    return {name: statistics.median(turn[name] for turn in taken) for name in deeds}


def cpu_seconds(deed: Deed) -> float:
    start = time.process_time()
    deed()
    return time.process_time() - start


def peak_megabytes(prepare: Callable[[], T], deed: Callable[[T], object]) -> tuple[float, float]:
    """Give the memory that lies there before the deed, and the most that there is during it."""
    tracemalloc.start()
    prepared = prepare()
    before, _ = tracemalloc.get_traced_memory()
    tracemalloc.reset_peak()
    deed(prepared)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return before / 1e6, peak / 1e6
