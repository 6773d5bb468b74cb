"""What an index is made of: items, elements, composition, scale and the codes that count as satisfied."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from analysis.columns import Flags, Floats
from analysis.errors import DataError, MethodError

Composition = Literal["pooled", "mean_of_elements", "weighted_elements"]
COMPOSITIONS: tuple[Composition, ...] = ("pooled", "mean_of_elements", "weighted_elements")


@dataclass(frozen=True, slots=True)
class Element:
    """A group of items that is reported together.

    Attributes
    ----------
    id : str
        Name of the element.
    items : tuple of int
        Columns of the rating matrix.
    weight : float
        Share of the element in a ``weighted_elements`` index; any positive unit.
    """

    id: str
    items: tuple[int, ...]
    weight: float = 1.0


@dataclass(frozen=True)
class IndexDefinition:
    """How ratings become an index.

    Attributes
    ----------
    elements : tuple of Element
        Items that belong to no element are estimated as items only.
    composition : {"pooled", "mean_of_elements", "weighted_elements"}
        ``pooled``: satisfied answers over valid answers of all items; the other two combine the elements,
        each of which pools its own items.
    satisfied_codes : tuple of int, or tuple of tuples
        Codes that count as satisfied, for all items or for each item column.
    lowest_code, highest_code : int or tuple of int
        Ends of the scale, for all items or for each item column.

    Examples
    --------
    >>> elements = (Element("access", (0, 1)), Element("staff", (2,)))
    >>> definition = IndexDefinition(elements, satisfied_codes=(4, 5))
    >>> definition.scales(3)
    [(1, 5), (1, 5), (1, 5)]
    """

    elements: tuple[Element, ...]
    composition: Composition = "pooled"
    satisfied_codes: tuple[int, ...] | tuple[tuple[int, ...], ...] = (4, 5)
    lowest_code: int | tuple[int, ...] = 1
    highest_code: int | tuple[int, ...] = 5

    def __post_init__(self) -> None:
        """Check composition, element names and weights."""
        object.__setattr__(self, "elements", tuple(self.elements))
        if self.composition not in COMPOSITIONS:
            raise MethodError(
                "unknown_option", option="composition", value=self.composition, known=list(COMPOSITIONS)
            )
        names = [element.id for element in self.elements]
        if len(set(names)) != len(names):
            raise DataError("element_twice", elements=names)
        for element in self.elements:
            if not element.items:
                raise DataError("element_without_items", element=element.id)
            if not element.weight > 0:
                raise DataError("element_weight_not_positive", element=element.id, weight=element.weight)

    def satisfied_of(self, items: int) -> list[tuple[int, ...]]:
        """Give the satisfied codes of each of `items` columns."""
        codes = self.satisfied_codes
        if codes and isinstance(codes[0], Sequence):
            per_item = [tuple(int(code) for code in group) for group in codes if isinstance(group, Sequence)]
            _require_count(len(per_item), items, "satisfied_codes")
            return per_item
        return [tuple(int(code) for code in codes if not isinstance(code, Sequence))] * items

    def scales(self, items: int) -> list[tuple[int, int]]:
        """Give the lowest and the highest code of each of `items` columns."""
        lows = _per_item(self.lowest_code, items, "lowest_code")
        highs = _per_item(self.highest_code, items, "highest_code")
        for column, (low, high) in enumerate(zip(lows, highs, strict=True)):
            if not 0 <= low < high:
                raise DataError("scale_without_extent", item=column, lowest=low, highest=high)
        return list(zip(lows, highs, strict=True))

    def element_shares(self) -> Floats:
        """Give the share of each element in a combined index, shape (elements,), adding up to 1."""
        if self.composition == "weighted_elements":
            weights = np.array([element.weight for element in self.elements], dtype=np.float64)
        else:
            weights = np.ones(len(self.elements))
        return np.asarray(weights / weights.sum())

    def require_items(self, items: int) -> None:
        """Raise `DataError` if an element names a column that does not exist, or the same column twice."""
        seen: set[int] = set()
        for element in self.elements:
            for item in element.items:
                if not 0 <= item < items:
                    raise DataError("unknown_item", element=element.id, item=item, columns=items)
                if item in seen:
                    raise DataError("item_twice", element=element.id, item=item)
                seen.add(item)


@dataclass(frozen=True)
class ItemCoding:
    """What each code of one item means, indexed by code + 1 so that −1 (no valid answer) comes first.

    Attributes
    ----------
    valid, satisfied, unsatisfied : ndarray of bool, shape (codes,)
    score : ndarray, shape (codes,)
        Position on the scale, 0 at the lowest and 1 at the highest code.
    """

    valid: Flags
    satisfied: Flags
    unsatisfied: Flags
    score: Floats
    scale: tuple[int, int]


def item_codings(definition: IndexDefinition, items: int, slots: int) -> list[ItemCoding]:
    """Give the coding of each item for codes −1 … slots − 2."""
    codings = []
    codes = np.arange(-1, slots - 1)
    for scale, satisfied in zip(definition.scales(items), definition.satisfied_of(items), strict=True):
        low, high = scale
        valid = (codes >= low) & (codes <= high)
        is_satisfied = valid & np.isin(codes, satisfied)
        score = np.where(valid, (codes - low) / (high - low), 0.0)
        codings.append(ItemCoding(valid, is_satisfied, valid & ~is_satisfied, score, scale))
    return codings


def _per_item(value: int | tuple[int, ...], items: int, name: str) -> list[int]:
    if isinstance(value, Sequence):
        _require_count(len(value), items, name)
        return [int(code) for code in value]
    return [int(value)] * items


def _require_count(given: int, items: int, name: str) -> None:
    if given != items:
        raise DataError("unequal_length", column=name, rows=given, expected=items)
