"""The index report as one frozen value; page, chart, XLSX, CSV and command all render this same value."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from questionnaires.model import Text

# Why a cell has no number, or a number no interval.
NOT_SURVEYED = "not_surveyed"
SUPPRESSED = "suppressed"
SELF_SELECTED = "self_selected"
FEW = "few"
UNRELIABLE = "unreliable"
AT_END = "at_end_of_scale"
NOT_ASKED = "not_asked"


@dataclass(frozen=True)
class Figure:
    """One estimate as it is shown: a share 0–1, or a mean in its own unit. Unrounded.

    `marks` say why a statistician should look at a share that is shown.
    """

    n: int
    value: float | None = None
    low: float | None = None
    high: float | None = None
    standard_error: float | None = None
    degrees_of_freedom: float | None = None
    design_effect: float | None = None
    interval_method: str = ""
    reason: str = ""
    marks: tuple[str, ...] = ()

    @property
    def has_interval(self) -> bool:
        return self.low is not None and self.high is not None


@dataclass(frozen=True)
class IndexFigures:
    """An item, element or index: respondents, their answers, the share satisfied and the mean."""

    n: int
    answer_count: int
    satisfied_share: Figure
    mean_score: Figure


@dataclass(frozen=True)
class ElementLine:
    element_id: str
    title: Text
    figures: IndexFigures


@dataclass(frozen=True)
class ItemLine:
    form_id: str
    question_id: str
    element_id: str
    title: Text
    figures: IndexFigures


@dataclass(frozen=True)
class DomainFigures:
    """All figures of one domain: the whole, a sector or a unit."""

    n: int
    index: IndexFigures
    wholly_satisfied_share: Figure
    expectation_percent: Figure
    elements: tuple[ElementLine, ...]
    items: tuple[ItemLine, ...]

    def list_head_figures(self) -> Iterator[Figure]:
        """The index and the figures beside it."""
        yield from (self.index.satisfied_share, self.index.mean_score)
        yield from (self.wholly_satisfied_share, self.expectation_percent)

    def list_figures(self) -> Iterator[Figure]:
        """Every figure of the domain."""
        yield from self.list_head_figures()
        for part in (*(line.figures for line in self.elements), *(line.figures for line in self.items)):
            yield from (part.satisfied_share, part.mean_score)

    def without_figures(self) -> "DomainFigures":
        """The number of respondents alone."""
        nothing = Figure(n=self.n)
        index = IndexFigures(self.n, self.index.answer_count, nothing, nothing)
        return DomainFigures(self.n, index, nothing, nothing, (), ())


@dataclass(frozen=True)
class SectorLine:
    sector_code: str
    name: Text
    figures: DomainFigures


@dataclass(frozen=True)
class UnitResult:
    """A unit's figures. `design` is `round`, or `within_unit` where the unit is a single PSU of the round."""

    unit_code: str
    name: Text
    kind: str
    design: str
    figures: DomainFigures


@dataclass(frozen=True)
class TargetLine:
    minimum_share: float
    year: int
    section: str
    text: str


@dataclass(frozen=True)
class WeightSummary:
    """How the responses of a measure were weighted.

    `first_stage` is `frame` where the frame says what was drawn first, else `units` or `respondents`.
    """

    is_weighted: bool
    population: int
    covered_population: int
    stratum_count: int
    psu_count: int
    single_psu_stratum_count: int
    kish_design_effect: float | None
    excluded_count: int
    first_stage: str = "frame"

    @property
    def covered_share(self) -> float | None:
        return self.covered_population / self.population if self.population else None


@dataclass(frozen=True)
class MeasureResult:
    """One line of the scorecard with everything behind it."""

    measure_code: str
    sector_code: str
    name: Text
    target: TargetLine
    composition: str
    selection: str
    figures: DomainFigures
    verdict: str
    verdict_reason: str
    further_responses: int | None
    weights: WeightSummary
    sectors: tuple[SectorLine, ...]
    units: tuple[UnitResult, ...]

    @property
    def key(self) -> str:
        return f"{self.measure_code}/{self.sector_code}" if self.sector_code else self.measure_code


@dataclass(frozen=True)
class ChannelLine:
    """Unweighted counts of one channel; they are set side by side, never added to the index."""

    measure_code: str
    channel: str
    selection: str
    n: int
    answer_count: int
    satisfied_answer_count: int
    is_withheld: bool = False

    @property
    def satisfied_share(self) -> float | None:
        """None where it is withheld: what is published must show neither it nor the satisfied answers."""
        if self.is_withheld or self.answer_count == 0:
            return None
        return self.satisfied_answer_count / self.answer_count


@dataclass(frozen=True)
class PulseLine:
    """How often an option of a counter reading was chosen; `reason` says why that is not shown."""

    form_id: str
    question_id: str
    question: Text
    option: Text
    count: int
    answer_count: int
    reason: str = ""

    @property
    def shown_count(self) -> int | None:
        return None if self.reason else self.count


@dataclass(frozen=True)
class FormLine:
    form_id: str
    version: int
    digest: str
    title: Text
    source: Text
    measure_code: str | None
    response_count: int
    satisfied_codes: tuple[int, ...] = ()
    not_applicable_codes: tuple[int, ...] = ()


@dataclass(frozen=True)
class IndexReport:
    """The numbers of a round at one moment, with their origin."""

    round_code: str
    round_title: Text
    is_demonstration: bool
    opens_on: date
    closes_on: date
    status: str
    cut_off_at: datetime
    target_set_code: str
    target_set_name: str
    target_year: int
    confidence_level: float
    code_version: str
    response_count: int
    quarantined_count: int
    forms: tuple[FormLine, ...]
    results: tuple[MeasureResult, ...]
    channels: tuple[ChannelLine, ...]
    pulses: tuple[PulseLine, ...]
    late_count: int = 0

    def find_result(self, measure_code: str, sector_code: str = "") -> MeasureResult | None:
        return next(
            (r for r in self.results if (r.measure_code, r.sector_code) == (measure_code, sector_code)), None
        )

    def without_figures(self) -> "IndexReport":
        """Origin, counts and design without anything that follows from what was answered."""
        results = (
            replace(
                result,
                figures=result.figures.without_figures(),
                verdict="inconclusive",
                verdict_reason="" if result.figures.n else result.verdict_reason,
                further_responses=None,
                sectors=(),
                units=(),
            )
            for result in self.results
        )
        return replace(self, results=tuple(results), channels=(), pulses=())

    def count_verdicts(self) -> dict[str, int]:
        verdicts = [result.verdict for result in self.results]
        return {verdict: verdicts.count(verdict) for verdict in ("met", "not_met", "inconclusive")}

    def undecided(self) -> Iterator[MeasureResult]:
        return (result for result in self.results if result.verdict == "inconclusive")
