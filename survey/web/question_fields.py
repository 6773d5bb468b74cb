"""What a template needs to draw a question: its words, what was answered, and what is wrong with it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from questionnaires.model import Answers, Option, Question, Scale, ScaleOption, Text
from questionnaires.problems import Problem
from survey.web.forms.answers import RawAnswers, field_name
from survey.web.sentences import sentence_about

# A face shows what the words beside it say, wherever they stand in their scale.
_FACES = {
    "Rất không hài lòng": 1,
    "Không hài lòng": 2,
    "Bình thường": 3,
    "Hài lòng": 4,
    "Rất hài lòng": 5,
}

_MOST_DIGITS = 10

Labels = Mapping[str, Sequence[tuple[str, Text]]]


@dataclass(frozen=True)
class ListedOption:
    """An option that comes from the catalogue."""

    code: str
    label: Text


AnyOption = Option | ScaleOption | ListedOption


@dataclass(frozen=True)
class QuestionField:
    """One question as it stands on a page. `number` counts from 1 on the page it stands on."""

    id: str
    question_id: str
    kind: str
    number: int
    text: Text
    hint: Text | None
    is_required: bool
    options: tuple[AnyOption, ...]
    values: tuple[str, ...]
    scale_id: str | None = None
    scale: Scale | None = None
    unit_label: Text | str | None = None
    length_limit: int | None = None
    error: str | None = None

    @property
    def value(self) -> str | None:
        return self.values[0] if self.values else None

    @property
    def not_applicable(self) -> tuple[int, ...]:
        return self.scale.not_applicable if self.scale else ()

    @property
    def faces(self) -> dict[int | str, int]:
        """The face of each level, 1 to 5; none where the words of one have no face."""
        if self.scale is None:
            return {}
        rated = [option for option in self.scale.options if option.code not in self.not_applicable]
        faces = {option.code: _FACES.get(option.label.vi.partition(" / ")[0]) for option in rated}
        return {code: level for code, level in faces.items() if level} if all(faces.values()) else {}

    @property
    def is_numeric(self) -> bool:
        return self.kind in ("number", "percentage")

    @property
    def entered_number(self) -> int | None:
        """The number that was entered; None for what cannot be read as one."""
        text = self.value or ""
        return int(text) if self.is_numeric and text.isdecimal() and len(text) < _MOST_DIGITS else None

    @property
    def chosen_labels(self) -> tuple[Text, ...]:
        """The words of the chosen options."""
        return tuple(option.label for option in self.options if str(option.code) in self.values)


@dataclass(frozen=True)
class FieldGroup:
    """Neighbouring ratings of one scale share the heads of their columns; any other question stands alone."""

    scale: Scale | None
    fields: tuple[QuestionField, ...]


def build_fields(
    questions: Iterable[Question], raw: RawAnswers, answers: Answers, labels: Labels, *, first_number: int = 1
) -> list[QuestionField]:
    """`raw` is what stands in the controls; `answers` decides between variants of a wording."""
    return [
        QuestionField(
            id=field_name(question.id),
            question_id=question.id,
            kind=question.kind,
            number=number,
            text=question.text_for(answers),
            hint=question.hint,
            is_required=question.required,
            options=_options(question, labels),
            values=tuple(raw.get(question.id, ())),
            scale_id=question.scale,
            scale=question.rating_scale,
            unit_label=question.unit_label or ("%" if question.kind == "percentage" else None),
            length_limit=question.length_limit,
        )
        for number, question in enumerate(questions, start=first_number)
    ]


def mark_problems(
    fields: Iterable[QuestionField],
    questions: Mapping[str, Question],
    problems: Iterable[Problem],
    *,
    is_pupil: bool,
) -> list[QuestionField]:
    """The same fields, each with the sentence about its first problem."""
    first = {problem.path: problem for problem in reversed(list(problems))}
    return [
        replace(
            field,
            error=sentence_about(
                first[field.question_id], questions[field.question_id], field.number, is_pupil=is_pupil
            ),
        )
        if field.question_id in first
        else field
        for field in fields
    ]


def list_errors(fields: Iterable[QuestionField]) -> list[tuple[str, str]]:
    """Field and sentence, for the summary on top of the page."""
    return [(field.id, field.error) for field in fields if field.error]


def group_fields(fields: Iterable[QuestionField]) -> list[FieldGroup]:
    shared = groupby(fields, key=lambda field: field.scale_id or field.id)
    groups = [tuple(members) for _key, members in shared]
    return [FieldGroup(members[0].scale, members) for members in groups]


def _options(question: Question, labels: Labels) -> tuple[AnyOption, ...]:
    listed = (ListedOption(code, label) for code, label in labels.get(question.id, ()))
    return (*listed, *question.options)
