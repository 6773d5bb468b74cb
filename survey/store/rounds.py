"""Queries on survey rounds: their questionnaires, units, frame and counts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from survey.models import (
    Assignment,
    Device,
    FormerCredential,
    FrameCell,
    InvitationBatch,
    Measure,
    PaperBatch,
    Procedure,
    QuarantinedResponse,
    QuestionnaireVersion,
    Response,
    ResponseDraft,
    RoundUnit,
    SurveyRound,
    Target,
    TargetSet,
    Unit,
    Visit,
)

_AFTER_ALL_MEASURES = 1_000_000
# In an order in which nothing refers to what is gone.
_PARTS_OF_A_ROUND = (
    Response,
    ResponseDraft,
    QuarantinedResponse,
    PaperBatch,
    InvitationBatch,
    Assignment,
    Device,
    FrameCell,
    RoundUnit,
)


@dataclass(frozen=True)
class FormInRound:
    """A questionnaire version that a round carries, without its document."""

    version_id: int
    form_id: str
    version: int
    digest: str
    measure_code: str | None
    unit_count: int


def find_round(session: Session, code: str) -> SurveyRound | None:
    return session.scalars(select(SurveyRound).where(SurveyRound.code == code)).one_or_none()


def fetch_round(session: Session, round_id: int) -> SurveyRound:
    return session.get_one(SurveyRound, round_id)


def list_rounds(session: Session) -> Sequence[SurveyRound]:
    return session.scalars(
        select(SurveyRound).order_by(SurveyRound.opens_on.desc(), SurveyRound.id.desc())
    ).all()


def list_open_rounds(session: Session, today: date) -> Sequence[SurveyRound]:
    query = (
        select(SurveyRound)
        .where(SurveyRound.status == "open", SurveyRound.opens_on <= today, SurveyRound.closes_on >= today)
        .order_by(SurveyRound.is_demonstration, SurveyRound.opens_on.desc(), SurveyRound.id.desc())
    )
    return session.scalars(query).all()


def add_round(session: Session, survey_round: SurveyRound) -> SurveyRound:
    session.add(survey_round)
    session.flush()
    return survey_round


def add_round_units(session: Session, round_id: int, version_id: int, unit_ids: Iterable[int]) -> None:
    session.add_all(
        RoundUnit(round_id=round_id, questionnaire_version_id=version_id, unit_id=unit_id)
        for unit_id in unit_ids
    )
    session.flush()


def list_forms(session: Session, round_id: int) -> list[FormInRound]:
    """The round's questionnaires in the order of their measures; counter readings come last."""
    query = (
        select(
            QuestionnaireVersion.id,
            QuestionnaireVersion.form_id,
            QuestionnaireVersion.version,
            QuestionnaireVersion.digest,
            QuestionnaireVersion.measure_code,
            func.count(),
        )
        .join(RoundUnit, RoundUnit.questionnaire_version_id == QuestionnaireVersion.id)
        .outerjoin(Measure, Measure.code == QuestionnaireVersion.measure_code)
        .where(RoundUnit.round_id == round_id)
        .group_by(
            QuestionnaireVersion.id,
            QuestionnaireVersion.form_id,
            QuestionnaireVersion.version,
            QuestionnaireVersion.digest,
            QuestionnaireVersion.measure_code,
        )
        .order_by(
            func.coalesce(func.max(Measure.position), _AFTER_ALL_MEASURES), QuestionnaireVersion.form_id
        )
    )
    return [FormInRound(*row) for row in session.execute(query)]


@dataclass(frozen=True)
class Standing:
    """Whether a round takes answers."""

    code: str
    opens_on: date
    closes_on: date
    status: str


def hold_rounds(session: Session, round_ids: Iterable[int]) -> dict[int, Standing]:
    """Where these rounds stand; none of them can be closed before the transaction has ended.

    On PostgreSQL by a shared lock of the rows; SQLite has one writer at a time.
    """
    query = (
        select(
            SurveyRound.id, SurveyRound.code, SurveyRound.opens_on, SurveyRound.closes_on, SurveyRound.status
        )
        .where(SurveyRound.id.in_(list(round_ids)))
        .order_by(SurveyRound.id)
        .with_for_update(read=True)
    )
    return {row[0]: Standing(*row[1:]) for row in session.execute(query)}


