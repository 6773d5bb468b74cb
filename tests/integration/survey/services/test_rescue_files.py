"""Rescue files: each sound line is taken once, each faulty one is named."""

import json
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest

from survey.models import QuarantinedResponse, Response
from survey.services import devices
from survey.services.problems import SurveyError
from survey.services.rescue_files import RescueOutcome, import_rescue_file, read_rescue_file
from survey.services.rounds import close_round
from survey.store.database import Database
from tests import factories
from tests.deliveries import NOW, body, enrol, rescue_file


@pytest.fixture
def device_code(database: Database) -> str:
    with database.write() as session:
        factories.open_small_round(session)
        return enrol(session).code


def bodies(count: int) -> list[str]:
    return [body(UUID(int=number + 1, version=4)) for number in range(count)]


def take(database: Database, raw: bytes, **options: object) -> RescueOutcome:
    return import_rescue_file(database, raw, now=NOW, **options)  # type: ignore[arg-type]


def counts(database: Database) -> tuple[int, int]:
    with database.read() as session:
        return session.query(Response).count(), session.query(QuarantinedResponse).count()


def test_a_file_is_taken_once_however_often_it_is_handed_in(database: Database, device_code: str) -> None:
    raw = rescue_file(device_code, bodies(3))
    assert take(database, raw) == RescueOutcome(device_code, stored=3)
    assert take(database, raw) == RescueOutcome(device_code, already=3)
    assert counts(database) == (3, 0)


def test_a_trial_stores_nothing(database: Database, device_code: str) -> None:
    raw = rescue_file(device_code, [*bodies(2), "{"])
    outcome = take(database, raw, dry_run=True)
    assert (outcome.stored, outcome.kept) == (2, 1)
    assert counts(database) == (0, 0)


def test_what_cannot_be_stored_is_kept_aside(database: Database, device_code: str) -> None:
    raw = rescue_file(
        device_code, [bodies(1)[0], body(UUID(int=1, version=4), answers={}), body(version=4), "{"]
    )
    outcome = take(database, raw)
    assert (outcome.stored, outcome.kept, outcome.faults) == (1, 3, ())
    assert counts(database) == (1, 3)
    take(database, raw)
    assert counts(database) == (1, 3)


def test_a_closed_round_and_a_withdrawn_device_keep_it_aside(database: Database, device_code: str) -> None:
    with database.write() as session:
        close_round(session, factories.ROUND_CODE)
    assert take(database, rescue_file(device_code, bodies(2))).kept == 2
    with database.write() as session:
        devices.withdraw_device(session, device_code, now=NOW)
    assert take(database, rescue_file(device_code, [body()])).kept == 1


def _cut(raw: bytes) -> bytes:
    return raw[: raw.rindex(b'"count"') - 40]


def _edit(raw: bytes) -> bytes:
    return raw.replace(b'\\"q01\\": 3', b'\\"q01\\": 1', 1)


def _repeat(raw: bytes) -> bytes:
    lines = raw.splitlines(keepends=True)
    return b"".join([*lines[:2], lines[1], *lines[2:]])


def _mix(raw: bytes) -> bytes:
    return raw.replace(b"\n", b"\r\n\r\n").replace(b'{"count"', b'hello\r\n[1]\r\n{"a": 1}\r\n{"count"')


@pytest.mark.parametrize(
    ("spoil", "stored", "faults"),
    [
        (_cut, 2, [(0, "cut"), (4, "not_readable")]),
        (_edit, 2, [(2, "changed")]),
        (_repeat, 3, [(0, "count_differs")]),
        (_mix, 3, [(9, "not_readable"), (10, "not_readable"), (11, "not_a_line")]),
        (lambda raw: b"\xef\xbb\xbf" + raw, 3, []),
    ],
)
def test_of_a_spoilt_file_the_sound_lines_are_taken(
    database: Database,
    device_code: str,
    spoil: Callable[[bytes], bytes],
    stored: int,
    faults: list[tuple[int, str]],
) -> None:
    outcome = take(database, spoil(rescue_file(device_code, bodies(3))))
    assert outcome.stored == stored
    assert [(fault.line, fault.code) for fault in outcome.faults] == faults
    assert counts(database) == (stored, 0)


def test_a_file_of_the_former_version_is_still_read(database: Database, device_code: str) -> None:
    head, rest = rescue_file(device_code, bodies(2)).split(b"\n", 1)
    former = head.replace(b'"version": 2', b'"version": 1') + b"\n" + rest.replace(b', "visits": 0', b"")
    assert b"visits" not in former
    assert take(database, former) == RescueOutcome(device_code, stored=2)


