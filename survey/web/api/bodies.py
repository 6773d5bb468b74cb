"""What a device may send of itself; for what others filled in see `survey.services.delivered_responses`,
for visits `survey.services.delivered_visits`.
"""

from typing import Annotated, Literal, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from questionnaires.problems import Problem, format_path
from survey.services.delivered_responses import DeliveryMalformed

Count = Annotated[int, Field(ge=0, le=1_000_000)]
_AnyBody = TypeVar("_AnyBody", bound="Body")


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
    lost: Count = 0
    is_kept: bool | None = None


def parse_body(kind: type[_AnyBody], raw: bytes) -> _AnyBody:
    """Raises `DeliveryMalformed` with every fault."""
    try:
        return kind.model_validate_json(raw)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_context=False, include_input=False)
        raise DeliveryMalformed(
            [Problem(fault["type"], format_path(fault["loc"]), {"message": fault["msg"]}) for fault in faults]
        ) from None
