"""The index with and without flagged responses: as if they had never come, and nobody given away."""

import pytest

from survey.services.quality import build_quality_report
from survey.store.database import Session
from tests.quality_rounds import SUSPECT, UNITS, Send, all_on, report_of, whole_effect
from tests.rounds import NOW, ROUND_CODE, build_report


def test_without_flagged_responses_the_index_is_as_if_they_had_never_come(
    session: Session, honest: Send
) -> None:
    before = build_report(session).results[0]
    honest(12, answers=all_on(5), band="under_1m")
    after = build_report(session).results[0]

    effect = whole_effect(report_of(session))

    assert effect.all == after.figures.index.satisfied_share
    assert effect.without == before.figures.index.satisfied_share
    assert effect.taken_out == 12
    assert effect.all != effect.without


def test_straight_lines_are_left_out_in_a_column_of_their_own(session: Session, honest: Send) -> None:
    honest(8, answers=all_on(5), band="under_1m")
    sound = build_quality_report(session, ROUND_CODE, now=NOW)
    for unit in UNITS:
        honest(6, unit, answers=all_on(4))

    effect = whole_effect(report_of(session))

    assert (effect.taken_out, effect.also_taken_out) == (8, 30)
    assert effect.without_straight == whole_effect(sound).without


@pytest.mark.parametrize(("taken_out", "is_shown"), [(4, False), (5, True)])
def test_figures_that_would_give_a_few_people_away_are_withheld(
    session: Session, honest: Send, taken_out: int, is_shown: bool
) -> None:
    honest(taken_out, band="under_1m")

    effect = whole_effect(report_of(session))

    assert effect.taken_out == taken_out
    assert (effect.without.value is not None) == is_shown
    assert effect.without.reason == ("" if is_shown else "suppressed")


def test_invited_responses_that_are_all_flagged_leave_no_index(session: Session, send: Send) -> None:
    send(10, band="under_1m")
    send(10, channel="kiosk", selection="self_selected", hour=9)

    effect = whole_effect(report_of(session))

    assert effect.all.n == 10
    assert (effect.without.n, effect.without.value) == (0, None)


def test_units_that_stand_out_have_their_index_with_and_without(session: Session, honest: Send) -> None:
    honest(12, answers=all_on(5), band="under_1m")

    (line,) = report_of(session).unit_effects

    assert line.unit is not None
    assert line.unit.code == SUSPECT
    assert (line.all.n, line.without.n) == (32, 20)


@pytest.mark.parametrize(("elsewhere", "is_shown"), [(0, True), (3, False), (5, True)])
def test_a_unit_s_index_does_not_give_away_a_few_of_other_units(
    session: Session, honest: Send, elsewhere: int, is_shown: bool
) -> None:
    honest(12, answers=all_on(5), band="under_1m")
    honest(elsewhere, UNITS[1], band="under_1m")

    line = next(each for each in report_of(session).unit_effects if each.unit and each.unit.code == SUSPECT)

    assert line.taken_out == 12
    assert (line.without.reason != "suppressed") is is_shown


def test_self_selected_responses_neither_enter_nor_leave_an_index_of_invited_ones(
    session: Session, honest: Send
) -> None:
    honest(30, channel="kiosk", selection="self_selected", hour=9, answers=all_on(1))

    report = report_of(session)

    assert report.flagged_count == 30
    assert (whole_effect(report).all.n, whole_effect(report).taken_out) == (100, 0)
    assert whole_effect(report).without == whole_effect(report).all


def test_flags_change_no_published_number(session: Session, honest: Send) -> None:
    honest(12, answers=all_on(5), band="under_1m")
    before = build_report(session)

    report_of(session)

    assert build_report(session) == before
