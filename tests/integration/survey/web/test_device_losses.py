"""What the page of a device says of forms that may be lost or left behind."""

import pytest
from flask import Flask

from survey.services import devices
from survey.services.devices import DeviceReport
from survey.store.database import Database
from tests import factories
from tests.deliveries import NOW, enrol
from tests.fixtures.applications import PageClient
from tests.officials import add_settled_account, signed_in_client

DEVICES = f"/quan-tri/dot/{factories.ROUND_CODE}/thiet-bi"


@pytest.fixture
def official(app: Flask, database: Database, small_round: str) -> PageClient:
    add_settled_account(database, role="coordinator")
    return signed_in_client(app)


def add(database: Database) -> str:
    with database.write() as session:
        return enrol(session).code


def report(database: Database, code: str, *, unsent: int = 0, lost: int = 0) -> None:
    said = DeviceReport(unsent=unsent, held=0, dropped=0, app_version="1", device_time=NOW, lost=lost)
    with database.write() as session:
        access = devices.find_device_by_code(session, code)
        assert access is not None
        devices.record_contact(session, access.id, said, NOW)


def test_pairing_anew_warns_of_what_is_on_the_device(official: PageClient, database: Database) -> None:
    code = add(database)
    warning = "phiếu chưa gửi và"
    assert warning not in official.get(f"{DEVICES}/{code}").text
    report(database, code, unsent=40)
    assert "40 phiếu chưa gửi và" in official.get(f"{DEVICES}/{code}").text


def test_lost_forms_are_looked_after(official: PageClient, database: Database) -> None:
    code = add(database)
    report(database, code, lost=7)
    page = official.get(f"{DEVICES}/{code}").text
    assert "7 phiếu đã mất khỏi thiết bị" in page
    assert "7 phiếu đã mất khỏi thiết bị" in official.get(DEVICES).text
    assert official.submit(f"{DEVICES}/{code}", form=1).location == f"{DEVICES}/{code}"
    assert "đã mất khỏi thiết bị" not in official.get(f"{DEVICES}/{code}").text
