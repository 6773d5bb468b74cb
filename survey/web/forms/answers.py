"""A form class built from questions. The pages draw the fields with their own macros."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar
from uuid import UUID

from flask_wtf import FlaskForm
from wtforms import Field, Form, StringField
from wtforms.validators import ValidationError

from questionnaires.answer_values import clean_text
from questionnaires.answers import parse_answers, render_answers
from questionnaires.model import Answers, AnswerValue, Choices, Question, Questionnaire
from questionnaires.problems import Problem
from survey.services.responses import RANDOM_VERSION

PREFIX = "answer_"
FormClass = TypeVar("FormClass", bound=Form)
RawAnswers = Mapping[str, list[str]]


class AnswerField(Field):
    """What was sent for one question: a list of texts, empty where nothing was."""

    data: list[str]

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = [clean_text(value, lines=True) for value in valuelist]

    def process_data(self, value: Any) -> None:
        self.data = []


class ResponseIdField(Field):
    """The id that the page was made with, a random one; anything else is no id."""

    data: UUID | None

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            found = UUID(valuelist[0]) if valuelist else None
        except ValueError:
            found = None
        self.data = found if found is not None and found.version == RANDOM_VERSION else None

    def pre_validate(self, form: Form) -> None:
        if self.data is None:
            raise ValidationError("malformed")


class AnswersForm(FlaskForm):
    """`move` names the button that was pressed, `shown` the questions that the page had."""

    move = StringField()
    shown = StringField()

    def has_token(self) -> bool:
        """Whether the hidden token is the one that this browser was given."""
        return bool(self.validate())

    def raw_answers(self) -> dict[str, list[str]]:
        return {
            field.name.removeprefix(PREFIX): field.data for field in self if isinstance(field, AnswerField)
        }

    def shown_questions(self) -> set[str]:
        return set((self.shown.data or "").split())


class KeyingForm(AnswersForm):
    """What was keyed from paper; `state` is that of the keying that is being corrected.

    The others say what was confirmed: that a form is spoilt although answers are keyed (by deciding, with its
    number), that every answer was compared with the paper, that the sector is blank on it.
    """

    state = StringField()
    confirmed = StringField()
    typed_serial = StringField()
    compared = StringField()
    blank_sector = StringField()


class StartForm(FlaskForm):
    """Pressing "Start": the id was made with the page, so that a second press is the same response."""

    response_id = ResponseIdField()


class SingleScreenForm(AnswersForm):
    """A questionnaire that is one page: starting and sending are one press."""

    response_id = ResponseIdField()


class TokenForm(FlaskForm):
    """A deed without fields."""


def build_answers_form(questions: Iterable[Question], base: type[FormClass]) -> type[FormClass]:
    """A form class with one field a question."""
    fields = {field_name(question.id): AnswerField() for question in questions}
    return type(base.__name__, (base,), fields)


def field_name(question_id: str) -> str:
    """The prefix keeps the ids of questions apart from the token and the other parts of a page."""
    return PREFIX + question_id


def read_answers(
    questionnaire: Questionnaire, questions: Iterable[Question], raw: RawAnswers, choices: Choices
) -> tuple[dict[str, AnswerValue], list[Problem]]:
    """The readable answers of these questions, and a problem for each value that is none."""
    return parse_answers(questionnaire, raw, questions=questions, choices=choices)


def render_raw(questionnaire: Questionnaire, answers: Answers) -> dict[str, list[str]]:
    """Stored answers in the shape in which a form sends them."""
    rendered = render_answers(questionnaire, answers)
    return {name: value if isinstance(value, list) else [value] for name, value in rendered.items()}
