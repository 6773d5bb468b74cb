"""Visits in a rescue file: taken once, apart from the responses, or named with the reason."""

import json
from collections.abc import Callable
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import select

from survey.models import Response, Visit
from survey.services import assignments, devices
from survey.services.delivered_visits import parse_visit
from survey.services.rescue_files import RescueOutcome, import_rescue_file, read_rescue_file
from survey.services.rounds import close_round
from survey.services.visits import record_visit
from survey.store.database import Database
from tests import factories
from tests.deliveries import NOW, body, enrol, rescue_file, visit_text

FIRST, SECOND, THIRD = (UUID(int=number, version=4) for number in (1, 2, 3))
HEADING = "number,questionnaire,unit,place,note,device"


@pytest.fixture
def tablet(database: Database) -> devices.DeviceAccess:
    """An interviewer's device with two addresses."""
    with database.write() as session:
        factories.open_small_round(session)
        access = enrol(session, kind="interviewer", name="Máy tổ 1")
        rows = [f"{number},vi-du,{factories.UNIT_CODE},Nhà {number},,{access.code}" for number in (1, 2)]
        assignments.import_assignments(session, factories.ROUND_CODE, "\n".join([HEADING, *rows]).encode())
    return access


@pytest.fixture
def address(database: Database, tablet: devices.DeviceAccess) -> int:
    with database.read() as session:
        return assignments.list_for_device(session, tablet)[0].id


def take(database: Database, raw: bytes, **options: object) -> RescueOutcome:
    return import_rescue_file(database, raw, now=NOW, **options)  # type: ignore[arg-type]


def read_visits(database: Database) -> list[Visit]:
    with database.read() as session:
        return list(session.scalars(select(Visit)))


def faults_of(outcome: RescueOutcome) -> list[tuple[int, str]]:
    return [(fault.line, fault.code) for fault in outcome.faults]


def test_visits_are_taken_once_however_often_the_file_is_handed_in(
    database: Database, tablet: devices.DeviceAccess, address: int
) -> None:
    visits = [visit_text(address, "not_at_home", FIRST), visit_text(address, "completed", SECOND)]
    raw = rescue_file(tablet.code, [body()], visits)
    assert take(database, raw) == RescueOutcome(tablet.code, stored=1, visits_stored=2)
    assert take(database, raw) == RescueOutcome(tablet.code, already=1, visits_already=2)
    assert sorted(visit.outcome for visit in read_visits(database)) == ["completed", "not_at_home"]


def test_a_visit_that_the_device_sends_later_is_the_same_one(
    database: Database, tablet: devices.DeviceAccess, address: int
) -> None:
    """Also where the device names the day of an interview and the file its Monday, or the other way."""
    tuesday = visit_text(address, "completed", FIRST, visited_on="2026-09-08")
    monday = visit_text(address, "completed", FIRST)
    take(database, rescue_file(tablet.code, [], [monday]))
    with database.write() as session:
        assert not record_visit(session, tablet, parse_visit(tuesday), today=NOW.date())
    assert take(database, rescue_file(tablet.code, [], [tuesday])).visits_already == 1
    assert [visit.visited_on for visit in read_visits(database)] == [date(2026, 9, 7)]


def test_a_trial_counts_visits_and_stores_none(
    database: Database, tablet: devices.DeviceAccess, address: int
) -> None:
    raw = rescue_file(tablet.code, [], [visit_text(address), visit_text(999_999)])
    outcome = take(database, raw, dry_run=True)
    assert outcome.visits_stored == 1
    assert faults_of(outcome) == [(3, "assignment_unknown")]
    assert read_visits(database) == []


def test_a_closed_round_takes_what_staff_hand_in_and_says_so(
    database: Database, tablet: devices.DeviceAccess, address: int
) -> None:
    long_after = visit_text(address, "refused", SECOND, visited_on="2031-01-01")
    with database.write() as session:
        close_round(session, factories.ROUND_CODE)
    outcome = take(
        database, rescue_file(tablet.code, [], [visit_text(address, "refused", FIRST), long_after])
    )
    assert outcome == RescueOutcome(tablet.code, visits_stored=2, visits_late=2)


