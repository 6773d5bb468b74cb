"""Storing what was delivered, or keeping it aside where a citizen was thanked for it already."""

import json
from datetime import datetime
from typing import Any

from survey.services import quarantine, responses
from survey.services.calendar import local_date
from survey.services.delivered_responses import (
    Delivery,
    as_it_came,
    build_response,
    local_hour,
    read_answers,
    to_new_response,
)
from survey.services.devices import DeviceAccess
from survey.services.foreign_bytes import readable_content
from survey.services.problems import (
    AnswersRefused,
    DeliveryKept,
    DeviceElsewhere,
    DeviceWithdrawn,
    QuestionnaireUnknown,
    ResponseConflict,
    RoundNotOpen,
    RoundUnknown,
    SurveyError,
    UnitUnknown,
    VersionUnknown,
)
from survey.services.response_lookups import Lookups
from survey.services.responses import Receipt
from survey.store import responses as store
from survey.store import rounds
from survey.store.database import Session
from survey.store.rounds import Place

# What stands against storing a delivery, and the word under which it is then kept aside.
REASONS: dict[type[SurveyError], str] = {
    RoundNotOpen: "round_not_open",
    AnswersRefused: "answers_refused",
    VersionUnknown: "version_unknown",
    RoundUnknown: "place_unknown",
    QuestionnaireUnknown: "place_unknown",
    UnitUnknown: "place_unknown",
    DeviceElsewhere: "place_unknown",
    DeviceWithdrawn: "device_withdrawn",
}
REFUSALS = tuple(REASONS)


def deliver(
    session: Session,
    delivery: Delivery,
    access: DeviceAccess | None,
    *,
    selection: str,
    now: datetime,
    came_by_network: bool = True,
) -> Receipt:
    """Store a delivery once; the whole way in one transaction.

    Raises one of `REFUSALS` or, for a device, `DeliveryKept` with that refusal in it. Other content under an
    id that is stored is kept, without a device a little of it, and `ResponseConflict` raised.
    """
    try:
        new = build_response(
            Lookups(session),
            delivery,
            access,
            selection=selection,
            now=now,
            came_by_network=came_by_network,
        )
        # A decision stands, though what stood against the response is gone meanwhile.
        if access is not None and responses.is_left_aside(session, new):
            raise ResponseConflict(new.response_id, state="dismissed")
        return responses.submit_response(session, new, today=local_date(now), hour=local_hour(now))
    except REFUSALS as refusal:
        return settle_refusal(
            session,
            delivery,
            access,
            refusal,
            selection=selection,
            now=now,
            came_by_network=came_by_network,
        )


def settle_refusal(
    session: Session,
    delivery: Delivery,
    access: DeviceAccess | None,
    refusal: SurveyError,
    *,
    selection: str,
    now: datetime,
    came_by_network: bool = True,
) -> Receipt:
    """What remains to be done after one of `REFUSALS`; needs a session that writes.

    The receipt where it is stored already, whatever holds now. Else a device's delivery is kept aside and
    `DeliveryKept` raised; without a device the refusal is raised again.
    """
    today = local_date(now)
    is_stored = store.find_digest(session, delivery.response_id) is not None
    place = _find_place(session, delivery)
    if place is None:
        answers = {name: as_it_came(value) for name, value in delivery.answers.items()}
    else:
        answers, problems = read_answers(Lookups(session).get_questionnaire(place), delivery.answers)
        # What could not be read is kept as it came.
        answers |= {problem.path: as_it_came(delivery.answers[problem.path]) for problem in problems}
    new = to_new_response(
        delivery,
        access,
        answers,
        selection=selection,
        now=now,
        came_by_network=came_by_network,
        opens_on=place.opens_on if place else None,
    )
    if is_stored and place is not None:
        return responses.repeated_receipt(session, place, new, today)
    if access is None:
        raise refusal
    reason = "conflict" if is_stored else REASONS[type(refusal)]
    state = responses.quarantine_response(session, new, reason, round_id=access.round_id, today=today)
    raise DeliveryKept(reason, refusal, state=state, response_id=delivery.response_id) from refusal


def _find_place(session: Session, delivery: Delivery) -> Place | None:
    """Where it says that it belongs, if that is asked there in this version."""
    place = rounds.find_place(session, delivery.round_code, delivery.form_id, delivery.unit_code)
    return place if place is not None and place.version == delivery.version else None


def keep_malformed(
    session: Session, raw: bytes | str, access: DeviceAccess, refusal: SurveyError, *, now: datetime
) -> None:
    """Keep for staff what a device sent and nobody can read, every byte of it, and raise `DeliveryKept`."""
    response_id, identity = _identify(raw)
    state = quarantine.keep(
        session,
        response_id=None,
        round_id=access.round_id,
        device_id=access.id,
        reason="malformed",
        content=readable_content(raw),
        identity=identity,
        today=local_date(now),
    )
    raise DeliveryKept("malformed", refusal, state=state, response_id=response_id) from refusal


def keep_too_large(session: Session, access: DeviceAccess, length: int, *, now: datetime) -> None:
    """Let staff see that a device sent more than is taken; of it only the size is kept, once a size."""
    kilobytes = -(-length // 1024)
    quarantine.keep(
        session,
        response_id=None,
        round_id=access.round_id,
        device_id=access.id,
        reason="malformed",
        content={"kilobytes": kilobytes},
        identity={"kilobytes": kilobytes, "device": access.code},
        today=local_date(now),
    )


def _identify(raw: bytes | str) -> tuple[str | None, dict[str, str] | None]:
    """The id of what is a JSON object all the same, and that object without the moment of sending."""
    try:
        text = raw if isinstance(raw, str) else raw.decode()
        value = json.loads(text, object_pairs_hook=_once_each)
        if not isinstance(value, dict):
            return None, None
        response_id = value.get("id")
        identity = {"document": json.dumps({**value, "sent_at": None}, sort_keys=True)}
    except (ValueError, RecursionError):
        return None, None
    return response_id if isinstance(response_id, str) else None, identity


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands twice in one object")
    return found
