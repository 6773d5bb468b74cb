"""Data quality of a round: planted anomalies are found with evidence; the index keeps every response."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from survey.models import Unit
from survey.reports.quality_tables import coverage_words
from survey.services.frames import import_frame
from survey.services.quality_thresholds import Thresholds
from survey.services.responses import DeviceStamp
from survey.store.database import Session
from tests.factories import ROUND_CODE
from tests.quality_rounds import (
    RATED,
    SUSPECT,
    UNITS,
    Send,
    all_on,
    copied,
    enrol,
    flagged,
    line_of,
    report_of,
    whole_effect,
)
from tests.rounds import TODAY, open_tthc_round, tthc_answers
from tests.thresholds import set_thresholds


@pytest.mark.usefixtures("honest")
def test_honest_responses_raise_no_alarm(session: Session) -> None:
    report = report_of(session)

    assert report.standing_out == ()
    assert report.flagged_count == 0
    assert report.straight_count == 0
    assert whole_effect(report).without == whole_effect(report).all


def test_a_round_without_responses_has_an_empty_report(session: Session) -> None:
    open_tthc_round(session, UNITS)

    report = report_of(session)

    assert (report.response_count, report.effects, report.standing_out) == (0, (), ())


def test_one_level_throughout_stands_out_beside_other_units(session: Session, honest: Send) -> None:
    honest(15, answers=all_on(5))

    report = report_of(session)

    assert line_of(report).signs == ("straight",)
    assert flagged(report, "straight") == (15, 35)
    (evidence,) = line_of(report).evidence_of("straight")
    assert (evidence.count, evidence.label and evidence.label.vi) == (15, "Rất hài lòng")


def test_one_level_that_all_units_have_does_not_stand_out(session: Session, honest: Send) -> None:
    for unit in UNITS:
        honest(30, unit, answers=all_on(4))

    report = report_of(session)

    assert report.straight_count == 150
    assert report.standing_out == ()
    # Honest people answer so: they are in no question of origin.
    assert report.flagged_count == 0


@pytest.mark.parametrize(("other", "shown"), [(3, [None]), (6, [15, 6])])
def test_levels_of_fewer_than_five_people_are_not_shown(
    session: Session, honest: Send, other: int, shown: list[int | None]
) -> None:
    honest(15, answers=all_on(5))
    honest(other, answers=all_on(1))

    assert [line.count for line in line_of(report_of(session)).evidence_of("straight")] == shown


def test_too_fast_is_judged_where_the_duration_is_known(session: Session, honest: Send) -> None:
    honest(8, band="under_1m")
    honest(5, band="unknown", channel="paper")

    report = report_of(session)

    assert flagged(report, "fast") == (8, 28)
    assert "fast" in line_of(report).signs
    (evidence,) = line_of(report).evidence_of("fast")
    assert (evidence.channel, evidence.band, evidence.count) == ("phone", "under_1m", 8)


def test_a_burst_names_the_device_the_day_and_the_hour(session: Session, honest: Send) -> None:
    device_id, code = enrol(session)
    stamp = DeviceStamp(device_id, date(2026, 8, 30), 16, "days_off")
    honest(20, channel="kiosk", selection="self_selected", device=stamp, hour=10)

    line = line_of(report_of(session))

    assert "burst" in line.signs
    (evidence,) = line.evidence_of("burst")
    assert (evidence.device_code, evidence.device_name, evidence.count) == (code, "Sảnh", 20)
    assert (evidence.day, evidence.hour) == (date(2026, 8, 30), 16)


def test_a_clock_that_begins_each_day_anew_makes_no_burst(session: Session, honest: Send) -> None:
    device_id, _ = enrol(session)
    stamp = DeviceStamp(device_id, date(2020, 1, 1), 8, "days_off")
    for days in range(4):
        on = TODAY - timedelta(days=days)
        honest(6, channel="kiosk", selection="self_selected", device=stamp, hour=10, on=on)
    assert flagged(report_of(session), "burst") == (0, 24)

    honest(14, channel="kiosk", selection="self_selected", device=stamp, hour=10)

    report = report_of(session)
    assert flagged(report, "burst") == (20, 38)
    assert [line.count for line in line_of(report).evidence_of("burst")] == [20]


def test_a_queue_that_drains_in_one_hour_is_no_burst(session: Session, honest: Send) -> None:
    device_id, _ = enrol(session)
    for hour in range(8, 18):
        stamp = DeviceStamp(device_id, TODAY, hour, "right")
        honest(4, channel="kiosk", selection="self_selected", device=stamp, hour=22)

    report = report_of(session)

    assert flagged(report, "burst") == (0, 40)
    assert flagged(report, "hours") == (0, 40)


def test_kiosks_without_a_device_are_one_source_a_unit(session: Session, honest: Send) -> None:
    honest(20, channel="kiosk", selection="self_selected", hour=9)
    honest(19, UNITS[1], channel="kiosk", selection="self_selected", hour=9)

    report = report_of(session)

    assert flagged(report, "burst") == (20, 20)
    assert line_of(report).evidence_of("burst")[0].source == "kiosk"
    assert flagged(report, "burst", UNITS[1]) == (0, 19)


@pytest.mark.parametrize(
    ("clock", "device_hour", "received", "expected"),
    [
        ("right", 20, 9, (6, True)),
        ("minutes_off", 20, 9, (6, True)),
        # Filled in offline by day, sent at night.
        ("minutes_off", 9, 22, (0, True)),
        ("hours_off", 9, 20, (6, False)),
        ("hours_off", 20, 9, (0, False)),
    ],
)
def test_hours_are_the_device_s_where_its_clock_is_right(
    session: Session, honest: Send, clock: str, device_hour: int, received: int, expected: tuple[int, bool]
) -> None:
    device_id, _ = enrol(session)
    stamp = DeviceStamp(device_id, TODAY, device_hour, clock)
    honest(6, channel="kiosk", selection="self_selected", device=stamp, hour=received)

    report = report_of(session)

    assert flagged(report, "hours") == (expected[0], 6)
    assert [line.by_device_clock for line in line_of(report).evidence_of("hours")] == [expected[1]] * bool(
        expected[0]
    )


SATURDAY, SUNDAY = date(2026, 9, 12), date(2026, 9, 13)


def test_a_kiosk_that_answers_on_a_closed_day_is_flagged(session: Session, honest: Send) -> None:
    for day in (SATURDAY, SUNDAY):
        honest(6, channel="kiosk", selection="self_selected", hour=9, on=day)
    honest(6, channel="interviewer", hour=9, on=SUNDAY)

    report = report_of(session)

    assert flagged(report, "hours")[0] == 6
    assert [line.weekday for line in line_of(report).evidence_of("hours")] == [7]


def test_a_hospital_is_never_closed(session: Session, honest: Send) -> None:
    unit = session.scalars(select(Unit).where(Unit.code == SUSPECT)).one()
    unit.kind = "hospital"
    honest(6, channel="kiosk", selection="self_selected", hour=2, on=SUNDAY)

    assert line_of(report_of(session)).rule("hours") is None


def test_responses_without_transactions_are_a_flag(session: Session, honest: Send) -> None:
    rows = [f"tthc,{unit},land,400" for unit in UNITS[1:]]
    import_frame(session, ROUND_CODE, "\n".join(["form,unit_code,sector,population", *rows]).encode())

    line = line_of(report_of(session))

    assert honest is not None
    assert line.coverage is not None
    assert (line.coverage.population, line.coverage.share, line.coverage.fault) == (
        0,
        None,
        "no_transactions",
    )
    assert line.signs == ("coverage",)
    assert coverage_words(line.coverage, "vi") == "–: có phiếu mà không có giao dịch"


def test_who_was_invited_elsewhere_excuses_no_unit(session: Session, send: Send) -> None:
    for unit in UNITS:
        send(20, unit=unit, selection="invited" if unit == UNITS[1] else "self_selected")
    rows = (f"tthc,{unit},land,{count}" for unit, count in zip(UNITS, (9000, 90, 90, 90, 90), strict=True))
    import_frame(session, ROUND_CODE, "\n".join(["form,unit_code,sector,population", *rows]).encode())

    line = line_of(report_of(session))

    assert line.coverage is not None
    assert line.coverage.fault == "below"


def test_phones_may_answer_at_night(session: Session, honest: Send) -> None:
    honest(10, channel="phone", selection="self_selected", hour=2)

    assert line_of(report_of(session)).rule("hours") is None


def test_copies_of_one_response_are_counted_in_groups(session: Session, honest: Send) -> None:
    honest(6, answers=copied(), channel="paper")
    honest(2, UNITS[1], answers=copied(), channel="paper")

    report = report_of(session)

    assert flagged(report, "identical") == (6, 26)
    (evidence,) = line_of(report).evidence_of("identical")
    assert (evidence.count, evidence.group_count, evidence.channel) == (6, 1, "paper")
    assert flagged(report, "identical", UNITS[1]) == (0, 22)


def test_who_answered_too_little_to_be_too_fast_is_not_judged(session: Session, honest: Send) -> None:
    few = {name: value for name, value in tthc_answers().items() if name not in RATED[12:]}
    honest(5, answers=few, band="under_1m", channel="paper")

    assert flagged(report_of(session), "fast") == (0, 20)


def test_responses_in_sectors_without_counts_are_in_no_coverage(session: Session, honest: Send) -> None:
    honest(10, answers=tthc_answers(sector="construction", procedure="VD-XD-01"), channel="paper")
    rows = [f"tthc,{unit},land,20" for unit in UNITS]
    import_frame(session, ROUND_CODE, "\n".join(["form,unit_code,sector,population", *rows]).encode())

    line = line_of(report_of(session))

    assert line.n == 30
    assert line.coverage is not None
    assert (line.coverage.responses, line.coverage.population, line.coverage.fault) == (20, 20, "")


@pytest.mark.parametrize(
    ("populations", "fault"),
    [((400, 400, 400, 400, 400), ""), ((19, 400, 400, 400, 400), "above"), ((9000, 90, 90, 90, 90), "below")],
)
def test_coverage_is_compared_with_transactions_and_other_units(
    session: Session, send: Send, populations: Sequence[int], fault: str
) -> None:
    for unit in UNITS:
        send(20, unit=unit, selection="self_selected")
    rows = (f"tthc,{unit},land,{count}" for unit, count in zip(UNITS, populations, strict=True))
    import_frame(session, ROUND_CODE, "\n".join(["form,unit_code,sector,population", *rows]).encode())

    line = line_of(report_of(session))

    assert line.coverage is not None
    assert line.coverage.fault == fault
    assert line.signs == (("coverage",) if fault else ())


def test_few_responses_are_no_sign_where_the_sample_decided_how_many(session: Session, honest: Send) -> None:
    rows = (f"tthc,{unit},land,{count}" for unit, count in zip(UNITS, (9000, 90, 90, 90, 90), strict=True))
    import_frame(session, ROUND_CODE, "\n".join(["form,unit_code,sector,population", *rows]).encode())

    line = line_of(report_of(session))

    assert line.coverage is not None
    assert (line.n, line.coverage.fault) == (20, "")
    assert honest is not None


def test_units_with_few_responses_are_not_judged(session: Session, send: Send) -> None:
    send(4, band="under_1m")

    line = line_of(report_of(session))

    assert line.signs == ()
    assert line.evidence == ()
    assert all(share.share is None for share in line.rules)


def test_thresholds_of_a_round_decide_what_is_flagged(session: Session, honest: Send) -> None:
    honest(8, channel="kiosk", selection="self_selected", hour=9)
    set_thresholds(session, burst_per_hour=8, minimum_items=2)

    report = report_of(session)

    assert flagged(report, "burst") == (8, 8)
    assert report.thresholds == Thresholds(burst_per_hour=8, minimum_items=2)


def test_wrong_clocks_are_counted_by_unit_and_are_no_flag(session: Session, honest: Send) -> None:
    device_id, _ = enrol(session)
    for count, band in ((3, "days_off"), (2, "minutes_off"), (4, "right")):
        honest(
            count, channel="kiosk", selection="self_selected", device=DeviceStamp(device_id, TODAY, 9, band)
        )

    report = report_of(session)

    assert line_of(report).clock_off == (("days_off", 3), ("minutes_off", 2))
    assert report.clock_off_count == 5
    assert line_of(report, UNITS[1]).clock_off == ()
    assert report.flagged_count == 0
