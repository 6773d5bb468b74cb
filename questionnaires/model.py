"""The questionnaire: sections of questions, immutable once built.

Build one with `questionnaires.loader`, which checks what a field alone cannot
show; these classes check the shape only.
"""

from __future__ import annotations

import hashlib
import json
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PrivateAttr, StrictBool, StringConstraints
from pydantic_core import PydanticCustomError

from questionnaires.conditions import Condition
from questionnaires.parts import (
    YES_NO_OPTIONS,
    Element,
    Identifier,
    Index,
    Introduction,
    Option,
    Scale,
    ScaleOption,
)
from questionnaires.texts import FrozenModel, Text
from questionnaires.values import (
    LARGEST_NUMBER,
    LONGEST_TEXT,
    MAX_LENGTH_OF_KIND,
    REQUIRED_BY_DEFAULT,
    Address,
    Answers,
    AnswerValue,
    Choices,
    Layout,
    Purpose,
    QuestionKind,
    Role,
)

__all__ = [
    "AnswerValue",
    "Answers",
    "Choices",
    "Element",
    "Index",
    "Introduction",
    "Option",
    "Question",
    "Questionnaire",
    "Scale",
    "ScaleOption",
    "Section",
    "Text",
    "Variant",
]

FormId = Annotated[str, StringConstraints(strict=True, pattern=r"^[a-z][a-z0-9-]*$", max_length=40)]


def _require_whole_number(value: object) -> object:
    # Python holds True and 1.0 for equal to 1, and Literal with it.
    if type(value) is not int:
        raise PydanticCustomError("int_type", "a format is a whole number")
    return value


Format = Annotated[Literal[1], BeforeValidator(_require_whole_number)]
Bound = Annotated[int, Field(strict=True, ge=-LARGEST_NUMBER, le=LARGEST_NUMBER)]


class Variant(FrozenModel):
    """Wording that replaces a question's text for some respondents."""

    when: Condition
    text: Text


class Question(FrozenModel):
    """One question. Which fields a kind has is in `questionnaires.values.FIELDS_OF_KIND`.

    ``required`` is true for rating, single and yes_no unless the file says
    otherwise.  ``scale`` and ``element`` are ids; `rating_scale` is the scale.
    """

    id: Identifier
    kind: QuestionKind
    text: Text
    hint: Text | None = None
    variants: Annotated[tuple[Variant, ...] | None, Field(min_length=1)] = None
    required: StrictBool = Field(default_factory=lambda data: data.get("kind") in REQUIRED_BY_DEFAULT)
    show_if: Condition | None = None
    role: Role | None = None
    scale: Identifier | None = None
    element: Identifier | None = None
    own_options: tuple[Option, ...] = Field(default=(), alias="options")
    options_from: Literal["procedures"] | None = None
    max_choices: Annotated[int, Field(strict=True, ge=2)] | None = None
    min: Bound | None = None
    max: Bound | None = None
    unit_label: Text | None = None
    max_length: Annotated[int, Field(strict=True, ge=1, le=LONGEST_TEXT)] | None = None

    _rating_scale: Scale | None = PrivateAttr(default=None)

    @property
    def rating_scale(self) -> Scale | None:
        """The scale of a rating, None for every other kind."""
        return self._rating_scale

    @property
    def options(self) -> tuple[Option | ScaleOption, ...]:
        """What can be chosen, in the order shown; of ``options_from`` only the fixed options."""
        if self._rating_scale is not None:
            return self._rating_scale.options
        return YES_NO_OPTIONS if self.kind == "yes_no" else self.own_options

    @cached_property
    def option_codes(self) -> tuple[int | str, ...]:
        """The codes of `options`, in the order shown."""
        return tuple(option.code for option in self.options)

    @cached_property
    def exclusive_codes(self) -> frozenset[str]:
        """The codes that cannot be chosen together with another one."""
        return frozenset(option.code for option in self.own_options if option.exclusive)

    @property
    def not_applicable(self) -> tuple[int, ...]:
        """The codes of a rating that leave numerator and denominator of an index."""
        return self._rating_scale.not_applicable if self._rating_scale is not None else ()

    @property
    def length_limit(self) -> int | None:
        """The longest text in characters, None for every kind but the texts."""
        return self.max_length or MAX_LENGTH_OF_KIND.get(self.kind)

    def text_for(self, answers: Answers) -> Text:
        """Return the wording for a respondent: the first variant whose condition holds, or the text."""
        for variant in self.variants or ():
            if variant.when.holds(answers):
                return variant.text
        return self.text


