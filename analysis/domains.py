"""Domains: the parts of the population for which numbers are wanted, such as sectors and units."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from analysis.columns import Codes, Flags, combine_codes, factorize, require_length
from analysis.errors import DomainError


@dataclass(frozen=True, eq=False)
class Domain:
    """A variable that divides the rows into groups.

    Attributes
    ----------
    codes : ndarray of int, shape (n,)
        Group of each row; −1 for rows in none.
    labels : tuple
        Name of each group, in the order of the codes. A group without rows is allowed.

    Examples
    --------
    >>> sector = Domain(np.array([0, 1, -1, 0]), ("land", "tax"))
    >>> sector.rows("land").tolist()
    [True, False, False, True]
    """

    codes: Codes
    labels: tuple[Hashable, ...]

    def __post_init__(self) -> None:
        """Check that each code has a label."""
        codes = np.asarray(self.codes)
        if codes.dtype.kind not in "iu" or codes.ndim != 1:
            raise DomainError("domain_codes_not_integer")
        object.__setattr__(self, "codes", codes.astype(np.intp))
        object.__setattr__(self, "labels", tuple(self.labels))
        if len(set(self.labels)) != len(self.labels):
            raise DomainError("domain_labels_not_unique")
        outside = np.flatnonzero((self.codes < -1) | (self.codes >= len(self.labels)))
        if outside.size:
            row = int(outside[0])
            raise DomainError("domain_code_without_label", row=row + 1, code_value=int(self.codes[row]))

    @classmethod
    def whole(cls, n: int, label: Hashable = "all") -> Domain:
        """Give the domain of all n rows."""
        return cls(np.zeros(n, dtype=np.intp), (label,))

    @classmethod
    def from_columns(cls, *columns: npt.ArrayLike) -> Domain:
        """Give one group per observed combination of the columns, sorted.

        Labels are the values of a single column, or tuples of values.

        Examples
        --------
        >>> Domain.from_columns(["b", "a"], [1, 1]).labels
        (('a', 1), ('b', 1))
        """
        if not columns:
            raise DomainError("no_domain_columns")
        codes, names = factorize(columns[0], "domain[0]")
        labels: list[Any] = list(names)
        if len(columns) > 1:
            labels = [(name,) for name in names]
        for position, column in enumerate(columns[1:], start=1):
            more, more_names = factorize(column, f"domain[{position}]")
            require_length(more, len(codes), f"domain[{position}]")
            codes, firsts, seconds = combine_codes(codes, more, len(more_names))
            labels = [(*labels[a], more_names[b]) for a, b in zip(firsts, seconds, strict=True)]
        return cls(codes, tuple(labels))

    def rows(self, label: Hashable) -> Flags:
        """Give the rows of a group, shape (n,) boolean."""
        return np.asarray(self.codes == self.position(label))

    def position(self, label: Hashable) -> int:
        """Give the code of a label.

        Raises
        ------
        KeyError
            For an unknown label.
        """
        return self._positions()[label]

    def restricted(self, rows: Flags) -> Domain:
        """Give the same groups without the rows where `rows` is False."""
        return Domain(np.where(rows, self.codes, -1), self.labels)

    def _positions(self) -> dict[Hashable, int]:
        return {label: position for position, label in enumerate(self.labels)}


def require_rows(domain: Domain, n: int, name: str) -> None:
    """Raise `DomainError` unless the domain has a code for each of n rows."""
    if len(domain.codes) != n:
        raise DomainError("unequal_length", domain=name, rows=len(domain.codes), expected=n)


def labels_as_text(labels: Sequence[Hashable]) -> list[str]:
    """Give labels as text, members of a tuple joined by a middle dot."""
    return [" · ".join(map(str, label)) if isinstance(label, tuple) else str(label) for label in labels]
