"""Queries on personal codes: made in batches, used once, withdrawn together."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import uuid4

from sqlalchemy import ColumnElement, delete, func, insert, select
from sqlalchemy.orm import Session

from survey.models import Invitation, InvitationBatch, QuestionnaireVersion, SurveyRound, Unit


@dataclass(frozen=True)
class BatchRow:
    """A batch, the unit it is for, its questionnaire and how many of its codes are unused."""

    batch: InvitationBatch
    unit: Unit
    form_id: str
    version_id: int
    version_digest: str
    unused_count: int


@dataclass(frozen=True)
class CodePlace:
    """What a code admits to."""

    round_code: str
    form_id: str
    unit_code: str


def add_batch(session: Session, batch: InvitationBatch, digests: Iterable[str]) -> str:
    """Store a batch with its codes and give its own code, which is made of its key."""
    batch.code = uuid4().hex
    session.add(batch)
    session.flush()
    batch.code = f"M{batch.id:04d}"
    session.flush()
    # In the order of the digests: where the rows lie tells nothing of the numbers on paper.
    rows = [{"digest": digest, "batch_id": batch.id} for digest in sorted(digests)]
    session.execute(insert(Invitation), rows)
    return batch.code


def list_batches(session: Session, round_id: int, form_id: str) -> list[BatchRow]:
    """The batches of a questionnaire, the newest first."""
    return _rows(session, InvitationBatch.round_id == round_id, QuestionnaireVersion.form_id == form_id)


def find_batch(session: Session, round_id: int, code: str) -> BatchRow | None:
    found = _rows(session, InvitationBatch.round_id == round_id, InvitationBatch.code == code)
    return found[0] if found else None


def find_place(session: Session, digest: str) -> CodePlace | None:
    """Where an unused code belongs."""
    query = (
        select(SurveyRound.code, QuestionnaireVersion.form_id, Unit.code)
        .join(InvitationBatch, InvitationBatch.round_id == SurveyRound.id)
        .join(Invitation, Invitation.batch_id == InvitationBatch.id)
        .join(QuestionnaireVersion, QuestionnaireVersion.id == InvitationBatch.questionnaire_version_id)
        .join(Unit, Unit.id == InvitationBatch.unit_id)
        .where(Invitation.digest == digest)
    )
    row = session.execute(query).one_or_none()
    return None if row is None else CodePlace(*row)


def use_code(session: Session, digest: str, round_id: int, version_id: int, unit_id: int) -> bool:
    """Delete the code; False where it is not (or no more) one of this place. Who comes second waits."""
    batches = select(InvitationBatch.id).where(
        InvitationBatch.round_id == round_id,
        InvitationBatch.questionnaire_version_id == version_id,
        InvitationBatch.unit_id == unit_id,
    )
    query = (
        delete(Invitation)
        .where(Invitation.digest == digest, Invitation.batch_id.in_(batches))
        .returning(Invitation.digest)
    )
    return session.scalars(query).one_or_none() is not None


def delete_unused(session: Session, batch_id: int) -> int:
    query = delete(Invitation).where(Invitation.batch_id == batch_id).returning(Invitation.digest)
    return len(session.scalars(query).all())


def _rows(session: Session, *conditions: ColumnElement[bool]) -> list[BatchRow]:
    unused = (
        select(func.count())
        .where(Invitation.batch_id == InvitationBatch.id)
        .correlate(InvitationBatch)
        .scalar_subquery()
    )
    query = (
        select(
            InvitationBatch,
            Unit,
            QuestionnaireVersion.form_id,
            QuestionnaireVersion.id,
            QuestionnaireVersion.digest,
            unused,
        )
        .join(Unit, Unit.id == InvitationBatch.unit_id)
        .join(QuestionnaireVersion, QuestionnaireVersion.id == InvitationBatch.questionnaire_version_id)
        .where(*conditions)
        .order_by(InvitationBatch.id.desc())
    )
    return [BatchRow(*row) for row in session.execute(query)]
