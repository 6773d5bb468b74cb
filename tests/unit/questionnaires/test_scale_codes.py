"""Repeated codes of a scale: said, and no reason to keep quiet about the others."""

from __future__ import annotations

from questionnaires.checks import check_document
from questionnaires.examples import example_document


def _found(codes: list[int]) -> list[tuple[str, str]]:
    document = example_document()
    scale = document["scales"]["satisfaction"]
    label = scale["options"][0]["label"]
    scale["options"] = [{"code": code, "label": label} for code in codes]
    return [(problem.code, problem.path) for problem in check_document(document)]


def test_a_repeated_code_is_named() -> None:
    assert _found([3, 2, 1, 1]) == [("duplicate_code", "scales.satisfaction.options[3].code")]


def test_a_repeated_code_hides_no_missing_one() -> None:
    assert _found([2, 2, 3]) == [
        ("wrong_scale_codes", "scales.satisfaction.options"),
        ("duplicate_code", "scales.satisfaction.options[1].code"),
    ]


def test_a_repeated_code_does_not_count_for_the_order() -> None:
    assert _found([1, 2, 3, 1]) == [("duplicate_code", "scales.satisfaction.options[3].code")]
