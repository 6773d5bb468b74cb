from typing import Any

import pytest

from questionnaires.loader import parse_questionnaire
from survey.web.question_fields import build_fields, group_fields
from tests import factories


def faces_of(*labels: str) -> dict[Any, int]:
    document = factories.example_document()
    for option, label in zip(document["scales"]["satisfaction"]["options"], labels, strict=True):
        option["label"] = {"vi": label, "en": label}
    questionnaire = parse_questionnaire(document)
    return build_fields([questionnaire.question("q01")], {}, {}, {})[0].faces


@pytest.mark.parametrize(
    ("labels", "faces"),
    [
        (("Không hài lòng", "Bình thường", "Hài lòng"), {1: 2, 2: 3, 3: 4}),
        (("Không hài lòng", "Hài lòng", "Rất hài lòng"), {1: 2, 2: 4, 3: 5}),
        (("Không hài lòng / Kém", "Bình thường / Trung bình", "Hài lòng / Tốt"), {1: 2, 2: 3, 3: 4}),
        (("Không hài lòng", "Tạm được", "Hài lòng"), {}),
    ],
)
def test_faces_say_what_the_words_say(labels: tuple[str, ...], faces: dict[int, int]) -> None:
    assert faces_of(*labels) == faces


@pytest.mark.parametrize(
    ("question_id", "typed", "number"),
    [
        ("expected", "85", 85),
        ("expected", "khoảng 80", None),
        ("expected", "85.5", None),
        ("expected", "9" * 5000, None),
        ("expected", "", None),
        ("why", "85", None),
    ],
)
def test_only_a_readable_number_is_one(question_id: str, typed: str, number: int | None) -> None:
    questionnaire = parse_questionnaire(factories.example_document())
    (field,) = build_fields([questionnaire.question(question_id)], {question_id: [typed]}, {}, {})

    assert field.entered_number == number


def test_neighbouring_ratings_of_one_scale_stand_together() -> None:
    questionnaire = parse_questionnaire(factories.example_document())

    groups = group_fields(build_fields(questionnaire.questions, {}, {}, {}))

    assert [[field.question_id for field in group.fields] for group in groups] == [
        ["visited"],
        ["q01", "q02"],
        ["expected"],
        ["channels"],
        ["why"],
    ]
