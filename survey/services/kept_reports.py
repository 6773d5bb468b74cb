"""Making the reports that are kept: what one is of at this moment, and the report itself."""

import hashlib
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from survey.services.index_report_values import IndexReport
from survey.services.quality_thresholds import fetch_thresholds
from survey.services.quality_values import QualityReport
from survey.services.report_files import QUALITY, KeptReport, ReportBasis
from survey.services.round_forms import get_round
from survey.store import quarantine, rounds
from survey.store.database import Session

Builder = Callable[..., IndexReport | QualityReport]


def fetch_basis(session: Session, kind: str, round_code: str, database_url: str) -> ReportBasis:
    """What the report would be of now; this takes counts alone, however many responses there are."""
    survey_round = get_round(session, round_code)
    return ReportBasis(
        database=hashlib.sha256(database_url.encode()).hexdigest()[:16],
        status=survey_round.status,
        thresholds=fetch_thresholds(session, survey_round.id) if kind == QUALITY else None,
        frame=rounds.count_frame(session, survey_round.id),
        response_count=rounds.count_responses_of(session, survey_round.id),
        quarantined_count=quarantine.count_quarantined(session, survey_round.id),
    )


def build_kept_report(
    session: Session, kind: str, round_code: str, database_url: str, *, now: datetime
) -> KeptReport:
    """The report with what it is of; responses that came while it was begun are in it and in its count."""
    started = time.monotonic()
    basis = fetch_basis(session, kind, round_code, database_url)
    report = builder_of(kind)(session, round_code, now=now)
    seconds = time.monotonic() - started
    return KeptReport(replace(basis, response_count=report.response_count), now, seconds, report)


def builder_of(kind: str) -> Builder:
    # Imported here: SciPy comes with them, and most requests need neither.
    from survey.services import index_reports, quality

    return quality.build_quality_report if kind == QUALITY else index_reports.build_index_report
