"""Compares answers with R's, within the tolerances of the case format."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

FLOOR = 1e-9
NOT_COMPARED = {"logit_r_raw", "beta_r_raw", "message_r"}
LIKELIHOOD_TOLERANCE = 1e-4


def differences(answer: Any, expected: Any, path: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield a line for every part of the expected answer that is missing or differs."""
    if isinstance(expected, dict) and expected.get("error") is True:
        if not (isinstance(answer, dict) and isinstance(answer.get("error"), str)):
            yield f"{_name(path)}: an error is expected"
    elif isinstance(expected, dict):
        yield from _object_differences(answer, expected, path)
    elif isinstance(expected, list):
        yield from _list_differences(answer, expected, path)
    elif not _same(answer, expected, path):
        yield f"{_name(path)}: {answer!r} instead of {expected!r}"


def _object_differences(answer: Any, expected: dict[str, Any], path: tuple[str, ...]) -> Iterator[str]:
    for key, value in expected.items():
        if key in NOT_COMPARED:
            continue
        if not isinstance(answer, dict) or key not in answer:
            yield f"{_name((*path, key))}: missing in {answer!r}"[:300]
        elif key != "likelihood" or _is_proper(value):
            yield from differences(answer[key], value, (*path, key))


def _list_differences(answer: Any, expected: list[Any], path: tuple[str, ...]) -> Iterator[str]:
    if not isinstance(answer, list) or len(answer) != len(expected):
        yield f"{_name(path)}: not a list of {len(expected)}"
        return
    for position, (mine, theirs) in enumerate(zip(answer, expected, strict=True)):
        yield from differences(mine, theirs, (*path, str(position)))


def _same(answer: Any, expected: Any, path: tuple[str, ...]) -> bool:
    if isinstance(expected, bool) or not isinstance(expected, int | float):
        return bool(answer == expected)
    if isinstance(answer, bool) or not isinstance(answer, int | float):
        return False
    return abs(answer - expected) <= max(FLOOR, tolerance(path) * abs(expected))


def tolerance(path: tuple[str, ...]) -> float:
    """Give the relative tolerance of a number from its place in the answer."""
    name = path[-1]
    if "likelihood" in path:
        return LIKELIHOOD_TOLERANCE
    if name == "est":
        return 1e-10
    if name in ("se", "df") or "deff" in name or "weights" in path:
        return 1e-7
    return 1e-5 if name in ("ci_low", "ci_high") else 1e-6


def _is_proper(limits: Any) -> bool:
    return all(isinstance(limit, int | float) and 1e-6 < limit < 1 for limit in limits)


def _name(path: tuple[str, ...]) -> str:
    return "/".join(path)
