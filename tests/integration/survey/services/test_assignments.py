"""Interviewers' lists: taken over whole or not at all, given to devices, with what came of the visits."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from survey.models import Visit
from survey.services import assignments
from survey.services.assignments import AssignmentLine, ImportCounts
from survey.services.devices import DeviceAccess, withdraw_device
from survey.services.problems import (
    DeviceUnknown,
    DeviceWithdrawn,
    ImportRefused,
    RoundNotOpen,
    SurveyError,
)
from survey.services.round_forms import get_round
from survey.services.rounds import close_round, get_line, remove_demonstration
from survey.services.visits import (
    AssignmentUnknown,
    NewVisit,
    NotAnInterviewer,
    VisitConflict,
    hand_in_visit,
    record_visit,
)
from survey.store.database import Session
from survey.store.responses import find_response
from tests import factories
from tests.deliveries import NOW, body, enrol, send_body

ROUND, UNIT, OTHER = factories.ROUND_CODE, factories.UNIT_CODE, factories.OTHER_UNIT_CODE
HEADING = "number,questionnaire,unit,place,note,device"
MONDAY, TUESDAY = date(2026, 9, 7), date(2026, 9, 8)


@pytest.fixture
def round_session(session: Session) -> Session:
    factories.open_small_round(session)
    return session


@pytest.fixture
def tablet(round_session: Session) -> DeviceAccess:
    return enrol(round_session, kind="interviewer", name="Máy tổ 1")


def take(session: Session, *rows: str, heading: str = HEADING) -> ImportCounts:
    return assignments.import_assignments(session, ROUND, "\n".join([heading, *rows]).encode())


def row(number: str = "1", device: str = "", place: str = "12 Trần Hưng Đạo", unit: str = UNIT) -> str:
    return f"{number},vi-du,{unit},{place},cổng xanh,{device}"


def lines(session: Session) -> list[AssignmentLine]:
    session.flush()
    session.expire_all()
    return list(assignments.list_assignments(session, ROUND).lines)


def outcomes(session: Session) -> list[str]:
    """Every outcome that occurs, however few have it."""
    session.flush()
    session.expire_all()
    counts = assignments.list_assignments(session, ROUND).totals.by_outcome
    return [outcome for outcome, count in counts for _ in range(count)]


def faults_of(session: Session, *rows: str) -> list[tuple[int, str, str]]:
    with pytest.raises(ImportRefused) as caught:
        take(session, *rows)
    return [(fault.row, fault.column, fault.code) for fault in caught.value.faults]


def visit(
    session: Session, access: DeviceAccess, outcome: str, on: date = MONDAY, visit_id: UUID | None = None
) -> bool:
    (own,) = assignments.list_for_device(session, access)
    new = NewVisit(visit_id or uuid4(), own.id, outcome, on)
    return record_visit(session, access, new, today=max(on, MONDAY))


def test_a_list_is_taken_over(round_session: Session, tablet: DeviceAccess) -> None:
    counts = take(round_session, row("10"), row("2", tablet.code.lower()))
    assert counts == ImportCounts(added=2, changed=0)
    second, tenth = lines(round_session)
    assert (second.number, tenth.number) == ("2", "10")
    assert (second.device_code, second.device_name) == (tablet.code, "Máy tổ 1")
    assert (tenth.place, tenth.note, tenth.device_code) == ("12 Trần Hưng Đạo", "cổng xanh", None)
    assert (tenth.outcome, tenth.attempts, tenth.form_title.vi) == ("not_visited", 0, "Ví dụ")


def test_a_file_as_excel_saves_it(round_session: Session) -> None:
    """Byte order mark, semicolons, letters in parts, Windows line ends, a comma in an address."""
    text = "\ufeff" + f"{HEADING}\r\n1,vi-du,{UNIT},X,Y,\r\n".replace(",", ";").replace("X", "12, Hẻm Đá")
    assignments.import_assignments(round_session, ROUND, text.encode())
    assert lines(round_session)[0].place == "12, Hẻm Đá"


def test_the_same_file_again_changes_nothing(round_session: Session) -> None:
    take(round_session, row())
    assert take(round_session, row()) == ImportCounts(added=0, changed=0)
    assert take(round_session, row(place="14 Trần Hưng Đạo")) == ImportCounts(added=0, changed=1)
    assert lines(round_session)[0].place == "14 Trần Hưng Đạo"


def test_every_faulty_row_is_named_and_nothing_is_taken(round_session: Session, tablet: DeviceAccess) -> None:
    kiosk = enrol(round_session)
    withdrawn = enrol(round_session, kind="interviewer")
    withdraw_device(round_session, withdrawn.code, now=NOW)
    found = faults_of(
        round_session,
        row("1"),
        row("1"),
        f"3,no-form,{UNIT},Nhà văn hóa,,",
        row("4", unit="00000"),
        row("5", "I-XXXXX"),
        row("6", kiosk.code),
        row("7", withdrawn.code),
        row("8", tablet.code, unit=OTHER),
        row("9", place="x" * 201),
        row("10", place="gọi 0912 345 678"),
        row("11", place="CCCD 044199000123"),
        row("", place=""),
    )
    assert found == [
        (3, "number", "twice"),
        (4, "questionnaire", "not_in_round"),
        (5, "unit", "not_in_round"),
        (6, "device", "not_in_round"),
        (7, "device", "not_an_interviewer"),
        (8, "device", "device_withdrawn"),
        (9, "device", "device_other_unit"),
        (10, "place", "too_long"),
        (11, "place", "personal_number"),
        (12, "place", "personal_number"),
        (13, "number", "empty"),
        (13, "place", "empty"),
    ]
    assert lines(round_session) == []


@pytest.mark.parametrize("place", ["Thôn 12, xã Kim Hoa, thửa 0912", "Số 10 đường 30/4, tổ 3, phường 1"])
def test_a_house_number_is_no_phone_number(round_session: Session, place: str) -> None:
    take(round_session, f'1,vi-du,{UNIT},"{place}",,')
    assert lines(round_session)[0].place == place


def test_where_somebody_has_been_the_place_stays(round_session: Session, tablet: DeviceAccess) -> None:
    take(round_session, row(device=tablet.code))
    visit(round_session, tablet, "not_at_home")
    assert faults_of(round_session, row(place="nơi khác")) == [(2, "place", "visited")]
    assert take(round_session, row()) == ImportCounts(added=0, changed=1)
    assert lines(round_session)[0].device_code is None


def test_addresses_are_given_to_a_device_of_their_unit(round_session: Session, tablet: DeviceAccess) -> None:
    take(round_session, row("1"), row("2"), row("3", unit=OTHER))
    assert assignments.give_to_device(round_session, ROUND, ["1", "2"], tablet.code) == 2
    assert assignments.give_to_device(round_session, ROUND, ["2"], None) == 1
    assert [line.device_code for line in lines(round_session)] == [tablet.code, None, None]
    with pytest.raises(DeviceUnknown):
        assignments.give_to_device(round_session, ROUND, ["2"], enrol(round_session).code)
    with pytest.raises(SurveyError) as caught:
        assignments.give_to_device(round_session, ROUND, ["3"], tablet.code)
    assert caught.value.params["reason"] == "device_other_unit"


def test_a_closed_round_keeps_its_list(round_session: Session) -> None:
    take(round_session, row())
    close_round(round_session, ROUND)
    with pytest.raises(SurveyError) as caught:
        take(round_session, row(place="nơi khác"))
    assert caught.value.params["reason"] == "round_closed"


def test_a_device_sees_its_own_addresses_with_all_visits(
    round_session: Session, tablet: DeviceAccess
) -> None:
    other = enrol(round_session, kind="interviewer")
    take(round_session, row("1", tablet.code), row("2", other.code), row("3"))
    visit(round_session, tablet, "not_at_home")
    assignments.give_to_device(round_session, ROUND, ["1"], other.code)
    round_session.flush()
    round_session.expire_all()
    assert assignments.list_for_device(round_session, tablet) == []
    first, second = assignments.list_for_device(round_session, other)
    assert (first.number, first.attempts, first.outcome) == ("1", 1, "not_at_home")
    assert (second.number, second.attempts, second.outcome) == ("2", 0, None)


def test_a_visit_is_stored_once(round_session: Session, tablet: DeviceAccess) -> None:
    take(round_session, row(device=tablet.code))
    visit_id = uuid4()
    assert visit(round_session, tablet, "refused", visit_id=visit_id)
    assert not visit(round_session, tablet, "refused", visit_id=visit_id)
    with pytest.raises(VisitConflict):
        visit(round_session, tablet, "not_at_home", visit_id=visit_id)
    line = lines(round_session)[0]
    assert (line.attempts, line.outcome, line.last_on) == (1, "visited", MONDAY)


def test_a_clock_years_ahead_does_not_rule_for_years(round_session: Session, tablet: DeviceAccess) -> None:
    take(round_session, row(device=tablet.code))
    (own,) = assignments.list_for_device(round_session, tablet)
    ahead = NewVisit(uuid4(), own.id, "not_at_home", date(2031, 1, 1))
    record_visit(round_session, tablet, ahead, today=MONDAY)
    record_visit(round_session, tablet, NewVisit(uuid4(), own.id, "refused", TUESDAY), today=TUESDAY)
    assert outcomes(round_session) == ["refused"]


def test_a_visit_needs_an_interviewer_an_address_and_a_day_of_the_round(
    round_session: Session, tablet: DeviceAccess
) -> None:
    take(round_session, row("1", tablet.code), row("2", unit=OTHER))
    (own,) = assignments.list_for_device(round_session, tablet)
    new = NewVisit(uuid4(), own.id, "refused", MONDAY)
    elsewhere = enrol(round_session, kind="interviewer", unit_code=OTHER)
    with pytest.raises(NotAnInterviewer):
        record_visit(round_session, enrol(round_session), new, today=MONDAY)
    with pytest.raises(AssignmentUnknown):
        record_visit(round_session, elsewhere, new, today=MONDAY)
    record_visit(round_session, tablet, new, today=MONDAY)
    close_round(round_session, ROUND)
    assert not record_visit(round_session, tablet, new, today=MONDAY)
    after = get_line(round_session, ROUND).closes_on + timedelta(days=1)
    with pytest.raises(RoundNotOpen):
        record_visit(round_session, tablet, NewVisit(uuid4(), own.id, "refused", after), today=after)


def test_a_visit_made_in_time_is_taken_after_the_round_was_closed(
    round_session: Session, tablet: DeviceAccess
) -> None:
    """The interviewer was in a village without a network meanwhile; his clock may even be a year ahead."""
    take(round_session, row(device=tablet.code))
    (own,) = assignments.list_for_device(round_session, tablet)
    close_round(round_session, ROUND)
    long_after = get_line(round_session, ROUND).closes_on + timedelta(days=30)
    in_time = NewVisit(uuid4(), own.id, "not_at_home", MONDAY)
    ahead = NewVisit(uuid4(), own.id, "refused", date(2031, 1, 1))
    assert record_visit(round_session, tablet, in_time, today=long_after)
    assert record_visit(round_session, tablet, ahead, today=TUESDAY)
    assert (lines(round_session)[0].attempts, outcomes(round_session)) == (2, ["refused"])


def test_a_device_that_was_withdrawn_a_moment_ago_tells_of_nothing(
    round_session: Session, tablet: DeviceAccess
) -> None:
    """What the server remembers of it may be some seconds old."""
    take(round_session, row(device=tablet.code))
    (own,) = assignments.list_for_device(round_session, tablet)
    withdraw_device(round_session, tablet.code, now=NOW)
    round_session.flush()
    with pytest.raises(DeviceWithdrawn):
        record_visit(round_session, tablet, NewVisit(uuid4(), own.id, "refused", MONDAY), today=MONDAY)


def test_a_round_that_is_not_open_yet_takes_no_visit(round_session: Session, tablet: DeviceAccess) -> None:
    take(round_session, row(device=tablet.code))
    (own,) = assignments.list_for_device(round_session, tablet)
    get_round(round_session, ROUND).status = "draft"
    new = NewVisit(uuid4(), own.id, "refused", MONDAY)
    for deed in (record_visit, hand_in_visit):
        with pytest.raises(RoundNotOpen):
            deed(round_session, tablet, new, today=MONDAY)


def test_the_devices_of_a_closed_round_keep_no_addresses(
    round_session: Session, tablet: DeviceAccess
) -> None:
    take(round_session, row(device=tablet.code))
    close_round(round_session, ROUND)
    assert assignments.list_for_device(round_session, tablet) == []


def test_a_demonstration_round_is_removed_with_its_visits(session: Session) -> None:
    factories.open_small_round(session, is_demonstration=True)
    tablet = enrol(session, kind="interviewer")
    take(session, row(device=tablet.code))
    visit(session, tablet, "refused")
    remove_demonstration(session, ROUND)
    with pytest.raises(SurveyError):
        lines(session)


def visit_all(session: Session, tablet: DeviceAccess, *found: str) -> None:
    take(session, *(row(str(number), tablet.code) for number in range(len(found))))
    for own, outcome in zip(assignments.list_for_device(session, tablet), found, strict=True):
        record_visit(session, tablet, NewVisit(uuid4(), own.id, outcome, TUESDAY), today=TUESDAY)


def test_of_few_interviews_no_place_tells_what_came_of_it(
    round_session: Session, tablet: DeviceAccess
) -> None:
    visit_all(round_session, tablet, *["completed"] * 4, "refused", "not_at_home")
    shown = {(line.outcome, line.last_on) for line in lines(round_session)}
    assert shown == {("visited", MONDAY)}
    assert outcomes(round_session) == ["completed"] * 4 + ["refused", "not_at_home"]


def test_of_five_interviews_each_place_tells_its_outcome(
    round_session: Session, tablet: DeviceAccess
) -> None:
    visit_all(round_session, tablet, *["completed"] * 5, "refused")
    assert [(line.outcome, line.last_on) for line in lines(round_session)] == [
        *[("completed", MONDAY)] * 5,
        ("refused", TUESDAY),
    ]


def test_a_visit_and_a_response_share_no_device(round_session: Session, tablet: DeviceAccess) -> None:
    visit_all(round_session, tablet, "completed")
    receipt = send_body(round_session, tablet, body())
    stored = find_response(round_session, receipt.response_id)
    assert stored is not None
    assert (stored.channel, stored.device_id) == ("interviewer", None)
    assert "device_id" not in Visit.__table__.columns
