"""Devices in tests: enrolled, given an address, saying how they are."""

from datetime import datetime
from typing import Any

from survey.services import assignments, devices
from survey.services.devices import DeviceReport
from survey.store.database import Database
from tests.deliveries import NOW, enrol
from tests.factories import ROUND_CODE, UNIT_CODE


def add(database: Database, **options: Any) -> str:
    with database.write() as session:
        return enrol(session, **options).code


def add_tablet(database: Database) -> tuple[str, int]:
    """An interviewer's device and the id of its one address."""
    with database.write() as session:
        access = enrol(session, kind="interviewer", name="Máy tổ 1")
        heading = "number,questionnaire,unit,place,note,device"
        row = f"1,vi-du,{UNIT_CODE},Nhà số 1,,{access.code}"
        assignments.import_assignments(session, ROUND_CODE, f"{heading}\n{row}".encode())
        session.flush()
        return access.code, assignments.list_for_device(session, access)[0].id


def report(database: Database, code: str, at: datetime = NOW, **values: Any) -> None:
    said = {"unsent": 0, "held": 0, "dropped": 0, "app_version": "1", "device_time": at, **values}
    with database.write() as session:
        access = devices.find_device_by_code(session, code)
        assert access is not None
        devices.record_contact(session, access.id, DeviceReport(**said), at)
