"""What a response becomes before it is stored: receipt number, ratings text, band of its duration."""

import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from questionnaires.loader import parse_questionnaire
from survey.services.drafts import duration_band
from survey.services.responses import encode_ratings, receipt_number
from tests.rounds import small_answers, small_document


def test_receipt_number_is_three_groups_of_four_digits() -> None:
    assert re.fullmatch(r"\d{4} \d{4} \d{4}", receipt_number(uuid4()))


def test_receipt_number_follows_from_the_id_alone() -> None:
    response_id = UUID("8c9d4f4e-6f0b-4b53-9d8e-0c7a3c0a1234")

    assert receipt_number(response_id) == receipt_number(UUID(response_id.hex)) == "8126 5222 9172"


def test_small_ids_keep_their_leading_zeros() -> None:
    assert receipt_number(UUID(int=42)) == "0000 0000 0042"


@pytest.mark.parametrize(
    ("ratings", "text"), [((5, 4, 1), "541"), ((0, 3, None), "03."), ((None, None, None), "...")]
)
def test_ratings_are_one_character_an_item_in_file_order(ratings: tuple[int | None, ...], text: str) -> None:
    questionnaire = parse_questionnaire(small_document())

    assert encode_ratings(questionnaire, small_answers(*ratings)) == text


@pytest.mark.parametrize(
    ("seconds", "band"),
    [
        *[(-5, "under_1m"), (59, "under_1m"), (60, "1_to_3m"), (179, "1_to_3m"), (180, "3_to_10m")],
        *[(600, "10_to_30m"), (1799, "10_to_30m"), (1800, "over_30m"), (90_000, "over_30m")],
    ],
)
def test_duration_is_kept_as_a_band(seconds: int, band: str) -> None:
    assert duration_band(timedelta(seconds=seconds)) == band