class Section(FrozenModel):
    """One page of questions."""

    id: Identifier
    title: Text
    note: Text | None = None
    show_if: Condition | None = None
    questions: Annotated[tuple[Question, ...], Field(min_length=1)]


class Questionnaire(FrozenModel):
    """A complete form.

    Examples
    --------
    >>> from questionnaires.examples import example_document
    >>> from questionnaires.loader import parse_questionnaire
    >>> questionnaire = parse_questionnaire(example_document())
    >>> [question.id for question in questionnaire.rated]
    ['q01', 'q02']
    >>> questionnaire.question("q01").options[0].label.vi
    'Không hài lòng'
    >>> len(questionnaire.digest())
    64
    """

    format: Format
    id: FormId
    version: Annotated[int, Field(strict=True, ge=1)]
    measure: Identifier | None = None
    purpose: Purpose
    layout: Layout
    address: Address
    title: Text
    short_title: Text
    introduction: Introduction
    consent: Text
    source: Text
    scales: dict[Identifier, Scale] = Field(default_factory=dict)
    index: Index | None = None
    sections: Annotated[tuple[Section, ...], Field(min_length=1)]

    def model_post_init(self, _context: Any) -> None:
        """Hand each rating its scale."""
        for question in self.questions:
            if question.kind == "rating" and question.scale is not None:
                question._rating_scale = self.scales.get(question.scale)

    def __hash__(self) -> int:
        return hash((self.id, self.version))

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """All questions in file order."""
        return tuple(question for section in self.sections for question in section.questions)

    @cached_property
    def rated(self) -> tuple[Question, ...]:
        """The rating questions in file order: the order in which ratings are stored."""
        return tuple(question for question in self.questions if question.kind == "rating")

    @cached_property
    def rated_ids(self) -> frozenset[str]:
        """The ids of the rating questions."""
        return frozenset(question.id for question in self.rated)

    @cached_property
    def questions_by_id(self) -> dict[str, Question]:
        """Every question under its id, in file order."""
        return {question.id: question for question in self.questions}

    @cached_property
    def section_positions(self) -> dict[str, int]:
        """The place of every section in the file, under its id."""
        return {section.id: position for position, section in enumerate(self.sections)}

    def question(self, question_id: str) -> Question:
        """Return the question; raises KeyError where there is none."""
        return self.questions_by_id[question_id]

    def find_question(self, question_id: str) -> Question | None:
        """Return the question, or None."""
        return self.questions_by_id.get(question_id)

    def section(self, section_id: str) -> Section:
        """Return the section; raises KeyError where there is none."""
        return self.sections[self.section_positions[section_id]]

    def find_section(self, section_id: str) -> Section | None:
        """Return the section, or None."""
        position = self.section_positions.get(section_id)
        return None if position is None else self.sections[position]

    def section_of(self, question_id: str) -> Section:
        """Return the section that holds the question; raises KeyError where there is none."""
        question = self.question(question_id)
        return next(section for section in self.sections if question in section.questions)

    @cached_property
    def _questions_by_role(self) -> dict[Role, Question]:
        return {question.role: question for question in reversed(self.questions) if question.role}

    def question_with_role(self, role: Role) -> Question | None:
        """Return the question with this role, or None."""
        return self._questions_by_role.get(role)

    def items_of(self, element_id: str) -> tuple[Question, ...]:
        """Return the rated items of an element, in file order."""
        return tuple(question for question in self.rated if question.element == element_id)

    def document(self) -> dict[str, Any]:
        """Return the questionnaire as JSON-able values, without the fields left at their default.

        Defaults of format 1 never change, so a field added later changes no
        document and no digest of a questionnaire that does not use it.
        """
        return self.model_dump(mode="json", by_alias=True, exclude_defaults=True)

    def digest(self) -> str:
        """Return the SHA-256 of the canonical JSON, in hexadecimal digits."""
        canonical = json.dumps(self.document(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()
