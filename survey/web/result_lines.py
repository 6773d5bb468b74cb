"""What the result pages show of an index report: lines in order, one axis, small cells left out."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from questionnaires.model import Text
from survey.reports.figure_words import mark_words
from survey.reports.findings import shown_verdict
from survey.reports.labels import REASON_MEANINGS
from survey.services.index_report_values import (
    FEW,
    UNRELIABLE,
    ChannelLine,
    DomainFigures,
    Figure,
    IndexReport,
    ItemLine,
    MeasureResult,
    PulseLine,
    UnitResult,
)
from survey.services.rounds import plain_letters
from survey.web.sorting import Keys

if TYPE_CHECKING:
    from survey.reports.method_notes import MethodNote

LOWEST_SHOWN = 5
# Where an axis may start, and its steps: so few labels that they fit a narrow column.
AXES = ((0.7, 0.1), (0.6, 0.2), (0.5, 0.25), (0.4, 0.2), (0.2, 0.4), (0.0, 0.5))


@dataclass(frozen=True)
class Axis:
    """The common axis of all intervals of a table."""

    low: float
    high: float
    step: float

    @property
    def is_cut(self) -> bool:
        return self.low > 0


@dataclass(frozen=True)
class SelectionCounts:
    """Unweighted counts of a measure's invited or self-selected responses."""

    n: int = 0
    answer_count: int = 0
    satisfied_answer_count: int = 0

    @property
    def satisfied_share(self) -> float | None:
        """None where the cell is too small to be published."""
        if self.answer_count == 0 or self.n < minimum_respondents():
            return None
        return self.satisfied_answer_count / self.answer_count


@dataclass(frozen=True)
class ChannelShare:
    channel: str
    selection: str
    n: int
    share: float


@dataclass(frozen=True)
class PulseQuestion:
    question: Text
    answer_count: int
    options: tuple[PulseLine, ...]

    @property
    def is_published(self) -> bool:
        """Whether a count is shown, or at least that it is small."""
        return any(not line.reason or line.reason == FEW for line in self.options)


@dataclass(frozen=True)
class NoteGroup:
    """Notes on the method under one heading."""

    heading: str
    notes: list["MethodNote"]


def minimum_respondents() -> int:
    # Where the number stands, SciPy is loaded.
    from survey.services.withholding import MINIMUM_RESPONDENTS

    return MINIMUM_RESPONDENTS


def axis_of(figures: Iterable[Figure], targets: Iterable[float] = ()) -> Axis:
    """The shortest axis that holds every interval and target."""
    lows = [figure.low if figure.low is not None else figure.value for figure in figures]
    values = [value for value in [*lows, *targets] if value is not None]
    lowest = min([0.7, *values])
    low, step = next((low, step) for low, step in AXES if low <= lowest)
    return Axis(low, 1.0, step)


def index_figures(results: Iterable[Any]) -> list[Figure]:
    """The index of each result, sector or unit."""
    return [result.figures.index.satisfied_share for result in results]


def head_figures(results: Iterable[Any]) -> list[Figure]:
    """The index of each sector or unit and the figures beside it."""
    return [figure for result in results for figure in result.figures.list_head_figures()]


def detail_axis(figures: DomainFigures) -> Axis:
    """The axis of the elements and criteria of a domain."""
    parts = [*(line.figures for line in figures.elements), *(line.figures for line in figures.items)]
    return axis_of(part.satisfied_share for part in parts)


def remarks_on(figures: Iterable[Figure], language: str) -> list[str]:
    """What the marks of these figures mean, and why some are not reliable enough to be shown."""
    listed = list(figures)
    marks = mark_words((mark for figure in listed for mark in figure.marks), language)
    is_unreliable = any(figure.reason == UNRELIABLE for figure in listed)
    why = REASON_MEANINGS[UNRELIABLE].in_language(language) if is_unreliable else ""
    return [remark for remark in (marks, why) if remark]


