"""The quality report of a round for a page: it computes three index reports, so it is used for a minute."""

import time
from dataclasses import dataclass

from flask import current_app

from survey.services.problems import RoundUnknown
from survey.services.quality_thresholds import Thresholds, get_thresholds
from survey.services.quality_values import QualityReport
from survey.services.rounds import list_rounds
from survey.web import clock, database
from survey.web.index_report_cache import KEPT_SECONDS, MOST_KEPT

_EXTENSION = "quality_reports"
_State = tuple[str, int, Thresholds]


@dataclass(frozen=True)
class _Kept:
    state: _State
    built_at: float
    report: QualityReport


def get_quality_report(round_code: str) -> QualityReport:
    """Built anew when a response came, the round or a threshold changed, or a minute is over."""
    # SciPy comes with it, and the citizens' pages must not load that.
    from survey.services.quality import build_quality_report

    kept: dict[str, _Kept] = current_app.extensions.setdefault(_EXTENSION, {})
    with database.read() as session:
        line = next((line for line in list_rounds(session) if line.code == round_code), None)
        if line is None:
            raise RoundUnknown(round_code)
        state = (line.status, line.response_count, get_thresholds(session, round_code))
        known = kept.get(round_code)
        if known and known.state == state and time.monotonic() - known.built_at < KEPT_SECONDS:
            return known.report
        report = build_quality_report(session, round_code, now=clock.now())
    kept.pop(round_code, None)
    kept[round_code] = _Kept(state, time.monotonic(), report)
    for code in list(kept)[:-MOST_KEPT]:
        kept.pop(code, None)
    return report
