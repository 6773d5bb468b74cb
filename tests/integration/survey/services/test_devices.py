"""Enrolling, pairing, reporting and withdrawing a device; when it needs looking after."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from survey.cli.sentences import sentences_of
from survey.models import Unit
from survey.services import devices
from survey.services.device_alarms import ALARMS
from survey.services.devices import DeviceLine, DeviceReport
from survey.services.problems import DeviceUnknown, PairingUnknown, SurveyError, UnitUnknown
from survey.services.rounds import close_round, remove_demonstration
from survey.store.database import Database, Session
from tests import factories

NOW = datetime(2026, 9, 7, 2, 0, tzinfo=UTC)  # Monday, 9:00 in Viet Nam
ROUND, UNIT, OTHER = factories.ROUND_CODE, factories.UNIT_CODE, factories.OTHER_UNIT_CODE


@pytest.fixture
def small_round(session: Session) -> Session:
    factories.open_small_round(session)
    return session


def enrol(session: Session, **options: Any) -> tuple[DeviceLine, str]:
    wanted: dict[str, Any] = {
        "round_code": ROUND,
        "unit_code": UNIT,
        "kind": "kiosk",
        "name": "Kiosk sảnh chính",
        "pin": "2468",
        "now": NOW,
    }
    return devices.create_device(session, **{**wanted, **options})


def pair(session: Session, **options: Any) -> devices.PairedDevice:
    return devices.pair_device(session, enrol(session, **options)[1], NOW)


def report(session: Session, credential: str, now: datetime = NOW, **values: Any) -> bool:
    said: dict[str, Any] = {"unsent": 0, "held": 0, "dropped": 0, "app_version": "1", "device_time": now}
    access = devices.find_device(session, credential)
    assert access is not None
    return devices.record_contact(session, access.id, DeviceReport(**{**said, **values}), now)


def alarms(session: Session, now: datetime = NOW, **options: Any) -> tuple[str, ...]:
    (line,) = devices.list_devices(session, ROUND, now=now, **options)
    return line.alarms


def test_a_pairing_code_gives_one_credential_once(small_round: Session) -> None:
    line, code = enrol(small_round)
    assert line.status == "waiting"
    assert len(code) == 9
    assert not set(code) & set("ILO01")
    paired = devices.pair_device(small_round, f" {code.lower()} ", NOW)
    access = devices.find_device(small_round, paired.credential)
    assert access is not None
    assert (access.code, access.kind, access.status) == (line.code, "kiosk", "active")
    assert (access.round_code, access.unit_code) == (ROUND, UNIT)
    with pytest.raises(PairingUnknown):
        devices.pair_device(small_round, code, NOW)


@pytest.mark.parametrize("typed", ["", "AAAA-AAAA", "\0", "ầ"])
def test_an_unknown_pairing_code_is_refused(small_round: Session, typed: str) -> None:
    enrol(small_round)
    with pytest.raises(PairingUnknown):
        devices.pair_device(small_round, typed, NOW)


def test_a_pairing_code_expires(small_round: Session) -> None:
    code = enrol(small_round)[1]
    with pytest.raises(PairingUnknown):
        devices.pair_device(small_round, code, NOW + devices.PAIRING_LASTS)


def test_secrets_are_kept_as_digests_only(small_round: Session) -> None:
    code = enrol(small_round)[1]
    credential = devices.pair_device(small_round, code, NOW).credential
    kept = small_round.connection().exec_driver_sql("SELECT * FROM device").mappings().one()
    assert kept["credential_digest"] == hashlib.sha256(credential.encode()).hexdigest()
    assert credential not in str(dict(kept))
    assert kept["pairing_digest"] is None


def test_a_renewed_code_ends_the_former_one_and_then_the_former_credential(small_round: Session) -> None:
    line, first = enrol(small_round)
    second = devices.renew_pairing(small_round, line.code, now=NOW)
    with pytest.raises(PairingUnknown):
        devices.pair_device(small_round, first, NOW)
    old = devices.pair_device(small_round, second, NOW).credential
    third = devices.renew_pairing(small_round, line.code, now=NOW)
    assert devices.find_device(small_round, old) is not None
    devices.pair_device(small_round, third, NOW, former_credential=old)
    assert devices.find_device(small_round, old) is None


def exchange(session: Session, **said: int) -> tuple[str, str]:
    """A device is paired anew on other hardware; gives the credentials of the old and the new one."""
    old = pair(session).credential
    report(session, old, **said)
    access = devices.find_device(session, old)
    assert access is not None
    code = devices.renew_pairing(session, access.code, now=NOW)
    return old, devices.pair_device(session, code, NOW, former_credential="another").credential


def test_what_the_former_hardware_holds_is_not_forgotten(small_round: Session) -> None:
    old, new = exchange(small_round, unsent=3, held=2)
    report(small_round, new)
    assert alarms(small_round) == ("former",)
    assert devices.count_unsent(small_round, ROUND) == 5
    former = devices.find_device(small_round, old)
    assert former is not None
    assert (former.status, former.former_id is None) == ("withdrawn", False)


def test_the_alarm_ends_when_the_former_hardware_is_empty(small_round: Session) -> None:
    old, _new = exchange(small_round, unsent=3)
    former = devices.find_device(small_round, old)
    assert former is not None
    assert former.former_id is not None
    said = DeviceReport(unsent=0, held=0, dropped=0, app_version="1", device_time=NOW)
    devices.record_former_contact(small_round, former.former_id, said, NOW)
    assert alarms(small_round) == ()


def test_lost_forms_are_an_alarm_until_staff_have_looked(small_round: Session) -> None:
    credential = pair(small_round).credential
    report(small_round, credential, lost=2)
    (line,) = devices.list_devices(small_round, ROUND, now=NOW)
    assert (line.alarms, line.lost_count) == (("lost",), 2)
    devices.note_losses(small_round, line.code)
    report(small_round, credential, lost=2)
    assert alarms(small_round) == ()
    report(small_round, credential, lost=3)
    assert alarms(small_round) == ("lost",)


def test_the_pin_is_hashed_as_the_kiosk_can_check_it(small_round: Session) -> None:
    access = devices.find_device(small_round, pair(small_round, pin="13579").credential)
    assert access is not None
    method, iterations, salt, digest = access.pin_hash.split("$")
    assert method == "pbkdf2_sha256"
    expected = hashlib.pbkdf2_hmac("sha256", b"13579", bytes.fromhex(salt), int(iterations))
    assert bytes.fromhex(digest) == expected
    assert devices.is_pin(access.pin_hash, "13579")
    assert not devices.is_pin(access.pin_hash, "13578")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"pin": "123"}, "pin_malformed"),
        ({"pin": "123456789"}, "pin_malformed"),
        ({"pin": "12a4"}, "pin_malformed"),
        ({"pin": "١٢٣٤"}, "pin_malformed"),
        ({"name": "  "}, "device_name_malformed"),
        ({"name": "x" * 61}, "device_name_malformed"),
        ({"kind": "phone"}, "device_kind_unknown"),
    ],
)
def test_a_faulty_enrolment_is_refused(small_round: Session, changes: dict[str, str], reason: str) -> None:
    with pytest.raises(SurveyError) as refused:
        enrol(small_round, **changes)
    assert refused.value.params["reason"] == reason


def test_only_units_of_the_round_get_a_device(small_round: Session) -> None:
    with pytest.raises(UnitUnknown):
        enrol(small_round, unit_code="99999")


def test_a_unit_that_the_round_does_not_ask_at_is_told_from_an_unknown_one(small_round: Session) -> None:
    unit = Unit(
        code="19093",
        name="Xã khác",
        name_en="Other",
        kind="commune",
        former_province="",
        valid_from=date(2020, 1, 1),
        source="s",
    )
    small_round.add(unit)

    with pytest.raises(UnitUnknown) as refused:
        enrol(small_round, unit_code="19093")

    assert refused.value.params["reason"] == "unit_not_in_round"
    assert "không hỏi ở đơn vị “19093”" in sentences_of(refused.value)[0]


def test_a_closed_round_takes_no_device(small_round: Session) -> None:
    close_round(small_round, ROUND)
    with pytest.raises(SurveyError) as refused:
        enrol(small_round)
    assert refused.value.params["reason"] == "round_closed"


def test_a_withdrawn_device_is_still_recognised_but_says_no_more(small_round: Session) -> None:
    paired = pair(small_round)
    assert devices.withdraw_device(small_round, paired.code, now=NOW)
    assert not devices.withdraw_device(small_round, paired.code, now=NOW)
    access = devices.find_device(small_round, paired.credential)
    assert access is not None
    assert access.status == "withdrawn"
    assert not report(small_round, paired.credential, unsent=4)
    assert devices.get_device(small_round, ROUND, paired.code).unsent_count == 0
    with pytest.raises(SurveyError):
        devices.renew_pairing(small_round, paired.code, now=NOW)


def test_a_waiting_device_that_is_withdrawn_cannot_be_paired(small_round: Session) -> None:
    line, code = enrol(small_round)
    devices.withdraw_device(small_round, line.code, now=NOW)
    with pytest.raises(PairingUnknown):
        devices.pair_device(small_round, code, NOW)


def test_an_unknown_device_is_named(small_round: Session) -> None:
    for deed in (devices.withdraw_device, devices.renew_pairing):
        with pytest.raises(DeviceUnknown):
            deed(small_round, "K-00000", now=NOW)
    with pytest.raises(DeviceUnknown):
        devices.get_device(small_round, ROUND, "K-00000")


def test_what_a_device_reports_stands_in_its_line(small_round: Session) -> None:
    credential = pair(small_round).credential
    report(small_round, credential, unsent=3, held=1, dropped=7, device_time=NOW - timedelta(minutes=5))
    (line,) = devices.list_devices(small_round, ROUND, now=NOW)
    assert (line.unsent_count, line.held_count, line.dropped_count) == (3, 1, 7)
    assert (line.clock_skew_seconds, line.last_contact_at, line.app_version) == (300, NOW, "1")
    assert devices.count_unsent(small_round, ROUND) == 4


def test_absurd_values_of_a_device_do_no_harm(small_round: Session) -> None:
    credential = pair(small_round).credential
    report(
        small_round,
        credential,
        unsent=10**12,
        held=-5,
        app_version="v" * 500,
        device_time=datetime(9999, 12, 31, tzinfo=UTC),
    )
    (line,) = devices.list_devices(small_round, ROUND, now=NOW)
    assert (line.unsent_count, line.held_count) == (2**31 - 1, 0)
    assert line.clock_skew_seconds == -(2**31 - 1)
    with pytest.raises(SurveyError):
        report(small_round, credential, storage="wet")


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, ()),
        ({"unsent": 5}, ()),
        ({"held": 1}, ("held",)),
        ({"storage": "low"}, ("storage",)),
        ({"is_kept": True}, ()),
        ({"is_kept": False}, ("not_kept",)),
        ({"device_time": NOW - timedelta(seconds=121)}, ("clock",)),
        ({"device_time": NOW + timedelta(seconds=120)}, ()),
        ({"app_version": "0"}, ("old_version",)),
        ({"app_version": "0", "held": 2, "storage": "full"}, ("storage", "held", "old_version")),
    ],
)
def test_alarms_of_a_device_that_speaks(
    small_round: Session, values: dict[str, Any], expected: tuple[str, ...]
) -> None:
    report(small_round, pair(small_round).credential, **values)
    assert alarms(small_round, app_version="1") == expected
    assert set(expected) <= set(ALARMS)


@pytest.mark.parametrize(
    ("kind", "unsent", "minutes", "expected"),
    [
        ("kiosk", 0, 60, ()),
        ("kiosk", 0, 61, ("silent",)),
        ("kiosk", 2, 61, ("unsent_silent",)),
        ("interviewer", 2, 150, ()),
    ],
)
def test_silence_within_office_hours_is_an_alarm(
    small_round: Session, kind: str, unsent: int, minutes: int, expected: tuple[str, ...]
) -> None:
    report(small_round, pair(small_round, kind=kind).credential, unsent=unsent)
    assert alarms(small_round, NOW + timedelta(minutes=minutes)) == expected


def test_a_device_that_never_spoke_after_pairing_is_silent_too(small_round: Session) -> None:
    pair(small_round)
    assert alarms(small_round, NOW + timedelta(minutes=61)) == ("silent",)


def test_after_the_round_silence_matters_only_with_unsent_responses(small_round: Session) -> None:
    credential = pair(small_round).credential
    report(small_round, credential)
    later = NOW + timedelta(hours=2)
    close_round(small_round, ROUND)
    small_round.flush()
    assert alarms(small_round, later) == ()
    report(small_round, credential, unsent=1)
    assert alarms(small_round, later) == ("unsent_silent",)


def test_devices_that_are_not_in_use_raise_no_alarm(small_round: Session) -> None:
    enrol(small_round)
    withdrawn = pair(small_round)
    report(small_round, withdrawn.credential, held=3)
    devices.withdraw_device(small_round, withdrawn.code, now=NOW)
    lines = devices.list_devices(small_round, ROUND, now=NOW + timedelta(days=3))
    assert [(line.status, line.alarms) for line in lines] == [("waiting", ()), ("withdrawn", ())]


def test_devices_with_alarms_come_first_and_a_unit_sees_its_own(small_round: Session) -> None:
    quiet, loud = pair(small_round), pair(small_round, unit_code=OTHER)
    report(small_round, loud.credential, held=1)
    assert [line.code for line in devices.list_devices(small_round, ROUND, now=NOW)] == [
        loud.code,
        quiet.code,
    ]
    own = devices.list_devices(small_round, ROUND, UNIT, now=NOW)
    assert [line.code for line in own] == [quiet.code]


def test_of_many_who_use_one_code_at_once_one_gets_a_credential(database: Database) -> None:
    with database.write() as session:
        factories.open_small_round(session)
        code = enrol(session)[1]

    def try_to_pair(_: int) -> bool:
        try:
            with database.write() as session:
                devices.pair_device(session, code, NOW)
        except PairingUnknown:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(try_to_pair, range(8))) == 1


def test_a_removed_demonstration_takes_its_devices_with_it(session: Session) -> None:
    factories.open_small_round(session, is_demonstration=True)
    old, new = exchange(session)
    remove_demonstration(session, ROUND)
    assert devices.find_device(session, old) is None
    assert devices.find_device(session, new) is None
