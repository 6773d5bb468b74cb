"""What was entered into a form that its round takes no more, shown to who entered it."""

from typing import Any

from flask import Response

from questionnaires.model import Answers, Questionnaire
from survey.services.problems import SurveyError
from survey.web.errors import show_survey_error
from survey.web.forms.answers import RawAnswers
from survey.web.question_fields import Labels, build_fields


def show_entered(
    error: SurveyError,
    questionnaire: Questionnaire,
    raw: RawAnswers,
    answers: Answers,
    labels: Labels,
    **context: Any,
) -> Response:
    """The page of the refusal with the answers below it."""
    entered = [question for question in questionnaire.questions if any(raw.get(question.id, ()))]
    fields = build_fields(entered, raw, answers, labels)
    return show_survey_error(
        error, "respond/closed.html", questionnaire=questionnaire, fields=fields, **context
    )
