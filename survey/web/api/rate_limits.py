"""How often a device or an invitation may send, counted once for all processes of the server.

A token bucket a key, in memory that the processes share: it is made before they part. A table of fixed size,
so that nobody can fill the memory; where it is full, the key that was seen least lately gives way.
"""

import fcntl
import hashlib
import mmap
import struct
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

# Hash of the key, tokens left, when that was true. Half a megabyte for 16 384 keys.
_SLOT: Final = struct.Struct("<Qdd")
_SLOTS: Final = 16_384
_NEIGHBOURS: Final = 8


class RateLimits:
    """Grants `per_minute` requests a minute to each key, and `burst` at once after a pause."""

    def __init__(self, per_minute: int, burst: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_second = per_minute / 60
        self._burst = float(burst)
        self._clock = clock
        # A file lock, unlike a semaphore, is let go of when a process is killed in the middle.
        self._file = tempfile.TemporaryFile(prefix="hailong-rates-")  # noqa: SIM115 - held as long as the server
        self._memory = mmap.mmap(-1, _SLOT.size * _SLOTS)
        self._threads = threading.Lock()

    def take(self, key: str) -> float:
        """Count one request; 0 where it is granted, else the seconds until the next one will be."""
        mark = int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest(), "little") or 1
        now = self._clock()
        with self._alone():
            place, tokens, since = self._find(mark)
            tokens = min(self._burst, tokens + max(0.0, now - since) * self._per_second)
            wait = 0.0 if tokens >= 1 else (1 - tokens) / self._per_second
            _SLOT.pack_into(self._memory, place, mark, tokens - (wait == 0.0), now)
        return wait

    def _find(self, mark: int) -> tuple[int, float, float]:
        """The place of the key, its tokens and since when; a new key takes a free or the oldest place."""
        oldest, oldest_since = 0, float("inf")
        for step in range(_NEIGHBOURS):
            place = (mark + step) % _SLOTS * _SLOT.size
            found, tokens, since = _SLOT.unpack_from(self._memory, place)
            if found == mark:
                return place, tokens, since
            since = since if found else float("-inf")
            if since < oldest_since:
                oldest, oldest_since = place, since
        return oldest, self._burst, self._clock()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with self._threads:
            fcntl.lockf(self._file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.lockf(self._file, fcntl.LOCK_UN)
