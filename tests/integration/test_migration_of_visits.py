"""Revision 0006 on a database with visits that said which tablet made them."""

from datetime import date
from uuid import uuid4

from sqlalchemy import text

from survey.services import assignments
from survey.services.visits import NewVisit, record_visit
from survey.store.database import Database
from survey.store.migrate import downgrade, upgrade
from tests import factories
from tests.deliveries import enrol

DAY = date(2026, 9, 8)
LIST = f"number,questionnaire,unit,place,note,device\n1,vi-du,{factories.UNIT_CODE},Nhà số 1,,"


def test_visits_survive_down_and_up_and_name_no_device(database: Database) -> None:
    with database.write() as session:
        factories.open_small_round(session)
        tablet = enrol(session, kind="interviewer")
        assignments.import_assignments(session, factories.ROUND_CODE, f"{LIST}{tablet.code}".encode())
        (own,) = assignments.list_for_device(session, tablet)
        record_visit(session, tablet, NewVisit(uuid4(), own.id, "refused", DAY), today=DAY)
    database.dispose()

    downgrade(database.url, "0005")
    with database.read() as session:
        assert session.execute(text("SELECT device_id FROM visit")).scalars().all() == [tablet.id]
    database.dispose()
    upgrade(database.url)

    with database.read() as session:
        assert session.execute(text("SELECT outcome FROM visit")).scalars().all() == ["refused"]
        found = assignments.list_assignments(session, factories.ROUND_CODE)
    assert dict(found.totals.by_outcome)["refused"] == 1
