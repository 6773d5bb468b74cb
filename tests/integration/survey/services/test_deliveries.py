"""What a device delivers is stored once or kept aside for staff; nothing of it is lost."""

import unicodedata
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from survey.models import QuarantinedResponse, Response
from survey.services import devices
from survey.services.delivered_responses import DeliveryMalformed, parse_delivery
from survey.services.deliveries import keep_malformed
from survey.services.problems import AnswersRefused, DeliveryKept, ResponseConflict, RoundNotOpen
from survey.services.quarantine_decisions import get_kept, get_kept_bytes
from survey.services.rounds import close_round, remove_demonstration
from survey.store.database import Database, Session
from tests import factories
from tests.deliveries import ANSWERS, NOW, body, enrol, send_body

ID = UUID(int=11, version=4)


@pytest.fixture
def small_round(session: Session) -> Session:
    factories.open_small_round(session)
    return session


def kept(session: Session) -> list[QuarantinedResponse]:
    session.flush()
    return session.query(QuarantinedResponse).order_by(QuarantinedResponse.id).all()


def stored(session: Session) -> Response:
    found = session.get(Response, ID)
    assert found is not None
    return found


def test_a_delivery_is_stored_with_what_the_device_says(small_round: Session) -> None:
    access = enrol(small_round)
    assert send_body(small_round, access, body(ID)).is_new
    row = stored(small_round)
    assert (row.channel, row.selection, row.device_id) == ("kiosk", "self_selected", access.id)
    assert (row.received_on, row.received_hour) == (date(2026, 9, 7), 9)
    assert (row.device_on, row.device_hour, row.clock_band) == (date(2026, 9, 7), 8, "right")
    assert row.duration_band == "3_to_10m"


@pytest.mark.parametrize("filled", ["1970-01-01T00:10:30Z", "2025-06-01T00:00:00Z", "2026-09-10T00:00:00Z"])
def test_a_clock_put_right_before_sending_is_flagged(small_round: Session, filled: str) -> None:
    """A device starts in 1970, is filled in, gets the time from the network, and sends."""
    send_body(small_round, enrol(small_round), body(ID, started_at=filled, completed_at=filled))
    assert stored(small_round).clock_band == "days_off"


def test_a_clock_that_is_steadily_wrong_keeps_its_own_band(small_round: Session) -> None:
    times = {"started_at": "2026-09-07T06:50:00+07:00", "completed_at": "2026-09-07T06:54:00+07:00"}
    send_body(small_round, enrol(small_round), body(ID, sent_at="2026-09-07T07:00:00+07:00", **times))
    assert stored(small_round).clock_band == "hours_off"


def test_of_an_interviewer_no_hour_is_kept(small_round: Session) -> None:
    send_body(small_round, enrol(small_round, kind="interviewer"), body(ID))
    row = stored(small_round)
    assert (row.selection, row.received_hour, row.device_hour) == ("invited", None, None)


def test_a_repeat_gets_the_same_receipt_even_from_a_withdrawn_device(small_round: Session) -> None:
    access = enrol(small_round)
    first = send_body(small_round, access, body(ID))
    again = send_body(small_round, access, body(ID, sent_at="2026-09-07T09:00:09+07:00"))
    devices.withdraw_device(small_round, access.code, now=NOW)
    access = devices.find_device_by_code(small_round, access.code)  # type: ignore[assignment]
    late = send_body(small_round, access, body(ID))
    assert (first.number, again.number, late.number) == (first.number,) * 3
    assert [receipt.is_new for receipt in (first, again, late)] == [True, False, False]
    assert kept(small_round) == []


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"answers": {"visited": "no", "q01": 3}}, "answers_refused"),
        ({"answers": {"visited": "yes", "q01": "ba"}}, "answers_refused"),
        ({"answers": {**ANSWERS, "odd\u2028": "x"}}, "answers_refused"),
        ({"version": 7}, "version_unknown"),
        ({"round": "2020"}, "place_unknown"),
        ({"unit": factories.OTHER_UNIT_CODE}, "place_unknown"),
        ({"questionnaire": "khong-co"}, "place_unknown"),
    ],
)
def test_what_cannot_be_stored_is_kept_once(
    small_round: Session, changes: dict[str, Any], reason: str
) -> None:
    access = enrol(small_round)
    for sent_at in ("2026-09-07T09:00:00+07:00", "2026-09-08T09:00:00+07:00"):
        with pytest.raises(DeliveryKept) as refused:
            send_body(small_round, access, body(ID, **changes, sent_at=sent_at))
        assert refused.value.reason == reason
    (row,) = kept(small_round)
    assert (row.reason, row.response_id, row.device_id) == (reason, ID, access.id)
    assert (row.round_id, row.state) == (access.round_id, "waiting")
    assert small_round.get(Response, ID) is None


