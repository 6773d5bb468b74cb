"""The one way in which a response is stored, whatever channel it came by."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from questionnaires.answers import check_response
from questionnaires.model import AnswerValue, Questionnaire
from questionnaires.values import Role
from survey.models import QuarantinedResponse
from survey.services.problems import AnswersRefused, ResponseConflict, RoundNotOpen, UnitUnknown
from survey.services.questionnaires import get_questionnaire
from survey.services.round_forms import get_round_form, require_open
from survey.store import catalogue, rounds
from survey.store import responses as store
from survey.store.database import Session
from survey.store.rounds import Place

NO_RATING = "."


@dataclass(frozen=True)
class NewResponse:
    """A filled questionnaire as it arrives; the id is made by the device."""

    response_id: UUID
    round_code: str
    form_id: str
    unit_code: str
    channel: str
    selection: str
    answers: Mapping[str, AnswerValue]
    language: str = "vi"
    duration_band: str = "unknown"


@dataclass(frozen=True)
class Receipt:
    """What a respondent is given once the response is stored."""

    response_id: UUID
    number: str
    is_new: bool


def receipt_number(response_id: UUID) -> str:
    """Twelve digits in groups of four, a function of the id alone, so a repeat gives the same number."""
    digits = f"{response_id.int % 10**12:012d}"
    return f"{digits[:4]} {digits[4:8]} {digits[8:]}"


def submit_response(session: Session, new: NewResponse, *, today: date) -> Receipt:
    """Store a response once.

    The same id with the same content gets the same receipt, even after the round has closed; with other
    content it is quarantined and `ResponseConflict` is raised. Nothing is stored of a response with problems.
    """
    place = _get_place(session, new)
    digest = content_digest(place, new)
    try:
        require_open(place, today)
        if store.add_response(session, _response_values(session, place, new, digest, today)):
            return Receipt(new.response_id, receipt_number(new.response_id), is_new=True)
    except (RoundNotOpen, AnswersRefused):
        if store.find_digest(session, new.response_id) is None:
            raise
    if store.find_digest(session, new.response_id) != digest:
        _quarantine(session, place, new, today)
        raise ResponseConflict(new.response_id)
    return Receipt(new.response_id, receipt_number(new.response_id), is_new=False)


def find_receipt(session: Session, response_id: UUID) -> Receipt | None:
    if store.find_digest(session, response_id) is None:
        return None
    return Receipt(response_id, receipt_number(response_id), is_new=False)


def content_digest(place: Place, new: NewResponse) -> str:
    """What makes two deliveries of one id the same response: where it was asked and what was answered."""
    content = [
        new.round_code,
        new.form_id,
        place.version,
        new.unit_code,
        new.channel,
        new.selection,
        _plain(new.answers),
    ]
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def encode_ratings(questionnaire: Questionnaire, answers: Mapping[str, AnswerValue]) -> str:
    """One character a rated question, in file order: the digit of the code, or '.' for no answer."""
    return "".join(str(answers.get(question.id, NO_RATING)) for question in questionnaire.rated)


def _get_place(session: Session, new: NewResponse) -> Place:
    place = rounds.find_place(session, new.round_code, new.form_id, new.unit_code)
    if place is None:
        get_round_form(session, new.round_code, new.form_id, new.unit_code)  # raises for what is missing
        raise UnitUnknown(new.unit_code)
    return place


def _response_values(
    session: Session, place: Place, new: NewResponse, digest: str, today: date
) -> dict[str, Any]:
    questionnaire = get_questionnaire(session, place.version_id, place.digest)
    sector = _answer_of(questionnaire, "sector", new.answers)
    procedure_id = _check(session, questionnaire, new.answers, sector, today)
    stratum, psu = rounds.find_design_fields(
        session, place.round_id, place.version_id, place.unit_id, sector or ""
    )
    rated = {question.id for question in questionnaire.rated}
    expectation = questionnaire.question_with_role("expectation")
    return {
        "id": new.response_id,
        "round_id": place.round_id,
        "questionnaire_version_id": place.version_id,
        "unit_id": place.unit_id,
        "sector_code": sector,
        "procedure_id": procedure_id,
        "channel": new.channel,
        "selection": new.selection,
        "stratum": stratum,
        "psu": psu,
        "design_weight": None,
        "duration_band": new.duration_band,
        "language": new.language,
        "received_on": today,
        "ratings": encode_ratings(questionnaire, new.answers),
        "details": {name: value for name, value in _plain(new.answers).items() if name not in rated},
        "expectation_percent": new.answers.get(expectation.id) if expectation else None,
        "content_digest": digest,
    }


def _check(
    session: Session,
    questionnaire: Questionnaire,
    answers: Mapping[str, AnswerValue],
    sector: str | None,
    today: date,
) -> int | None:
    """Raise `AnswersRefused` unless the answers are consistent; return the id of the procedure they name."""
    question = questionnaire.question_with_role("procedure")
    code = _answer_of(questionnaire, "procedure", answers)
    procedure = catalogue.find_procedure(session, code, today) if code else None
    if procedure is not None and sector not in (None, procedure[1]):
        procedure = None
    choices = {question.id: [code]} if question and code and procedure else {}
    problems = check_response(questionnaire, answers, choices)
    if problems:
        raise AnswersRefused(problems)
    return procedure[0] if procedure else None


def _answer_of(questionnaire: Questionnaire, role: Role, answers: Mapping[str, AnswerValue]) -> str | None:
    question = questionnaire.question_with_role(role)
    answer = answers.get(question.id) if question else None
    return str(answer) if answer is not None else None


def _plain(answers: Mapping[str, AnswerValue]) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in answers.items()}


def _quarantine(session: Session, place: Place, new: NewResponse, today: date) -> None:
    """Keep what was refused, once however often it is sent."""
    content = {
        "form_id": new.form_id,
        "version": place.version,
        "unit_code": new.unit_code,
        "channel": new.channel,
        "selection": new.selection,
        "answers": _plain(new.answers),
    }
    if any(found.content == content for found in store.list_quarantined_of(session, new.response_id)):
        return
    store.add_quarantined(
        session,
        QuarantinedResponse(
            response_id=new.response_id,
            round_id=place.round_id,
            reason="conflict",
            content=content,
            received_on=today,
        ),
    )
