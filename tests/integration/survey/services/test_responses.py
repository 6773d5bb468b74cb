"""Storing a response: once, whole, with its place in the design, and never changed by a repeat."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from survey.models import QuarantinedResponse, Response
from survey.services.frames import import_frame
from survey.services.problems import ResponseConflict
from survey.services.responses import find_receipt, receipt_number, submit_response
from survey.services.rounds import close_round
from survey.services.sent_responses import find_sent_response
from survey.store.database import Database, Session
from tests.factories import OTHER_UNIT_CODE, ROUND_CODE, UNIT_CODE
from tests.rounds import (
    SMALL,
    TODAY,
    new_response,
    open_small_round,
    open_tthc_round,
    send,
    small_answers,
    tthc_answers,
)

LATER = date(2026, 12, 31)


def stored(session: Session) -> Response:
    return session.scalars(select(Response)).one()


def count(session: Session, model: type[Any]) -> int:
    return session.scalars(select(func.count()).select_from(model)).one()


def test_new_response_gets_a_receipt(session: Session) -> None:
    open_small_round(session)
    response_id = uuid4()

    receipt = send(session, small_answers(4, 5), response_id=response_id)

    assert receipt.is_new
    assert receipt.number == receipt_number(response_id)
    assert find_receipt(session, response_id) is not None


def test_unknown_id_has_no_receipt(session: Session) -> None:
    assert find_receipt(session, uuid4()) is None


def test_response_is_stored_with_all_that_it_needs(session: Session) -> None:
    open_small_round(session)
    answers = small_answers(5, 0, 2, expected=110, ways=("radio", "web"), why="Chờ lâu")

    send(session, answers, channel="interviewer", selection="self_selected")

    row = stored(session)
    assert row.ratings == "502"
    assert row.details == {"came": "yes", "expected": 110, "ways": ["radio", "web"], "why": "Chờ lâu"}
    assert row.expectation_percent == 110
    assert (row.channel, row.selection, row.language) == ("interviewer", "self_selected", "vi")
    assert (row.duration_band, row.received_on) == ("unknown", TODAY)
    assert (row.sector_code, row.procedure_id, row.stratum, row.psu) == (None, None, None, None)


def test_unanswered_ratings_are_points(session: Session) -> None:
    open_small_round(session)

    send(session, small_answers(None, 3))

    assert stored(session).ratings == ".3."
    assert stored(session).expectation_percent is None


def test_sector_and_procedure_are_copied_to_columns(session: Session) -> None:
    open_tthc_round(session)

    send(session, tthc_answers(), form_id="tthc")

    assert stored(session).sector_code == "land"
    assert stored(session).procedure_id is not None
    assert stored(session).ratings == "4" * 22


def test_other_procedure_has_no_row_in_the_catalogue(session: Session) -> None:
    open_tthc_round(session)

    send(session, tthc_answers(procedure="other"), form_id="tthc")

    assert stored(session).procedure_id is None
    assert stored(session).details["procedure"] == "other"


def test_place_in_the_design_is_fixed_when_the_response_comes(session: Session) -> None:
    open_tthc_round(session)
    frame = "form,unit_code,sector,population,stratum,psu\ntthc,18880,land,90,phường,quầy 1\n"
    import_frame(session, ROUND_CODE, frame.encode())

    send(session, tthc_answers(), form_id="tthc")
    import_frame(session, ROUND_CODE, frame.replace("quầy 1", "quầy 2").encode())

    assert (stored(session).stratum, stored(session).psu) == ("phường", "quầy 1")


def test_same_response_twice_is_one_row_and_one_receipt(session: Session) -> None:
    open_small_round(session)
    new = new_response(small_answers(4, 5))

    first = submit_response(session, new, today=TODAY)
    second = submit_response(session, new, today=TODAY)

    assert (first.is_new, second.is_new) == (True, False)
    assert first.number == second.number
    assert count(session, Response) == 1
    assert count(session, QuarantinedResponse) == 0


@pytest.mark.parametrize("reason", ["closed", "over"])
def test_repeat_after_the_round_has_ended_gets_its_receipt(session: Session, reason: str) -> None:
    open_small_round(session)
    new = new_response(small_answers(4, 5))
    first = submit_response(session, new, today=TODAY)
    if reason == "closed":
        close_round(session, ROUND_CODE)

    second = submit_response(session, new, today=date(2100, 1, 1) if reason == "over" else LATER)

    assert second.number == first.number
    assert stored(session).received_on == TODAY


def test_order_of_the_answers_makes_no_difference(session: Session) -> None:
    open_small_round(session)
    answers = small_answers(4, 5)
    response_id = uuid4()
    send(session, answers, response_id=response_id)

    repeated = send(session, dict(reversed(answers.items())), response_id=response_id)

    assert not repeated.is_new


@pytest.mark.parametrize(
    "other",
    [
        {"answers": small_answers(4, 4)},
        {"answers": small_answers(4, 5, why="Tốt")},
        {"unit_code": OTHER_UNIT_CODE},
        {"channel": "kiosk"},
        {"selection": "self_selected"},
        {"answers": {"came": "perhaps"}},
    ],
    ids=lambda other: "/".join(other),
)
def test_same_id_with_other_content_is_refused_and_kept_apart(
    database: Database, other: dict[str, Any]
) -> None:
    first = {"answers": small_answers(4, 5), "response_id": uuid4(), "unit_code": UNIT_CODE}
    with database.write() as session:
        open_small_round(session, [UNIT_CODE, OTHER_UNIT_CODE])
        send(session, **first)
        before = {**vars(stored(session))}

    with pytest.raises(ResponseConflict), database.write() as session:
        send(session, **{**first, **other})

    with database.read() as session:
        kept = session.scalars(select(QuarantinedResponse)).one()
        assert (kept.response_id, kept.reason) == (first["response_id"], "conflict")
        after = vars(stored(session))
        assert {name: after[name] for name in after if name[0] != "_"} == {
            name: before[name] for name in before if name[0] != "_"
        }


def test_quarantine_keeps_what_was_sent(database: Database) -> None:
    response_id = uuid4()
    with database.write() as session:
        open_small_round(session)
        send(session, small_answers(4, 5), response_id=response_id)

    with pytest.raises(ResponseConflict), database.write() as session:
        send(session, small_answers(1, 1, ways=("web",)), response_id=response_id)

    with database.read() as session:
        kept = session.scalars(select(QuarantinedResponse)).one()
        assert kept.content["answers"] == {"came": "no", "q1": 1, "q2": 1, "ways": ["web"]}
        assert (kept.content["form_id"], kept.content["unit_code"]) == (SMALL, UNIT_CODE)


def test_device_that_keeps_sending_a_conflict_is_quarantined_once(database: Database) -> None:
    response_id = uuid4()
    with database.write() as session:
        open_small_round(session)
        send(session, small_answers(4, 5), response_id=response_id)

    for rating in (1, 1, 2):
        with pytest.raises(ResponseConflict), database.write() as session:
            send(session, small_answers(rating, 1), response_id=response_id)

    with database.read() as session:
        assert count(session, QuarantinedResponse) == 2
        assert count(session, Response) == 1


def test_conflict_after_the_round_has_closed_is_kept_too(database: Database) -> None:
    response_id = UUID(int=7)
    with database.write() as session:
        open_small_round(session)
        send(session, small_answers(4, 5), response_id=response_id)
        close_round(session, ROUND_CODE)

    with pytest.raises(ResponseConflict), database.write() as session:
        send(session, small_answers(1, 1), response_id=response_id)

    with database.read() as session:
        assert count(session, QuarantinedResponse) == 1


def test_stored_response_is_read_back_as_it_was_given(session: Session) -> None:
    open_small_round(session)
    answers = small_answers(5, 0, 2, expected=110, ways=("radio", "web"), why="Chờ lâu")
    receipt = send(session, answers)

    sent = find_sent_response(session, receipt.response_id)

    assert sent is not None
    assert sent.answers == answers
    assert (sent.receipt_number, sent.unit_code, sent.round_code) == (receipt.number, UNIT_CODE, ROUND_CODE)


def test_unknown_response_is_not_found(session: Session) -> None:
    assert find_sent_response(session, uuid4()) is None


def conflict(session: Session, response_id: UUID, **options: Any) -> bool:
    """Send other content under the id; whether it was kept."""
    with pytest.raises(ResponseConflict) as caught:
        send(session, options.pop("answers", small_answers(1, 1)), response_id=response_id, **options)
    return caught.value.is_kept


def test_without_a_device_three_conflicts_of_an_id_are_kept(session: Session) -> None:
    open_small_round(session)
    ids = (UUID(int=7), UUID(int=8))
    for response_id in ids:
        send(session, small_answers(4, 5), response_id=response_id)
    found = [conflict(session, ids[0], answers=small_answers(1, rating)) for rating in (1, 2, 3, 4, 5, 1)]
    assert found == [True, True, True, False, False, True]
    assert conflict(session, ids[1])
    assert count(session, QuarantinedResponse) == 4


@pytest.mark.parametrize(("length", "is_kept"), [(15_000, True), (17_000, False)])
def test_long_content_that_is_no_response_is_not_kept(session: Session, length: int, is_kept: bool) -> None:
    open_small_round(session)
    send(session, small_answers(4, 5), response_id=UUID(int=7))
    junk = {**small_answers(1, 1), "junk": "x" * length}
    assert conflict(session, UUID(int=7), answers=junk) is is_kept
    assert count(session, QuarantinedResponse) == int(is_kept)
