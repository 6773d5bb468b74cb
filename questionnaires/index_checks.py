"""Checks of the index: elements with items, weights that add up, satisfied codes that exist."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

from questionnaires.form_checks import list_duplicates
from questionnaires.outline import Entry, Outline, ScaleEntry, as_list, as_text, is_code
from questionnaires.problems import FaultAt
from questionnaires.values import CODES_OF_SCALE_KIND

_WEIGHT_TOLERANCE: Final = 1e-9


def check_index(outline: Outline) -> Iterator[FaultAt]:
    """Yield the faults of the index; nothing for a form without one."""
    if outline.index is None:
        return
    yield from list_duplicates("duplicate_id", "id", outline.elements)
    yield from _check_elements_have_items(outline)
    yield from _check_weights(outline.index, outline.elements)
    yield from _check_mixed_scales(outline)
    yield from _check_satisfied(outline.index, _scales_of_items(outline))


def _check_elements_have_items(outline: Outline) -> Iterator[FaultAt]:
    used = {as_text(item.raw.get("element")) for item in outline.items}
    for element in outline.elements:
        if element.id is not None and element.id not in used:
            yield "element_without_items", element.location, {"element": element.id}


def _check_weights(index: Entry, elements: list[Entry]) -> Iterator[FaultAt]:
    composition = index.raw.get("composition", "pooled")
    if composition != "weighted_elements":
        for element in elements:
            if element.has("weight") and composition in ("pooled", "mean_of_elements"):
                yield "weight_not_allowed", (*element.location, "weight"), {"composition": composition}
        return
    weights = [element.raw.get("weight") for element in elements]
    for element, weight in zip(elements, weights, strict=True):
        if weight is None:
            yield "weight_missing", (*element.location, "weight"), {}
    numbers = [weight for weight in weights if isinstance(weight, (int, float)) and 0 < weight <= 1]
    total = math.fsum(numbers)
    if numbers and len(numbers) == len(weights) and abs(total - 1) > _WEIGHT_TOLERANCE:
        yield "weights_do_not_sum", ("index", "elements"), {"sum": round(total, 9)}


def _scales_of_items(outline: Outline) -> list[ScaleEntry]:
    """Return the sound scales of the items that measure alike the first item's scale."""
    scales: dict[object, ScaleEntry] = {}
    for item in outline.items:
        scale = outline.scale_of(item)
        if scale is not None and scale.kind is not None:
            scales.setdefault(scale.location, scale)
    found = list(scales.values())
    return [scale for scale in found if _family(scale) == _family(found[0])]


def _family(scale: ScaleEntry) -> frozenset[int]:
    """Return the codes that count: five_level and five_level_na can share an index."""
    codes = CODES_OF_SCALE_KIND[scale.kind] if scale.kind is not None else frozenset[int]()
    return codes - {0} if scale.kind == "five_level_na" else codes


def _check_mixed_scales(outline: Outline) -> Iterator[FaultAt]:
    first: ScaleEntry | None = None
    for item in outline.items:
        scale = outline.scale_of(item)
        if scale is None or scale.kind is None:
            continue
        first = first or scale
        if _family(scale) != _family(first):
            params = {"kind": scale.kind, "first": first.kind}
            yield "mixed_scales", (*item.location, "scale"), params


def _check_satisfied(index: Entry, scales: list[ScaleEntry]) -> Iterator[FaultAt]:
    seen: set[int] = set()
    for place, code in enumerate(as_list(index.raw.get("satisfied"))):
        if not isinstance(code, int) or not is_code(code):
            continue
        location = ("index", "satisfied", place)
        if code in seen:
            yield "duplicate_code", location, {"value": code, "first": "index.satisfied"}
        elif any(code in scale.not_applicable for scale in scales):
            yield "satisfied_not_applicable", location, {"code": code}
        elif scales and code not in _family(scales[0]):
            yield "satisfied_not_on_scale", location, {"code": code, "scale": str(scales[0].location[-1])}
        seen.add(code)
    if scales and seen >= _family(scales[0]):
        yield "all_codes_satisfied", ("index", "satisfied"), {}
