"""Tables, columns and constraints; no queries."""

from survey.models.account import Account
from survey.models.base import Base
from survey.models.catalogue import Measure, Procedure, Sector, Target, TargetSet, Unit
from survey.models.fieldwork import FrameCell, RoundUnit, SurveyRound
from survey.models.questionnaire import QuestionnaireVersion
from survey.models.response import QuarantinedResponse, Response, ResponseDraft

__all__ = [
    "Account",
    "Base",
    "FrameCell",
    "Measure",
    "Procedure",
    "QuarantinedResponse",
    "QuestionnaireVersion",
    "Response",
    "ResponseDraft",
    "RoundUnit",
    "Sector",
    "SurveyRound",
    "Target",
    "TargetSet",
    "Unit",
]
