"""What can go wrong in a use case: codes and values, never sentences."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from questionnaires.problems import Problem

# A use case may meet the first; the web knows it by this name.
from survey.store.database import DatabaseUnreachable as DatabaseUnreachable
from survey.store.database import RecordedRefusal


class SurveyError(Exception):
    """A use case was refused. `code` names why, `params` with which values."""

    code = "refused"

    def __init__(self, **params: Any) -> None:
        super().__init__(self.code, params)
        self.params = params


class RoundUnknown(SurveyError):
    code = "round_unknown"

    def __init__(self, round_code: str) -> None:
        super().__init__(round_code=round_code)


class RoundNotOpen(SurveyError):
    code = "round_not_open"

    def __init__(self, round_code: str, opens_on: date, closes_on: date, status: str) -> None:
        super().__init__(round_code=round_code, opens_on=opens_on, closes_on=closes_on, status=status)


class ClosedMeanwhile(RoundNotOpen):
    """The round was closed while this response was being filled in."""

    code = "closed_meanwhile"

    def __init__(self, response_id: UUID, refusal: RoundNotOpen) -> None:
        super().__init__(**refusal.params)
        self.response_id = response_id


class QuestionnaireUnknown(SurveyError):
    code = "questionnaire_unknown"

    def __init__(self, form_id: str) -> None:
        super().__init__(form_id=form_id)


class QuestionnaireChanged(SurveyError):
    """A published version was offered again with other content."""

    code = "questionnaire_changed"

    def __init__(self, form_id: str, version: int) -> None:
        super().__init__(form_id=form_id, version=version)


class VersionUnknown(SurveyError):
    """The round asks another version of this questionnaire than the one that was answered."""

    code = "version_unknown"

    def __init__(self, form_id: str, version: int | None) -> None:
        super().__init__(form_id=form_id, version=version)


class UnitUnknown(SurveyError):
    """No such unit; the `reason` `unit_not_in_round` says that the catalogue has it and the round has not."""

    code = "unit_unknown"

    def __init__(self, unit_code: str, **params: str) -> None:
        super().__init__(unit_code=unit_code, **params)


class MeasureUnknown(SurveyError):
    code = "measure_unknown"

    def __init__(self, measure_code: str) -> None:
        super().__init__(measure_code=measure_code)


class DeviceUnknown(SurveyError):
    code = "device_unknown"

    def __init__(self, device_code: str) -> None:
        super().__init__(device_code=device_code)


class PairingUnknown(SurveyError):
    """The pairing code is wrong, was used or has expired; which of these is not told."""

    code = "pairing_unknown"


class InvitationUnknown(SurveyError):
    """The personal code is wrong, was used or was withdrawn; which of these is not told."""

    code = "invitation_unknown"


class InvitationsRefused(SurveyError):
    """`reason` is `count_out_of_range`, `round_over`, `no_sample`, `withdrawn` or `key_changed`."""

    code = "invitations_refused"

    def __init__(self, reason: str, **params: Any) -> None:
        super().__init__(reason=reason, **params)
        self.reason = reason


class BatchOfCodesUnknown(SurveyError):
    code = "batch_of_codes_unknown"

    def __init__(self, batch_code: str) -> None:
        super().__init__(batch_code=batch_code)


class DeviceWithdrawn(SurveyError):
    """The device is known, but what it sends is no longer taken."""

    code = "device_withdrawn"

    def __init__(self, device_id: int) -> None:
        super().__init__(device_id=device_id)


class DeviceElsewhere(SurveyError):
    """A device sent a response of another round or unit than its own."""

    code = "device_elsewhere"

    def __init__(self, device_code: str, round_code: str, unit_code: str) -> None:
        super().__init__(device_code=device_code, round_code=round_code, unit_code=unit_code)


class DeliveryKept(SurveyError, RecordedRefusal):
    """What a device sent cannot be stored as a response; it is kept aside for staff.

    `reason` is one of `QUARANTINE_REASONS`, `refusal` what stood against storing it. `state` is that of what
    is kept under this very id and content; once it is not "waiting", staff have decided.
    """

    code = "delivery_kept"

    def __init__(
        self,
        reason: str,
        refusal: SurveyError,
        *,
        state: str = "waiting",
        response_id: UUID | str | None = None,
    ) -> None:
        super().__init__(reason=reason)
        self.reason = reason
        self.refusal = refusal
        self.state = state
        self.response_id = response_id


class DraftUnknown(SurveyError):
    code = "draft_unknown"

    def __init__(self, response_id: UUID) -> None:
        super().__init__(response_id=response_id)


class AnswersRefused(SurveyError):
    code = "answers_refused"

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(problems=problems)
        self.problems = problems


class ResponseConflict(SurveyError, RecordedRefusal):
    """The same response id came with other content; that is quarantined, or refused where too much came."""

    code = "response_conflict"

    def __init__(self, response_id: UUID, *, state: str = "waiting", is_kept: bool = True) -> None:
        super().__init__(response_id=response_id)
        self.response_id = response_id
        self.state = state
        self.is_kept = is_kept


class ResponseSent(SurveyError):
    """Answers came after their response was stored, and are not compared with what is stored."""

    code = "response_sent"

    def __init__(self, response_id: UUID) -> None:
        super().__init__(response_id=response_id)


class SignInRefused(SurveyError, RecordedRefusal):
    """`reason` is `wrong`, which is counted, or `locked`; for the log, since the visitor is told neither."""

    code = "sign_in_refused"

    def __init__(self, reason: str, locked_until: datetime | None = None) -> None:
        super().__init__(reason=reason, locked_until=locked_until)
        self.reason = reason
        self.locked_until = locked_until


class PasswordRefused(SurveyError, RecordedRefusal):
    """`reason` is `wrong`, `locked`, `ended`, `too_short`, `same` or `like_username`.

    `wrong` is counted; `ended` says that it was the one that locked the account and ended its sessions.
    """

    code = "password_refused"

    def __init__(self, reason: str, locked_until: datetime | None = None) -> None:
        super().__init__(reason=reason, locked_until=locked_until)
        self.reason = reason
        self.locked_until = locked_until


class KeptUnknown(SurveyError):
    code = "kept_unknown"

    def __init__(self, kept_id: int) -> None:
        super().__init__(kept_id=kept_id)


class DecisionRefused(SurveyError):
    """`reason` is `not_sound`, `decided`, `round_draft`, `round_closed` or `note_missing`."""

    code = "decision_refused"

    def __init__(self, reason: str) -> None:
        super().__init__(reason=reason)
        self.reason = reason


@dataclass(frozen=True)
class RowFault:
    """One faulty cell of an imported file; row 1 is the heading."""

    row: int
    column: str
    code: str
    value: str = ""


class ImportRefused(SurveyError):
    """A file has faults; nothing of it was taken."""

    code = "import_refused"

    def __init__(self, faults: list[RowFault]) -> None:
        super().__init__(faults=faults)
        self.faults = faults
