"""Reports of large rounds for pages: computed by a process of their own, while the page says so and reloads.

A request never waits for one. The order of things: a kept report that is of the present responses; else one
that is a little older, with a word about it, while a newer one is computed; else the page that waits.
"""

import json
import logging
import subprocess
import sys
from dataclasses import dataclass
from datetime import timedelta
from threading import Thread
from typing import Any

from flask import current_app, g

from survey.services.report_files import (
    FailedReport,
    KeptReport,
    ReportBasis,
    ReportFile,
    the_one_computation,
)
from survey.settings import Settings
from survey.web import clock

# More responses take longer than about a second.
MOST_AT_ONCE = 20_000
# What no count shows, such as a changed name of a unit, is seen after this time.
KEPT_FOR = timedelta(hours=1)
# While responses come in, a new report is computed for at most a tenth of the time.
LEAST_AGE = timedelta(minutes=1)
_AGE_TO_DURATION = 10
# A computation that takes longer is ended: a million responses take less than a minute.
MOST_SECONDS = 1800
_EXTENSION = "report_watchers"
_FAILURES = "report_failures"
_READ = "reports_read"
_MOST_READ = 4
_Failures = dict[ReportFile, FailedReport]


class ReportNotReady(Exception):
    """There is no report to show yet; with `failure`, there will be none until somebody asks again."""

    def __init__(self, file: ReportFile, response_count: int, failure: FailedReport | None) -> None:
        super().__init__(file.kind, file.round_code)
        self.file, self.response_count, self.failure = file, response_count, failure


@dataclass(frozen=True)
class ReportRemark:
    """Said on a page whose report is a little older than the responses."""

    kind: str
    round_code: str
    response_count: int
    failure: FailedReport | None


def get_large_report(kind: str, round_code: str, basis: ReportBasis) -> Any:
    """The kept report of these responses, or of those of a moment ago; raises `ReportNotReady`."""
    file = report_file(kind, round_code)
    kept, failure = _read(file), _find_failure(file)
    if kept and failure and failure.failed_at < kept.built_at:
        failure = None
    if kept and not kept.basis.asks_the_same(basis):
        kept = None
    if kept and _is_current(kept, basis):
        return kept.report
    if failure is None:
        start_computation(file, basis)
    if kept is None:
        raise ReportNotReady(file, basis.response_count, failure)
    g.report_remark = ReportRemark(kind, round_code, basis.response_count, failure)
    return kept.report


def report_file(kind: str, round_code: str) -> ReportFile:
    settings: Settings = current_app.extensions["settings"]
    return ReportFile(settings.data_directory, kind, round_code)


def get_remark() -> ReportRemark | None:
    """What the page of this request must say of its report."""
    remark: ReportRemark | None = g.get("report_remark")
    return remark


def start_computation(file: ReportFile, basis: ReportBasis) -> None:
    """Begin, unless a computation of this or another report goes on; the reloaded page asks again."""
    settings: Settings = current_app.extensions["settings"]
    failure = FailedReport(clock.now(), basis.response_count)
    order = {
        "kind": file.kind,
        "round_code": file.round_code,
        "database_url": settings.database_url,
        "data_directory": str(settings.data_directory),
        "now": clock.now().isoformat(),
    }
    noted: _Failures = current_app.extensions.setdefault(_FAILURES, {})
    try:
        with the_one_computation(settings.data_directory) as lock:
            if lock is None:
                return
            process = subprocess.Popen(
                [sys.executable, "-m", "survey.cli.report_worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
                # It holds the lock as long as it lives.
                pass_fds=[lock],
            )
    except OSError as error:
        _note_failure(current_app.logger, noted, file, failure, str(error))
        return
    watcher = Thread(
        target=_watch,
        args=(process, json.dumps(order), file, failure, noted, current_app.logger),
        daemon=True,
    )
    watchers: list[Thread] = current_app.extensions.setdefault(_EXTENSION, [])
    watchers[:] = [each for each in watchers if each.is_alive()] + [watcher]
    watcher.start()


def forget_failure(file: ReportFile) -> None:
    """Let the next page begin anew."""
    current_app.extensions.get(_FAILURES, {}).pop(file, None)
    file.forget_failure()


def wait_for_computations() -> None:
    """For tests: until what this process has begun is over."""
    for watcher in list(current_app.extensions.get(_EXTENSION, [])):
        watcher.join()


def _watch(
    process: "subprocess.Popen[str]",
    order: str,
    file: ReportFile,
    failure: FailedReport,
    noted: _Failures,
    logger: logging.Logger,
) -> None:
    """See a computation to its end, also where it is killed for want of memory."""
    try:
        _, errors = process.communicate(order, timeout=MOST_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        _, errors = process.communicate()
    if process.returncode:
        last = errors.strip().splitlines()[-1:] or [f"ended with status {process.returncode}"]
        _note_failure(logger, noted, file, failure, last[0])


def _note_failure(
    logger: logging.Logger, noted: _Failures, file: ReportFile, failure: FailedReport, reason: str
) -> None:
    logger.error("the %s report of %s was not computed: %s", file.kind, file.round_code, reason)
    try:
        file.write_failure(failure)
    except OSError:
        # On a full disk this process alone knows of it; that too keeps the page from beginning over and over.
        noted[file] = failure


def _read(file: ReportFile) -> KeptReport | None:
    """What is in the file, read once: the index report of many units takes a fifth of a second."""
    known: dict[ReportFile, tuple[Any, KeptReport | None]] = current_app.extensions.setdefault(_READ, {})
    stamp, found = file.stamp(), known.get(file)
    if found and found[0] == stamp:
        return found[1]
    kept = file.read()
    known.pop(file, None)
    known[file] = stamp, kept
    for oldest in list(known)[:-_MOST_READ]:
        known.pop(oldest, None)
    return kept


def _find_failure(file: ReportFile) -> FailedReport | None:
    noted: _Failures = current_app.extensions.get(_FAILURES, {})
    return file.read_failure() or noted.get(file)


def _is_current(kept: KeptReport, basis: ReportBasis) -> bool:
    age = clock.now() - kept.built_at
    least = max(LEAST_AGE, timedelta(seconds=_AGE_TO_DURATION * kept.seconds))
    # A clock that was put back makes no report young for ever.
    return timedelta(0) <= age < (KEPT_FOR if kept.basis == basis else least)
