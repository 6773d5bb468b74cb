"""A tolerant view of a raw document, for the semantic checks.

A document that pydantic refuses is still looked at: whatever has the expected
shape is in the outline, whatever has not is left out, for pydantic reports it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from questionnaires.problems import Location
from questionnaires.values import CODES_OF_SCALE_KIND, FIELDS_OF_KIND, QuestionKind, ScaleKind


def as_mapping(value: object) -> Mapping[str, object]:
    """Return the value if it is a mapping, else an empty one."""
    return value if isinstance(value, Mapping) else {}


def as_list(value: object) -> list[object]:
    """Return the value if it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def as_text(value: object) -> str | None:
    """Return the value if it is text, else None."""
    return value if isinstance(value, str) else None


def is_code(value: object) -> bool:
    """Say whether the value can be a rating's code."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 9


@dataclass(frozen=True)
class Entry:
    """One mapping of the document and where it is."""

    location: Location
    raw: Mapping[str, object]

    @property
    def id(self) -> str | None:
        """The id, None where it is missing or not text."""
        return as_text(self.raw.get("id"))

    def list_entries(self, field: str) -> list[Entry]:
        """Return the mappings in the list under a field."""
        return [
            Entry((*self.location, field, place), value)
            for place, value in enumerate(as_list(self.raw.get(field)))
            if isinstance(value, Mapping)
        ]

    def has(self, field: str) -> bool:
        """Say whether the field is there and not null."""
        return self.raw.get(field) is not None


@dataclass(frozen=True)
class ScaleEntry(Entry):
    """A scale of the document."""

    @property
    def kind(self) -> ScaleKind | None:
        """The kind, None where it is not a known one."""
        kind = self.raw.get("kind")
        return next((known for known in CODES_OF_SCALE_KIND if known == kind), None)

    @property
    def not_applicable(self) -> frozenset[int]:
        """The codes marked as not applicable."""
        codes = as_list(self.raw.get("not_applicable"))
        return frozenset(code for code in codes if isinstance(code, int))


@dataclass(frozen=True)
class QuestionEntry(Entry):
    """A question of the document, with its place among all questions."""

    position: int

    @property
    def kind(self) -> QuestionKind | None:
        """The kind, None where it is not a known one."""
        kind = self.raw.get("kind")
        return next((known for known in FIELDS_OF_KIND if known == kind), None)


@dataclass(frozen=True)
class SectionEntry(Entry):
    """A section of the document, with its questions."""

    first_position: int
    questions: tuple[QuestionEntry, ...]


class Outline:
    """The parts of a raw document that can be looked at."""

    def __init__(self, document: object) -> None:
        self.root = Entry((), as_mapping(document))
        self.sections = self._list_sections()
        self.questions = [question for section in self.sections for question in section.questions]

    def _list_sections(self) -> list[SectionEntry]:
        sections: list[SectionEntry] = []
        position = 0
        for section in self.root.list_entries("sections"):
            entries = section.list_entries("questions")
            questions = tuple(
                QuestionEntry(entry.location, entry.raw, position + place)
                for place, entry in enumerate(entries)
            )
            sections.append(SectionEntry(section.location, section.raw, position, questions))
            position += len(questions)
        return sections

    @cached_property
    def scales(self) -> dict[str, ScaleEntry]:
        """The scales under their names."""
        scales = as_mapping(self.root.raw.get("scales"))
        return {
            name: ScaleEntry(("scales", name), scale)
            for name, scale in scales.items()
            if isinstance(scale, Mapping)
        }

    @cached_property
    def index(self) -> Entry | None:
        """The index, None where there is none."""
        index = self.root.raw.get("index")
        return Entry(("index",), index) if isinstance(index, Mapping) else None

    @cached_property
    def elements(self) -> list[Entry]:
        """The elements of the index."""
        return self.index.list_entries("elements") if self.index is not None else []

    @cached_property
    def rated(self) -> list[QuestionEntry]:
        """The rating questions."""
        return [question for question in self.questions if question.kind == "rating"]

    @cached_property
    def items(self) -> list[QuestionEntry]:
        """The rating questions that name an element."""
        return [question for question in self.rated if question.has("element")]

    @cached_property
    def questions_by_id(self) -> dict[str, QuestionEntry]:
        """The first question of each id."""
        found: dict[str, QuestionEntry] = {}
        for question in self.questions:
            if question.id is not None:
                found.setdefault(question.id, question)
        return found

    def scale_of(self, question: QuestionEntry) -> ScaleEntry | None:
        """Return the scale that a rating names, None where there is none."""
        name = as_text(question.raw.get("scale"))
        return self.scales.get(name) if name is not None else None
