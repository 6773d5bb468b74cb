"""What came of the visits to an assignment, and the response rate of interviewers' work.

Source: The American Association for Public Opinion Research, Standard Definitions: Final Dispositions of Case
Codes and Outcome Rates for Surveys, 10th edition, 2023.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from survey.models.interviews import OUTCOMES

__all__ = ["OUTCOMES", "Totals", "VisitMade"]

COMPLETED = "completed"
NOT_VISITED = "not_visited"
# Instead of the outcome, where telling it of a place could tell whose response one is.
VISITED = "visited"
NOT_ELIGIBLE = "not_eligible"
# Of two visits on one day the one stands that settles more.
_MOST_SETTLED_FIRST = (
    "completed",
    "partial",
    "refused",
    "not_eligible",
    "unable",
    "not_found",
    "away",
    "other",
    "not_at_home",
)


@dataclass(frozen=True)
class VisitMade:
    """The outcome of one visit and the day of it."""

    outcome: str
    on: date


@dataclass(frozen=True)
class Totals:
    """Assignments by final outcome, every outcome in a fixed order, `not_visited` last."""

    by_outcome: tuple[tuple[str, int], ...]

    @property
    def count(self) -> int:
        return sum(count for _, count in self.by_outcome)

    @property
    def completed(self) -> int:
        return dict(self.by_outcome)[COMPLETED]

    @property
    def counted(self) -> int:
        """The denominator of the response rate."""
        return self.count - dict(self.by_outcome)[NOT_ELIGIBLE]

    @property
    def response_rate(self) -> float | None:
        """AAPOR's minimum response rate, RR1 = I ÷ ((I + P) + (R + NC + O) + (UH + UO)).

        I: completed; P: partial; R: refused; NC: not_at_home, away; O: unable, other; UH, of unknown
        eligibility: not_found, and those where nobody has been yet (UO does not occur). Not eligible ones are
        left out. So it can only be too low: while visits go on it rises to its final value.
        """
        return self.completed / self.counted if self.counted else None


def final_outcome(visits: Iterable[VisitMade]) -> str:
    """A completed interview stands; otherwise the last day's outcome, the most settled of that day."""
    made = list(visits)
    if not made:
        return NOT_VISITED
    if any(visit.outcome == COMPLETED for visit in made):
        return COMPLETED
    last = max(visit.on for visit in made)
    return min((visit.outcome for visit in made if visit.on == last), key=_MOST_SETTLED_FIRST.index)


def count_outcomes(outcomes: Iterable[str]) -> Totals:
    counts = Counter(outcomes)
    return Totals(tuple((outcome, counts[outcome]) for outcome in (*OUTCOMES, NOT_VISITED)))


def kept_day(outcome: str, day: date) -> date:
    """The day that is kept of a visit: of a completed interview only the Monday of its week.

    With the device and the unit, the day itself could point at the response that was given in it.
    """
    return day - timedelta(days=day.weekday()) if outcome == COMPLETED else day
