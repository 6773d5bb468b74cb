"""The types of an answer and of a set of answers, shared by model, routing and answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Literal

AnswerValue = int | str | tuple[str, ...]
"""Rating, percentage and number: int. Single and yes_no: the code. Multiple: codes. Texts: NFC text."""

Answers = Mapping[str, AnswerValue]
"""Question id to value; a question without a key is not answered."""

Choices = Mapping[str, Sequence[str]]
"""Question id to the codes that the catalogue allows, for questions with ``options_from``."""

QuestionKind = Literal[
    "rating", "single", "multiple", "yes_no", "percentage", "number", "short_text", "long_text"
]
ScaleKind = Literal["five_level", "five_level_na", "three_level", "score_210"]
Role = Literal["sector", "procedure", "expectation", "respondent_kind", "overall"]
Composition = Literal["pooled", "mean_of_elements", "weighted_elements"]
Purpose = Literal["index", "pulse"]
Layout = Literal["sections", "single_screen"]
Address = Literal["ong_ba", "em"]
Language = Literal["vi", "en"]

REQUIRED_BY_DEFAULT: Final[frozenset[QuestionKind]] = frozenset({"rating", "single", "yes_no"})

CODES_OF_SCALE_KIND: Final[Mapping[ScaleKind, frozenset[int]]] = {
    "five_level": frozenset(range(1, 6)),
    "five_level_na": frozenset(range(6)),
    "three_level": frozenset(range(1, 4)),
    "score_210": frozenset(range(3)),
}

FIELDS_OF_EVERY_KIND: Final = frozenset(
    {"id", "kind", "text", "hint", "variants", "required", "show_if", "role"}
)

FIELDS_OF_KIND: Final[Mapping[QuestionKind, frozenset[str]]] = {
    "rating": frozenset({"scale", "element"}),
    "single": frozenset({"options", "options_from"}),
    "multiple": frozenset({"options", "options_from", "max_choices"}),
    "yes_no": frozenset(),
    "percentage": frozenset({"min", "max"}),
    "number": frozenset({"min", "max", "unit_label"}),
    "short_text": frozenset({"max_length"}),
    "long_text": frozenset({"max_length"}),
}

REQUIRED_FIELDS_OF_KIND: Final[Mapping[QuestionKind, tuple[str, ...]]] = {
    "rating": ("scale",),
    "single": ("options",),
    "multiple": ("options",),
    "yes_no": (),
    "percentage": ("min", "max"),
    "number": ("min", "max"),
    "short_text": (),
    "long_text": (),
}

KIND_OF_ROLE: Final[Mapping[Role, QuestionKind]] = {
    "sector": "single",
    "procedure": "single",
    "expectation": "percentage",
    "respondent_kind": "single",
    "overall": "rating",
}

MAX_LENGTH_OF_KIND: Final[Mapping[str, int]] = {"short_text": 200, "long_text": 2000}
LONGEST_TEXT: Final = 10_000
LARGEST_NUMBER: Final = 2_000_000_000
