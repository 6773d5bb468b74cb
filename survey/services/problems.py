"""What can go wrong in a use case: codes and values, never sentences."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from questionnaires.problems import Problem
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
    code = "unit_unknown"

    def __init__(self, unit_code: str) -> None:
        super().__init__(unit_code=unit_code)


class MeasureUnknown(SurveyError):
    code = "measure_unknown"

    def __init__(self, measure_code: str) -> None:
        super().__init__(measure_code=measure_code)


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
    """The same response id came with other content; that content is quarantined."""

    code = "response_conflict"

    def __init__(self, response_id: UUID) -> None:
        super().__init__(response_id=response_id)


class SignInRefused(SurveyError, RecordedRefusal):
    """The failure is counted. `reason` is `wrong` or `locked`; a locked account says until when."""

    code = "sign_in_refused"

    def __init__(self, reason: str, locked_until: datetime | None = None) -> None:
        super().__init__(reason=reason, locked_until=locked_until)
        self.reason = reason
        self.locked_until = locked_until


class PasswordRefused(SurveyError, RecordedRefusal):
    """`reason` is `wrong` (counted), `locked`, `too_short`, `same` or `like_username`.

    A locked account says until when.
    """

    code = "password_refused"

    def __init__(self, reason: str, locked_until: datetime | None = None) -> None:
        super().__init__(reason=reason, locked_until=locked_until)
        self.reason = reason
        self.locked_until = locked_until


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
