"""Responses as devices and other programs deliver them: the JSON document of `POST /api/v1/responses`.

It is also what the lines of a rescue file hold. `parse_delivery` reads it, `build_response` makes of it the
`NewResponse` that the one submission path takes; `survey.services.deliveries` stores it or keeps it aside.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, WithJsonSchema
from pydantic_core import PydanticCustomError

from questionnaires.answer_values import read_value
from questionnaires.model import AnswerValue, Questionnaire
from questionnaires.problems import Problem, format_path
from survey.services.calendar import LOCAL_ZONE, local_date
from survey.services.devices import DeviceAccess
from survey.services.drafts import duration_band
from survey.services.invitations import personal_digest
from survey.services.problems import (
    AnswersRefused,
    DeviceElsewhere,
    DeviceWithdrawn,
    SurveyError,
    VersionUnknown,
)
from survey.services.response_lookups import Lookups
from survey.services.responses import RANDOM_VERSION, DeviceStamp, NewResponse

# How far a clock may be off for the band of this name; beyond the last one it is `days_off`.
_CLOCK_BANDS = (
    (timedelta(minutes=2), "right"),
    (timedelta(hours=1), "minutes_off"),
    (timedelta(hours=24), "hours_off"),
)

_FIRST_YEAR, _LAST_YEAR = 1900, 2999

# No control character: PostgreSQL takes no NUL in a text.
Code = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[^\x00-\x1f\x7f]+$")]
Words = Annotated[str, Field(max_length=20_000)]


def _readable_moment(moment: datetime) -> datetime:
    """A clock may be years off, but not by centuries; without an offset it is the time of Viet Nam."""
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        raise PydanticCustomError("moment_out_of_range", "a year from 1900 to 2999 is needed")
    return moment if moment.tzinfo else moment.replace(tzinfo=LOCAL_ZONE)


Moment = Annotated[
    datetime,
    AfterValidator(_readable_moment),
    WithJsonSchema(
        {
            "type": "string",
            "format": "date-time",
            "description": "By the device's clock; without an offset it is the time of Viet Nam.",
        }
    ),
]


def _random_id(value: UUID) -> UUID:
    """Whoever could foresee an id could take it before its response is sent."""
    if value.version != RANDOM_VERSION:
        raise PydanticCustomError("uuid_version", "a random UUID (version 4) is needed")
    return value


RandomId = Annotated[
    UUID,
    AfterValidator(_random_id),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$",
            "description": "A random UUID (version 4), made once and sent again with every retry.",
        }
    ),
]


class DeliveryDocument(BaseModel):
    """The body of `POST /api/v1/responses`; the schema in the OpenAPI document is made from it."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)

    id: RandomId
    round: Code
    questionnaire: Code
    version: int = Field(ge=1, le=1_000_000)
    unit: Code
    language: Literal["vi", "en"] = "vi"
    answers: dict[Code, int | float | Words | list[Words] | None] = Field(max_length=500)
    started_at: Moment | None = None
    completed_at: Moment | None = None
    sent_at: Moment | None = None
    invitation: Code | None = None


class DeliveryMalformed(SurveyError):
    """The text is no such document. Each problem has a path in the document and a code of pydantic."""

    code = "malformed"

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(problems=problems)
        self.problems = problems


@dataclass(frozen=True)
class Delivery:
    """What arrived, read and not yet judged. The moments are those of the device's own clock."""

    response_id: UUID
    round_code: str
    form_id: str
    version: int
    unit_code: str
    language: str
    answers: Mapping[str, Any]
    started_at: datetime | None = None
    completed_at: datetime | None = None
    sent_at: datetime | None = None
    invitation: str | None = field(default=None, repr=False)


def parse_delivery(raw: bytes | str) -> Delivery:
    """Read the document; raises `DeliveryMalformed` with every fault, also of its JSON and its encoding."""
    try:
        document = DeliveryDocument.model_validate_json(raw)
        # Of two values under one name the second would win without a word.
        _UNIQUE_NAMES.decode(raw if isinstance(raw, str) else raw.decode())
    except ValidationError as error:
        raise DeliveryMalformed(_list_problems(error)) from None
    except ValueError as fault:
        raise DeliveryMalformed([Problem("json_invalid", "", {"message": str(fault)[:200]})]) from None
    return Delivery(
        response_id=document.id,
        round_code=document.round,
        form_id=document.questionnaire,
        version=document.version,
        unit_code=document.unit,
        language=document.language,
        answers=document.answers,
        started_at=document.started_at,
        completed_at=document.completed_at,
        sent_at=document.sent_at,
        invitation=document.invitation,
    )


def _require_unique_names(pairs: list[tuple[str, Any]]) -> None:
    if len({name for name, _ in pairs}) < len(pairs):
        raise ValueError("a name stands twice in one object")


_UNIQUE_NAMES = json.JSONDecoder(object_pairs_hook=_require_unique_names)


def build_response(
    lookups: Lookups,
    delivery: Delivery,
    access: DeviceAccess | None,
    *,
    selection: str,
    now: datetime,
    came_by_network: bool = True,
) -> NewResponse:
    """The response that a delivery stands for, its answers read by its questionnaire.

    `access` is the device behind the credential, if there is one; `selection` is `selection_of` a device, or
    what the caller made of the invitation. Raises `DeviceWithdrawn`, `DeviceElsewhere`, `RoundUnknown`,
    `QuestionnaireUnknown`, `UnitUnknown`, `VersionUnknown` or `AnswersRefused`.
    """
    _require_in_its_place(delivery, access)
    place = lookups.get_place(delivery.round_code, delivery.form_id, delivery.unit_code)
    if delivery.version != place.version:
        raise VersionUnknown(delivery.form_id, delivery.version)
    answers, problems = read_answers(lookups.get_questionnaire(place), delivery.answers)
    if problems:
        raise AnswersRefused(problems)
    return to_new_response(
        delivery,
        access,
        answers,
        selection=selection,
        now=now,
        came_by_network=came_by_network,
        opens_on=place.opens_on,
    )