def test_without_a_device_nothing_is_kept(small_round: Session) -> None:
    with pytest.raises(AnswersRefused):
        send_body(small_round, None, body(ID, answers={"q01": 3}))
    assert kept(small_round) == []


def test_other_content_under_one_id_is_kept_whoever_sends_it(small_round: Session) -> None:
    send_body(small_round, None, body(ID))
    with pytest.raises(ResponseConflict):
        send_body(small_round, None, body(ID, answers={"visited": "yes", "q01": 1}))
    access = enrol(small_round)
    for changes in ({}, {"version": 2}, {"answers": {"visited": "yes", "q01": "x"}}):
        with pytest.raises((ResponseConflict, DeliveryKept)):
            send_body(small_round, access, body(ID, **changes))
    assert [row.reason for row in kept(small_round)] == ["conflict"] * 4
    assert stored(small_round).ratings == "32"


def test_a_closed_round_keeps_what_a_device_brings(small_round: Session) -> None:
    access = enrol(small_round)
    close_round(small_round, factories.ROUND_CODE)
    small_round.flush()
    with pytest.raises(DeliveryKept) as refused:
        send_body(small_round, access, body(ID))
    assert isinstance(refused.value.refusal, RoundNotOpen)
    (row,) = kept(small_round)
    assert row.content["answers"] == ANSWERS
    assert row.content["circumstances"]["filled_on"] == "2026-09-07"


def test_what_was_finished_in_time_is_stored_after_the_last_day(session: Session) -> None:
    factories.open_small_round(session, closes_on=date(2026, 9, 6))
    access = enrol(session, now=NOW - timedelta(days=3))
    in_time = {"completed_at": "2026-09-06T16:00:00+07:00"}
    assert send_body(session, access, body(ID, **in_time)).is_new
    with pytest.raises(DeliveryKept):
        send_body(session, access, body())


def test_a_withdrawn_device_keeps_no_answer_from_staff(small_round: Session) -> None:
    access = enrol(small_round)
    devices.withdraw_device(small_round, access.code, now=NOW)
    withdrawn = devices.find_device_by_code(small_round, access.code)
    with pytest.raises(DeliveryKept) as refused:
        send_body(small_round, withdrawn, body(ID))
    assert refused.value.reason == "device_withdrawn"
    assert [row.reason for row in kept(small_round)] == ["device_withdrawn"]


@pytest.mark.parametrize("raw", [b"{", b"\xff\x00", b'{"a": "\\u0000 \\ud800"}', b"\x00" * 9])
def test_what_nobody_can_read_is_kept_as_text(small_round: Session, raw: bytes) -> None:
    access = enrol(small_round)
    for _ in range(2):
        with pytest.raises(DeliveryMalformed) as malformed:
            parse_delivery(raw)
        with pytest.raises(DeliveryKept):
            keep_malformed(small_round, raw, access, malformed.value, now=NOW)
    (row,) = kept(small_round)
    assert (row.reason, row.round_id) == ("malformed", access.round_id)
    assert row.content["body"].encode()


def test_texts_that_no_database_takes_are_kept_readable(small_round: Session) -> None:
    odd = {"visited": "yes", "q01": "\0", "odd": ["\0", "a"]}
    with pytest.raises(DeliveryKept):
        send_body(small_round, enrol(small_round), body(ID, answers=odd))
    (row,) = kept(small_round)
    assert row.content["answers"]["odd"] == ["�", "a"]


