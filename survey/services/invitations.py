"""Personal codes: each admits one response of somebody who was drawn into the sample.

A code names no person and is deleted with the response that it admits, so that nothing in the database says
which response came by which code. Who got which code is known outside of hailong alone.
"""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from questionnaires.model import Questionnaire, Text
from survey.models import InvitationBatch
from survey.services.problems import BatchOfCodesUnknown, InvitationsRefused, InvitationUnknown
from survey.services.questionnaires import get_questionnaire
from survey.services.round_forms import RoundForm, get_round, get_round_form
from survey.services.typed_codes import ALPHABET, code_of, digest_of, in_two_groups, plain_code
from survey.store import invitations as store
from survey.store.database import Session
from survey.store.invitations import CodePlace

__all__ = ["Batch", "CodePlace", "has_invitations"]

CODE_LENGTH = 10
# Of fewer, the count of used codes would tell who has answered.
SMALLEST_BATCH, LARGEST_BATCH = 5, 1000


@dataclass(frozen=True)
class Batch:
    """Codes that were made together, in numbers."""

    code: str
    round_code: str
    round_title: Text
    is_demonstration: bool
    closes_on: date
    questionnaire: Questionnaire
    unit_code: str
    unit_name: Text
    issued_count: int
    used_count: int
    withdrawn_count: int
    created_on: date
    withdrawn_on: date | None

    @property
    def unused_count(self) -> int:
        return self.issued_count - self.used_count - self.withdrawn_count


def has_invitations(questionnaire: Questionnaire) -> bool:
    """A form of one screen is a pulse of whoever passes by: nobody is drawn for it."""
    return questionnaire.layout != "single_screen"


def issue_codes(
    session: Session,
    *,
    secret_key: str,
    round_code: str,
    form_id: str,
    unit_codes: Sequence[str],
    count: int,
    account_id: int | None,
    today: date,
) -> list[str]:
    """Make as many codes for each of these units; returns the codes of the batches, one a unit.

    Raises `InvitationsRefused` with `count_out_of_range`, `round_over` or `no_sample` (nobody is drawn for
    this form), `UnitUnknown` for a unit that is not asked.
    """
    if not SMALLEST_BATCH <= count <= LARGEST_BATCH:
        raise InvitationsRefused("count_out_of_range", min=SMALLEST_BATCH, max=LARGEST_BATCH)
    forms = [get_round_form(session, round_code, form_id, unit_code) for unit_code in unit_codes]
    for form in forms:
        if not has_invitations(form.questionnaire):
            raise InvitationsRefused("no_sample")
        if form.survey_round.status == "closed" or today > form.survey_round.closes_on:
            raise InvitationsRefused("round_over")
    return [_issue(session, secret_key, form, count, account_id, today) for form in forms]


def list_batches(session: Session, round_code: str, form_id: str) -> list[Batch]:
    """The batches of a questionnaire, the newest first."""
    survey_round = get_round(session, round_code)
    return [_batch(session, round_code, row) for row in store.list_batches(session, survey_round.id, form_id)]


def get_batch(session: Session, round_code: str, batch_code: str) -> Batch:
    return _batch(session, round_code, _get_row(session, round_code, batch_code))


def list_codes(session: Session, secret_key: str, round_code: str, batch_code: str) -> list[str]:
    """The codes of a batch as they are shown, in the order of their numbers, used ones too.

    Which of them were used is told nowhere. Raises `InvitationsRefused` once the secret key has changed or
    the batch was withdrawn.
    """
    batch = _get_row(session, round_code, batch_code).batch
    if batch.withdrawn_on is not None:
        raise InvitationsRefused("withdrawn")
    if not hmac.compare_digest(batch.key_mark, _key_mark(secret_key, batch.seed)):
        raise InvitationsRefused("key_changed")
    return [in_two_groups(code) for code in _codes(secret_key, batch.seed, batch.issued_count)]


def withdraw_batch(session: Session, round_code: str, batch_code: str, *, today: date) -> int:
    """Make the unused codes of a batch invalid; says how many there were."""
    batch = _get_row(session, round_code, batch_code).batch
    if batch.withdrawn_on is None:
        batch.withdrawn_count = store.delete_unused(session, batch.id)
        batch.withdrawn_on = today
    return batch.withdrawn_count


def personal_digest(code: str) -> str | None:
    """The digest of what may be a personal code; None for what cannot be one."""
    plain = plain_code(code)
    if len(plain) != CODE_LENGTH or not set(plain) <= set(ALPHABET):
        return None
    return digest_of(plain)


def find_place(session: Session, code: str) -> CodePlace:
    """Where a code leads to. `InvitationUnknown` for a wrong, used or withdrawn one: which is not told."""
    digest = personal_digest(code)
    place = store.find_place(session, digest) if digest else None
    if place is None:
        raise InvitationUnknown
    return place


def _issue(
    session: Session, secret_key: str, form: RoundForm, count: int, account_id: int | None, today: date
) -> str:
    assert form.unit is not None
    seed = secrets.token_hex(16)
    batch = InvitationBatch(
        round_id=form.survey_round.id,
        questionnaire_version_id=form.version_id,
        unit_id=form.unit.id,
        seed=seed,
        key_mark=_key_mark(secret_key, seed),
        issued_count=count,
        created_by=account_id,
        created_on=today,
        withdrawn_count=0,
    )
    return store.add_batch(session, batch, map(digest_of, _codes(secret_key, seed, count)))


def _codes(secret_key: str, seed: str, count: int) -> list[str]:
    """Letters that nobody can compute without the secret key of the installation."""
    return [code_of(_number(secret_key, f"{seed}|{serial}"), CODE_LENGTH) for serial in range(1, count + 1)]


def _key_mark(secret_key: str, seed: str) -> str:
    return f"{_number(secret_key, f'{seed}|mark'):064x}"[:16]


def _number(secret_key: str, text: str) -> int:
    return int.from_bytes(hmac.digest(secret_key.encode(), f"{text}|personal".encode(), hashlib.sha256))


def _get_row(session: Session, round_code: str, batch_code: str) -> store.BatchRow:
    row = store.find_batch(session, get_round(session, round_code).id, batch_code)
    if row is None:
        raise BatchOfCodesUnknown(batch_code)
    return row


def _batch(session: Session, round_code: str, row: store.BatchRow) -> Batch:
    found, unit = row.batch, row.unit
    survey_round = get_round(session, round_code)
    return Batch(
        code=found.code,
        round_code=round_code,
        round_title=Text(vi=survey_round.title, en=survey_round.title_en),
        is_demonstration=survey_round.is_demonstration,
        closes_on=survey_round.closes_on,
        questionnaire=get_questionnaire(session, row.version_id, row.version_digest),
        unit_code=unit.code,
        unit_name=Text(vi=unit.name, en=unit.name_en),
        issued_count=found.issued_count,
        used_count=found.issued_count - found.withdrawn_count - row.unused_count,
        withdrawn_count=found.withdrawn_count,
        created_on=found.created_on,
        withdrawn_on=found.withdrawn_on,
    )
