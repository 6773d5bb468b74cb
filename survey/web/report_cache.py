"""A report for a page: of a small round computed in the request, and used for a minute if that was slow."""

import time
from dataclasses import dataclass
from threading import Lock
from typing import Any

from flask import current_app

from survey.services.kept_reports import builder_of, fetch_basis
from survey.services.report_files import ReportBasis
from survey.settings import Settings
from survey.web import clock, database, report_work

KEPT_SECONDS = 60.0
SLOW_SECONDS = 0.3
MOST_KEPT = 8
_EXTENSION = "reports"
# What several requests ask for at the same time is computed once.
_computing = Lock()


@dataclass(frozen=True)
class _Kept:
    basis: ReportBasis
    built_at: float
    report: Any


def get_report(kind: str, round_code: str) -> Any:
    """The report of the round as it is, or as it was a moment ago where it is large."""
    settings: Settings = current_app.extensions["settings"]
    with database.read() as session:
        basis = fetch_basis(session, kind, round_code, settings.database_url)
    if basis.response_count > report_work.MOST_AT_ONCE:
        return report_work.get_large_report(kind, round_code, basis)
    with _computing:
        return _get_small_report(kind, round_code, basis)


def _get_small_report(kind: str, round_code: str, basis: ReportBasis) -> Any:
    kept: dict[tuple[str, str], _Kept] = current_app.extensions.setdefault(_EXTENSION, {})
    known = kept.get((kind, round_code))
    if known and known.basis == basis and time.monotonic() - known.built_at < KEPT_SECONDS:
        return known.report
    started = time.monotonic()
    with database.read() as session:
        report = builder_of(kind)(session, round_code, now=clock.now())
    kept.pop((kind, round_code), None)
    if time.monotonic() - started > SLOW_SECONDS:
        kept[kind, round_code] = _Kept(basis, time.monotonic(), report)
        for key in list(kept)[:-MOST_KEPT]:
            kept.pop(key, None)
    return report
