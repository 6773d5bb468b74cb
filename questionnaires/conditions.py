"""When a section or a question is shown: conditions on earlier answers.

A condition on a question that is not answered does not hold; only ``not``
turns this round.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Final, Literal

from pydantic import BeforeValidator, Discriminator, Field, StrictInt, StrictStr, Tag
from pydantic_core import PydanticCustomError

from questionnaires.texts import FrozenModel
from questionnaires.values import Answers


def _require_code(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        raise PydanticCustomError("code_type", "a code is a whole number or text")
    return value


Code = Annotated[StrictInt | StrictStr, BeforeValidator(_require_code)]


class OneOf(FrozenModel):
    """``{question: visited, in: ["yes"]}``: the answer, or one of the answers, is listed.

    Examples
    --------
    >>> OneOf.model_validate({"question": "level", "in": ["preschool"]}).holds({"level": "preschool"})
    True
    """

    question: StrictStr
    codes: Annotated[tuple[Code, ...], Field(alias="in", min_length=1)]

    def holds(self, answers: Answers) -> bool:
        """Say whether the condition holds for these answers."""
        value = answers.get(self.question)
        if isinstance(value, tuple):
            return any(code in self.codes for code in value)
        return value is not None and value in self.codes

    def named_questions(self) -> Iterator[str]:
        """Yield the ids of the questions that the condition names."""
        yield self.question


class AtLeast(FrozenModel):
    """``{question: visits, at_least: 3}``: the number, percentage or rating is not below."""

    question: StrictStr
    at_least: StrictInt

    def holds(self, answers: Answers) -> bool:
        """Say whether the condition holds for these answers."""
        value = answers.get(self.question)
        return isinstance(value, int) and value >= self.at_least

    def named_questions(self) -> Iterator[str]:
        """Yield the ids of the questions that the condition names."""
        yield self.question


class AtMost(FrozenModel):
    """``{question: q01, at_most: 2}``: the number, percentage or rating is not above."""

    question: StrictStr
    at_most: StrictInt

    def holds(self, answers: Answers) -> bool:
        """Say whether the condition holds for these answers."""
        value = answers.get(self.question)
        return isinstance(value, int) and value <= self.at_most

    def named_questions(self) -> Iterator[str]:
        """Yield the ids of the questions that the condition names."""
        yield self.question


class Answered(FrozenModel):
    """``{question: why, answered: true}``: there is an answer, whatever it is."""

    question: StrictStr
    answered: Literal[True]

    def holds(self, answers: Answers) -> bool:
        """Say whether the condition holds for these answers."""
        return self.question in answers

    def named_questions(self) -> Iterator[str]:
        """Yield the ids of the questions that the condition names."""
        yield self.question


class AllOf(FrozenModel):
    """``{all: [...]}``: every condition of the list holds."""

    conditions: Annotated[tuple[Condition, ...], Field(alias="all", min_length=1)]

    def holds(self, answers: Answers) -> bool:
        """Say whether the condition holds for these answers."""
        return all(condition.holds(answers) for condition in self.conditions)

    def named_questions(self) -> Iterator[str]:
        """Yield the ids of the questions that the condition names."""
        for condition in self.conditions:
            yield from condition.named_questions()


class AnyOf(FrozenModel):
    """``{any: [...]}``: at least one condition of the list holds."""

    conditions: Annotated[tuple[Condition, ...], Field(alias="any", min_length=1)]

    def holds(self, answers: Answers) -> bool:
        """Say whether the condition holds for these answers."""
        return any(condition.holds(answers) for condition in self.conditions)

    def named_questions(self) -> Iterator[str]:
        """Yield the ids of the questions that the condition names."""
        for condition in self.conditions:
            yield from condition.named_questions()


class Not(FrozenModel):
    """``{not: {...}}``: the condition does not hold."""

    condition: Annotated[Condition, Field(alias="not")]

    def holds(self, answers: Answers) -> bool:
        """Say whether the condition holds for these answers."""
        return not self.condition.holds(answers)

    def named_questions(self) -> Iterator[str]:
        """Yield the ids of the questions that the condition names."""
        yield from self.condition.named_questions()


OPERATORS: Final[Mapping[str, type[FrozenModel]]] = {
    "in": OneOf,
    "at_least": AtLeast,
    "at_most": AtMost,
    "answered": Answered,
    "all": AllOf,
    "any": AnyOf,
    "not": Not,
}


def _operator_of(value: object) -> str | None:
    """Name the operator of a raw or built condition; None makes pydantic report it."""
    for operator, condition_class in OPERATORS.items():
        if isinstance(value, condition_class) or (isinstance(value, Mapping) and operator in value):
            return f"<{operator}>"
    return None


# The tags are put in angle brackets so that an error's location can be told from the keys of a file.
Condition = Annotated[
    Annotated[OneOf, Tag("<in>")]
    | Annotated[AtLeast, Tag("<at_least>")]
    | Annotated[AtMost, Tag("<at_most>")]
    | Annotated[Answered, Tag("<answered>")]
    | Annotated[AllOf, Tag("<all>")]
    | Annotated[AnyOf, Tag("<any>")]
    | Annotated[Not, Tag("<not>")],
    Discriminator(_operator_of),
]

for _condition_class in (AllOf, AnyOf, Not):
    _condition_class.model_rebuild()
