"""The code in the link of those who were drawn: one for each place, and none that can be guessed."""

import pytest

from survey.services.invited_links import invited_code, is_invited_code

PLACE = ("secret", "q1", "tthc", "18880")


def test_code_is_the_same_each_time() -> None:
    assert invited_code(*PLACE) == invited_code(*PLACE)
    assert len(invited_code(*PLACE)) == 16


@pytest.mark.parametrize("part", range(4))
def test_other_secret_round_form_or_unit_has_another_code(part: int) -> None:
    other = [*PLACE]
    other[part] += "x"

    assert invited_code(*other) != invited_code(*PLACE)
    assert not is_invited_code(invited_code(*PLACE), *other)


def test_code_typed_from_paper_is_taken() -> None:
    assert is_invited_code(f" {invited_code(*PLACE).upper()} ", *PLACE)


@pytest.mark.parametrize("given", ["", "mời", "\ud800", "a" * 10_000])
def test_anything_else_is_not(given: str) -> None:
    assert not is_invited_code(given, *PLACE)
