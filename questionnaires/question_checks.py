"""Checks of each question: the fields of its kind, its scale, element, options, bounds and role."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from questionnaires.form_checks import list_duplicates
from questionnaires.outline import Outline, QuestionEntry, as_text
from questionnaires.problems import FaultAt
from questionnaires.values import FIELDS_OF_KIND, KIND_OF_ROLE, REQUIRED_FIELDS_OF_KIND, QuestionKind

_FIELDS_OF_SOME_KIND: Final = frozenset[str]().union(*FIELDS_OF_KIND.values())


def check_questions(outline: Outline) -> Iterator[FaultAt]:
    """Yield the faults of every question."""
    for question in outline.questions:
        if question.kind is None:
            yield from _check_codes(question)
            continue
        yield from _check_fields(question, question.kind)
        yield from _check_role(question, question.kind)
        yield from _check_bounds(question)
        if question.kind == "rating":
            yield from _check_rating(question, outline)
        elif question.kind in ("single", "multiple"):
            yield from _check_options(question)
    yield from _check_order_of_sector(outline)


def _check_fields(question: QuestionEntry, kind: QuestionKind) -> Iterator[FaultAt]:
    for field in question.raw:
        if field in _FIELDS_OF_SOME_KIND - FIELDS_OF_KIND[kind] and question.has(field):
            yield "field_not_for_kind", (*question.location, field), {"field": field, "kind": kind}
    for field in REQUIRED_FIELDS_OF_KIND[kind]:
        from_catalogue = field == "options" and question.has("options_from")
        if not question.has(field) and not from_catalogue:
            yield "missing_field", (*question.location, field), {"field": field}


def _check_role(question: QuestionEntry, kind: QuestionKind) -> Iterator[FaultAt]:
    for role, expected in KIND_OF_ROLE.items():
        if question.raw.get("role") == role and kind != expected:
            params = {"role": role, "kind": kind, "expected": expected}
            yield "role_not_for_kind", (*question.location, "role"), params


def _check_bounds(question: QuestionEntry) -> Iterator[FaultAt]:
    lowest, highest = question.raw.get("min"), question.raw.get("max")
    if isinstance(lowest, int) and isinstance(highest, int) and lowest > highest:
        yield "min_above_max", (*question.location, "min"), {"min": lowest, "max": highest}


def _check_rating(question: QuestionEntry, outline: Outline) -> Iterator[FaultAt]:
    scale = as_text(question.raw.get("scale"))
    if scale is not None and scale not in outline.scales:
        yield "unknown_scale", (*question.location, "scale"), {"scale": scale}
    element = as_text(question.raw.get("element"))
    if element is None:
        return
    location = (*question.location, "element")
    if outline.index is not None:
        if element not in {entry.id for entry in outline.elements}:
            yield "unknown_element", location, {"element": element}
    elif outline.root.raw.get("purpose") == "pulse":
        yield "element_without_index", location, {"element": element}


def _check_codes(question: QuestionEntry) -> Iterator[FaultAt]:
    yield from list_duplicates("duplicate_code", "code", question.list_entries("options"))


def _check_options(question: QuestionEntry) -> Iterator[FaultAt]:
    yield from _check_codes(question)
    options = question.list_entries("options")
    exclusive = [option for option in options if option.raw.get("exclusive") is True]
    if question.kind == "single":
        for option in exclusive:
            yield "exclusive_only_multiple", (*option.location, "exclusive"), {}
        exclusive = []
    if question.has("options_from") or not question.has("options"):
        return
    together = len(options) - len(exclusive)
    if together < 2:
        yield "too_few_options", (*question.location, "options"), {"min": 2}
        return
    most = question.raw.get("max_choices")
    if isinstance(most, int) and most > together:
        yield "too_large", (*question.location, "max_choices"), {"max": together}


def _check_order_of_sector(outline: Outline) -> Iterator[FaultAt]:
    """Procedures are filtered by the answered sector, so the sector must have been asked."""
    sectors = [entry.position for entry in outline.questions if entry.raw.get("role") == "sector"]
    for question in outline.questions:
        asked_too_early = bool(sectors) and min(sectors) > question.position
        if question.raw.get("options_from") == "procedures" and asked_too_early:
            yield "sector_after_procedure", (*question.location, "options_from"), {}
