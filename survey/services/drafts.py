"""Unfinished responses: kept between two pages, gone once stored or given up."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from questionnaires.answers import drop_off_path
from questionnaires.model import AnswerValue, Question, Questionnaire, Text
from survey.models import ResponseDraft, SurveyRound
from survey.services.calendar import local_date, local_hour
from survey.services.problems import ClosedMeanwhile, DraftUnknown, RoundNotOpen
from survey.services.questionnaires import get_questionnaire
from survey.services.responses import NewResponse, Receipt, find_receipt, submit_response
from survey.services.round_forms import get_round_form, list_procedure_choices, require_open
from survey.store import drafts as store
from survey.store import questionnaires as questionnaire_store
from survey.store import rounds as round_store
from survey.store.database import Session

KEPT_FOR = timedelta(days=2)
_BANDS = ((1, "under_1m"), (3, "1_to_3m"), (10, "3_to_10m"), (30, "10_to_30m"))


@dataclass(frozen=True)
class Draft:
    """An unfinished response, with what its pages need to know."""

    response_id: UUID
    round_code: str
    round_title: Text
    is_demonstration: bool
    questionnaire: Questionnaire
    unit_code: str
    unit_name: Text
    channel: str
    selection: str
    layout: str
    invitation_digest: str | None
    answers: dict[str, AnswerValue]
    choice_labels: dict[str, list[tuple[str, Text]]]
    started_at: datetime

    @property
    def choices(self) -> dict[str, list[str]]:
        """Question id → codes that the catalogue allows."""
        return {name: [code for code, _ in listed] for name, listed in self.choice_labels.items()}


def start_draft(
    session: Session,
    response_id: UUID,
    round_code: str,
    form_id: str,
    unit_code: str,
    *,
    channel: str,
    selection: str = "self_selected",
    layout: str = "sections",
    invitation_digest: str | None = None,
    answers: Mapping[str, AnswerValue] | None = None,
    now: datetime,
) -> bool:
    """Begin a response, with answers that are known already; beginning the same id again changes nothing.

    Drafts left for too long go. False where the response with this id was sent already, by whomever.
    """
    purge_drafts(session, now=now)
    form = get_round_form(session, round_code, form_id, unit_code)
    require_open(form.survey_round, local_date(now))
    assert form.unit is not None
    if find_receipt(session, response_id):
        return False
    store.add_draft(
        session,
        {
            "response_id": response_id,
            "round_id": form.survey_round.id,
            "questionnaire_version_id": form.version_id,
            "unit_id": form.unit.id,
            "channel": channel,
            "selection": selection,
            "layout": layout,
            "invitation_digest": invitation_digest,
            "answers": dict(answers or {}),
            "started_at": now,
            "touched_at": now,
        },
    )
    return True


def get_draft(session: Session, response_id: UUID, *, now: datetime) -> Draft:
    """The draft with this id; `ClosedMeanwhile` where its round was closed by somebody.

    The end of the round's last day does not end a draft: it was begun in time.
    """
    return _build(session, *_get_open(session, response_id, now), now)


def find_ended_draft(session: Session, response_id: UUID, *, now: datetime) -> Draft | None:
    """The draft with this id whatever became of its round; None where it is gone."""
    row = store.find_draft(session, response_id)
    if row is None or now - row.touched_at > KEPT_FOR:
        return None
    return _build(session, row, round_store.fetch_round(session, row.round_id), now)


def save_page(
    session: Session,
    response_id: UUID,
    questions: Iterable[Question],
    given: Mapping[str, AnswerValue],
    *,
    now: datetime,
) -> Draft:
    """Put what one page says of its questions in place of what the draft said of them.

    The draft is held: of two pages that arrive together neither undoes the other.
    """
    row, survey_round = _get_open(session, response_id, now, hold=True)
    answers = merge_answers(_build(session, row, survey_round, now), questions, given)
    row.answers = {
        name: list(value) if isinstance(value, tuple) else value for name, value in answers.items()
    }
    row.touched_at = now
    return _build(session, row, survey_round, now)


def merge_answers(
    draft: Draft, questions: Iterable[Question], given: Mapping[str, AnswerValue]
) -> dict[str, AnswerValue]:
    """The draft's answers with those of one page in place of its old ones, and nothing off the path."""
    on_page = {question.id for question in questions}
    kept = {name: value for name, value in draft.answers.items() if name not in on_page}
    return drop_off_path(draft.questionnaire, {**kept, **given})