def to_new_response(
    delivery: Delivery,
    access: DeviceAccess | None,
    answers: Mapping[str, AnswerValue],
    *,
    selection: str,
    now: datetime,
    came_by_network: bool = True,
    opens_on: date | None = None,
) -> NewResponse:
    """The same with answers that were read already (or, for what is kept aside, as they came).

    A rescue file travels for days: then the moment of sending says nothing about the device's clock. A day
    before the round or after today gives a wrong clock away on either way: it may have been put right between
    the answers and the sending.
    """
    skew = clock_skew(delivery.sent_at, now) if came_by_network else None
    filled_at = delivery.completed_at
    if filled_at is not None and skew is not None:
        filled_at = _moved(filled_at, skew)
    is_impossible = _is_impossible_day(filled_at, opens_on, now)
    band = "days_off" if is_impossible else clock_band(skew)
    return NewResponse(
        response_id=delivery.response_id,
        round_code=delivery.round_code,
        form_id=delivery.form_id,
        unit_code=delivery.unit_code,
        channel=access.kind if access else "phone",
        selection=selection,
        answers=answers,
        language=delivery.language,
        duration_band=_duration_band(delivery),
        version=delivery.version,
        begun_on=_begun_on(delivery.completed_at, skew, came_by_network),
        device=_stamp(delivery, access, selection, band) if access else None,
        invitation_digest=personal_digest(delivery.invitation) if delivery.invitation else None,
    )


def selection_of(access: DeviceAccess) -> str:
    """Interviewers go to those who were drawn; whoever stands before a kiosk comes by himself."""
    return "invited" if access.kind == "interviewer" else "self_selected"


def read_answers(
    questionnaire: Questionnaire, raw: Mapping[str, Any]
) -> tuple[dict[str, AnswerValue], list[Problem]]:
    """Answers as the web forms would have read them; what is unknown stays, for the check to name it."""
    answers: dict[str, AnswerValue] = {}
    problems: list[Problem] = []
    for name, given in raw.items():
        question = questionnaire.questions_by_id.get(name)
        value = as_it_came(given) if question is None else read_value(question, given)
        if isinstance(value, Problem):
            problems.append(value)
        elif value is not None:
            answers[name] = value
    return answers, problems


def as_it_came(given: Any) -> Any:
    """A value of the document as one of a response, unread."""
    return tuple(given) if isinstance(given, list) else given


def clock_skew(sent_at: datetime | None, now: datetime) -> timedelta | None:
    """How far the device's clock was behind the server's when it sent."""
    return None if sent_at is None else now - sent_at


def clock_band(skew: timedelta | None) -> str:
    """One of `CLOCK_BANDS`: how right the device's clock was, in words that cannot name a moment."""
    if skew is None:
        return "unknown"
    return next((band for limit, band in _CLOCK_BANDS if abs(skew) < limit), "days_off")


def local_hour(moment: datetime) -> int:
    return moment.astimezone(LOCAL_ZONE).hour


def _require_in_its_place(delivery: Delivery, access: DeviceAccess | None) -> None:
    if access is None:
        return
    if access.status != "active":
        raise DeviceWithdrawn(access.id)
    if (delivery.round_code, delivery.unit_code) != (access.round_code, access.unit_code):
        raise DeviceElsewhere(access.code, access.round_code, access.unit_code)


def _duration_band(delivery: Delivery) -> str:
    if delivery.started_at is None or delivery.completed_at is None:
        return "unknown"
    duration = delivery.completed_at - delivery.started_at
    # A clock that was set back in between tells nothing.
    return "unknown" if duration < timedelta() else duration_band(duration)


def _begun_on(completed_at: datetime | None, skew: timedelta | None, came_by_network: bool) -> date | None:
    """The day on which it was completed, by the server's clock."""
    if completed_at is None or (skew is None and came_by_network):
        return None
    return local_date(_moved(completed_at, skew or timedelta()))


def _moved(moment: datetime, skew: timedelta) -> datetime:
    """By the server's clock; as it is where that is no moment of a calendar."""
    try:
        return moment + skew
    except OverflowError:
        return moment


def _is_impossible_day(filled_at: datetime | None, opens_on: date | None, now: datetime) -> bool:
    """Nobody was asked more than a day before the round was opened, or will be tomorrow."""
    if filled_at is None:
        return False
    day, margin = local_date(filled_at), timedelta(days=1)
    is_too_early = opens_on is not None and day < opens_on - margin
    return is_too_early or day > local_date(now) + margin


def _stamp(delivery: Delivery, access: DeviceAccess, selection: str, band: str) -> DeviceStamp:
    filled_on, filled_hour = _day_and_hour(delivery.completed_at)
    # Of an invited response no hour is kept: with the list of visits it could point at a person.
    return DeviceStamp(
        device_id=access.id,
        filled_on=filled_on,
        filled_hour=None if selection == "invited" else filled_hour,
        clock_band=band,
    )


def _day_and_hour(moment: datetime | None) -> tuple[date | None, int | None]:
    return (None, None) if moment is None else (local_date(moment), local_hour(moment))


def _list_problems(error: ValidationError) -> list[Problem]:
    return [
        Problem(fault["type"], format_path(fault["loc"]), {"message": fault["msg"]})
        for fault in error.errors(include_url=False, include_context=False, include_input=False)
    ]
