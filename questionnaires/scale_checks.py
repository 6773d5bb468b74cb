"""Checks of the scales: the right codes, in order, and "not applicable" where it belongs."""

from __future__ import annotations

from collections.abc import Iterator

from questionnaires.form_checks import list_duplicates
from questionnaires.outline import Outline, ScaleEntry, as_text, is_code
from questionnaires.problems import FaultAt
from questionnaires.values import CODES_OF_SCALE_KIND


def check_scales(outline: Outline) -> Iterator[FaultAt]:
    """Yield the faults of every scale."""
    used = {as_text(question.raw.get("scale")) for question in outline.rated}
    for name, scale in outline.scales.items():
        if name not in used:
            yield "unused_scale", scale.location, {"scale": name}
        yield from list_duplicates("duplicate_code", "code", scale.list_entries("options"))
        yield from _check_codes(scale)
        yield from _check_not_applicable(scale)


def _check_codes(scale: ScaleEntry) -> Iterator[FaultAt]:
    codes = [option.raw.get("code") for option in scale.list_entries("options")]
    if scale.kind is None or not codes or not all(is_code(code) for code in codes):
        return
    found = [code for code in codes if isinstance(code, int)]
    expected = CODES_OF_SCALE_KIND[scale.kind]
    location = (*scale.location, "options")
    if set(found) != expected:
        params = {"kind": scale.kind, "expected": sorted(expected), "found": found}
        yield "wrong_scale_codes", location, params
        return
    # A repeated code is a fault of its own; here only its first place counts.
    ranked = [code for code in dict.fromkeys(found) if code not in scale.not_applicable]
    if ranked not in (sorted(ranked), sorted(ranked, reverse=True)):
        yield "codes_out_of_order", location, {"found": found}


def _check_not_applicable(scale: ScaleEntry) -> Iterator[FaultAt]:
    location = (*scale.location, "not_applicable")
    if scale.kind == "five_level_na":
        if scale.not_applicable != {0}:
            yield "not_applicable_missing", location, {}
    elif scale.kind is not None and scale.not_applicable:
        yield "not_applicable_not_allowed", location, {"kind": scale.kind}
