"""Personal codes: each admits one response, and nothing says which."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from survey.models import Invitation, Response
from survey.services import invitations
from survey.services.invitations import CodePlace
from survey.services.problems import BatchOfCodesUnknown, InvitationsRefused, InvitationUnknown
from survey.services.responses import Receipt, submit_response
from survey.services.rounds import close_round
from survey.services.typed_codes import ALPHABET
from survey.store.database import Database, Session
from tests.factories import OTHER_UNIT_CODE, ROUND_CODE, UNIT_CODE
from tests.rounds import SMALL, TODAY, new_response, open_small_round, small_answers

KEY = "a secret key"
PLACE = CodePlace(ROUND_CODE, SMALL, UNIT_CODE)


@pytest.fixture
def small_round(database: Database) -> Database:
    with database.write() as session:
        open_small_round(session, (UNIT_CODE, OTHER_UNIT_CODE))
    return database


@pytest.fixture
def issue(small_round: Database) -> Callable[..., list[str]]:
    """Makes a batch; gives its codes."""

    def make(unit_code: str = UNIT_CODE, count: int = 5) -> list[str]:
        with small_round.write() as session:
            (batch,) = issue_for(session, [unit_code], count)
            return invitations.list_codes(session, KEY, ROUND_CODE, batch)

    return make


def issue_for(session: Session, unit_codes: list[str], count: int = 5) -> list[str]:
    return invitations.issue_codes(
        session,
        secret_key=KEY,
        round_code=ROUND_CODE,
        form_id=SMALL,
        unit_codes=unit_codes,
        count=count,
        account_id=None,
        today=TODAY,
    )


def answer_with(database: Database, code: str, *ratings: int, response_id: UUID | None = None) -> Receipt:
    new = new_response(small_answers(*ratings), channel="phone", response_id=response_id)
    with database.write() as session:
        admitted = replace(new, invitation_digest=invitations.personal_digest(code))
        return submit_response(session, admitted, today=TODAY)


def count_responses(database: Database) -> int:
    with database.read() as session:
        return session.scalars(select(func.count()).select_from(Response)).one()


def test_every_code_is_another_one_that_can_be_typed(issue: Callable[..., list[str]]) -> None:
    codes = issue(count=1000) + issue(count=1000)

    assert len(set(codes)) == 2000
    assert all(len(code) == 11 and set(code) <= {*ALPHABET, "-"} for code in codes)


def test_a_code_leads_to_its_place_however_it_is_typed(
    small_round: Database, issue: Callable[..., list[str]]
) -> None:
    code = issue()[0]

    with small_round.read() as session:
        for typed in (code, code.lower(), code.replace("-", ""), f" {code[:3]} {code[3:]} "):
            assert invitations.find_place(session, typed) == PLACE


@pytest.mark.parametrize("typed", ["", "AAAAA-AAAAA", "ĐĐĐĐĐ-ĐĐĐĐĐ", "0123456789", "x" * 500, "\0"])
def test_what_is_no_code_is_refused(small_round: Database, typed: str) -> None:
    with small_round.read() as session, pytest.raises(InvitationUnknown):
        invitations.find_place(session, typed)


def test_a_code_admits_one_response(small_round: Database, issue: Callable[..., list[str]]) -> None:
    code = issue()[0]

    first = answer_with(small_round, code, 5, 4)
    with pytest.raises(InvitationUnknown):
        answer_with(small_round, code, 1, 1)

    assert first.is_new
    assert count_responses(small_round) == 1


def test_a_repeat_gets_its_receipt_again(small_round: Database, issue: Callable[..., list[str]]) -> None:
    code, response_id = issue()[0], uuid4()

    receipts = [answer_with(small_round, code, 5, 4, response_id=response_id) for _ in range(3)]

    assert [receipt.is_new for receipt in receipts] == [True, False, False]
    assert len({receipt.number for receipt in receipts}) == 1


def test_of_many_at_once_one_is_admitted(small_round: Database, issue: Callable[..., list[str]]) -> None:
    code = issue()[0]

    def try_it(_: int) -> bool:
        try:
            return answer_with(small_round, code, 5, 4).is_new
        except InvitationUnknown:
            return False

    with ThreadPoolExecutor(12) as pool:
        admitted = list(pool.map(try_it, range(12)))

    assert sum(admitted) == 1
    assert count_responses(small_round) == 1


def test_a_code_of_another_unit_stores_nothing(
    small_round: Database, issue: Callable[..., list[str]]
) -> None:
    other = issue(OTHER_UNIT_CODE)[0]

    with pytest.raises(InvitationUnknown):
        answer_with(small_round, other, 5, 4)

    assert count_responses(small_round) == 0
    with small_round.read() as session:
        assert invitations.find_place(session, other).unit_code == OTHER_UNIT_CODE


def test_nothing_of_a_used_code_is_kept(small_round: Database, issue: Callable[..., list[str]]) -> None:
    codes = issue()
    answer_with(small_round, codes[2], 5, 4)

    with small_round.read() as session:
        kept = set(session.scalars(select(Invitation.digest)))
        (stored,) = session.execute(select(Response.__table__)).mappings().all()

    digest = invitations.personal_digest(codes[2])
    assert kept == {invitations.personal_digest(code) for code in codes} - {digest}
    assert digest not in map(str, stored.values())
    assert stored["received_hour"] is None


def test_a_batch_counts_what_was_used_and_names_none(small_round: Database) -> None:
    with small_round.write() as session:
        batches = issue_for(session, [UNIT_CODE, OTHER_UNIT_CODE])
        codes = invitations.list_codes(session, KEY, ROUND_CODE, batches[0])
    for code in codes[:2]:
        answer_with(small_round, code, 5, 4)

    with small_round.read() as session:
        newest, oldest = invitations.list_batches(session, ROUND_CODE, SMALL)
        again = invitations.list_codes(session, KEY, ROUND_CODE, batches[0])

    assert (newest.unit_code, newest.used_count, newest.unused_count) == (OTHER_UNIT_CODE, 0, 5)
    assert (oldest.unit_code, oldest.used_count, oldest.unused_count) == (UNIT_CODE, 2, 3)
    assert again == codes


def test_withdrawing_ends_the_unused_codes_alone(
    small_round: Database, issue: Callable[..., list[str]]
) -> None:
    codes = issue()
    answer_with(small_round, codes[0], 5, 4)

    with small_round.write() as session:
        counts = [invitations.withdraw_batch(session, ROUND_CODE, "M0001", today=TODAY) for _ in range(2)]

    assert counts == [4, 4]
    with pytest.raises(InvitationUnknown):
        answer_with(small_round, codes[1], 5, 4)
    with small_round.read() as session:
        batch = invitations.get_batch(session, ROUND_CODE, "M0001")
        assert (batch.used_count, batch.withdrawn_count, batch.unused_count) == (1, 4, 0)
        with pytest.raises(InvitationsRefused, match="refused") as refused:
            invitations.list_codes(session, KEY, ROUND_CODE, "M0001")
    assert refused.value.reason == "withdrawn"


def test_codes_stay_valid_after_a_change_of_the_secret_key_and_are_not_shown_wrong(
    small_round: Database, issue: Callable[..., list[str]]
) -> None:
    code = issue()[0]

    with small_round.read() as session, pytest.raises(InvitationsRefused) as refused:
        invitations.list_codes(session, "another key", ROUND_CODE, "M0001")

    assert refused.value.reason == "key_changed"
    assert answer_with(small_round, code, 5, 4).is_new


@pytest.mark.parametrize("count", [-1, 0, 4, 1001])
def test_too_few_or_too_many_codes_are_refused(small_round: Database, count: int) -> None:
    with small_round.write() as session, pytest.raises(InvitationsRefused) as refused:
        issue_for(session, [UNIT_CODE], count)

    assert refused.value.reason == "count_out_of_range"


def test_a_round_that_is_over_gets_no_codes(small_round: Database) -> None:
    with small_round.write() as session:
        close_round(session, ROUND_CODE)
    with small_round.write() as session, pytest.raises(InvitationsRefused) as refused:
        issue_for(session, [UNIT_CODE])

    assert refused.value.reason == "round_over"


def test_an_unknown_batch_is_named(small_round: Database) -> None:
    with small_round.read() as session, pytest.raises(BatchOfCodesUnknown) as unknown:
        invitations.get_batch(session, ROUND_CODE, "M0099")

    assert unknown.value.params == {"batch_code": "M0099"}
