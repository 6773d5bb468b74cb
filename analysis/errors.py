"""Errors of the statistics engine: a code and the values that name the cause, never a sentence.

Each error names the column, row or stratum at fault, so that whoever shows it can say what to repair.
Rows are counted from 1, as in the data file.
"""

from __future__ import annotations

from typing import Any


class AnalysisError(Exception):
    """A request that has no statistical answer.

    Parameters
    ----------
    code : str
        Stable, machine-readable cause, such as ``"weight_negative"``.
    **params
        Values that name the cause, such as ``row=17`` or ``strata=["S2"]``.

    Examples
    --------
    >>> from analysis.errors import WeightError
    >>> error = WeightError("weight_negative", row=17, value=-1.0)
    >>> error.code, error.params["row"]
    ('weight_negative', 17)
    >>> str(error)
    'weight_negative: row=17, value=-1.0'
    """

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params: dict[str, Any] = params

    def __str__(self) -> str:
        """Give code and values on one line."""
        values = ", ".join(f"{name}={_on_one_line(value)}" for name, value in self.params.items())
        return f"{self.code}: {values}" if values else self.code

    def __reduce__(self) -> tuple[Any, ...]:
        """Keep the values when the error crosses a process boundary."""
        return (_rebuild, (type(self), self.code, self.params))


def _on_one_line(value: Any) -> str:
    if isinstance(value, list | tuple | set | frozenset):
        return "[" + ", ".join(_on_one_line(member) for member in value) + "]"
    return " ".join(str(value).split())


def _rebuild(kind: type[AnalysisError], code: str, params: dict[str, Any]) -> AnalysisError:
    return kind(code, **params)


class WeightError(AnalysisError):
    """A weight that is missing, infinite or negative, or weights that are all 0."""


class DesignError(AnalysisError):
    """Columns that do not describe a sampling design."""


class LonelyPsuError(DesignError):
    """Strata in which only one sampling unit was selected, so that no variance can be estimated."""


class DataError(AnalysisError):
    """A column that is unknown, has the wrong length or holds values of the wrong kind."""


class DomainError(AnalysisError):
    """A domain that does not fit the data."""


class MethodError(AnalysisError):
    """An unknown method or a parameter outside its range."""


class CalibrationError(AnalysisError):
    """Totals that the weights cannot be made to reproduce."""


class CalibrationWarning(UserWarning):
    """Totals or weights that were rescaled before the weights were made to reproduce them."""


class CaseError(AnalysisError):
    """A case directory or a query that cannot be understood."""
