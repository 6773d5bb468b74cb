"""The quality report of a round for a page: built anew, or built a moment ago from the same responses."""

from survey.services.quality_values import QualityReport
from survey.services.report_files import QUALITY
from survey.web.report_cache import get_report


def get_quality_report(round_code: str) -> QualityReport:
    """As of this moment; of a large round as of a moment ago, see `report_work`."""
    report: QualityReport = get_report(QUALITY, round_code)
    return report
