"""The index report of a round for a page: built anew, or built a moment ago from the same responses."""

from survey.services.index_report_values import IndexReport
from survey.services.report_files import INDEX
from survey.web.report_cache import get_report


def get_index_report(round_code: str) -> IndexReport:
    """As of this moment; of a large round as of a moment ago, see `report_work`."""
    report: IndexReport = get_report(INDEX, round_code)
    return report
