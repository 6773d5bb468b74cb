"""The one way in which a response is stored, whatever channel it came by."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from questionnaires.answers import check_response
from questionnaires.model import AnswerValue, Choices, Questionnaire
from questionnaires.problems import Problem
from questionnaires.values import Role
from survey.services import quarantine
from survey.services.problems import (
    AnswersRefused,
    InvitationUnknown,
    QuestionnaireUnknown,
    ResponseConflict,
    RoundNotOpen,
    RoundUnknown,
    UnitUnknown,
    VersionUnknown,
)
from survey.services.response_lookups import Lookups
from survey.services.round_forms import require_open
from survey.store import invitations, rounds
from survey.store import responses as store
from survey.store.database import Session
from survey.store.rounds import Place

NO_RATING = "."
# Of a UUID: an id that could be foreseen could be taken before its response is sent.
RANDOM_VERSION = 4
_CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@dataclass(frozen=True)
class NewResponse:
    """A filled questionnaire as it arrives; the id is made by the device.

    `version` is what the device showed; None stands for the round's own pages, which show the right one.
    `begun_on` is the day it was begun or, on a device without a network, finished, where that is known: a
    round that has ended by its date since then still takes it.
    """

    response_id: UUID
    round_code: str
    form_id: str
    unit_code: str
    channel: str
    selection: str
    answers: Mapping[str, AnswerValue]
    language: str = "vi"
    duration_band: str = "unknown"
    version: int | None = None
    begun_on: date | None = None
    device: "DeviceStamp | None" = None
    # Of the personal code that admits it; used up by storing it, and kept nowhere.
    invitation_digest: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class DeviceStamp:
    """What an enrolled device says of a response: its own day and hour, and how right its clock was."""

    device_id: int
    filled_on: date | None
    filled_hour: int | None
    clock_band: str


@dataclass(frozen=True)
class CheckedResponse:
    """A response that was found sound: the row to store and what a repeat is compared with."""

    new: NewResponse
    place: Place
    digest: str
    row: dict[str, Any]


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


def submit_response(
    session: Session,
    new: NewResponse,
    *,
    today: date,
    hour: int | None = None,
    lookups: Lookups | None = None,
) -> Receipt:
    """Store a response once.

    The same id with the same content gets the same receipt, even after the round has closed; with other
    content it is quarantined and `ResponseConflict` is raised. Nothing is stored of a response with problems.
    `hour` is the hour of arrival; it is not kept of an invited response. Whoever stores many may bring
    `lookups` that remember.
    """
    try:
        checked = check_with(lookups or Lookups(session), new, today=today, hour=hour)
    except (RoundNotOpen, AnswersRefused):
        if store.find_digest(session, new.response_id) is None:
            raise
        return repeated_receipt(session, get_place(session, new), new, today)
    return store_checked(session, checked, today)


def check_with(
    lookups: Lookups, new: NewResponse, *, today: date, hour: int | None = None
) -> CheckedResponse:
    """Everything that can be found out without writing; raises for what cannot be taken."""
    place = _get_place(lookups, new)
    require_open(place, today, begun_on=new.begun_on)
    digest = content_digest(place, new)
    return CheckedResponse(new, place, digest, _response_values(lookups, place, new, digest, today, hour))


def store_checked(session: Session, checked: CheckedResponse, today: date) -> Receipt:
    """Store it, unless its round was closed since it was checked."""
    standings = rounds.hold_rounds(session, [checked.place.round_id])
    require_open(standings.get(checked.place.round_id, checked.place), today, begun_on=checked.new.begun_on)
    if store.add_response(session, checked.row):
        _use_invitation(session, checked)
        return Receipt(checked.new.response_id, receipt_number(checked.new.response_id), is_new=True)
    return repeated_receipt(session, checked.place, checked.new, today, is_sound=True)


def _use_invitation(session: Session, checked: CheckedResponse) -> None:
    """A personal code admits one response: raises `InvitationUnknown` where another one was quicker."""
    digest, place = checked.new.invitation_digest, checked.place
    if digest and not invitations.use_code(session, digest, place.round_id, place.version_id, place.unit_id):
        raise InvitationUnknown


def repeated_receipt(
    session: Session, place: Place, new: NewResponse, today: date, *, is_sound: bool = False
) -> Receipt:
    """The receipt of an id that is stored already; other content under it is quarantined and refused.

    `is_sound` says that its answers were found to fit; of what comes without a device only a little is kept.
    """
    if store.find_digest(session, new.response_id) != content_digest(place, new):
        if new.device is None and not quarantine.may_keep_conflict(
            session, new.response_id, _kept_content(new), is_sound=is_sound
        ):
            raise ResponseConflict(new.response_id, is_kept=False)
        state = quarantine_response(session, new, "conflict", round_id=place.round_id, today=today)
        raise ResponseConflict(new.response_id, state=state)
    return Receipt(new.response_id, receipt_number(new.response_id), is_new=False)


def quarantine_response(
    session: Session, new: NewResponse, reason: str, *, round_id: int | None, today: date
) -> str:
    """Keep what cannot be stored, as it came, once however often it is sent; gives the state of it."""
    stamp = new.device
    return quarantine.keep(
        session,
        response_id=new.response_id,
        round_id=round_id,
        device_id=stamp.device_id if stamp else None,
        reason=reason,
        content=_kept_content(new),
        circumstances={
            "begun_on": _iso(new.begun_on),
            "filled_on": _iso(stamp.filled_on) if stamp else None,
            "filled_hour": stamp.filled_hour if stamp else None,
            "clock_band": stamp.clock_band if stamp else "unknown",
        },
        today=today,
    )


def is_left_aside(session: Session, new: NewResponse) -> bool:
    """Whether staff have decided not to count this very response, and it is not stored either."""
    if quarantine.find_state(session, new.response_id, _kept_content(new)) != "dismissed":
        return False
    return store.find_digest(session, new.response_id) is None


def _kept_content(new: NewResponse) -> dict[str, Any]:
    content = asdict(replace(new, answers=_plain(new.answers), device=None))
    for name in ("response_id", "device", "begun_on", "invitation_digest"):
        del content[name]
    return content


def is_sound(session: Session, new: NewResponse, *, received_on: date) -> bool:
    """Whether it could be stored, wherever its round stands today."""
    try:
        place = get_place(session, new)
        _response_values(Lookups(session), place, new, "", received_on, None)
    except (AnswersRefused, VersionUnknown, QuestionnaireUnknown, RoundUnknown, UnitUnknown):
        return False
    return True


def store_by_decision(session: Session, new: NewResponse, *, received_on: date) -> Receipt:
    """Store what staff decided to take: checked as any other, except for where its round stands today."""
    place = get_place(session, new)
    digest = content_digest(place, new)
    row = _response_values(Lookups(session), place, new, digest, received_on, None)
    if store.add_response(session, row):
        return Receipt(new.response_id, receipt_number(new.response_id), is_new=True)
    return repeated_receipt(session, place, new, received_on)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


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
    return hashlib.sha256(_CANONICAL.encode(content).encode()).hexdigest()


def encode_ratings(questionnaire: Questionnaire, answers: Mapping[str, AnswerValue]) -> str:
    """One character a rated question, in file order: the digit of the code, or '.' for no answer."""
    return "".join(str(answers.get(question.id, NO_RATING)) for question in questionnaire.rated)


def get_place(session: Session, new: NewResponse) -> Place:
    return _get_place(Lookups(session), new)


def _get_place(lookups: Lookups, new: NewResponse) -> Place:
    place = lookups.get_place(new.round_code, new.form_id, new.unit_code)
    if new.version not in (None, place.version):
        raise VersionUnknown(new.form_id, new.version)
    return place


def _response_values(
    lookups: Lookups, place: Place, new: NewResponse, digest: str, today: date, hour: int | None
) -> dict[str, Any]:
    questionnaire = lookups.get_questionnaire(place)
    sector = _answer_of(questionnaire, "sector", new.answers)
    procedure = _find_procedure(lookups, place, questionnaire, new, sector, today)
    _check(questionnaire, new, procedure)
    stratum, psu = lookups.find_design_fields(place, sector or "")
    expectation = questionnaire.question_with_role("expectation")
    is_invited = new.selection == "invited"
    return {
        "id": new.response_id,
        "round_id": place.round_id,
        "questionnaire_version_id": place.version_id,
        "unit_id": place.unit_id,
        "sector_code": sector,
        "procedure_id": procedure,
        "channel": new.channel,
        "selection": new.selection,
        "stratum": stratum,
        "psu": psu,
        "design_weight": None,
        "duration_band": new.duration_band,
        "language": new.language,
        "received_on": today,
        "ratings": encode_ratings(questionnaire, new.answers),
        "details": _plain(
            {name: value for name, value in new.answers.items() if name not in questionnaire.rated_ids}
        ),
        "expectation_percent": new.answers.get(expectation.id) if expectation else None,
        "content_digest": digest,
        # The places of an interviewer's tablet are known: his responses do not say that they are of it.
        "device_id": new.device.device_id if new.device and new.channel != "interviewer" else None,
        # An invited response has no moment that could be joined to its invitation or to a visit.
        "received_hour": None if is_invited else hour,
        "device_on": None if is_invited or not new.device else new.device.filled_on,
        "device_hour": None if is_invited or not new.device else new.device.filled_hour,
        "clock_band": new.device.clock_band if new.device else "unknown",
    }


def _find_procedure(
    lookups: Lookups,
    place: Place,
    questionnaire: Questionnaire,
    new: NewResponse,
    sector: str | None,
    today: date,
) -> int | None:
    """The id of the procedure that the answers name, as the catalogue was on the day they were given.

    A device shows the catalogue of its last contact and thanks by it, and its clock may be wrong: what it
    names may have been valid on any day of the round.
    """
    code = _answer_of(questionnaire, "procedure", new.answers)
    if code is None:
        return None
    found = lookups.find_procedure(code, new.begun_on or today)
    named = [found] if found else []
    if new.device is not None and not _of_sector(named, sector):
        named = lookups.list_procedures_between(code, place.opens_on, max(place.opens_on, today))
    return next(iter(_of_sector(named, sector)), None)


def _of_sector(procedures: list[tuple[int, str]], sector: str | None) -> list[int]:
    return [procedure_id for procedure_id, own in procedures if sector in (None, own)]


def _check(questionnaire: Questionnaire, new: NewResponse, procedure_id: int | None) -> None:
    """Raise `AnswersRefused` unless the answers are consistent."""
    question = questionnaire.question_with_role("procedure")
    code = _answer_of(questionnaire, "procedure", new.answers)
    choices = {question.id: [code]} if question and code and procedure_id else {}
    problems = check_answers(questionnaire, new.answers, choices, channel=new.channel)
    if problems:
        raise AnswersRefused(problems)


def check_answers(
    questionnaire: Questionnaire, answers: Mapping[str, AnswerValue], choices: Choices, *, channel: str
) -> list[Problem]:
    """Check a whole response. Paper insists on nothing: what was left blank there is no answer."""
    problems = check_response(questionnaire, answers, choices)
    return [problem for problem in problems if channel != "paper" or problem.code != "required"]


def _answer_of(questionnaire: Questionnaire, role: Role, answers: Mapping[str, AnswerValue]) -> str | None:
    question = questionnaire.question_with_role(role)
    answer = answers.get(question.id) if question else None
    return str(answer) if answer is not None else None


def _plain(answers: Mapping[str, AnswerValue]) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in answers.items()}
