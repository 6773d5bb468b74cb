"""What a condition says of a set of answers."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter

from questionnaires.conditions import Condition

ADAPTER: TypeAdapter[Any] = TypeAdapter(Condition)
ANSWERS = {"visited": "yes", "q01": 2, "visits": 3, "channels": ("radio", "web"), "why": "Tốt"}


def _holds(condition: dict[str, Any]) -> bool:
    return bool(ADAPTER.validate_python(condition).holds(ANSWERS))


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"question": "visited", "in": ["yes"]}, True),
        ({"question": "visited", "in": ["no"]}, False),
        ({"question": "q01", "in": [1, 2]}, True),
        ({"question": "channels", "in": ["web", "friends"]}, True),
        ({"question": "channels", "in": ["friends"]}, False),
        ({"question": "visits", "at_least": 3}, True),
        ({"question": "visits", "at_least": 4}, False),
        ({"question": "visits", "at_most": 3}, True),
        ({"question": "q01", "at_most": 1}, False),
        ({"question": "why", "answered": True}, True),
        ({"question": "why", "at_least": 1}, False),
    ],
)
def test_a_comparison_looks_at_the_answer(condition: dict[str, Any], expected: bool) -> None:
    assert _holds(condition) is expected


@pytest.mark.parametrize("operator", [{"in": [0]}, {"at_least": 0}, {"at_most": 9}, {"answered": True}])
def test_nothing_holds_of_a_question_without_an_answer(operator: dict[str, Any]) -> None:
    assert not _holds({"question": "absent", **operator})
    assert _holds({"not": {"question": "absent", **operator}})


def test_conditions_combine() -> None:
    yes, no = {"question": "visited", "in": ["yes"]}, {"question": "visited", "in": ["no"]}
    assert _holds({"any": [no, yes]})
    assert not _holds({"all": [no, yes]})
    assert _holds({"all": [yes, {"not": no}]})


def test_a_condition_names_its_questions() -> None:
    condition = {
        "all": [{"question": "a", "answered": True}, {"any": [{"not": {"question": "b", "in": ["x"]}}]}]
    }
    assert list(ADAPTER.validate_python(condition).named_questions()) == ["a", "b"]
