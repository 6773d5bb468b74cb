"""Queries on batches of paper forms, what was keyed from them and what became of each form."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import uuid4

from sqlalchemy import ColumnElement, delete, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from survey.models import (
    PaperBatch,
    PaperKeying,
    PaperResult,
    PaperWorkbook,
    QuestionnaireVersion,
    SurveyRound,
    Unit,
)


@dataclass(frozen=True)
class BatchRow:
    """A batch with what it belongs to."""

    batch: PaperBatch
    survey_round: SurveyRound
    unit: Unit
    form_id: str
    version: int
    digest: str


@dataclass(frozen=True)
class ResultSums:
    """The settled forms of a batch in numbers."""

    stored: int = 0
    spoilt: int = 0


def add_batch(session: Session, batch: PaperBatch) -> PaperBatch:
    """Store a batch; its code is made of its key, so that two made at once cannot have the same."""
    batch.code = uuid4().hex
    session.add(batch)
    session.flush()
    batch.code = f"L{batch.id:04d}"
    session.flush()
    return batch


def find_batch(session: Session, code: str, *, for_change: bool = False) -> BatchRow | None:
    """`for_change` makes whoever else wants to change the batch or key one of its forms wait."""
    if for_change:
        session.execute(select(PaperBatch.id).where(PaperBatch.code == code).with_for_update())
    return next(iter(_rows(session, PaperBatch.code == code, is_fresh=for_change)), None)


def list_batches(session: Session, round_id: int, unit_code: str | None = None) -> list[BatchRow]:
    conditions = [PaperBatch.round_id == round_id]
    if unit_code is not None:
        conditions.append(Unit.code == unit_code)
    return _rows(session, *conditions)


def count_open_batches(session: Session, round_id: int) -> int:
    query = select(func.count()).where(PaperBatch.round_id == round_id, PaperBatch.status == "open")
    return session.scalar(query) or 0


def sum_results(session: Session, round_id: int) -> dict[int, ResultSums]:
    """Stored and spoilt forms of each batch of a round."""
    query = (
        select(PaperResult.batch_id, PaperResult.is_spoilt, func.count())
        .join(PaperBatch, PaperBatch.id == PaperResult.batch_id)
        .where(PaperBatch.round_id == round_id)
        .group_by(PaperResult.batch_id, PaperResult.is_spoilt)
    )
    counts: dict[int, dict[bool, int]] = {}
    for batch_id, is_spoilt, count in session.execute(query):
        counts.setdefault(batch_id, {})[is_spoilt] = count
    return {key: ResultSums(found.get(False, 0), found.get(True, 0)) for key, found in counts.items()}


def list_results(session: Session, batch_id: int) -> Sequence[PaperResult]:
    query = select(PaperResult).where(PaperResult.batch_id == batch_id).order_by(PaperResult.serial)
    return session.scalars(query).all()


def find_result(session: Session, batch_id: int, serial: int) -> PaperResult | None:
    return session.get(PaperResult, (batch_id, serial))


def count_results(session: Session, batch_id: int) -> int:
    return session.scalar(select(func.count()).where(PaperResult.batch_id == batch_id)) or 0


def add_result(session: Session, result: PaperResult) -> None:
    session.add(result)
    session.flush()


def list_keyings(session: Session, batch_id: int, serial: int | None = None) -> Sequence[PaperKeying]:
    query = select(PaperKeying).where(PaperKeying.batch_id == batch_id)
    if serial is not None:
        query = query.where(PaperKeying.serial == serial)
    return session.scalars(query.order_by(PaperKeying.serial, PaperKeying.turn)).all()


def list_keyed_once_by(session: Session, batch_id: int, account_id: int) -> Sequence[PaperKeying]:
    """Forms that nobody but this account has keyed yet, the latest first."""
    second = aliased(PaperKeying)
    keyed_twice = exists().where(
        second.batch_id == PaperKeying.batch_id, second.serial == PaperKeying.serial, second.turn == 2
    )
    query = select(PaperKeying).where(
        PaperKeying.batch_id == batch_id, PaperKeying.account_id == account_id, ~keyed_twice
    )
    return session.scalars(query.order_by(PaperKeying.id.desc())).all()


def find_last_keying(session: Session, batch_id: int, account_id: int) -> PaperKeying | None:
    """What this account keyed last in the batch."""
    query = select(PaperKeying).where(PaperKeying.batch_id == batch_id, PaperKeying.account_id == account_id)
    return session.scalars(query.order_by(PaperKeying.id.desc()).limit(1)).first()


def delete_keying(session: Session, keying: PaperKeying) -> None:
    session.delete(keying)
    session.flush()


def add_keying(session: Session, keying: PaperKeying) -> None:
    session.add(keying)
    session.flush()


def is_workbook_of_another(
    session: Session, batch_id: int, account_id: int, *, file_digest: str, content_digest: str | None = None
) -> bool:
    """Whether another account sent this very file for the batch, or one in which the same was keyed."""
    query = exists().where(
        PaperWorkbook.batch_id == batch_id,
        PaperWorkbook.account_id != account_id,
        or_(PaperWorkbook.file_digest == file_digest, PaperWorkbook.content_digest == content_digest),
    )
    return bool(session.scalar(select(query)))


def add_workbook(session: Session, workbook: PaperWorkbook) -> None:
    """Keep the marks of a workbook; the same one of the same account is kept once."""
    session.merge(workbook)
    session.flush()


def delete_keyings(session: Session, batch_id: int) -> None:
    """With the marks of workbooks: of few forms, what was keyed could be guessed from them."""
    session.execute(delete(PaperKeying).where(PaperKeying.batch_id == batch_id))
    session.execute(delete(PaperWorkbook).where(PaperWorkbook.batch_id == batch_id))


def _rows(session: Session, *conditions: ColumnElement[bool], is_fresh: bool = False) -> list[BatchRow]:
    query = (
        select(
            PaperBatch,
            SurveyRound,
            Unit,
            QuestionnaireVersion.form_id,
            QuestionnaireVersion.version,
            QuestionnaireVersion.digest,
        )
        .join(SurveyRound, SurveyRound.id == PaperBatch.round_id)
        .join(Unit, Unit.id == PaperBatch.unit_id)
        .join(QuestionnaireVersion, QuestionnaireVersion.id == PaperBatch.questionnaire_version_id)
        .where(*conditions)
        .order_by(PaperBatch.id)
        .execution_options(populate_existing=is_fresh)
    )
    return [BatchRow(*row) for row in session.execute(query)]
