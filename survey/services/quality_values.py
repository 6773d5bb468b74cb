"""The quality report as one frozen value; page, CSV, workbook and command render this same value."""

from dataclasses import dataclass
from datetime import date, datetime

from questionnaires.model import Text
from survey.services.index_report_values import Figure
from survey.services.quality_thresholds import Thresholds
from survey.services.rounds import UnitLine

STRAIGHT, FAST, BURST, HOURS, IDENTICAL = "straight", "fast", "burst", "hours", "identical"
RULES = (STRAIGHT, FAST, BURST, HOURS, IDENTICAL)
# Signs that ask how a response came about. "All 4" alone asks nothing: many honest people answer so.
ORIGIN_RULES = (FAST, BURST, HOURS, IDENTICAL)
COVERAGE = "coverage"
INTERVIEWS = "interviews"
# How far the clock of a device was off, the worst first: information, and no flag.
CLOCKS_OFF = ("days_off", "hours_off", "minutes_off")


@dataclass(frozen=True)
class RuleShare:
    """Flagged responses of a unit, of those that the rule can judge, beside those of all other units."""

    rule: str
    flagged: int
    base: int
    others: float | None
    distance: float | None
    stands_out: bool
    is_withheld: bool

    @property
    def share(self) -> float | None:
        return self.flagged / self.base if self.base and not self.is_withheld else None


@dataclass(frozen=True)
class Coverage:
    """Responses for the transactions that the frame counts.

    `fault` is `above`, `below`, `no_transactions` or empty. Among few units there is no median.
    """

    responses: int
    population: int
    median: float | None
    fault: str

    @property
    def share(self) -> float | None:
        return self.responses / self.population if self.population else None


@dataclass(frozen=True)
class Interviews:
    """Responses of interviewers' tablets beside the visits in which somebody was interviewed."""

    responses: int
    visits: int

    @property
    def are_unvisited(self) -> bool:
        """A tablet asks nobody without an address and tells of each interview: the rest has no visit."""
        return self.responses > self.visits


@dataclass(frozen=True)
class Evidence:
    """One thing that was seen, with its count; which fields it has depends on the rule.

    straight: `label` of the level, `count` None for "most of them"; fast: `channel`, `band`; burst: `source`,
    device, day and hour; hours: `source`, device and hour, by which clock, and a
    `weekday` that was closed; identical: `channel` and, in
    `group_count`, how many groups of `count` equal responses.
    """

    rule: str
    count: int | None
    label: Text | None = None
    channel: str = ""
    band: str = ""
    source: str = ""
    device_code: str = ""
    device_name: str = ""
    day: date | None = None
    hour: int | None = None
    by_device_clock: bool = False
    group_count: int = 1
    # 6 or 7 where the day of the week was closed, whatever the hour.
    weekday: int = 0


@dataclass(frozen=True)
class UnitQuality:
    """One questionnaire at one unit."""

    unit: UnitLine
    form_id: str
    form_title: Text
    n: int
    rules: tuple[RuleShare, ...]
    coverage: Coverage | None
    evidence: tuple[Evidence, ...]
    # Each band of a wrong clock with its responses, the worst first; none of a unit with too few responses.
    clock_off: tuple[tuple[str, int], ...] = ()
    interviews: Interviews | None = None

    @property
    def clock_off_count(self) -> int:
        return sum(count for _, count in self.clock_off)

    @property
    def signs(self) -> tuple[str, ...]:
        """What stands out: rules, the coverage, and the interviews."""
        found = [share.rule for share in self.rules if share.stands_out]
        if self.coverage and self.coverage.fault:
            found.append(COVERAGE)
        if self.interviews and self.interviews.are_unvisited:
            found.append(INTERVIEWS)
        return tuple(found)

    @property
    def severity(self) -> tuple[int, float]:
        """For an order with the worst first."""
        return len(self.signs), max((share.distance or 0.0 for share in self.rules), default=0.0)

    def rule(self, name: str) -> RuleShare | None:
        return next((share for share in self.rules if share.rule == name), None)

    def evidence_of(self, rule: str) -> tuple[Evidence, ...]:
        return tuple(each for each in self.evidence if each.rule == rule)


@dataclass(frozen=True)
class FormQuality:
    """One questionnaire of the round: its units, the worst first."""

    form_id: str
    title: Text
    measure_code: str | None
    units: tuple[UnitQuality, ...]


@dataclass(frozen=True)
class EffectLine:
    """The same index with all responses, without those whose origin is in question, and without
    straight-lined ones too. `taken_out` and `also_taken_out` count what each leaves out.
    """

    measure_code: str
    sector_code: str
    name: Text
    unit: UnitLine | None
    all: Figure
    without: Figure
    taken_out: int
    without_straight: Figure
    also_taken_out: int

    @property
    def change(self) -> float | None:
        """By how much the index moves without the responses in question."""
        if self.all.value is None or self.without.value is None:
            return None
        return self.without.value - self.all.value


@dataclass(frozen=True)
class QualityReport:
    round_code: str
    round_title: Text
    is_demonstration: bool
    status: str
    cut_off_at: datetime
    confidence_level: float
    code_version: str
    thresholds: Thresholds
    response_count: int
    flagged_count: int
    straight_count: int
    forms: tuple[FormQuality, ...]
    effects: tuple[EffectLine, ...]
    unit_effects: tuple[EffectLine, ...]
    clock_off_count: int = 0

    @property
    def standing_out(self) -> tuple[UnitQuality, ...]:
        """Units that should be looked at, the worst first."""
        found = [unit for form in self.forms for unit in form.units if unit.signs]
        return tuple(sorted(found, key=lambda line: (-line.severity[0], -line.severity[1], line.unit.code)))

    def find_form(self, form_id: str) -> FormQuality | None:
        return next((form for form in self.forms if form.form_id == form_id), None)

    def lines_of_unit(self, unit_code: str) -> tuple[UnitQuality, ...]:
        return tuple(line for form in self.forms for line in form.units if line.unit.code == unit_code)
