"""Rounds: made with dated units and the newest questionnaires, opened, closed, counted."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from questionnaires.model import Text
from survey.models import Unit
from survey.services import rounds
from survey.services.catalogue import DEFAULT_TARGET_SET, import_units
from survey.services.frames import import_frame
from survey.services.problems import (
    QuestionnaireUnknown,
    RoundNotOpen,
    RoundUnknown,
    SurveyError,
    UnitUnknown,
)
from survey.services.units import get_unit
from survey.store.database import Database, Session
from tests.factories import (
    OTHER_UNIT_CODE,
    ROUND_CODE,
    UNIT_CODE,
    load_catalogue,
    open_round_with,
    publish_document,
)
from tests.rounds import SMALL, TODAY, open_small_round, send, send_many, small_answers, small_document

UNITS = "code,name,name_en,kind,former_province,valid_from,valid_to,successor_code,source\n"


def create(session: Session, **changes: Any) -> Any:
    options: dict[str, Any] = {
        "code": "q1",
        "title": Text(vi="Quý I", en="Quarter I"),
        "opens_on": date(2026, 1, 1),
        "closes_on": date(2026, 3, 31),
        "target_set_code": DEFAULT_TARGET_SET,
        "units": {SMALL: [UNIT_CODE]},
    }
    return rounds.create_round(session, **{**options, **changes})


def prepare(session: Session) -> None:
    load_catalogue(session)
    publish_document(session, small_document())


def test_new_round_is_a_draft_that_nobody_can_answer(session: Session) -> None:
    prepare(session)

    assert create(session).status == "draft"
    assert rounds.list_open(session, date(2026, 2, 1)) == []
    with pytest.raises(RoundNotOpen):
        rounds.get_open_form(session, "q1", SMALL, UNIT_CODE, date(2026, 2, 1))


def test_opened_round_is_listed_between_its_dates(session: Session) -> None:
    prepare(session)
    create(session)

    rounds.open_round(session, "q1")

    (listed,) = rounds.list_open(session, date(2026, 3, 31))
    assert (listed.code, listed.title.en, listed.is_demonstration) == ("q1", "Quarter I", False)
    assert [(form.form_id, form.purpose, form.unit_count) for form in listed.forms] == [(SMALL, "index", 1)]
    assert rounds.list_open(session, date(2025, 12, 31)) == rounds.list_open(session, date(2026, 4, 1)) == []


def test_closed_round_is_no_longer_listed(session: Session) -> None:
    open_small_round(session)

    rounds.close_round(session, ROUND_CODE)

    assert rounds.list_open(session, TODAY) == []
    assert [line.status for line in rounds.list_rounds(session)] == ["closed"]


def test_closed_round_is_not_opened_again(session: Session) -> None:
    open_small_round(session)
    rounds.close_round(session, ROUND_CODE)

    with pytest.raises(SurveyError) as caught:
        rounds.open_round(session, ROUND_CODE)

    assert caught.value.params["reason"] == "round_closed"
    assert [line.status for line in rounds.list_rounds(session)] == ["closed"]


@pytest.mark.parametrize(("closes_on", "year"), [(date(2026, 3, 31), 2025), (date(2030, 1, 31), 2030)])
def test_round_is_judged_by_the_newest_targets_that_have_come(
    session: Session, closes_on: date, year: int
) -> None:
    prepare(session)

    assert create(session, closes_on=closes_on).target_year == year


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"units": {"absent": [UNIT_CODE]}}, QuestionnaireUnknown),
        ({"units": {SMALL: ["absent"]}}, UnitUnknown),
        ({"opens_on": date(2025, 6, 30)}, UnitUnknown),
    ],
)
def test_round_asks_known_forms_at_units_of_its_first_day(
    session: Session, changes: dict[str, Any], error: type[Exception]
) -> None:
    prepare(session)

    with pytest.raises(error):
        create(session, **changes)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"code": ROUND_CODE}, "round_exists"),
        ({"target_set_code": "absent"}, "target_set_unknown"),
        ({"closes_on": date(2025, 12, 31)}, "dates_reversed"),
        ({"units": {SMALL: []}}, "units_missing"),
        *[({"code": code}, "round_code_malformed") for code in ("", "a b", "a/b", "-a", "quý-1", "q1\n")],
    ],
)
def test_impossible_round_is_refused_with_its_reason(
    session: Session, changes: dict[str, Any], reason: str
) -> None:
    open_small_round(session)

    with pytest.raises(SurveyError) as caught:
        create(session, **changes)

    assert caught.value.params["reason"] == reason


def test_unit_named_twice_is_asked_once(session: Session) -> None:
    prepare(session)

    create(session, units={SMALL: [UNIT_CODE, OTHER_UNIT_CODE, UNIT_CODE]})

    assert [line.code for line in rounds.list_units(session, "q1", SMALL)] == [UNIT_CODE, OTHER_UNIT_CODE]


def test_new_round_asks_the_newest_version_and_old_rounds_keep_theirs(session: Session) -> None:
    open_small_round(session)
    publish_document(session, small_document(version=2))

    create(session)

    assert [form.version for form in rounds.get_overview(session, "q1").forms] == [2]
    assert [form.version for form in rounds.get_overview(session, ROUND_CODE).forms] == [1]


@pytest.mark.parametrize(
    ("search", "codes"),
    [
        ("dong hoi", ["18880"]),
        ("ĐỒNG HỚI", ["18880"]),
        ("\u0110o\u0302\u0300ng Ho\u031b\u0301i", ["18880"]),
        ("hoi dong", ["18880"]),
        ("dong", ["18880", "18859"]),
        ("phường", ["18880", "18859"]),
        ("18859", ["18859"]),
        ("", ["18880", "18859"]),
        ("đông hà", []),
    ],
)
def test_units_are_found_without_marks(session: Session, search: str, codes: list[str]) -> None:
    open_small_round(session, [UNIT_CODE, OTHER_UNIT_CODE])

    assert [line.code for line in rounds.list_units(session, ROUND_CODE, SMALL, search)] == codes


def test_unit_is_given_by_its_key(session: Session) -> None:
    open_small_round(session)
    unit_id = session.scalars(select(Unit.id).where(Unit.code == UNIT_CODE)).one()

    line = get_unit(session, unit_id)

    assert (line.code, line.name.en, line.kind) == (UNIT_CODE, "Dong Hoi Ward", "ward")
    assert line.former_province == "Quảng Bình"


def test_renamed_unit_keeps_its_old_name_in_an_old_round(session: Session) -> None:
    prepare(session)
    import_units(session, f"{UNITS}x,Tên cũ,Old name,agency,,2025-07-01,2026-06-30,,s\n".encode())
    open_round_with(session, [SMALL], ["x"], opens_on=date(2026, 1, 1), closes_on=date(2026, 3, 31))

    import_units(session, f"{UNITS}x,Tên mới,New name,agency,,2026-07-01,,,s\n".encode())

    open_round_with(session, [SMALL], ["x"], code="q3", opens_on=date(2026, 7, 1))
    assert [line.name.vi for line in rounds.list_units(session, ROUND_CODE, SMALL)] == ["Tên cũ"]
    assert [line.name.vi for line in rounds.list_units(session, "q3", SMALL)] == ["Tên mới"]


def test_overview_counts_what_came_in(session: Session) -> None:
    open_small_round(session, [UNIT_CODE, OTHER_UNIT_CODE])
    send_many(session, [(4, 4), (5, 5)], channel="phone", selection="self_selected")
    send(session, small_answers(4, 4), unit_code=OTHER_UNIT_CODE)
    import_frame(session, ROUND_CODE, f"form,unit_code,population\n{SMALL},{UNIT_CODE},1.200\n".encode())

    overview = rounds.get_overview(session, ROUND_CODE)

    assert overview.line.response_count == 3
    assert [(unit.code, count) for unit, count in overview.by_unit] == [(UNIT_CODE, 2), (OTHER_UNIT_CODE, 1)]
    assert overview.by_channel == (("phone", "self_selected", 2), ("paper", "invited", 1))
    assert overview.by_day == ((TODAY, 3),)
    (form,) = overview.forms
    assert (form.unit_count, form.answering_unit_count, form.response_count) == (2, 2, 3)
    assert (overview.frame_population, overview.quarantined_count) == (1200, 0)
    assert (overview.target_set_code, overview.target_year) == (DEFAULT_TARGET_SET, 2030)


def test_questionnaires_of_one_measure_that_make_their_index_differently_are_not_asked_together(
    session: Session,
) -> None:
    load_catalogue(session)
    publish_document(session, small_document("a", "health"))
    publish_document(session, small_document("b", "health", composition="mean_of_elements"))

    with pytest.raises(SurveyError, match="index_rules_differ"):
        create(session, units={"a": [UNIT_CODE], "b": [UNIT_CODE]})

    create(session, code="q2", units={"a": [UNIT_CODE]})


def test_overview_of_a_round_without_responses_is_all_zero(session: Session) -> None:
    open_small_round(session)

    overview = rounds.get_overview(session, ROUND_CODE)

    assert overview.line.response_count == 0
    assert [count for _, count in overview.by_unit] == [0]
    assert overview.by_channel == overview.by_day == ()


def test_rounds_are_listed_newest_first_with_their_counts(session: Session) -> None:
    open_small_round(session)
    send_many(session, [(4, 4), (5, 5)])
    create(session)

    assert [(line.code, line.response_count) for line in rounds.list_rounds(session)] == [
        ("q1", 0),
        (ROUND_CODE, 2),
    ]


@pytest.mark.parametrize("deed", ["open_round", "close_round", "get_overview", "remove_demonstration"])
def test_unknown_round_is_named(session: Session, deed: str) -> None:
    with pytest.raises(RoundUnknown):
        getattr(rounds, deed)(session, "absent")


def test_real_round_cannot_be_removed(database: Database) -> None:
    with database.write() as session:
        open_small_round(session)
        send(session, small_answers(4, 4))

    with pytest.raises(SurveyError, match="not_a_demonstration"), database.write() as session:
        rounds.remove_demonstration(session, ROUND_CODE)

    with database.read() as session:
        assert rounds.list_rounds(session)[0].response_count == 1