def test_a_lost_first_line_is_made_up_for_by_the_code_of_the_device(
    database: Database, device_code: str
) -> None:
    raw = rescue_file(device_code, bodies(2)).split(b"\n", 1)[1]
    with pytest.raises(SurveyError) as refused:
        take(database, raw)
    assert refused.value.params["reason"] == "rescue_device_missing"
    outcome = take(database, raw, device_code=device_code.lower())
    assert outcome.stored == 2
    assert [fault.code for fault in outcome.faults] == ["no_first_line"]


@pytest.mark.parametrize(
    ("named", "options", "reason"),
    [
        ("K-XXXXX", {}, "rescue_device_unknown"),
        (None, {"unit_code": factories.OTHER_UNIT_CODE}, "rescue_device_elsewhere"),
        (None, {"round_code": "2020"}, "rescue_device_elsewhere"),
    ],
)
def test_a_file_of_another_device_is_refused(
    database: Database, device_code: str, named: str | None, options: dict[str, str], reason: str
) -> None:
    with pytest.raises(SurveyError) as refused:
        take(database, rescue_file(named or device_code, bodies(1)), **options)
    assert refused.value.params["reason"] == reason
    assert counts(database) == (0, 0)


@pytest.mark.parametrize(
    "line",
    [
        b"\xff\xfe",
        b"[" * 100_000,
        json.dumps({"body": 5}).encode(),
        json.dumps({"body": "x" * (256 * 1024 + 1)}).encode(),
        json.dumps({"body": "\ud800", "sha256": "0"}).encode(),
        json.dumps({"format": "hailong-rescue", "version": 3, "device": "K-AAAAA"}).encode(),
        json.dumps({"format": "hailong-rescue", "version": 1, "device": "K\0"}).encode(),
        json.dumps({"count": True}).encode(),
        json.dumps({"count": 1, "visits": "1"}).encode(),
        json.dumps({"visit": 5}).encode(),
        json.dumps({"visit": "{}", "sha256": "0"}).encode(),
    ],
)
def test_a_faulty_line_is_named_and_never_a_crash(line: bytes) -> None:
    file = read_rescue_file(line)
    assert (file.bodies, file.visits) == ((), ())
    assert file.device_code is None
    assert [fault.line for fault in file.faults] == [0, 0, 1]


def test_a_large_file_is_read_line_by_line(database: Database, device_code: str, tmp_path: Path) -> None:
    lines = rescue_file(device_code, bodies(3)).splitlines(keepends=True)
    padding = (b" " * (1024 * 1024) + b"\n") * 6
    file = tmp_path / "lon.jsonl"
    file.write_bytes(b"".join([lines[0], padding, *lines[1:3], b"x" * (5 * 1024 * 1024) + b"\n", *lines[3:]]))
    assert file.stat().st_size > 10 * 1024 * 1024
    with file.open("rb") as content:
        outcome = import_rescue_file(database, content, now=NOW)
    assert outcome.stored == 3
    assert [(fault.line, fault.code) for fault in outcome.faults] == [(10, "not_readable")]


def naming(raw: bytes, device_code: str) -> bytes:
    """The same file, each response with the device that took it."""
    lines = [json.loads(line) for line in raw.splitlines()]
    lines = [{**line, "device": device_code} if "body" in line else line for line in lines]
    return "".join(json.dumps(line) + "\n" for line in lines).encode()


@pytest.fixture
def next_device(database: Database, device_code: str) -> str:
    """The device that the same tablet is in the next round."""
    with database.write() as session:
        factories.open_round_with(session, ["vi-du"], (factories.UNIT_CODE,), code="next")
        return enrol(session, round_code="next").code


def test_a_line_is_taken_as_from_its_own_device(
    database: Database, device_code: str, next_device: str
) -> None:
    raw = naming(rescue_file(next_device, bodies(2)), device_code)
    assert take(database, raw) == RescueOutcome(next_device, stored=2)
    with database.read() as session:
        owner = devices.find_device_by_code(session, device_code)
        assert owner is not None
        assert {row.device_id for row in session.query(Response)} == {owner.id}


def test_the_named_device_takes_what_was_asked_at_its_place(
    database: Database, device_code: str, next_device: str
) -> None:
    """A file of an older application, whose lines name no device."""
    raw = rescue_file(next_device, [*bodies(2), body(UUID(int=9, version=4), round="next")])
    assert take(database, raw, device_code=device_code) == RescueOutcome(device_code, stored=3)


def test_a_page_takes_the_lines_of_its_own_devices_alone(
    database: Database, device_code: str, next_device: str
) -> None:
    raw = naming(rescue_file(next_device, bodies(1)), device_code)
    outcome = take(database, raw, round_code="next")
    assert (outcome.stored, [fault.code for fault in outcome.faults]) == (0, ["device_elsewhere"])
    assert take(database, raw, round_code=factories.ROUND_CODE).stored == 1
    assert take(database, naming(raw, "K-XXXXX")).faults[0].code == "device_unknown"
