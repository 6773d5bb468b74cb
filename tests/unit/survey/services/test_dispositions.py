"""The final outcome of an address, and the response rate."""

from datetime import date

import pytest

from survey.models.interviews import OUTCOMES
from survey.services.dispositions import VisitMade, count_outcomes, final_outcome, kept_day

MONDAY, TUESDAY = date(2026, 9, 7), date(2026, 9, 8)


@pytest.mark.parametrize(
    ("visits", "outcome"),
    [
        ([], "not_visited"),
        ([("not_at_home", MONDAY), ("refused", TUESDAY)], "refused"),
        ([("refused", MONDAY), ("not_at_home", TUESDAY)], "not_at_home"),
        ([("completed", MONDAY), ("not_at_home", TUESDAY)], "completed"),
        ([("not_at_home", MONDAY), ("other", MONDAY)], "other"),
    ],
)
def test_a_completed_interview_stands_else_the_last_day(visits: list[tuple[str, date]], outcome: str) -> None:
    assert final_outcome(VisitMade(*visit) for visit in visits) == outcome


def test_every_outcome_can_be_final() -> None:
    assert [final_outcome([VisitMade(outcome, MONDAY)]) for outcome in OUTCOMES] == list(OUTCOMES)


def test_response_rate_is_rr1() -> None:
    """Among 10 addresses 3 are completed and 2 not eligible: 3 ÷ 8."""
    outcomes = ["completed"] * 3 + ["not_eligible"] * 2 + ["partial", "not_found", "refused"]
    totals = count_outcomes([*outcomes, "not_visited", "not_at_home"])
    assert (totals.count, totals.counted, totals.response_rate) == (10, 8, 3 / 8)
    assert sum(count for _, count in totals.by_outcome) == 10


def test_nobody_eligible_has_no_rate() -> None:
    assert count_outcomes(["not_eligible"]).response_rate is None


def test_of_a_completed_interview_the_week_is_kept() -> None:
    sunday = date(2026, 9, 13)
    assert [kept_day("completed", day) for day in (MONDAY, TUESDAY, sunday)] == [MONDAY] * 3
    assert kept_day("refused", TUESDAY) == TUESDAY