@dataclass(frozen=True)
class Place:
    """Where a response belongs: a round, one of its questionnaires, a unit and whether the round is open."""

    round_id: int
    code: str
    opens_on: date
    closes_on: date
    status: str
    version_id: int
    version: int
    digest: str
    unit_id: int


def find_place(session: Session, round_code: str, form_id: str, unit_code: str) -> Place | None:
    """What every submission must know, in one query; None where any of the three does not exist."""
    query = (
        select(
            SurveyRound.id,
            SurveyRound.code,
            SurveyRound.opens_on,
            SurveyRound.closes_on,
            SurveyRound.status,
            QuestionnaireVersion.id,
            QuestionnaireVersion.version,
            QuestionnaireVersion.digest,
            Unit.id,
        )
        .join(RoundUnit, RoundUnit.round_id == SurveyRound.id)
        .join(QuestionnaireVersion, QuestionnaireVersion.id == RoundUnit.questionnaire_version_id)
        .join(Unit, Unit.id == RoundUnit.unit_id)
        .where(
            SurveyRound.code == round_code,
            QuestionnaireVersion.form_id == form_id,
            Unit.code == unit_code,
        )
        .order_by(Unit.valid_from.desc())
        .limit(1)
    )
    row = session.execute(query).one_or_none()
    return None if row is None else Place(*row)


def list_round_units(session: Session, round_id: int, version_id: int) -> Sequence[Unit]:
    query = (
        select(Unit)
        .join(RoundUnit, RoundUnit.unit_id == Unit.id)
        .where(RoundUnit.round_id == round_id, RoundUnit.questionnaire_version_id == version_id)
        .order_by(Unit.id)
    )
    return session.scalars(query).all()


def find_round_unit(session: Session, round_id: int, version_id: int, unit_code: str) -> Unit | None:
    query = (
        select(Unit)
        .join(RoundUnit, RoundUnit.unit_id == Unit.id)
        .where(
            RoundUnit.round_id == round_id,
            RoundUnit.questionnaire_version_id == version_id,
            Unit.code == unit_code,
        )
        .order_by(Unit.valid_from.desc())
    )
    return session.scalars(query).first()


def list_units_of_round(session: Session, round_id: int) -> Sequence[Unit]:
    query = select(Unit).where(Unit.id.in_(select(RoundUnit.unit_id).where(RoundUnit.round_id == round_id)))
    return session.scalars(query.order_by(Unit.id)).all()


def count_units_asked(session: Session, round_id: int, version_ids: Iterable[int]) -> int:
    """At how many units a round asks any of these questionnaires."""
    query = select(func.count(RoundUnit.unit_id.distinct())).where(
        RoundUnit.round_id == round_id, RoundUnit.questionnaire_version_id.in_(list(version_ids))
    )
    return session.scalars(query).one()


def list_units_of_closed_rounds(session: Session) -> Sequence[Unit]:
    """The units of every real round that has ended."""
    query = select(RoundUnit.unit_id).join(SurveyRound, SurveyRound.id == RoundUnit.round_id).where(_ended())
    return session.scalars(select(Unit).where(Unit.id.in_(query))).all()


def list_procedures_of_closed_rounds(session: Session) -> Sequence[Procedure]:
    """The procedures that responses of real rounds that have ended name."""
    query = (
        select(Response.procedure_id).join(SurveyRound, SurveyRound.id == Response.round_id).where(_ended())
    )
    return session.scalars(select(Procedure).where(Procedure.id.in_(query))).all()


def list_measures_of_closed_rounds(session: Session) -> set[str]:
    """The measures whose names stand in a report of a real round that has ended: those of its targets."""
    query = (
        select(Target.measure_code)
        .join(SurveyRound, SurveyRound.target_set_id == Target.target_set_id)
        .where(_ended(), Target.year == SurveyRound.target_year)
    )
    return set(session.scalars(query))