def lowest_items(figures: DomainFigures) -> list[ItemLine]:
    """The published criteria with the smallest shares."""
    published = [item for item in figures.items if item.figures.satisfied_share.value is not None]
    return sorted(published, key=lambda item: _share_of(item) or 0.0)[:LOWEST_SHOWN]


def results_with_lowest_items(report: IndexReport) -> list[tuple[MeasureResult, list[ItemLine]]]:
    """Every measure, and each sector that misses its target."""
    chosen = (
        result for result in report.results if not result.sector_code or shown_verdict(result) == "not_met"
    )
    return [(result, items) for result in chosen if (items := lowest_items(result.figures))]


def selections_of(report: IndexReport, measure_code: str) -> dict[str, SelectionCounts]:
    """A measure's invited and self-selected responses, set side by side."""
    counts = {"invited": SelectionCounts(), "self_selected": SelectionCounts()}
    for line in report.channels:
        if line.measure_code == measure_code:
            counts[line.selection] = _add(counts[line.selection], line)
    return counts


def channel_shares(report: IndexReport) -> list[ChannelShare]:
    """How many responses came by each channel, invited ones first, then by number."""
    counts: dict[tuple[str, str], int] = {}
    for line in report.channels:
        counts[line.channel, line.selection] = counts.get((line.channel, line.selection), 0) + line.n
    total = sum(counts.values())
    shares = [ChannelShare(*key, n, n / total) for key, n in counts.items()]
    return sorted(shares, key=lambda share: (share.selection, -share.n))


def channels_of(report: IndexReport, measure_code: str) -> list[ChannelLine]:
    """A measure's channels, invited ones first, then by number."""
    lines = [line for line in report.channels if line.measure_code == measure_code]
    return sorted(lines, key=lambda line: (line.selection, -line.n))


def pulse_questions(report: IndexReport) -> list[PulseQuestion]:
    questions = []
    for _, lines in groupby(report.pulses, key=lambda line: (line.form_id, line.question_id)):
        options = tuple(lines)
        questions.append(PulseQuestion(options[0].question, options[0].answer_count, options))
    return questions


def group_notes(notes: Iterable["MethodNote"]) -> list[NoteGroup]:
    """A note without an explanation is the heading of those that follow."""
    groups: list[NoteGroup] = []
    for note in notes:
        if note.explanation:
            groups[-1].notes.append(note)
        else:
            groups.append(NoteGroup(note.subject, []))
    return groups


def item_keys() -> Keys:
    return {"thu-tu": lambda item: 0, "ty-le": _share_of, "so-phieu": lambda item: item.figures.n}


def unit_result_keys(language: str) -> Keys:
    return {
        "ten": lambda unit: plain_letters(unit.name.in_language(language) or unit.name.vi),
        "so-phieu": lambda unit: unit.figures.n,
        "chi-so": _unit_share_of,
        "diem": lambda unit: unit.figures.index.mean_score.value,
        "hoan-toan": lambda unit: unit.figures.wholly_satisfied_share.value,
        "mong-doi": lambda unit: unit.figures.expectation_percent.value,
    }


def find_unit_results(units: Iterable[UnitResult], search: str) -> list[UnitResult]:
    """Units whose name or code holds every word of the search, marks ignored."""
    words = plain_letters(search).split()
    return [
        unit
        for unit in units
        if all(word in plain_letters(f"{unit.name.vi} {unit.name.en} {unit.unit_code}") for word in words)
    ]


def _share_of(item: ItemLine) -> float | None:
    return item.figures.satisfied_share.value


def _unit_share_of(unit: UnitResult) -> float | None:
    return unit.figures.index.satisfied_share.value


def _add(counts: SelectionCounts, line: ChannelLine) -> SelectionCounts:
    return SelectionCounts(
        counts.n + line.n,
        counts.answer_count + line.answer_count,
        counts.satisfied_answer_count + line.satisfied_answer_count,
    )
