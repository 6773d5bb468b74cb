"""The one way in which a response is stored, whatever channel it came by."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from questionnaires.answers import check_response
from questionnaires.model import AnswerValue, Questionnaire
from questionnaires.values import Role
from survey.models import QuarantinedResponse
from survey.services.problems import AnswersRefused, ResponseConflict
from survey.services.round_forms import RoundForm, get_round_form, list_procedure_choices, require_open
from survey.store import catalogue, rounds
from survey.store import responses as store

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
    form = get_round_form(session, new.round_code, new.form_id, new.unit_code)
    digest = content_digest(form, new)
    stored = store.find_digest(session, new.response_id)
    if stored is None:
        require_open(form.survey_round, today)
        values = _response_values(session, form, new, digest, today)
        if store.add_response(session, values):
            return Receipt(new.response_id, receipt_number(new.response_id), is_new=True)
        stored = store.find_digest(session, new.response_id)
    if stored != digest:
        _quarantine(session, form, new, today)
        raise ResponseConflict(new.response_id)
    return Receipt(new.response_id, receipt_number(new.response_id), is_new=False)


def find_receipt(session: Session, response_id: UUID) -> Receipt | None:
    if store.find_digest(session, response_id) is None:
        return None
    return Receipt(response_id, receipt_number(response_id), is_new=False)


def content_digest(form: RoundForm, new: NewResponse) -> str:
    """What makes two deliveries of one id the same response: where it was asked and what was answered."""
    content = [
        new.round_code,
        new.form_id,
        form.questionnaire.version,
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


def _response_values(
    session: Session, form: RoundForm, new: NewResponse, digest: str, today: date
) -> dict[str, Any]:
    questionnaire, unit = form.questionnaire, form.unit
    assert unit is not None
    sector = _answer_of(questionnaire, "sector", new.answers)
    choices = list_procedure_choices(session, questionnaire, sector, today)
    codes = {question_id: [code for code, _ in listed] for question_id, listed in choices.items()}
    problems = check_response(questionnaire, new.answers, codes)
    if problems:
        raise AnswersRefused(problems)
    procedure_code = _answer_of(questionnaire, "procedure", new.answers)
    procedure = catalogue.find_procedure(session, procedure_code, today) if procedure_code else None
    cell = rounds.find_frame_cell(session, form.survey_round.id, form.version_id, unit.id, sector or "")
    rated = {question.id for question in questionnaire.rated}
    expectation = questionnaire.question_with_role("expectation")
    return {
        "id": new.response_id,
        "round_id": form.survey_round.id,
        "questionnaire_version_id": form.version_id,
        "unit_id": unit.id,
        "sector_code": sector,
        "procedure_id": procedure.id if procedure else None,
        "channel": new.channel,
        "selection": new.selection,
        "stratum": cell.stratum if cell else None,
        "psu": cell.psu if cell else None,
        "design_weight": None,
        "duration_band": new.duration_band,
        "language": new.language,
        "received_on": today,
        "ratings": encode_ratings(questionnaire, new.answers),
        "details": {name: value for name, value in _plain(new.answers).items() if name not in rated},
        "expectation_percent": new.answers.get(expectation.id) if expectation else None,
        "content_digest": digest,
    }


def _answer_of(questionnaire: Questionnaire, role: Role, answers: Mapping[str, AnswerValue]) -> str | None:
    question = questionnaire.question_with_role(role)
    answer = answers.get(question.id) if question else None
    return str(answer) if answer is not None else None


def _plain(answers: Mapping[str, AnswerValue]) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in answers.items()}


def _quarantine(session: Session, form: RoundForm, new: NewResponse, today: date) -> None:
    content = {
        "form_id": new.form_id,
        "version": form.questionnaire.version,
        "unit_code": new.unit_code,
        "channel": new.channel,
        "selection": new.selection,
        "answers": _plain(new.answers),
    }
    store.add_quarantined(
        session,
        QuarantinedResponse(
            response_id=new.response_id,
            round_id=form.survey_round.id,
            reason="conflict",
            content=content,
            received_on=today,
        ),
    )
