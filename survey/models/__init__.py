"""Tables, columns and constraints; no queries."""

from survey.models.account import Account
from survey.models.base import Base
from survey.models.catalogue import Measure, Procedure, Sector, Target, TargetSet, Unit
from survey.models.device import Device, FormerCredential
from survey.models.fieldwork import FrameCell, RoundUnit, SurveyRound
from survey.models.interviews import Assignment, Visit
from survey.models.invitation import Invitation, InvitationBatch
from survey.models.paper import PaperBatch, PaperKeying, PaperResult, PaperWorkbook
from survey.models.quality import QualityThreshold, QualityThresholdChange
from survey.models.questionnaire import QuestionnaireVersion
from survey.models.response import QuarantinedResponse, Response, ResponseDraft

__all__ = [
    "Account",
    "Assignment",
    "Base",
    "Device",
    "FormerCredential",
    "FrameCell",
    "Invitation",
    "InvitationBatch",
    "Measure",
    "PaperBatch",
    "PaperKeying",
    "PaperResult",
    "PaperWorkbook",
    "Procedure",
    "QualityThreshold",
    "QualityThresholdChange",
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
    "Visit",
]
