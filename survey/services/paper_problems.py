"""What can go wrong with paper forms."""

from collections.abc import Sequence
from dataclasses import dataclass

from survey.services.problems import SurveyError


class BatchUnknown(SurveyError):
    code = "batch_unknown"

    def __init__(self, batch_code: str) -> None:
        super().__init__(batch_code=batch_code)


class PaperRefused(SurveyError):
    """A deed on a batch or one of its forms was refused; `reason` says why."""

    code = "paper_refused"

    def __init__(self, reason: str, **params: object) -> None:
        super().__init__(reason=reason, **params)
        self.reason = reason


@dataclass(frozen=True)
class SheetFault:
    """One faulty cell of a keyed workbook; without a cell the whole file or sheet is meant."""

    code: str
    sheet: str = ""
    cell: str = ""
    value: str = ""


class WorkbookRefused(SurveyError):
    """A keyed workbook has faults; nothing of it was taken. `faults` are the first of `fault_count`."""

    code = "workbook_refused"
    _most_listed = 200

    def __init__(self, faults: Sequence[SheetFault]) -> None:
        self.faults = list(faults[: self._most_listed])
        self.fault_count = len(faults)
        super().__init__(faults=self.faults)
