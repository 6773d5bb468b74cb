"""Checks of the form as a whole: duplicates, layout, purpose against index."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator

from questionnaires.outline import Entry, Outline
from questionnaires.problems import FaultAt, Location, format_path


def check_form(outline: Outline) -> Iterator[FaultAt]:
    """Yield the faults that concern the form as a whole."""
    yield from list_duplicates("duplicate_id", "id", outline.sections)
    yield from list_duplicates("duplicate_id", "id", outline.questions)
    yield from list_duplicates("duplicate_role", "role", outline.questions)
    yield from _check_layout(outline)
    yield from _check_purpose(outline)


def list_duplicates(code: str, field: str, entries: Iterable[Entry]) -> Iterator[FaultAt]:
    """Yield a fault for each entry whose field repeats an earlier entry's."""
    first: dict[Hashable, Location] = {}
    for entry in entries:
        value = entry.raw.get(field)
        if not isinstance(value, (str, int)):
            continue
        if value in first:
            params = {"value": value, "first": format_path(first[value])}
            yield code, (*entry.location, field), params
        else:
            first[value] = (*entry.location, field)


def _check_layout(outline: Outline) -> Iterator[FaultAt]:
    count = len(outline.sections)
    if outline.root.raw.get("layout") == "single_screen" and count > 1:
        yield "single_screen_sections", ("sections",), {"count": count}


def _check_purpose(outline: Outline) -> Iterator[FaultAt]:
    purpose = outline.root.raw.get("purpose")
    for field in ("index", "measure"):
        given = outline.root.has(field)
        if purpose == "pulse" and given:
            yield f"pulse_with_{field}", (field,), {}
        elif purpose == "index" and not given:
            yield f"{field}_missing", (field,), {}
