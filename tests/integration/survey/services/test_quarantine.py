"""What was kept aside: looked at, counted, taken in or left, and never deleted."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from survey.models import QuarantinedResponse, Response
from survey.services import devices, quarantine, rounds
from survey.services import quarantine_decisions as decisions
from survey.services.accounts import SignedIn, list_accounts
from survey.services.problems import DecisionRefused, DeliveryKept, KeptUnknown, ResponseConflict
from survey.services.responses import receipt_number
from survey.services.round_forms import get_round
from survey.store.database import Database, Session
from tests import factories
from tests.deliveries import ANSWERS, NOW, body, enrol, send_body
from tests.officials import add_account

ID = UUID(int=11, version=4)
ROUND = factories.ROUND_CODE
ARRIVED, TODAY = date(2026, 9, 7), date(2026, 9, 20)


@pytest.fixture
def officials(database: Database) -> dict[str, SignedIn]:
    for role in ("administrator", "coordinator"):
        add_account(database, role, role)
    with database.read() as session:
        return {account.role: account for account in list_accounts(session)}


@pytest.fixture
def kept_late(officials: dict[str, SignedIn], session: Session) -> Session:
    """One sound response that came from a device after it had been withdrawn."""
    factories.open_small_round(session)
    access = enrol(session)
    devices.withdraw_device(session, access.code, now=NOW)
    withdrawn = devices.find_device_by_code(session, access.code)
    with pytest.raises(DeliveryKept):
        send_body(session, withdrawn, body(ID))
    return session


def only(session: Session) -> decisions.KeptLine:
    session.flush()
    (line,) = decisions.list_kept(session, ROUND)
    return line


def keep(session: Session, **changes: Any) -> None:
    values: dict[str, Any] = {
        "response_id": uuid4(),
        "round_id": get_round(session, ROUND).id,
        "device_id": None,
        "reason": "malformed",
        "content": {"body": "{"},
        "today": ARRIVED,
    }
    quarantine.keep(session, **{**values, **changes})


def test_a_line_says_what_came_from_where(kept_late: Session) -> None:
    line = only(kept_late)
    assert (line.reason, line.state, line.received_on) == ("device_withdrawn", "waiting", ARRIVED)
    assert (line.unit_code, line.form_id, line.acceptance) == (factories.UNIT_CODE, "vi-du", "possible")
    assert line.unit_name is not None
    assert line.unit_name.vi == "Phường Đồng Hới"
    assert line.device_code is not None


def test_accepting_stores_it_once_on_the_day_it_came(
    kept_late: Session, officials: dict[str, SignedIn]
) -> None:
    line = only(kept_late)
    receipts = [
        decisions.accept_kept(
            kept_late, ROUND, line.id, officials["coordinator"], note=" gửi muộn ", today=TODAY
        )
        for _ in range(2)
    ]
    assert [receipt.number for receipt in receipts] == [receipt_number(ID)] * 2
    assert [receipt.is_new for receipt in receipts] == [True, False]
    row = kept_late.get(Response, ID)
    assert row is not None
    assert (row.received_on, row.device_on, row.device_hour) == (ARRIVED, ARRIVED, 8)
    assert (row.channel, row.duration_band, row.clock_band) == ("kiosk", "3_to_10m", "right")
    decided = only(kept_late)
    assert (decided.state, decided.decided_on, decided.note) == ("accepted", TODAY, "gửi muộn")
    assert decided.decided_by == "Tài khoản coordinator"


def test_dismissing_stores_nothing_and_deletes_nothing(
    kept_late: Session, officials: dict[str, SignedIn]
) -> None:
    line = only(kept_late)
    for note in ("thử máy", "lần hai"):
        decisions.dismiss_kept(kept_late, ROUND, line.id, officials["coordinator"], note=note, today=TODAY)
    assert (only(kept_late).state, only(kept_late).note) == ("dismissed", "thử máy")
    assert kept_late.get(Response, ID) is None
    with pytest.raises(DecisionRefused):
        decisions.accept_kept(kept_late, ROUND, line.id, officials["administrator"], today=TODAY)


def test_an_accepted_one_is_not_dismissed(kept_late: Session, officials: dict[str, SignedIn]) -> None:
    line = only(kept_late)
    decisions.accept_kept(kept_late, ROUND, line.id, officials["coordinator"], today=TODAY)
    with pytest.raises(DecisionRefused):
        decisions.dismiss_kept(kept_late, ROUND, line.id, officials["coordinator"], note="nhầm", today=TODAY)


def test_leaving_aside_needs_a_reason(kept_late: Session, officials: dict[str, SignedIn]) -> None:
    with pytest.raises(DecisionRefused) as refused:
        decisions.dismiss_kept(
            kept_late, ROUND, only(kept_late).id, officials["coordinator"], note="  ", today=TODAY
        )
    assert refused.value.reason == "note_missing"


@pytest.mark.parametrize("role", ["coordinator", "administrator"])
def test_into_a_closed_round_nobody_takes_anything(
    kept_late: Session, officials: dict[str, SignedIn], role: str
) -> None:
    rounds.close_round(kept_late, ROUND)
    line = only(kept_late)
    assert line.acceptance == "round_closed"
    with pytest.raises(DecisionRefused) as refused:
        decisions.accept_kept(kept_late, ROUND, line.id, officials[role], today=TODAY)
    assert refused.value.reason == "round_closed"
    assert kept_late.get(Response, ID) is None
    decisions.dismiss_kept(kept_late, ROUND, line.id, officials[role], note="đến muộn", today=TODAY)


def test_what_came_after_closing_is_counted(kept_late: Session) -> None:
    survey_round = get_round(kept_late, ROUND)
    survey_round.status = "closed"
    for day, reason in (
        (ARRIVED, "round_not_open"),
        (ARRIVED, "conflict"),
        (date(2020, 1, 1), "round_not_open"),
    ):
        keep(
            kept_late,
            round_id=survey_round.id,
            reason=reason,
            today=day,
            content={"day": str(day), "reason": reason},
        )
    assert rounds.get_overview(kept_late, ROUND).late_count == 1
    survey_round.status = "open"
    assert rounds.get_overview(kept_late, ROUND).late_count == 0


def test_into_a_draft_nothing_is_taken(kept_late: Session, officials: dict[str, SignedIn]) -> None:
    get_round(kept_late, ROUND).status = "draft"
    with pytest.raises(DecisionRefused) as refused:
        decisions.accept_kept(kept_late, ROUND, only(kept_late).id, officials["administrator"], today=TODAY)
    assert refused.value.reason == "round_draft"


@pytest.mark.parametrize("reason", ["conflict", "version_unknown", "malformed"])
def test_what_is_not_sound_is_never_taken(
    kept_late: Session, officials: dict[str, SignedIn], reason: str
) -> None:
    line = only(kept_late)
    row = kept_late.get(QuarantinedResponse, line.id)
    assert row is not None
    row.reason = reason
    with pytest.raises(DecisionRefused):
        decisions.accept_kept(kept_late, ROUND, line.id, officials["administrator"], today=TODAY)
    assert kept_late.get(Response, ID) is None


def test_answers_are_checked_again_when_it_is_taken(
    kept_late: Session, officials: dict[str, SignedIn]
) -> None:
    line = only(kept_late)
    row = kept_late.get(QuarantinedResponse, line.id)
    assert row is not None
    row.content = {**row.content, "answers": {"q01": 9}}
    with pytest.raises(DecisionRefused):
        decisions.accept_kept(kept_late, ROUND, line.id, officials["administrator"], today=TODAY)
    assert only(kept_late).state == "waiting"


def test_what_was_stored_otherwise_meanwhile_is_not_taken(
    kept_late: Session, officials: dict[str, SignedIn]
) -> None:
    line = only(kept_late)
    send_body(kept_late, None, body(ID, answers={**ANSWERS, "q01": 1}))
    with pytest.raises(DecisionRefused) as refused:
        decisions.accept_kept(kept_late, ROUND, line.id, officials["administrator"], today=TODAY)
    assert refused.value.reason == "stored_otherwise"
    assert only(kept_late).state == "waiting"


def test_a_conflict_stands_beside_what_is_stored(kept_late: Session) -> None:
    other_id = UUID(int=12, version=4)
    send_body(kept_late, None, body(other_id))
    with pytest.raises(ResponseConflict):
        send_body(kept_late, None, body(other_id, answers={**ANSWERS, "q01": 1}))
    line = decisions.list_kept(kept_late, ROUND)[0]
    detail = decisions.get_kept(kept_late, ROUND, line.id)
    assert detail.has_stored
    assert detail.receipt_number == receipt_number(other_id)
    assert [(row.question_id, row.sent, row.stored, row.differs) for row in detail.answers] == [
        ("visited", "yes", "yes", False),
        ("q01", 1, 3, True),
        ("q02", 2, 2, False),
    ]


def test_what_nobody_can_read_is_shown_as_text(kept_late: Session) -> None:
    keep(kept_late)
    line = decisions.list_kept(kept_late, ROUND)[0]
    detail = decisions.get_kept(kept_late, ROUND, line.id)
    assert (detail.body, detail.answers, line.acceptance) == ("{", (), "never")


def test_counts_stay_honest(kept_late: Session, officials: dict[str, SignedIn]) -> None:
    keep(kept_late, content={"body": "a"})
    keep(kept_late, content={"body": "b", "unit_code": factories.OTHER_UNIT_CODE})
    lines = decisions.list_kept(kept_late, ROUND)
    assert [line.id for line in lines] == sorted((line.id for line in lines), reverse=True)
    decisions.accept_kept(kept_late, ROUND, lines[2].id, officials["coordinator"], today=TODAY)
    decisions.dismiss_kept(kept_late, ROUND, lines[1].id, officials["coordinator"], note="rác", today=TODAY)
    kept_late.flush()
    counts = decisions.count_kept(kept_late, ROUND)
    assert (counts.waiting, counts.accepted, counts.dismissed, counts.total) == (1, 1, 1, 3)
    assert rounds.get_overview(kept_late, ROUND).quarantined_count == 2
    assert decisions.count_kept(kept_late, ROUND, factories.UNIT_CODE).total == 1
    assert decisions.count_kept(kept_late, ROUND, factories.OTHER_UNIT_CODE).waiting == 1
    assert [line.state for line in decisions.list_kept(kept_late, ROUND)][0] == "waiting"


def test_what_belongs_to_no_round_has_a_list_of_its_own(kept_late: Session) -> None:
    keep(kept_late, round_id=None)
    (line,) = decisions.list_kept(kept_late, None)
    assert decisions.count_kept(kept_late, None).waiting == 1
    with pytest.raises(KeptUnknown):
        decisions.get_kept(kept_late, ROUND, line.id)
    with pytest.raises(KeptUnknown):
        decisions.get_kept(kept_late, None, only(kept_late).id)


def test_a_long_list_comes_in_pages(kept_late: Session) -> None:
    for number in range(decisions.PAGE_LENGTH):
        keep(kept_late, content={"body": str(number)})
    assert len(decisions.list_kept(kept_late, ROUND)) == decisions.PAGE_LENGTH
    assert len(decisions.list_kept(kept_late, ROUND, page=2)) == 1
