"""Planning a round: where it is asked, changes of a draft, whom respondents can ask, deleting a draft."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from questionnaires.model import Text
from survey.models import Base, QuarantinedResponse
from survey.services import round_drafts, rounds
from survey.services.catalogue import DEFAULT_TARGET_SET
from survey.services.problems import SurveyError
from survey.services.round_forms import get_round
from survey.store.database import Session
from tests.factories import UNIT_CODE, load_catalogue, publish_document
from tests.rounds import SMALL, TODAY, small_document


@pytest.fixture
def planned(session: Session) -> Session:
    """A draft that a small questionnaire is asked in."""
    load_catalogue(session)
    publish_document(session, small_document())
    create(session)
    return session


def create(session: Session, **changes: Any) -> None:
    options: dict[str, Any] = {
        "code": "q1",
        "title": Text(vi="Quý I", en="Quarter I"),
        "opens_on": date(2026, 1, 1),
        "closes_on": date(2026, 3, 31),
        "target_set_code": DEFAULT_TARGET_SET,
        "units": {SMALL: [UNIT_CODE]},
    }
    rounds.create_round(session, **{**options, **changes})


def refusal(session: Session, **changes: Any) -> str:
    with pytest.raises(SurveyError) as refused:
        round_drafts.edit_round(session, "q1", **changes)
    return str(refused.value.params["reason"])


def test_units_are_found_by_their_kind(planned: Session) -> None:
    on = date(2026, 1, 1)
    wards, both = (rounds.list_unit_codes(planned, kinds, on) for kinds in (["ward"], ["ward", "commune"]))

    assert 0 < len(wards) < len(both)
    assert set(wards) < set(both)


def test_an_unknown_kind_is_named(planned: Session) -> None:
    with pytest.raises(SurveyError) as refused:
        rounds.list_unit_codes(planned, ["ward", "village"], date(2026, 1, 1))

    assert refused.value.params["kind"] == "village"


def test_a_draft_gets_other_titles_dates_and_targets(planned: Session) -> None:
    round_drafts.edit_round(planned, "q1", title=" Năm  2030 ", closes_on=date(2030, 12, 31))

    row = get_round(planned, "q1")
    assert (row.title, row.title_en) == ("Năm 2030", "Quarter I")
    assert (row.opens_on, row.closes_on, row.target_year) == (date(2026, 1, 1), date(2030, 12, 31), 2030)


def test_a_target_year_that_was_chosen_stays(planned: Session) -> None:
    create(planned, code="q2", target_year=2030)

    round_drafts.edit_round(planned, "q2", closes_on=date(2027, 1, 1))

    assert get_round(planned, "q2").target_year == 2030


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"title": " "}, "title_malformed"),
        ({"title": "x" * 201}, "title_malformed"),
        ({"closes_on": date(2025, 12, 31)}, "dates_reversed"),
        ({"opens_on": date(1990, 1, 1)}, "unit_not_valid"),
        ({"contact": "x" * 301}, "contact_malformed"),
        ({"contact": "Sở \u202eNội vụ"}, "contact_malformed"),
    ],
)
def test_impossible_changes_are_refused(planned: Session, changes: dict[str, Any], reason: str) -> None:
    assert refusal(planned, **changes) == reason


def test_of_an_open_round_only_the_contact_changes(planned: Session) -> None:
    rounds.open_round(planned, "q1")

    assert refusal(planned, closes_on=date(2026, 4, 30)) == "round_not_draft"
    round_drafts.edit_round(planned, "q1", contact="Sở Nội vụ, 0233 000 000")

    assert round_drafts.get_details(planned, "q1").contact == Text(
        vi="Sở Nội vụ, 0233 000 000", en="Sở Nội vụ, 0233 000 000"
    )


def test_a_closed_round_does_not_change(planned: Session) -> None:
    rounds.close_round(planned, "q1")

    assert refusal(planned, contact="Sở Nội vụ") == "round_closed"


def test_a_contact_can_be_taken_away(planned: Session) -> None:
    round_drafts.edit_round(planned, "q1", contact="Sở Nội vụ", contact_en="Department of Home Affairs")
    round_drafts.edit_round(planned, "q1", contact="", contact_en="")

    assert round_drafts.get_details(planned, "q1").contact is None


def test_deleting_a_draft_leaves_nothing_behind(planned: Session) -> None:
    def counts() -> list[int]:
        tables = Base.metadata.tables.values()
        return [planned.scalars(select(func.count()).select_from(table)).one() for table in tables]

    before = counts()
    create(planned, code="q2")

    round_drafts.delete_draft(planned, "q2")

    assert counts() == before


def test_an_open_round_is_not_deleted(planned: Session) -> None:
    rounds.open_round(planned, "q1")
    with pytest.raises(SurveyError, match="round_not_draft"):
        round_drafts.delete_draft(planned, "q1")


def test_a_draft_to_which_something_was_sent_is_not_deleted(planned: Session) -> None:
    kept = QuarantinedResponse(
        digest="d",
        round_id=get_round(planned, "q1").id,
        reason="round_not_open",
        content={},
        received_on=TODAY,
        state="waiting",
    )
    planned.add(kept)
    planned.flush()
    with pytest.raises(SurveyError, match="round_holds_responses"):
        round_drafts.delete_draft(planned, "q1")


def test_what_can_be_asked_and_judged_by_is_listed(planned: Session) -> None:
    assert [form.form_id for form in round_drafts.list_askable_forms(planned)] == [SMALL]
    years = round_drafts.list_target_years(planned)
    assert {(line.set_code, line.year) for line in years} == {
        (DEFAULT_TARGET_SET, 2025),
        (DEFAULT_TARGET_SET, 2030),
    }
