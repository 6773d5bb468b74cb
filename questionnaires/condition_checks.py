"""Checks of the conditions: they name an earlier question, and can hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from questionnaires.outline import Outline, QuestionEntry, as_list
from questionnaires.problems import FaultAt, Location
from questionnaires.values import CODES_OF_SCALE_KIND, QuestionKind

_OPERATORS_OF_KIND: Final[Mapping[QuestionKind, tuple[str, ...]]] = {
    "rating": ("in", "at_least", "at_most"),
    "single": ("in",),
    "multiple": ("in",),
    "yes_no": ("in",),
    "percentage": ("at_least", "at_most"),
    "number": ("at_least", "at_most"),
    "short_text": (),
    "long_text": (),
}
_DEEPEST: Final = 40


def check_conditions(outline: Outline) -> Iterator[FaultAt]:
    """Yield the faults of every condition of the document."""
    for location, condition, position in _list_conditions(outline):
        for leaf_location, leaf in _list_leaves(condition, location):
            yield from _check_leaf(leaf, leaf_location, position, outline)


def _list_conditions(outline: Outline) -> Iterator[tuple[Location, object, int]]:
    """Yield each condition, where it is, and the place of the question it stands before."""
    for section in outline.sections:
        yield (*section.location, "show_if"), section.raw.get("show_if"), section.first_position
        for question in section.questions:
            yield (*question.location, "show_if"), question.raw.get("show_if"), question.position
            for variant in question.list_entries("variants"):
                yield (*variant.location, "when"), variant.raw.get("when"), question.position


def _list_leaves(
    condition: object, location: Location, depth: int = 0
) -> Iterator[tuple[Location, Mapping[str, object]]]:
    if not isinstance(condition, Mapping) or depth > _DEEPEST:
        return
    for operator in ("all", "any"):
        for place, part in enumerate(as_list(condition.get(operator))):
            yield from _list_leaves(part, (*location, operator, place), depth + 1)
    if "not" in condition:
        yield from _list_leaves(condition["not"], (*location, "not"), depth + 1)
    if isinstance(condition.get("question"), str):
        yield location, condition


def _check_leaf(
    leaf: Mapping[str, object], location: Location, position: int, outline: Outline
) -> Iterator[FaultAt]:
    name = str(leaf["question"])
    named = outline.questions_by_id.get(name)
    if named is None:
        yield "unknown_question", (*location, "question"), {"question": name}
        return
    if named.position >= position:
        yield "later_question", (*location, "question"), {"question": name}
        return
    if named.kind is None:
        return
    for operator in ("in", "at_least", "at_most"):
        if operator not in leaf:
            continue
        if operator not in _OPERATORS_OF_KIND[named.kind]:
            params = {"operator": operator, "kind": named.kind, "question": name}
            yield "operator_not_for_kind", (*location, operator), params
        elif operator == "in":
            yield from _check_codes(leaf, location, named, outline)
        else:
            yield from _check_bound(operator, leaf, location, named, outline)


def _check_codes(
    leaf: Mapping[str, object], location: Location, named: QuestionEntry, outline: Outline
) -> Iterator[FaultAt]:
    possible = _possible_codes(named, outline)
    if possible is None:
        return
    for place, code in enumerate(as_list(leaf["in"])):
        is_plain = isinstance(code, (int, str)) and not isinstance(code, bool)
        if is_plain and code not in possible:
            params = {"code": code, "question": named.id, "allowed": possible}
            yield "impossible_code", (*location, "in", place), params


def _possible_codes(named: QuestionEntry, outline: Outline) -> list[object] | None:
    """Return the codes of a question, None where they cannot be known."""
    if named.kind == "yes_no":
        return ["yes", "no"]
    if named.kind == "rating":
        scale = outline.scale_of(named)
        return None if scale is None or scale.kind is None else [*sorted(CODES_OF_SCALE_KIND[scale.kind])]
    if named.has("options_from") or not named.list_entries("options"):
        return None
    return [option.raw.get("code") for option in named.list_entries("options")]


def _check_bound(
    operator: str,
    leaf: Mapping[str, object],
    location: Location,
    named: QuestionEntry,
    outline: Outline,
) -> Iterator[FaultAt]:
    bound = leaf[operator]
    if not isinstance(bound, int) or isinstance(bound, bool):
        return
    scale = outline.scale_of(named) if named.kind == "rating" else None
    place = (*location, operator)
    not_applicable = scale.not_applicable if scale is not None else frozenset[int]()
    if any(code <= bound if operator == "at_most" else code >= bound for code in not_applicable):
        yield "compares_not_applicable", place, {"question": named.id}
        return
    lowest, highest = _range_of(named, scale)
    never = (operator == "at_least" and highest is not None and bound > highest) or (
        operator == "at_most" and lowest is not None and bound < lowest
    )
    if never:
        yield "impossible_bound", place, {"bound": bound, "question": named.id}


def _range_of(named: QuestionEntry, scale: object) -> tuple[int | None, int | None]:
    kind = getattr(scale, "kind", None)
    if kind is not None:
        codes = CODES_OF_SCALE_KIND[kind]
        return min(codes), max(codes)
    lowest, highest = named.raw.get("min"), named.raw.get("max")
    return (
        lowest if isinstance(lowest, int) else None,
        highest if isinstance(highest, int) else None,
    )