def test_the_visits_of_a_withdrawn_device_are_taken(
    database: Database, tablet: devices.DeviceAccess, address: int
) -> None:
    with database.write() as session:
        devices.withdraw_device(session, tablet.code, now=NOW)
    outcome = take(database, rescue_file(tablet.code, [body()], [visit_text(address)]))
    assert (outcome.kept, outcome.visits_stored, outcome.faults) == (1, 1, ())


def test_each_faulty_visit_is_named_and_the_rest_is_taken(
    database: Database, tablet: devices.DeviceAccess, address: int
) -> None:
    take(database, rescue_file(tablet.code, [], [visit_text(address, "refused", FIRST)]))
    visits = [
        visit_text(address, "not_at_home", FIRST),
        visit_text(999_999),
        visit_text(address, "bribed"),
        visit_text(address, name="Nguyễn Văn A"),
        "{",
        visit_text(address, "away", THIRD),
    ]
    outcome = take(database, rescue_file(tablet.code, [], visits))
    assert outcome.visits_stored == 1
    assert faults_of(outcome) == [
        (2, "visit_conflict"),
        (3, "assignment_unknown"),
        (4, "visit_malformed"),
        (5, "visit_malformed"),
        (6, "visit_malformed"),
    ]
    assert sorted(visit.outcome for visit in read_visits(database)) == ["away", "refused"]


def test_a_kiosk_has_no_visits(database: Database, tablet: devices.DeviceAccess, address: int) -> None:
    with database.write() as session:
        kiosk = enrol(session)
    outcome = take(database, rescue_file(kiosk.code, [], [visit_text(address)]))
    assert faults_of(outcome) == [(2, "not_an_interviewer")]
    assert read_visits(database) == []


def _cut(raw: bytes) -> bytes:
    return raw[: raw.rindex(b'"count"') - 40]


def _edit(raw: bytes) -> bytes:
    return raw.replace(b"refused", b"away", 1)


def _drop(raw: bytes) -> bytes:
    lines = raw.splitlines(keepends=True)
    return b"".join([*lines[:3], *lines[4:]])


@pytest.mark.parametrize(
    ("spoil", "taken", "faults"),
    [
        (_cut, 1, [(0, "cut"), (4, "not_readable")]),
        (_edit, 1, [(3, "changed")]),
        (_drop, 1, [(0, "visit_count_differs")]),
    ],
)
def test_of_a_spoilt_file_the_sound_visits_are_taken(
    database: Database,
    tablet: devices.DeviceAccess,
    address: int,
    spoil: Callable[[bytes], bytes],
    taken: int,
    faults: list[tuple[int, str]],
) -> None:
    raw = spoil(rescue_file(tablet.code, [body()], [visit_text(address), visit_text(address)]))
    outcome = take(database, raw)
    assert (outcome.stored, outcome.visits_stored) == (1, taken)
    assert faults_of(outcome) == faults


def test_the_order_of_the_lines_is_not_the_order_of_storing(
    database: Database, tablet: devices.DeviceAccess, address: int
) -> None:
    """Rows of PostgreSQL lie in the order of their coming: it must not be that of the interviews."""
    ids = [UUID(int=number, version=4) for number in (7, 3, 9, 1)]
    raw = rescue_file(tablet.code, [], [visit_text(address, "completed", visit_id) for visit_id in ids])
    assert [visit.visit_id for _, visit in read_rescue_file(raw).visits] == ids
    take(database, raw)
    assert [visit.id for visit in read_visits(database)] == sorted(ids)


def test_a_visit_and_a_response_of_one_file_share_nothing(
    database: Database, tablet: devices.DeviceAccess, address: int
) -> None:
    response = body()
    take(
        database,
        rescue_file(tablet.code, [response], [visit_text(address, "completed", visited_on="2026-09-09")]),
    )
    (visit,) = read_visits(database)
    assert (visit.visited_on, visit.received_on) == (date(2026, 9, 7), date(2026, 9, 7))
    with database.read() as session:
        kept = session.scalars(select(Response)).one()
    assert (kept.received_hour, kept.device_hour) == (None, None)
    of_response = {kept.id, kept.content_digest, *kept.details.values(), UUID(json.loads(response)["id"])}
    assert not of_response & {visit.id, str(visit.id), visit.assignment_id}