def test_a_kept_delivery_survives_its_refusal(database: Database) -> None:
    with database.write() as session:
        factories.open_small_round(session)
        access = enrol(session)
    with pytest.raises(DeliveryKept), database.write() as session:
        send_body(session, access, body(ID, version=9))
    with database.read() as session:
        assert len(kept(session)) == 1


def test_a_removed_demonstration_takes_what_its_devices_sent(session: Session) -> None:
    factories.open_small_round(session, is_demonstration=True)
    access = enrol(session)
    send_body(session, access, body(ID))
    with pytest.raises(DeliveryKept):
        send_body(session, access, body(version=9))
    kept(session)[0].round_id = None
    session.flush()
    remove_demonstration(session, factories.ROUND_CODE)
    assert devices.find_device_by_code(session, access.code) is None
    assert kept(session) == []


@pytest.mark.parametrize("encoding", ["utf-16", "cp1258"])
def test_of_another_charset_every_byte_comes_back(small_round: Session, encoding: str) -> None:
    raw = body(ID, answers={"why": "Cán bô\u0323 gây phiê\u0300n hà"}).encode(encoding, "ignore")
    with pytest.raises(DeliveryKept):
        keep_malformed(small_round, raw, enrol(small_round), DeliveryMalformed([]), now=NOW)
    (row,) = kept(small_round)
    assert get_kept_bytes(small_round, factories.ROUND_CODE, row.id) == raw
    detail = get_kept(small_round, factories.ROUND_CODE, row.id)
    assert detail.has_raw
    assert detail.body is not None
    assert "phiền hà" in unicodedata.normalize("NFC", detail.body)


def test_what_nobody_can_read_is_kept_once_though_it_is_sent_again_later(small_round: Session) -> None:
    access = enrol(small_round)
    for sent_at in ("2026-09-07T09:00:00+07:00", "2026-09-08T09:00:00+07:00"):
        raw = body(ID, extra=1, sent_at=sent_at).encode()
        with pytest.raises(DeliveryKept) as refused:
            keep_malformed(small_round, raw, access, DeliveryMalformed([]), now=NOW)
    assert (refused.value.state, refused.value.response_id) == ("waiting", str(ID))
    assert len(kept(small_round)) == 1


def decide_on_all(session: Session) -> None:
    for row in kept(session):
        row.state, row.decided_on = "dismissed", NOW.date()
    session.flush()


def test_after_a_decision_a_repeat_learns_of_it(small_round: Session) -> None:
    access = enrol(small_round)
    refused_body, conflict = body(ID, version=7), body(ID, answers={"visited": "yes", "q01": 1, "q02": 1})
    with pytest.raises(DeliveryKept) as first:
        send_body(small_round, access, refused_body)
    assert first.value.state == "waiting"
    decide_on_all(small_round)
    with pytest.raises(DeliveryKept) as second:
        send_body(small_round, access, refused_body)
    assert (second.value.state, second.value.response_id) == ("dismissed", ID)
    # Of the same id with other content nobody has decided anything.
    with pytest.raises(DeliveryKept) as other:
        send_body(small_round, access, body(ID, version=8))
    assert other.value.state == "waiting"
    send_body(small_round, access, body(ID))
    for state in ("waiting", "dismissed"):
        with pytest.raises(ResponseConflict) as conflicting:
            send_body(small_round, access, conflict)
        assert conflicting.value.state == state
        decide_on_all(small_round)


def test_a_decision_stands_when_nothing_stands_against_the_response_any_more(small_round: Session) -> None:
    access = enrol(small_round)
    devices.withdraw_device(small_round, access.code, now=NOW)
    withdrawn = devices.find_device_by_code(small_round, access.code)
    with pytest.raises(DeliveryKept):
        send_body(small_round, withdrawn, body(ID))
    decide_on_all(small_round)
    paired_again = enrol(small_round)
    with pytest.raises(ResponseConflict) as refused:
        send_body(small_round, paired_again, body(ID))
    assert refused.value.state == "dismissed"
    assert small_round.get(Response, ID) is None
