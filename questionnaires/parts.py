"""The parts of a questionnaire below the question: options, scales, index, introduction."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Final

from pydantic import Field, StrictBool, StringConstraints

from questionnaires.texts import FrozenModel, Text
from questionnaires.values import CODES_OF_SCALE_KIND, Composition, ScaleKind

Identifier = Annotated[str, StringConstraints(strict=True, pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
OptionCode = Annotated[str, StringConstraints(strict=True, pattern=r"^[a-z0-9_]+$", max_length=40)]
RatingCode = Annotated[int, Field(strict=True, ge=0, le=9)]


class Option(FrozenModel):
    """One answer to a single- or multiple-choice question."""

    code: OptionCode
    label: Text
    exclusive: StrictBool = False


class ScaleOption(FrozenModel):
    """One level of a scale; its code is one digit, because ratings are stored a character each."""

    code: RatingCode
    label: Text


class Scale(FrozenModel):
    """The levels of a rating, in the order shown.

    Examples
    --------
    >>> labels = [Text(vi=f"Mức {code}", en=f"Level {code}") for code in (1, 2, 3)]
    >>> options = tuple(ScaleOption(code=i, label=label) for i, label in enumerate(labels, start=1))
    >>> sorted(Scale(kind="three_level", options=options).applicable_codes)
    [1, 2, 3]
    """

    kind: ScaleKind
    options: Annotated[tuple[ScaleOption, ...], Field(min_length=1)]
    not_applicable: tuple[RatingCode, ...] = ()

    @cached_property
    def codes(self) -> frozenset[int]:
        """All codes, those for "not applicable" included."""
        return CODES_OF_SCALE_KIND[self.kind]

    @cached_property
    def applicable_codes(self) -> frozenset[int]:
        """The codes that count in an index."""
        return self.codes - frozenset(self.not_applicable)


class Element(FrozenModel):
    """A group of rated items of an index."""

    id: Identifier
    title: Text
    weight: Annotated[float, Field(strict=True, gt=0, le=1, allow_inf_nan=False)] | None = None


class Index(FrozenModel):
    """How the rated items make one index, and which codes count as satisfied."""

    composition: Composition = "pooled"
    satisfied: Annotated[tuple[RatingCode, ...], Field(min_length=1)]
    elements: Annotated[tuple[Element, ...], Field(min_length=1)]


class Introduction(FrozenModel):
    """What a respondent is told before the first question."""

    who: Text
    why: Text
    duration: Text
    voluntary: Text
    anonymous: Text
    contact: Text


YES_NO_OPTIONS: Final = (
    Option(code="yes", label=Text(vi="Có", en="Yes")),
    Option(code="no", label=Text(vi="Không", en="No")),
)
