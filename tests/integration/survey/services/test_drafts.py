"""Unfinished responses: kept between two pages, gone once sent, given up or left for two days."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from questionnaires.model import AnswerValue, Text
from survey.models import Response, ResponseDraft
from survey.services import drafts
from survey.services.problems import (
    AnswersRefused,
    ClosedMeanwhile,
    DraftUnknown,
    QuestionnaireUnknown,
    RoundNotOpen,
    RoundUnknown,
    UnitUnknown,
)
from survey.services.round_forms import get_round
from survey.services.rounds import close_round
from survey.store.database import Database, Session
from tests.factories import OTHER_UNIT_CODE, ROUND_CODE, UNIT_CODE
from tests.rounds import NOW, SMALL, TODAY, open_small_round, open_tthc_round, small_answers


def start(session: Session, response_id: UUID | None = None, **changes: Any) -> UUID:
    place = {"round_code": ROUND_CODE, "form_id": SMALL, "unit_code": UNIT_CODE, "now": NOW, **changes}
    chosen = response_id or uuid4()
    drafts.start_draft(session, chosen, channel=place.pop("channel", "phone"), **place)
    return chosen


def save(session: Session, response_id: UUID, answers: dict[str, AnswerValue], *, now: datetime) -> None:
    """A page that asks everything."""
    questions = drafts.get_draft(session, response_id, now=now).questionnaire.questions
    drafts.save_page(session, response_id, questions, answers, now=now)


def send(session: Session, response_id: UUID, now: datetime = NOW) -> Any:
    return drafts.submit_draft(session, response_id, language="vi", now=now)


def draft_ids(session: Session) -> list[UUID]:
    return list(session.scalars(select(ResponseDraft.response_id)))


def test_new_draft_knows_what_its_pages_need(session: Session) -> None:
    open_small_round(session)

    draft = drafts.get_draft(session, start(session), now=NOW)

    assert (draft.round_code, draft.unit_code, draft.questionnaire.id) == (ROUND_CODE, UNIT_CODE, SMALL)
    assert draft.unit_name == Text(vi="Phường Đồng Hới", en="Dong Hoi Ward")
    assert (draft.channel, draft.selection, draft.layout) == ("phone", "self_selected", "sections")
    assert draft.answers == {}
    assert draft.started_at == NOW
    assert not draft.is_demonstration


def test_starting_again_keeps_the_answers(session: Session) -> None:
    open_small_round(session)
    response_id = start(session)
    save(session, response_id, small_answers(4), now=NOW)

    start(session, response_id, now=NOW + timedelta(hours=1))

    draft = drafts.get_draft(session, response_id, now=NOW)
    assert draft.answers == small_answers(4)
    assert draft.started_at == NOW


def test_starting_again_after_sending_begins_nothing(session: Session) -> None:
    open_small_round(session)
    response_id = start(session)
    save(session, response_id, small_answers(4), now=NOW)
    send(session, response_id)

    begun = drafts.start_draft(session, response_id, ROUND_CODE, SMALL, UNIT_CODE, channel="phone", now=NOW)

    assert not begun
    assert draft_ids(session) == []


@pytest.mark.parametrize(
    ("place", "error"),
    [
        ({"round_code": "absent"}, RoundUnknown),
        ({"form_id": "tthc"}, QuestionnaireUnknown),
        ({"unit_code": OTHER_UNIT_CODE}, UnitUnknown),
        ({"now": datetime(2100, 1, 1, tzinfo=UTC)}, RoundNotOpen),
    ],
)
def test_draft_needs_an_open_round_a_questionnaire_and_a_unit(
    session: Session, place: dict[str, Any], error: type[Exception]
) -> None:
    open_small_round(session)

    with pytest.raises(error):
        start(session, **place)

    assert draft_ids(session) == []


def test_saved_answers_come_back_with_their_types(database: Database) -> None:
    answers = small_answers(5, 0, 2, expected=110, ways=("radio", "web"), why="Chờ lâu\nhai lần")
    with database.write() as session:
        open_small_round(session)
        response_id = start(session)
    with database.write() as session:
        save(session, response_id, answers, now=NOW)

    with database.read() as session:
        assert drafts.get_draft(session, response_id, now=NOW).answers == answers


def test_saving_replaces_what_was_there(session: Session) -> None:
    open_small_round(session)
    response_id = start(session)
    save(session, response_id, small_answers(4, 5), now=NOW)

    save(session, response_id, {"came": "no"}, now=NOW)

    assert drafts.get_draft(session, response_id, now=NOW).answers == {"came": "no"}


def test_a_page_replaces_its_own_questions_alone(session: Session) -> None:
    open_small_round(session)
    response_id = start(session)
    save(session, response_id, small_answers(4, 5, why="Chờ lâu"), now=NOW)
    question = drafts.get_draft(session, response_id, now=NOW).questionnaire.questions_by_id["q1"]

    after = drafts.save_page(session, response_id, [question], {"q1": 1}, now=NOW)

    assert after.answers == small_answers(1, 5, why="Chờ lâu")


def test_procedures_follow_the_answered_sector(session: Session) -> None:
    open_tthc_round(session)
    response_id = start(session, form_id="tthc")
    everything = drafts.get_draft(session, response_id, now=NOW).choices["procedure"]

    save(session, response_id, {"sector": "land"}, now=NOW)

    of_land = drafts.get_draft(session, response_id, now=NOW).choices["procedure"]
    assert "VD-DD-01" in of_land
    assert "VD-XD-01" in set(everything) - set(of_land)


@pytest.mark.parametrize("deed", ["get_draft", "save_page", "submit_draft"])
def test_unknown_draft_is_named(session: Session, deed: str) -> None:
    options: dict[str, Any] = {
        "save_page": {"questions": [], "given": {}},
        "submit_draft": {"language": "vi"},
    }.get(deed, {})

    with pytest.raises(DraftUnknown):
        getattr(drafts, deed)(session, uuid4(), now=NOW, **options)


def test_sending_stores_the_response_and_lets_go_of_the_draft(session: Session) -> None:
    open_small_round(session)
    response_id = start(session, channel="kiosk", layout="kiosk")
    save(session, response_id, small_answers(5, 4), now=NOW)

    receipt = drafts.submit_draft(session, response_id, language="en", now=NOW + timedelta(minutes=4))

    row = session.scalars(select(Response)).one()
    assert (row.id, row.ratings, row.channel, row.language) == (response_id, "54.", "kiosk", "en")
    assert (row.duration_band, row.received_on) == ("3_to_10m", TODAY)
    assert receipt.is_new
    assert draft_ids(session) == []


def test_day_of_a_response_is_that_of_viet_nam(session: Session) -> None:
    open_small_round(session)
    response_id = start(session)
    save(session, response_id, small_answers(5, 4), now=NOW)

    send(session, response_id, datetime(2026, 9, 1, 17, 30, tzinfo=UTC))

    assert str(session.scalars(select(Response.received_on)).one()) == "2026-09-02"


def test_sending_twice_is_one_response_and_one_receipt(session: Session) -> None:
    open_small_round(session)
    response_id = start(session)
    save(session, response_id, small_answers(5, 4), now=NOW)

    first, second = send(session, response_id), send(session, response_id, NOW + timedelta(days=900))

    assert first.number == second.number
    assert not second.is_new
    assert len(session.scalars(select(Response.id)).all()) == 1


def test_incomplete_draft_is_not_sent_and_stays(database: Database) -> None:
    with database.write() as session:
        open_small_round(session)
        response_id = start(session)
        save(session, response_id, {"q1": 4}, now=NOW)

    with pytest.raises(AnswersRefused), database.write() as session:
        send(session, response_id)

    with database.read() as session:
        assert draft_ids(session) == [response_id]
        assert session.scalars(select(Response.id)).all() == []


def open_round_until_today(session: Session) -> UUID:
    """A round whose last day is today, and a complete draft in it."""
    open_small_round(session)
    get_round(session, ROUND_CODE).closes_on = TODAY
    response_id = start(session)
    save(session, response_id, small_answers(5, 4), now=NOW)
    return response_id


def test_draft_begun_in_time_outlives_the_last_day_of_its_round(session: Session) -> None:
    response_id = open_round_until_today(session)
    next_day = NOW + timedelta(days=1)

    assert drafts.get_draft(session, response_id, now=next_day).answers == small_answers(5, 4)
    assert send(session, response_id, next_day).is_new
    assert session.scalars(select(Response.received_on)).one() == TODAY + timedelta(days=1)


def test_draft_begun_in_time_is_not_kept_longer_than_others(session: Session) -> None:
    response_id = open_round_until_today(session)

    for deed in (drafts.get_draft, send):
        with pytest.raises(DraftUnknown):
            deed(session, response_id, now=NOW + drafts.KEPT_FOR + timedelta(minutes=1))


def test_draft_that_a_closing_ended_can_be_seen_for_as_long_as_any(session: Session) -> None:
    response_id = open_round_until_today(session)
    close_round(session, ROUND_CODE)

    last = drafts.find_ended_draft(session, response_id, now=NOW + drafts.KEPT_FOR)

    assert last is not None
    assert last.answers == small_answers(5, 4)
    later = NOW + drafts.KEPT_FOR + timedelta(minutes=1)
    assert drafts.find_ended_draft(session, response_id, now=later) is None


def test_round_that_closes_meanwhile_stops_the_draft_but_keeps_it(database: Database) -> None:
    with database.write() as session:
        open_small_round(session)
        response_id = start(session)
        save(session, response_id, small_answers(5, 4), now=NOW)
        close_round(session, ROUND_CODE)

    for deed in (drafts.get_draft, send):
        with pytest.raises(ClosedMeanwhile), database.write() as session:
            deed(session, response_id, now=NOW)

    with database.read() as session:
        assert draft_ids(session) == [response_id]
        assert session.scalars(select(Response.id)).all() == []


def test_sent_response_keeps_its_receipt_after_the_round_has_closed(session: Session) -> None:
    open_small_round(session)
    response_id = start(session)
    save(session, response_id, small_answers(5, 4), now=NOW)
    first = send(session, response_id)
    close_round(session, ROUND_CODE)

    assert send(session, response_id).number == first.number


def test_discarded_draft_is_gone(session: Session) -> None:
    open_small_round(session)
    response_id, other = start(session), start(session)

    drafts.discard_draft(session, response_id)
    drafts.discard_draft(session, response_id)

    assert draft_ids(session) == [other]


def test_draft_that_nobody_has_touched_for_two_days_is_purged(session: Session) -> None:
    open_small_round(session)
    left, touched = start(session), start(session)
    save(session, touched, {"came": "no"}, now=NOW + timedelta(hours=1))

    purged = drafts.purge_drafts(session, now=NOW + drafts.KEPT_FOR + timedelta(minutes=30))

    assert purged == 1
    assert draft_ids(session) == [touched]
    assert left != touched


def test_draft_of_two_days_to_the_minute_is_kept(session: Session) -> None:
    open_small_round(session)
    response_id = start(session)

    assert drafts.purge_drafts(session, now=NOW + timedelta(days=2)) == 0
    assert draft_ids(session) == [response_id]


def test_a_running_server_purges_when_somebody_starts(session: Session) -> None:
    open_small_round(session)
    start(session)

    fresh = start(session, now=NOW + timedelta(days=3))

    assert draft_ids(session) == [fresh]


@pytest.mark.parametrize(("selection", "hour"), [("self_selected", 10), ("invited", None)])
def test_hour_of_arrival_is_kept_unless_the_respondent_was_invited(
    session: Session, selection: str, hour: int | None
) -> None:
    open_small_round(session)
    response_id = start(session, selection=selection)
    save(session, response_id, small_answers(4, 4), now=NOW)

    send(session, response_id)

    assert session.scalars(select(Response.received_hour)).one() == hour