def submit_draft(
    session: Session,
    response_id: UUID,
    *,
    language: str,
    now: datetime,
    before_storing: Callable[[Draft], None] | None = None,
) -> Receipt:
    """Store the draft as a response and let go of it; a second call answers with the same receipt.

    `before_storing` may raise: then nothing is stored, and the draft stays.
    """
    try:
        draft = _build(session, *_get_open(session, response_id, now, hold=True), now)
    except DraftUnknown:
        # Asked after the draft, so that a second press never falls between the two.
        stored = find_receipt(session, response_id)
        if stored is None:
            raise
        return stored
    if before_storing is not None:
        before_storing(draft)
    receipt = submit_response(
        session,
        NewResponse(
            response_id=response_id,
            round_code=draft.round_code,
            form_id=draft.questionnaire.id,
            unit_code=draft.unit_code,
            channel=draft.channel,
            selection=draft.selection,
            answers=draft.answers,
            language=language,
            duration_band=duration_band(now - draft.started_at),
            begun_on=local_date(draft.started_at),
            invitation_digest=draft.invitation_digest,
        ),
        today=local_date(now),
        hour=local_hour(now),
    )
    store.delete_draft(session, response_id)
    return receipt


def discard_draft(session: Session, response_id: UUID) -> None:
    store.delete_draft(session, response_id)


def purge_drafts(session: Session, *, now: datetime) -> int:
    """Delete drafts that nobody has touched for two days."""
    return store.delete_drafts_untouched_since(session, now - KEPT_FOR)


def duration_band(duration: timedelta) -> str:
    minutes = duration.total_seconds() / 60
    return next((band for limit, band in _BANDS if minutes < limit), "over_30m")


def _get_open(
    session: Session, response_id: UUID, now: datetime, *, hold: bool = False
) -> tuple[ResponseDraft, SurveyRound]:
    row = (store.hold_draft if hold else store.find_draft)(session, response_id)
    if row is None or now - row.touched_at > KEPT_FOR:
        raise DraftUnknown(response_id)
    survey_round = round_store.fetch_round(session, row.round_id)
    try:
        require_open(survey_round, local_date(now), begun_on=local_date(row.started_at))
    except RoundNotOpen as refusal:
        raise ClosedMeanwhile(response_id, refusal) from None
    return row, survey_round


def _build(session: Session, row: ResponseDraft, survey_round: SurveyRound, now: datetime) -> Draft:
    version = questionnaire_store.fetch_version(session, row.questionnaire_version_id)
    questionnaire = get_questionnaire(session, version.id, version.digest)
    unit = round_store.fetch_unit(session, row.unit_id)
    answers = _from_stored(row.answers)
    sector = questionnaire.question_with_role("sector")
    sector_code = answers.get(sector.id) if sector else None
    return Draft(
        response_id=row.response_id,
        round_code=survey_round.code,
        round_title=Text(vi=survey_round.title, en=survey_round.title_en),
        is_demonstration=survey_round.is_demonstration,
        questionnaire=questionnaire,
        unit_code=unit.code,
        unit_name=Text(vi=unit.name, en=unit.name_en),
        channel=row.channel,
        selection=row.selection,
        layout=row.layout,
        invitation_digest=row.invitation_digest,
        answers=answers,
        choice_labels=list_procedure_choices(
            session, questionnaire, str(sector_code) if sector_code else None, local_date(now)
        ),
        started_at=row.started_at,
    )


def _from_stored(answers: Mapping[str, object]) -> dict[str, AnswerValue]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in answers.items()}  # type: ignore[misc]
