"""What a device may send of itself; for what others filled in see `survey.services.delivered_responses`."""

from datetime import date
from typing import Annotated, Literal, TypeVar
from uuid import UUID

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from questionnaires.problems import Problem, format_path
from survey.services.delivered_responses import DeliveryMalformed, Moment
from survey.services.dispositions import OUTCOMES

Count = Annotated[int, Field(ge=0, le=1_000_000)]
_AnyBody = TypeVar("_AnyBody", bound="Body")
_YEARS = range(1900, 3000)


def _readable_day(day: date) -> date:
    if day.year not in _YEARS:
        raise PydanticCustomError("day_out_of_range", "a year from 1900 to 2999 is needed")
    return day


def _known_outcome(outcome: str) -> str:
    if outcome not in OUTCOMES:
        raise PydanticCustomError("outcome_unknown", "one of the outcomes of a visit is needed")
    return outcome


Day = Annotated[date, AfterValidator(_readable_day)]
Outcome = Annotated[str, AfterValidator(_known_outcome), WithJsonSchema({"enum": list(OUTCOMES)})]


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class PairingBody(Body):
    """The code that an official reads off the page of devices."""

    code: Annotated[str, Field(min_length=1, max_length=40)]


class StatusBody(Body):
    """What a device says of itself."""

    unsent: Count
    held: Count
    dropped: Count
    app_version: Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[^\x00-\x1f\x7f]+$")]
    device_time: AwareDatetime | None = None
    storage: Literal["ok", "low", "full", "failed"] = "ok"


class VisitBody(Body):
    """What came of an interviewer's visit. The day is the device's own; the server keeps no time."""

    id: UUID
    assignment: Annotated[int, Field(ge=1, le=2**31 - 1)]
    outcome: Outcome
    visited_on: Day
    sent_at: Moment | None = None


def parse_body(kind: type[_AnyBody], raw: bytes) -> _AnyBody:
    """Raises `DeliveryMalformed` with every fault."""
    try:
        return kind.model_validate_json(raw)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_context=False, include_input=False)
        raise DeliveryMalformed(
            [Problem(fault["type"], format_path(fault["loc"]), {"message": fault["msg"]}) for fault in faults]
        ) from None
