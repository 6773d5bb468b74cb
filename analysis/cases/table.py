"""The data of a case: a CSV file as named columns, with transforms, domains and groups."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from analysis.columns import Flags, Floats
from analysis.errors import CaseError, DataError

Texts = npt.NDArray[np.str_]
Key = dict[str, str]


@dataclass(frozen=True, eq=False)
class ItemCodes:
    """Codes of rated items: which count as satisfied, which as not applicable."""

    satisfied: tuple[float, ...] = (4.0, 5.0)
    not_applicable: tuple[float, ...] = ()

    @classmethod
    def from_design(cls, design: Mapping[str, Any]) -> ItemCodes:
        """Read `item_codes` of a design file."""
        codes = design.get("item_codes") or {}
        return cls(
            tuple(float(code) for code in codes.get("satisfied", (4, 5))),
            tuple(float(code) for code in codes.get("not_applicable", ())),
        )


@dataclass(frozen=True, eq=False)
class Table:
    """Columns of text, all of one length; an empty text is missing."""

    columns: dict[str, Texts]
    n: int

    @classmethod
    def read(cls, path: Path) -> Table:
        """Read a CSV file in UTF-8 with a header.

        Raises
        ------
        CaseError
            ``data_unreadable``, ``row_length``, ``column_twice``, ``no_rows``.
        """
        try:
            with path.open(encoding="utf-8-sig", newline="") as stream:
                rows = [row for row in csv.reader(stream) if row]
        except (OSError, UnicodeDecodeError, csv.Error) as cause:
            raise CaseError("data_unreadable", file=path.name, cause=type(cause).__name__) from cause
        if len(rows) < 2:
            raise CaseError("no_rows", file=path.name)
        header = rows[0]
        if len(set(header)) != len(header):
            raise CaseError("column_twice", file=path.name)
        for number, row in enumerate(rows[1:], start=1):
            if len(row) != len(header):
                raise CaseError(
                    "row_length", file=path.name, row=number, fields=len(row), expected=len(header)
                )
        columns = {name: np.array([row[k] for row in rows[1:]]) for k, name in enumerate(header)}
        return cls(columns, len(rows) - 1)

    def texts(self, name: Any) -> Texts:
        """Give a column as text.

        Raises
        ------
        DataError
            ``unknown_column``.
        """
        if not isinstance(name, str) or name not in self.columns:
            raise DataError("unknown_column", column=name)
        return self.columns[name]

    def numbers(self, name: Any) -> Floats:
        """Give a column as numbers; NaN is missing.

        Raises
        ------
        DataError
            ``unknown_column``, or ``not_numeric`` with the row.
        """
        return self._numbers[name] if name in self._numbers else self._parse(name)

    @cached_property
    def _numbers(self) -> dict[str, Floats]:
        return {}

    def _parse(self, name: Any) -> Floats:
        texts = self.texts(name)
        try:
            values = np.where(texts == "", "nan", texts).astype(np.float64)
        except ValueError as cause:
            raise DataError("not_numeric", column=name, row=_first_not_numeric(texts)) from cause
        self._numbers[name] = values
        return values

    def labels(self, name: Any) -> Texts:
        """Give a column of labels without gaps.

        Raises
        ------
        DataError
            ``unknown_column``, or ``missing_label`` with the row.
        """
        texts = self.texts(name)
        missing = np.flatnonzero(texts == "")
        if missing.size:
            raise DataError("missing_label", column=name, row=int(missing[0]) + 1)
        return texts

    def values(self, name: Any, transform: str, codes: ItemCodes) -> Floats:
        """Give a column after a transform of the fixture format.

        Parameters
        ----------
        name : str
        transform : str
            ``raw``, ``is:X``, ``satisfied``, ``dissatisfied`` or ``score100``.
        codes : ItemCodes
        """
        if transform == "raw":
            return self.numbers(name)
        if isinstance(transform, str) and transform.startswith("is:"):
            equal = self.matches(name, [transform[3:]])
            return np.where(self.texts(name) == "", np.nan, equal.astype(np.float64))
        rated = self._rated(name, codes)
        if transform == "satisfied":
            return np.where(np.isnan(rated), np.nan, np.isin(rated, codes.satisfied))
        if transform == "dissatisfied":
            return np.where(np.isnan(rated), np.nan, rated <= 2)
        if transform == "score100":
            return np.asarray((rated - 1) / 4 * 100)
        raise CaseError("unknown_transform", transform=transform)

    def _rated(self, name: Any, codes: ItemCodes) -> Floats:
        numbers = self.numbers(name)
        invalid = np.isin(numbers, codes.not_applicable) | (numbers < 1) | (numbers > 5)
        return np.where(invalid, np.nan, numbers)

    def matches(self, name: Any, wanted: Sequence[Any]) -> Flags:
        """Give the rows whose value is one of those wanted, as text or, for numbers, by value."""
        texts = self.texts(name)
        matched = np.isin(texts, [value for value in wanted if isinstance(value, str)])
        numbers = [
            float(value) for value in wanted if isinstance(value, int | float) and not isinstance(value, bool)
        ]
        if numbers:
            matched = matched | np.isin(self.numbers(name), numbers)
        return np.asarray(matched & (texts != ""))

    def domain(self, conditions: Any) -> Flags:
        """Give the rows for which every condition `{var, in}` holds."""
        rows = np.ones(self.n, dtype=np.bool_)
        if conditions is None:
            return rows
        if not isinstance(conditions, list):
            raise CaseError("domain_not_a_list")
        for condition in conditions:
            if not isinstance(condition, dict) or not {"var", "in"} <= set(condition):
                raise CaseError("domain_condition_not_understood", condition=condition)
            wanted = condition["in"] if isinstance(condition["in"], list) else [condition["in"]]
            rows = rows & self.matches(condition["var"], wanted)
        return rows

    def groups(self, by: Sequence[Any]) -> Iterator[tuple[Key, Flags]]:
        """Yield each observed combination of the columns, sorted as text, with its rows."""
        names = [by] if isinstance(by, str) else list(by)
        columns = [self.texts(name) for name in names]
        observed = sorted(
            {key for key in zip(*(column.tolist() for column in columns), strict=True) if all(key)}
        )
        for key in observed:
            rows = np.ones(self.n, dtype=np.bool_)
            for column, value in zip(columns, key, strict=True):
                rows &= column == value
            yield dict(zip(names, key, strict=True)), rows


def _first_not_numeric(texts: Texts) -> int:
    for row, text in enumerate(texts.tolist(), start=1):
        try:
            float(text or "nan")
        except ValueError:
            return row
    return 0