def list_sectors_of_closed_rounds(session: Session) -> set[str]:
    """The sectors whose names stand in such a report: those of its targets and of its responses."""
    of_targets = (
        select(Target.sector_code)
        .join(SurveyRound, SurveyRound.target_set_id == Target.target_set_id)
        .where(_ended(), Target.year == SurveyRound.target_year)
    )
    of_responses = (
        select(Response.sector_code)
        .join(SurveyRound, SurveyRound.id == Response.round_id)
        .where(_ended(), Response.sector_code.is_not(None))
        .distinct()
    )
    return {code for query in (of_targets, of_responses) for code in session.scalars(query) if code}


def list_judged_years(session: Session, target_set_code: str, status: str) -> set[int]:
    """The target years by which real rounds of this status are judged."""
    query = (
        select(SurveyRound.target_year)
        .join(TargetSet, TargetSet.id == SurveyRound.target_set_id)
        .where(
            SurveyRound.status == status,
            SurveyRound.is_demonstration.is_(False),
            TargetSet.code == target_set_code,
        )
    )
    return set(session.scalars(query))


def _ended() -> ColumnElement[bool]:
    return (SurveyRound.status == "closed") & SurveyRound.is_demonstration.is_(False)


def find_design_fields(
    session: Session, round_id: int, version_id: int, unit_id: int, sector_code: str
) -> tuple[str | None, str | None]:
    """Stratum and PSU of the frame cell of a response; (None, None) where the frame has none."""
    query = select(FrameCell.stratum, FrameCell.psu).where(
        FrameCell.round_id == round_id,
        FrameCell.questionnaire_version_id == version_id,
        FrameCell.unit_id == unit_id,
        FrameCell.sector_code == sector_code,
    )
    row = session.execute(query).one_or_none()
    return (None, None) if row is None else (row.stratum, row.psu)


def list_frame_cells(session: Session, round_id: int) -> Sequence[FrameCell]:
    return session.scalars(
        select(FrameCell).where(FrameCell.round_id == round_id).order_by(FrameCell.id)
    ).all()


def count_frame(session: Session, round_id: int) -> tuple[int, int]:
    """How many cells the frame has, and how many transactions it counts."""
    query = select(func.count(), func.coalesce(func.sum(FrameCell.population), 0)).where(
        FrameCell.round_id == round_id
    )
    cells, population = session.execute(query).one()
    return int(cells), int(population)


def replace_frame(
    session: Session, round_id: int, version_ids: Iterable[int], cells: Iterable[FrameCell]
) -> None:
    """Put a new frame in place of the old one, for the questionnaires it names."""
    session.execute(
        delete(FrameCell).where(
            FrameCell.round_id == round_id, FrameCell.questionnaire_version_id.in_(list(version_ids))
        )
    )
    session.add_all(cells)
    session.flush()


def count_responses(session: Session, round_id: int) -> Sequence[tuple[int, int, str, str, date, int]]:
    """Counts by questionnaire version, unit, channel, selection and day."""
    keys = (
        Response.questionnaire_version_id,
        Response.unit_id,
        Response.channel,
        Response.selection,
        Response.received_on,
    )
    query = select(*keys, func.count()).where(Response.round_id == round_id).group_by(*keys)
    return session.execute(query).all()


def count_responses_of(session: Session, round_id: int) -> int:
    query = select(func.count()).select_from(Response).where(Response.round_id == round_id)
    return session.scalars(query).one()


def count_responses_by_round(session: Session) -> dict[int, int]:
    query = select(Response.round_id, func.count()).group_by(Response.round_id)
    return dict(session.execute(query).all())


def delete_round(session: Session, round_id: int) -> None:
    """Remove a round with all it holds; only for demonstration rounds and drafts."""
    assignments = select(Assignment.id).where(Assignment.round_id == round_id)
    session.execute(delete(Visit).where(Visit.assignment_id.in_(assignments)))
    devices = select(Device.id).where(Device.round_id == round_id)
    for belonging in (QuarantinedResponse, FormerCredential):
        session.execute(delete(belonging).where(belonging.device_id.in_(devices)))
    for model in _PARTS_OF_A_ROUND:
        session.execute(delete(model).where(model.round_id == round_id))
    session.execute(delete(SurveyRound).where(SurveyRound.id == round_id))


def fetch_unit(session: Session, unit_id: int) -> Unit:
    return session.get_one(Unit, unit_id)
