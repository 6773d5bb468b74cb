"""What was kept aside, as officials see it, and what they decide: take it into the round, or leave it aside.

A decision is made once and stands; neither way deletes anything.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from questionnaires.model import AnswerValue, Question, Questionnaire, Text
from survey.models import QuarantinedResponse, SurveyRound
from survey.services.accounts import SignedIn
from survey.services.foreign_bytes import raw_bytes
from survey.services.problems import (
    AnswersRefused,
    DecisionRefused,
    KeptUnknown,
    QuestionnaireUnknown,
    ResponseConflict,
    UnitUnknown,
    VersionUnknown,
)
from survey.services.questionnaires import get_questionnaire
from survey.services.responses import DeviceStamp, NewResponse, Receipt, is_sound, store_by_decision
from survey.services.round_forms import get_round
from survey.services.sent_responses import find_sent_response
from survey.store import quarantine as store
from survey.store import questionnaires as questionnaire_store
from survey.store import rounds
from survey.store.database import Session
from survey.store.quarantine import KeptRow

# The answers are sound; only the moment or the device stood against them.
ACCEPTABLE = ("round_not_open", "device_withdrawn")
# What did not fit may fit since the catalogue was put right; then it is taken while the round is open.
MAY_BECOME_SOUND = ("answers_refused",)
_WHOLE_RESPONSE = (
    "round_code",
    "form_id",
    "unit_code",
    "channel",
    "selection",
    "language",
    "duration_band",
    "version",
)
NOTE_LENGTH = 500
PAGE_LENGTH = 50


@dataclass(frozen=True)
class KeptCounts:
    waiting: int = 0
    accepted: int = 0
    dismissed: int = 0

    @property
    def total(self) -> int:
        return self.waiting + self.accepted + self.dismissed


@dataclass(frozen=True)
class KeptLine:
    """One thing that was kept. `acceptance` says whether it can be taken into its round now, or why not."""

    id: int
    reason: str
    state: str
    received_on: date
    acceptance: str  # possible | round_draft | round_closed | never
    round_code: str | None
    unit_code: str | None
    unit_name: Text | None
    device_code: str | None
    form_id: str | None
    decided_by: str | None
    decided_on: date | None
    note: str | None


@dataclass(frozen=True)
class KeptAnswer:
    """One question with what was sent and what is stored under the same number."""

    question_id: str
    question: Question | None
    sent: Any
    stored: AnswerValue | None
    differs: bool


@dataclass(frozen=True)
class KeptDetail:
    line: KeptLine
    form_title: Text | None
    answers: tuple[KeptAnswer, ...]
    has_stored: bool
    receipt_number: str | None
    body: str | None  # what nobody could read
    encoding: str | None  # by which guess it is shown
    has_raw: bool  # whether its bytes are kept beside it
    kilobytes: int | None = None  # of what was too large to be kept


def count_kept(session: Session, round_code: str | None, unit_code: str | None = None) -> KeptCounts:
    """Of a round, of one of its units, or of what belongs to no round."""
    return KeptCounts(**store.count_by_state(session, _round_id(session, round_code), unit_code))


def list_kept(session: Session, round_code: str | None, *, page: int = 1) -> list[KeptLine]:
    """A page of what is kept, what waits for a decision first."""
    round_id = _round_id(session, round_code)
    offset = (page - 1) * PAGE_LENGTH
    rows = store.list_quarantined(session, round_id, offset=offset, limit=PAGE_LENGTH)
    units = _unit_names(session, round_id)
    return [_line(session, row, units) for row in rows]


def get_kept(session: Session, round_code: str | None, kept_id: int) -> KeptDetail:
    row = _get_row(session, round_code, kept_id)
    line = _line(session, row, _unit_names(session, row.kept.round_id))
    content = row.kept.content
    sent = find_sent_response(session, row.kept.response_id) if row.kept.response_id else None
    questionnaire = sent.questionnaire if sent else _find_questionnaire(session, content)
    stored = sent.answers if sent and row.kept.reason == "conflict" else None
    given = content.get("answers")
    return KeptDetail(
        line=line,
        form_title=questionnaire.title if questionnaire else None,
        answers=_compare(questionnaire, given if isinstance(given, dict) else {}, stored, content),
        has_stored=stored is not None,
        receipt_number=sent.receipt_number if sent else None,
        body=content.get("body"),
        encoding=content.get("encoding"),
        has_raw="raw" in content,
        kilobytes=content.get("kilobytes") if row.kept.reason == "malformed" else None,
    )


def get_kept_bytes(session: Session, round_code: str | None, kept_id: int) -> bytes:
    """What was sent, byte for byte; raises `KeptUnknown` where the text is all of it."""
    raw = raw_bytes(_get_row(session, round_code, kept_id).kept.content)
    if raw is None:
        raise KeptUnknown(kept_id)
    return raw


def accept_kept(
    session: Session, round_code: str, kept_id: int, official: SignedIn, *, note: str = "", today: date
) -> Receipt:
    """Store it as a response of the day on which it arrived, by the same checks as any other.

    Whoever comes second gets the same receipt. A closed round is final: nothing is taken into it any more.
    """
    # Nobody closes the round between the look at it and the end of the transaction.
    rounds.hold_rounds(session, [get_round(session, round_code).id])
    kept = _get_for_change(session, round_code, kept_id)
    if kept.state == "dismissed":
        raise DecisionRefused("decided")
    survey_round = get_round(session, round_code)
    acceptance = _acceptance(session, kept, survey_round)
    if acceptance == "never" or kept.response_id is None:
        raise DecisionRefused("not_sound")
    if acceptance in ("round_draft", "round_closed"):
        raise DecisionRefused(acceptance)
    try:
        receipt = store_by_decision(session, _rebuild(kept, kept.response_id), received_on=kept.received_on)
    except ResponseConflict:
        raise DecisionRefused("stored_otherwise") from None
    except (AnswersRefused, VersionUnknown, QuestionnaireUnknown, UnitUnknown):
        raise DecisionRefused("not_sound") from None
    if kept.state == "waiting":
        _decide(kept, "accepted", official, note, today)
    return receipt


def dismiss_kept(
    session: Session, round_code: str | None, kept_id: int, official: SignedIn, *, note: str, today: date
) -> None:
    """Leave it aside for good, with a note that says why; a second press finds it done."""
    if not note.strip():
        raise DecisionRefused("note_missing")
    kept = _get_for_change(session, round_code, kept_id)
    if kept.state == "accepted":
        raise DecisionRefused("decided")
    if kept.state == "waiting":
        _decide(kept, "dismissed", official, note, today)


def _decide(kept: QuarantinedResponse, state: str, official: SignedIn, note: str, today: date) -> None:
    kept.state, kept.decided_by, kept.decided_on = state, official.account_id, today
    kept.note = note.strip()[:NOTE_LENGTH] or None


def _rebuild(kept: QuarantinedResponse, response_id: UUID) -> NewResponse:
    """The response as it came."""
    content = kept.content
    circumstances = content.get("circumstances", {})
    stamp = None
    if kept.device_id is not None:
        stamp = DeviceStamp(
            device_id=kept.device_id,
            filled_on=_day(circumstances.get("filled_on")),
            filled_hour=circumstances.get("filled_hour"),
            clock_band=circumstances.get("clock_band", "unknown"),
        )
    answers = {
        name: tuple(value) if isinstance(value, list) else value for name, value in content["answers"].items()
    }
    return NewResponse(
        response_id=response_id,
        answers=answers,
        begun_on=_day(circumstances.get("begun_on")),
        device=stamp,
        **{name: content[name] for name in _WHOLE_RESPONSE},
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _round_id(session: Session, round_code: str | None) -> int | None:
    return None if round_code is None else get_round(session, round_code).id


def _get_row(session: Session, round_code: str | None, kept_id: int) -> KeptRow:
    row = store.find_quarantined(session, kept_id)
    if row is None or (row.survey_round.code if row.survey_round else None) != round_code:
        raise KeptUnknown(kept_id)
    return row


def _get_for_change(session: Session, round_code: str | None, kept_id: int) -> QuarantinedResponse:
    _get_row(session, round_code, kept_id)
    kept = store.get_for_change(session, kept_id)
    if kept is None:
        raise KeptUnknown(kept_id)
    return kept


def _acceptance(session: Session, kept: QuarantinedResponse, survey_round: SurveyRound | None) -> str:
    is_whole = all(name in kept.content for name in (*_WHOLE_RESPONSE, "answers"))
    if survey_round is None or not is_whole:
        return "never"
    if kept.reason not in ACCEPTABLE and not _is_sound_now(session, kept, survey_round):
        return "never"
    return {"open": "possible", "closed": "round_closed"}.get(survey_round.status, "round_draft")


def _is_sound_now(session: Session, kept: QuarantinedResponse, survey_round: SurveyRound) -> bool:
    if kept.reason not in MAY_BECOME_SOUND or survey_round.status != "open" or kept.response_id is None:
        return False
    if kept.content["round_code"] != survey_round.code:
        return False
    return is_sound(session, _rebuild(kept, kept.response_id), received_on=kept.received_on)


def _unit_names(session: Session, round_id: int | None) -> dict[str, Text]:
    if round_id is None:
        return {}
    units = rounds.list_units_of_round(session, round_id)
    return {unit.code: Text(vi=unit.name, en=unit.name_en) for unit in units}


def _line(session: Session, row: KeptRow, units: dict[str, Text]) -> KeptLine:
    kept = row.kept
    form_id = kept.content.get("form_id")
    return KeptLine(
        id=kept.id,
        reason=kept.reason,
        state=kept.state,
        received_on=kept.received_on,
        acceptance=_acceptance(session, kept, row.survey_round),
        round_code=row.survey_round.code if row.survey_round else None,
        unit_code=row.unit_code,
        unit_name=units.get(row.unit_code or ""),
        device_code=row.device_code,
        form_id=str(form_id) if form_id else None,
        decided_by=row.decided_by,
        decided_on=kept.decided_on,
        note=kept.note,
    )


def _find_questionnaire(session: Session, content: dict[str, Any]) -> Questionnaire | None:
    form_id, number = content.get("form_id"), content.get("version")
    if not isinstance(form_id, str) or not isinstance(number, int):
        return None
    version = questionnaire_store.find_version(session, form_id, number)
    return get_questionnaire(session, version.id, version.digest) if version else None


def _compare(
    questionnaire: Questionnaire | None,
    sent: dict[str, Any],
    stored: dict[str, AnswerValue] | None,
    content: dict[str, Any],
) -> tuple[KeptAnswer, ...]:
    """In the order of the questionnaire, what it does not know last; of a section only its questions."""
    known = questionnaire.questions_by_id if questionnaire else {}
    names = [*(name for name in known if name in sent or name in (stored or {}))]
    names += [name for name in sent if name not in known]
    if "section_id" in content:
        names = [name for name in names if name in sent]
    return tuple(
        KeptAnswer(
            question_id=name,
            question=known.get(name),
            sent=sent.get(name),
            stored=stored.get(name) if stored else None,
            differs=stored is not None and not _is_same(sent.get(name), stored.get(name)),
        )
        for name in names
    )


def _is_same(sent: Any, stored: AnswerValue | None) -> bool:
    return (list(stored) if isinstance(stored, tuple) else stored) == sent
