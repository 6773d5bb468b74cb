"""A questionnaire as it is asked in a round: found by the codes that stand in links."""

from dataclasses import dataclass
from datetime import date

from questionnaires.model import Questionnaire, Text
from survey.models import SurveyRound, Unit
from survey.services.problems import QuestionnaireUnknown, RoundNotOpen, RoundUnknown, UnitUnknown
from survey.services.questionnaires import get_questionnaire
from survey.store import catalogue, rounds
from survey.store.database import Session
from survey.store.rounds import Place, Standing


@dataclass(frozen=True)
class RoundForm:
    """A round, one of its questionnaires and, where one is named, a unit."""

    survey_round: SurveyRound
    version_id: int
    questionnaire: Questionnaire
    unit: Unit | None = None

    @property
    def round_code(self) -> str:
        return self.survey_round.code

    @property
    def round_title(self) -> Text:
        return Text(vi=self.survey_round.title, en=self.survey_round.title_en)

    @property
    def contact(self) -> Text | None:
        return contact_of(self.survey_round)

    @property
    def unit_name(self) -> Text | None:
        return Text(vi=self.unit.name, en=self.unit.name_en) if self.unit else None

    @property
    def is_demonstration(self) -> bool:
        return self.survey_round.is_demonstration


def contact_of(survey_round: SurveyRound) -> Text | None:
    """Whom respondents of this round can ask; None where the round names nobody."""
    if survey_round.contact is None:
        return None
    return Text(vi=survey_round.contact, en=survey_round.contact_en or survey_round.contact)


def get_round(session: Session, round_code: str) -> SurveyRound:
    survey_round = rounds.find_round(session, round_code)
    if survey_round is None:
        raise RoundUnknown(round_code)
    return survey_round


def require_open(
    survey_round: SurveyRound | Place | Standing, today: date, *, begun_on: date | None = None
) -> None:
    """Raise `RoundNotOpen` unless it takes answers; what was begun in time is taken until it is closed."""
    last = min(today, begun_on or today)
    if survey_round.status != "open" or today < survey_round.opens_on or last > survey_round.closes_on:
        raise RoundNotOpen(
            survey_round.code, survey_round.opens_on, survey_round.closes_on, survey_round.status
        )


def get_round_form(
    session: Session, round_code: str, form_id: str, unit_code: str | None = None
) -> RoundForm:
    """Find what a link names; raise for the first part that does not exist."""
    survey_round = get_round(session, round_code)
    form = next(
        (form for form in rounds.list_forms(session, survey_round.id) if form.form_id == form_id), None
    )
    if form is None:
        raise QuestionnaireUnknown(form_id)
    questionnaire = get_questionnaire(session, form.version_id, form.digest)
    if unit_code is None:
        return RoundForm(survey_round, form.version_id, questionnaire)
    unit = rounds.find_round_unit(session, survey_round.id, form.version_id, unit_code)
    if unit is None:
        raise UnitUnknown(unit_code)
    return RoundForm(survey_round, form.version_id, questionnaire, unit)


def list_procedure_choices(
    session: Session, questionnaire: Questionnaire, sector_code: str | None, on: date
) -> dict[str, list[tuple[str, Text]]]:
    """The catalogue's procedures of a sector, for the question that asks for one."""
    question = questionnaire.question_with_role("procedure")
    if question is None:
        return {}
    procedures = catalogue.list_procedures(session, on, sector_code)
    return {question.id: [(row.code, Text(vi=row.name, en=row.name_en)) for row in procedures]}
