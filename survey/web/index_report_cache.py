"""The index report of a round for a page: built anew, or built a moment ago from the same responses."""

import time
from dataclasses import dataclass

from flask import current_app

from survey.services import rounds
from survey.services.index_report_values import IndexReport
from survey.services.problems import RoundUnknown
from survey.web import clock, database

KEPT_SECONDS = 60.0
SLOW_SECONDS = 0.3
MOST_KEPT = 4
_EXTENSION = "index_reports"


@dataclass(frozen=True)
class _Kept:
    status: str
    response_count: int
    built_at: float
    report: IndexReport


def get_index_report(round_code: str) -> IndexReport:
    """A report that took long is used again for a minute while the round has the same responses."""
    # SciPy comes with it, and the citizens' pages must not load that.
    from survey.services.index_reports import build_index_report

    kept: dict[str, _Kept] = current_app.extensions.setdefault(_EXTENSION, {})
    with database.read() as session:
        line = next((line for line in rounds.list_rounds(session) if line.code == round_code), None)
        if line is None:
            raise RoundUnknown(round_code)
        state = (line.status, line.response_count)
        known = kept.get(round_code)
        if known and (known.status, known.response_count) == state and _is_fresh(known):
            return known.report
        started = time.monotonic()
        report = build_index_report(session, round_code, now=clock.now())
    if time.monotonic() - started > SLOW_SECONDS:
        kept.pop(round_code, None)
        kept[round_code] = _Kept(*state, time.monotonic(), report)
        for code in list(kept)[:-MOST_KEPT]:
            kept.pop(code, None)
    return report


def _is_fresh(known: _Kept) -> bool:
    return time.monotonic() - known.built_at < KEPT_SECONDS
