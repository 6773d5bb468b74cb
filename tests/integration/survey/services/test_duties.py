"""Who is judged by invited responses does not make them: the services refuse it, whatever a page offers."""

from datetime import UTC, datetime

import pytest

from survey.services import accounts, devices, paper_batches
from survey.services.duties import OfOneUnitRefused
from survey.services.paper_problems import PaperRefused
from survey.services.rescue_files import import_rescue_file
from survey.store.accounts import find_account
from survey.store.database import Database, Session
from tests import deliveries, factories
from tests.paper import TODAY

NOW = datetime(2026, 9, 7, 2, 0, tzinfo=UTC)
ROUND, UNIT = factories.ROUND_CODE, factories.UNIT_CODE


@pytest.fixture(autouse=True)
def small_round(session: Session) -> None:
    factories.open_small_round(session)


def account(session: Session, role: str) -> int:
    unit_code = UNIT if role == "unit_official" else None
    accounts.create_account(session, role, role, role, now=NOW, unit_code=unit_code)
    found = find_account(session, role)
    assert found is not None
    return found.id


def make_batch(session: Session, role: str, selection: str) -> str:
    return paper_batches.create_batch(
        session,
        round_code=ROUND,
        form_id="vi-du",
        unit_code=UNIT,
        selection=selection,
        printed_count=5,
        account_id=account(session, role),
        today=TODAY,
    )


def test_an_official_of_a_unit_makes_no_batch_for_the_invited(session: Session) -> None:
    with pytest.raises(PaperRefused) as caught:
        make_batch(session, "unit_official", "invited")
    assert caught.value.reason == "of_one_unit"


@pytest.mark.parametrize(
    ("role", "selection"),
    [("unit_official", "self_selected"), ("coordinator", "invited"), ("administrator", "invited")],
)
def test_every_other_batch_is_made(session: Session, role: str, selection: str) -> None:
    assert make_batch(session, role, selection)


def test_an_official_of_a_unit_enrols_and_pairs_kiosks_alone(session: Session) -> None:
    official = account(session, "unit_official")
    kiosk = deliveries.enrol(session, account_id=official)
    assert devices.renew_pairing(session, kiosk.code, now=NOW, account_id=official)
    with pytest.raises(OfOneUnitRefused):
        deliveries.enrol(session, kind="interviewer", account_id=official)
    tablet = deliveries.enrol(session, kind="interviewer", account_id=account(session, "coordinator"))
    with pytest.raises(OfOneUnitRefused):
        devices.renew_pairing(session, tablet.code, now=NOW, account_id=official)


def test_a_unit_hands_in_no_rescue_file_of_a_tablet(session: Session, database: Database) -> None:
    tablet = deliveries.enrol(session, kind="interviewer")
    session.commit()
    file = deliveries.rescue_file(tablet.code, [deliveries.body()])
    with pytest.raises(OfOneUnitRefused):
        import_rescue_file(database, file, now=NOW, unit_code=UNIT)
    assert import_rescue_file(database, file, now=NOW).stored == 1
