"""Which assignments a page shows, and the tables as CSV files."""

from collections.abc import Iterable, Sequence

from flask_babel import gettext as _

from survey.i18n import current_language, format_percent
from survey.reports.csv_files import CsvCell, render_csv
from survey.services.assignments import AssignmentLine
from survey.services.dispositions import Totals
from survey.services.rounds import plain_letters
from survey.web.assignment_words import CATEGORIES, outcome_words, visit_day_words

LINES_PER_PAGE = 50


def find_lines(lines: Iterable[AssignmentLine], search: str, outcome: str) -> list[AssignmentLine]:
    """Those with this outcome that hold every word of the search, marks ignored."""
    words = plain_letters(search).split()
    return [
        line
        for line in lines
        if outcome in ("", line.outcome) and all(word in _searched(line) for word in words)
    ]


def page_of(lines: Sequence[AssignmentLine], wanted: str) -> tuple[int, int, Sequence[AssignmentLine]]:
    """The page that is asked for, how many there are, and its lines."""
    count = max(1, -(-len(lines) // LINES_PER_PAGE))
    number = min(max(1, int(wanted)), count) if wanted.isascii() and wanted.isdecimal() else 1
    return number, count, lines[(number - 1) * LINES_PER_PAGE : number * LINES_PER_PAGE]


def render_list(lines: Iterable[AssignmentLine]) -> bytes:
    heads = [
        _("Number"),
        _("Questionnaire"),
        _("Unit code"),
        _("Unit"),
        _("Place"),
        _("Note"),
        _("Code of the device"),
        _("Visits"),
        _("Outcome"),
        _("Last visit"),
    ]
    rows: list[list[CsvCell]] = [
        [
            line.number,
            line.form_id,
            line.unit_code,
            line.unit_name.in_language(current_language()) or line.unit_name.vi,
            line.place,
            line.note,
            line.device_code,
            line.attempts,
            outcome_words(line.outcome),
            visit_day_words(line.outcome, line.last_on),
        ]
        for line in lines
    ]
    return render_csv(heads, rows)


def render_totals(totals: Totals) -> bytes:
    """Counts by outcome, then the response rate with its parts."""
    rows: list[list[CsvCell]] = [
        [outcome_words(outcome), CATEGORIES[outcome], count] for outcome, count in totals.by_outcome
    ]
    rows.append([_("Addresses in the response rate"), "", totals.counted])
    rows.append([_("Response rate (AAPOR RR1)"), "", format_percent(totals.response_rate)])
    return render_csv([_("Outcome"), "AAPOR", _("Addresses")], rows)


def _searched(line: AssignmentLine) -> str:
    names = f"{line.unit_name.vi} {line.unit_name.en} {line.device_name or ''} {line.device_code or ''}"
    return plain_letters(f"{line.number} {line.place} {line.note} {line.unit_code} {names}")
