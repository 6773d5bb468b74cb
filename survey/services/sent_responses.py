"""A stored response as its respondent may meet it again: by reload, by the back button, by a second press."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from questionnaires.model import AnswerValue, Questionnaire, Text
from survey.models import Response
from survey.services import quarantine
from survey.services.questionnaires import get_questionnaire
from survey.services.responses import NO_RATING, receipt_number
from survey.store import questionnaires as questionnaire_store
from survey.store import responses as store
from survey.store import rounds
from survey.store.database import Session


@dataclass(frozen=True)
class SentResponse:
    response_id: UUID
    receipt_number: str
    round_id: int
    round_code: str
    is_demonstration: bool
    questionnaire: Questionnaire
    unit_code: str
    unit_name: Text
    channel: str
    selection: str
    answers: dict[str, AnswerValue]


def find_sent_response(session: Session, response_id: UUID) -> SentResponse | None:
    """The stored response with this id, or None."""
    row = store.find_response(session, response_id)
    if row is None:
        return None
    survey_round = rounds.fetch_round(session, row.round_id)
    version = questionnaire_store.fetch_version(session, row.questionnaire_version_id)
    unit = rounds.fetch_unit(session, row.unit_id)
    questionnaire = get_questionnaire(session, version.id, version.digest)
    return SentResponse(
        response_id=response_id,
        receipt_number=receipt_number(response_id),
        round_id=survey_round.id,
        round_code=survey_round.code,
        is_demonstration=survey_round.is_demonstration,
        questionnaire=questionnaire,
        unit_code=unit.code,
        unit_name=Text(vi=unit.name, en=unit.name_en),
        channel=row.channel,
        selection=row.selection,
        answers=_answers_of(row, questionnaire),
    )


def quarantine_section(
    session: Session, sent: SentResponse, section_id: str, answers: Mapping[str, object], *, today: date
) -> None:
    """Keep for staff a section that came after its response and says something else, once a content.

    Of an id that much has come under nothing more is kept.
    """
    content = {
        "round_code": sent.round_code,
        "form_id": sent.questionnaire.id,
        "version": sent.questionnaire.version,
        "unit_code": sent.unit_code,
        "channel": sent.channel,
        "selection": sent.selection,
        "section_id": section_id,
        "answers": dict(answers),
    }
    if not quarantine.may_keep_conflict(session, sent.response_id, content, is_sound=False):
        return
    quarantine.keep(
        session,
        response_id=sent.response_id,
        round_id=sent.round_id,
        device_id=None,
        reason="conflict",
        content=content,
        today=today,
    )


def _answers_of(row: Response, questionnaire: Questionnaire) -> dict[str, AnswerValue]:
    answers: dict[str, AnswerValue] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in row.details.items()
    }
    for question, digit in zip(questionnaire.rated, row.ratings, strict=True):
        if digit != NO_RATING:
            answers[question.id] = int(digit)
    return answers
