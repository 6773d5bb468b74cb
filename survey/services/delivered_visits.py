"""Visits as devices deliver them: the document of `POST /api/v1/visits` and of a line of a rescue file."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, WithJsonSchema
from pydantic_core import PydanticCustomError

from questionnaires.problems import Problem, format_path
from survey.services.delivered_responses import DeliveryMalformed, Moment
from survey.services.dispositions import OUTCOMES
from survey.services.visits import NewVisit

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


class VisitBody(BaseModel):
    """What came of an interviewer's visit. The day is the device's own; the server keeps no time."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    id: UUID
    assignment: Annotated[int, Field(ge=1, le=2**31 - 1)]
    outcome: Outcome
    visited_on: Day
    sent_at: Moment | None = None


def parse_visit(raw: bytes | str) -> NewVisit:
    """Read the document; raises `DeliveryMalformed` with every fault."""
    try:
        body = VisitBody.model_validate_json(raw)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_context=False, include_input=False)
        raise DeliveryMalformed(
            [Problem(fault["type"], format_path(fault["loc"]), {"message": fault["msg"]}) for fault in faults]
        ) from None
    return NewVisit(body.id, body.assignment, body.outcome, body.visited_on)
