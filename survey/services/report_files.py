"""Reports of large rounds as files of the data directory: computed once, read by every process of the server.

One computation at a time holds a lock; the system frees it when that process ends, however it ends.
"""

import fcntl
import json
import os
import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import survey
from survey.services.quality_thresholds import Thresholds

INDEX, QUALITY = "index", "quality"
_DIRECTORY = "reports"
_OUR_MODULES = ("survey.services.", "questionnaires.")
_UNREADABLE = (
    pickle.UnpicklingError,
    EOFError,
    AttributeError,
    ImportError,
    IndexError,
    TypeError,
    ValueError,
)


@dataclass(frozen=True)
class ReportBasis:
    """What a report is of, as far as a glance can tell: of an equal basis it need not be made anew."""

    database: str
    status: str
    thresholds: Thresholds | None
    frame: tuple[int, int]
    response_count: int
    quarantined_count: int

    def asks_the_same(self, other: "ReportBasis") -> bool:
        """Whether only responses have come in between."""
        return (self.database, self.status, self.thresholds, self.frame) == (
            other.database,
            other.status,
            other.thresholds,
            other.frame,
        )


@dataclass(frozen=True)
class KeptReport:
    """`report` is an `IndexReport` or a `QualityReport`, by the kind of the file; `seconds` it took."""

    basis: ReportBasis
    built_at: datetime
    seconds: float
    report: Any


@dataclass(frozen=True)
class FailedReport:
    """A computation that ended without a report; it is not begun again until somebody asks for it."""

    failed_at: datetime
    response_count: int


@dataclass(frozen=True)
class ReportFile:
    """The kept report of a round, `kind` is `index` or `quality`; and what became of the last computation."""

    data_directory: Path
    kind: str
    round_code: str

    def read(self) -> KeptReport | None:
        """What was kept by this version of the program; a file that cannot be read is as good as none."""
        try:
            with self._path("kept").open("rb") as file:
                if _KnownClasses(file).load() != survey.__version__:
                    return None
                kept = _KnownClasses(file).load()
        except (OSError, *_UNREADABLE):
            return None
        return kept if isinstance(kept, KeptReport) else None

    def stamp(self) -> tuple[int, int] | None:
        """Another one whenever another report is kept; None where there is none."""
        try:
            status = self._path("kept").stat()
        except OSError:
            return None
        return status.st_ino, status.st_mtime_ns

    def write(self, kept: KeptReport) -> None:
        """Replace the kept report at once, so that nobody reads half of it."""
        content = pickle.dumps(survey.__version__) + pickle.dumps(kept)
        _replace(self._path("kept"), content)
        self.forget_failure()

    def read_failure(self) -> FailedReport | None:
        try:
            values = json.loads(self._path("failed").read_text(encoding="utf-8"))
            return FailedReport(datetime.fromisoformat(values["failed_at"]), int(values["response_count"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def write_failure(self, failure: FailedReport) -> None:
        values = {**asdict(failure), "failed_at": failure.failed_at.isoformat()}
        _replace(self._path("failed"), json.dumps(values).encode())

    def forget_failure(self) -> None:
        self._path("failed").unlink(missing_ok=True)

    def _path(self, suffix: str) -> Path:
        return self.data_directory / _DIRECTORY / f"{self.kind}.{self.round_code}.{suffix}"


@contextmanager
def the_one_computation(data_directory: Path, lock: str = "lock") -> Iterator[int | None]:
    """A descriptor that holds the lock while any process has it open; None while another one computes."""
    directory = data_directory / _DIRECTORY
    directory.mkdir(mode=0o700, exist_ok=True)
    descriptor = os.open(directory / lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield None
        else:
            yield descriptor
    finally:
        os.close(descriptor)


class _KnownClasses(pickle.Unpickler):
    """Makes values of our own classes and dates, and nothing else, whoever wrote the file."""

    def find_class(self, module: str, name: str) -> Any:
        # A dotted name would reach through what a module has imported; a plain one may be a function.
        if "." not in name and module.startswith(("datetime", *_OUR_MODULES)):
            found = super().find_class(module, name)
            if isinstance(found, type) and found.__module__ == module:
                return found
        raise pickle.UnpicklingError(f"{module}.{name}")


def _replace(path: Path, content: bytes) -> None:
    path.parent.mkdir(mode=0o700, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, prefix=path.name, delete=False) as file:
        try:
            file.write(content)
            file.flush()
            os.replace(file.name, path)
        except OSError:
            Path(file.name).unlink(missing_ok=True)
            raise
