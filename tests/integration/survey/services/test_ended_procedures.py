"""A procedure that the catalogue ended between the answer on a device and its arrival: the answer counts."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from survey.models import Procedure, QuarantinedResponse, Response
from survey.services import quarantine_decisions as decisions
from survey.services.accounts import SignedIn, list_accounts
from survey.services.problems import DecisionRefused, DeliveryKept
from survey.services.rounds import close_round
from survey.store.database import Database, Session
from tests import deliveries
from tests.factories import ROUND_CODE, UNIT_CODE, shipped_form
from tests.officials import add_account
from tests.rounds import open_tthc_round, tthc_answers

ID = UUID(int=11, version=4)
FILLED = "2026-09-07T08:54:00+07:00"
ENDED = date(2026, 9, 7)
ARRIVED = datetime(2026, 9, 10, 2, 0, tzinfo=UTC)


@pytest.fixture
def round_of_procedures(session: Session) -> Session:
    open_tthc_round(session)
    return session


def end_procedure(session: Session, valid_to: date = ENDED, valid_from: date | None = None) -> str:
    """The procedure that the answers of the tests name."""
    answers = tthc_answers()
    procedure = session.query(Procedure).filter_by(code=answers["procedure"]).one()
    procedure.valid_to = valid_to
    procedure.valid_from = valid_from or procedure.valid_from
    session.flush()
    return str(procedure.code)


def deliver(session: Session, *, now: datetime = ARRIVED, **changes: object) -> bool:
    access = deliveries.enrol(session)
    document = {
        "questionnaire": "tthc",
        "version": shipped_form("tthc").version,
        "answers": tthc_answers(),
        "sent_at": now.isoformat(),
        "started_at": FILLED,
        "completed_at": FILLED,
    } | changes
    return deliveries.send_body(session, access, deliveries.body(ID, **document), now).is_new


def test_what_was_filled_on_its_last_day_is_stored_after_it(round_of_procedures: Session) -> None:
    end_procedure(round_of_procedures)
    assert deliver(round_of_procedures)
    row = round_of_procedures.get(Response, ID)
    assert row is not None
    assert row.procedure_id is not None


@pytest.mark.parametrize("clock", ["1970-01-01T00:10:00+00:00", "2038-01-01T00:00:00+00:00"])
def test_a_wrong_clock_does_not_make_it_unknown(round_of_procedures: Session, clock: str) -> None:
    end_procedure(round_of_procedures)
    assert deliver(round_of_procedures, started_at=clock, completed_at=clock)


def test_an_old_catalogue_on_the_device_does_not_cost_the_answer(round_of_procedures: Session) -> None:
    """A device without a network goes on offering what ended meanwhile."""
    end_procedure(round_of_procedures, ENDED - timedelta(days=3))
    assert deliver(round_of_procedures)


def test_what_ended_before_the_round_is_refused(round_of_procedures: Session) -> None:
    end_procedure(round_of_procedures, date(2025, 6, 1), date(2025, 1, 1))
    with pytest.raises(DeliveryKept):
        deliver(round_of_procedures)


@pytest.fixture
def coordinator(database: Database) -> SignedIn:
    add_account(database, "coordinator", "coordinator")
    with database.read() as session:
        return next(iter(list_accounts(session)))


def test_what_became_sound_is_taken_by_staff(coordinator: SignedIn, round_of_procedures: Session) -> None:
    session = round_of_procedures
    end_procedure(session, date(2025, 6, 1), date(2025, 1, 1))
    with pytest.raises(DeliveryKept):
        deliver(session)
    session.flush()
    (line,) = decisions.list_kept(session, ROUND_CODE)
    assert (line.reason, line.acceptance) == ("answers_refused", "never")
    with pytest.raises(DecisionRefused):
        decisions.accept_kept(session, ROUND_CODE, line.id, coordinator, today=ENDED)

    end_procedure(session, ENDED)
    (line,) = decisions.list_kept(session, ROUND_CODE)
    assert line.acceptance == "possible"
    assert decisions.accept_kept(session, ROUND_CODE, line.id, coordinator, today=ENDED).is_new


def test_into_a_closed_round_it_is_not_taken(coordinator: SignedIn, round_of_procedures: Session) -> None:
    session = round_of_procedures
    end_procedure(session, date(2025, 6, 1), date(2025, 1, 1))
    with pytest.raises(DeliveryKept):
        deliver(session)
    end_procedure(session, ENDED)
    close_round(session, ROUND_CODE)
    session.flush()
    (line,) = decisions.list_kept(session, ROUND_CODE)
    assert line.acceptance == "never"
    assert session.query(QuarantinedResponse).one().state == "waiting"
    assert line.unit_code == UNIT_CODE
