"""Data quality of a round: planted anomalies are found with evidence; the index keeps every response."""

from collections.abc import Callable, Sequence
from datetime import date
from random import Random
from uuid import UUID

import pytest

from questionnaires.model import AnswerValue
from survey.services.devices import create_device, find_device_by_code
from survey.services.frames import import_frame
from survey.services.quality import build_quality_report
from survey.services.quality_thresholds import (
    USUAL,
    Thresholds,
    check_thresholds,
    get_thresholds,
    save_thresholds,
)
from survey.services.quality_values import EffectLine, QualityReport, UnitQuality
from survey.services.responses import DeviceStamp, NewResponse, submit_response
from survey.store.database import Session
from tests.factories import ROUND_CODE, shipped_form
from tests.rounds import NOW, TODAY, build_report, open_tthc_round, tthc_answers

UNITS = ("18880", "18859", "19147", "19093", "19207")
SUSPECT = UNITS[0]
RATED = tuple(question.id for question in shipped_form("tthc").rated)
Send = Callable[..., None]


@pytest.fixture
def send(session: Session) -> Send:
    """Stores responses to `tthc`, all different and unhurried unless told otherwise."""
    open_tthc_round(session, UNITS)
    rng = Random(5)

    def send_some(count: int, unit: str = SUSPECT, **options: object) -> None:
        for _ in range(count):
            answers = options.get("answers") or tthc_answers(**_varied(rng))
            device = options.get("device")
            new = NewResponse(
                UUID(int=rng.getrandbits(128), version=4),
                ROUND_CODE,
                "tthc",
                unit,
                str(options.get("channel", "phone")),
                str(options.get("selection", "invited")),
                answers=answers,  # type: ignore[arg-type]
                duration_band=str(options.get("band", "3_to_10m")),
                device=device if isinstance(device, DeviceStamp) else None,
            )
            hour = options.get("hour")
            submit_response(session, new, today=TODAY, hour=hour if isinstance(hour, int) else None)

    return send_some


@pytest.fixture
def honest(send: Send) -> Send:
    """Twenty unsuspicious invited responses at each of five units."""
    for unit in UNITS:
        send(20, unit)
    return send


def _varied(rng: Random) -> dict[str, AnswerValue]:
    return {question: rng.choice([1, 3, 4, 4, 5]) for question in RATED}


def all_on(level: int) -> dict[str, AnswerValue]:
    return tthc_answers(**dict.fromkeys(RATED, level))


def copied() -> dict[str, AnswerValue]:
    return tthc_answers(**{question: 1 + place % 5 for place, question in enumerate(RATED)})


def report_of(session: Session) -> QualityReport:
    return build_quality_report(session, ROUND_CODE, now=NOW)


def line_of(report: QualityReport, unit: str = SUSPECT) -> UnitQuality:
    (line,) = report.lines_of_unit(unit)
    return line


def flagged(report: QualityReport, rule: str, unit: str = SUSPECT) -> tuple[int, int]:
    share = line_of(report, unit).rule(rule)
    assert share is not None
    return share.flagged, share.base


def whole_effect(report: QualityReport) -> EffectLine:
    return next(line for line in report.effects if not line.sector_code)


def enrol(session: Session, unit: str = SUSPECT) -> tuple[int, str]:
    line, _ = create_device(
        session, round_code=ROUND_CODE, unit_code=unit, kind="kiosk", name="Sảnh", pin="2468", now=NOW
    )
    device = find_device_by_code(session, line.code)
    assert device is not None
    return device.id, line.code


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
    [("right", 20, 9, (6, True)), ("hours_off", 9, 20, (6, False)), ("hours_off", 20, 9, (0, False))],
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


@pytest.mark.parametrize(
    ("populations", "fault"),
    [((400, 400, 400, 400, 400), ""), ((19, 400, 400, 400, 400), "above"), ((9000, 90, 90, 90, 90), "below")],
)
def test_coverage_is_compared_with_transactions_and_other_units(
    session: Session, honest: Send, populations: Sequence[int], fault: str
) -> None:
    rows = (f"tthc,{unit},land,{count}" for unit, count in zip(UNITS, populations, strict=True))
    import_frame(session, ROUND_CODE, "\n".join(["form,unit_code,sector,population", *rows]).encode())

    line = line_of(report_of(session))

    assert line.coverage is not None
    assert line.coverage.fault == fault
    assert line.signs == (("coverage",) if fault else ())
    assert honest is not None


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


def test_flags_change_no_published_number(session: Session, honest: Send) -> None:
    honest(12, answers=all_on(5), band="under_1m")
    before = build_report(session)

    report_of(session)

    assert build_report(session) == before


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


def test_units_with_few_responses_are_not_judged(session: Session, send: Send) -> None:
    send(4, band="under_1m")

    line = line_of(report_of(session))

    assert line.signs == ()
    assert line.evidence == ()
    assert all(share.share is None for share in line.rules)


def test_thresholds_of_a_round_decide_what_is_flagged(session: Session, honest: Send) -> None:
    honest(8, channel="kiosk", selection="self_selected", hour=9)
    save_thresholds(session, ROUND_CODE, Thresholds(burst_per_hour=8, minimum_items=2))

    report = report_of(session)

    assert flagged(report, "burst") == (8, 8)
    assert get_thresholds(session, ROUND_CODE) == Thresholds(burst_per_hour=8, minimum_items=2)


def test_a_threshold_set_back_to_the_usual_is_not_kept(session: Session, send: Send) -> None:
    save_thresholds(session, ROUND_CODE, Thresholds(distance=4.5))
    save_thresholds(session, ROUND_CODE, USUAL)

    assert get_thresholds(session, ROUND_CODE) == USUAL
    assert send is not None


@pytest.mark.parametrize(
    ("name", "typed", "code"),
    [
        ("distance", "nhiều", "not_a_number"),
        ("distance", "nan", "out_of_bounds"),
        ("distance", "0,5", "out_of_bounds"),
        ("burst_per_hour", "20,5", "not_whole"),
        ("burst_per_hour", "1.001", "out_of_bounds"),
        ("last_hour", "7", "hours_reversed"),
    ],
)
def test_a_threshold_that_makes_no_sense_is_refused(name: str, typed: str, code: str) -> None:
    _, faults = check_thresholds({name: typed})

    assert [(fault.name, fault.code) for fault in faults] == [(name, code)]


@pytest.mark.parametrize(("typed", "value"), [("", 3.5), (" 4,5 ", 4.5), ("4.5", 4.5)])
def test_a_threshold_is_read_as_it_is_written(typed: str, value: float) -> None:
    thresholds, faults = check_thresholds({"distance": typed})

    assert faults == []
    assert thresholds.distance == value
