"""Publishing questionnaires, and getting a published one as its model."""

from datetime import date

from questionnaires.loader import parse_questionnaire
from questionnaires.model import Questionnaire
from survey.models import QuestionnaireVersion
from survey.services.problems import MeasureUnknown, QuestionnaireChanged, SurveyError
from survey.store import catalogue
from survey.store import questionnaires as store
from survey.store.database import Session


def publish(session: Session, questionnaire: Questionnaire, today: date) -> QuestionnaireVersion:
    """Store a version once; the same version with other content is refused."""
    stored = store.find_version(session, questionnaire.id, questionnaire.version)
    if stored is None:
        _require_known_codes(session, questionnaire)
        version = QuestionnaireVersion(
            form_id=questionnaire.id,
            version=questionnaire.version,
            digest=questionnaire.digest(),
            document=questionnaire.document(),
            measure_code=questionnaire.measure,
            published_on=today,
        )
        return store.add_version(session, version)
    if stored.digest != questionnaire.digest():
        raise QuestionnaireChanged(questionnaire.id, questionnaire.version)
    return stored


def _require_known_codes(session: Session, questionnaire: Questionnaire) -> None:
    """Measure and sectors must be in the catalogue; else its responses could not be stored."""
    measures = {measure.code for measure in catalogue.list_measures(session)}
    if questionnaire.measure is not None and questionnaire.measure not in measures:
        raise MeasureUnknown(questionnaire.measure)
    question = questionnaire.question_with_role("sector")
    sectors = {sector.code for sector in catalogue.list_sectors(session)}
    for code in question.option_codes if question else ():
        if code not in sectors:
            raise SurveyError(reason="sector_unknown", sector_code=code)


def get_questionnaire(session: Session, version_id: int, digest: str) -> Questionnaire:
    """The model of a published version; parsed once a process, since it never changes."""
    cached = _PARSED.get(digest)
    if cached is None:
        cached = parse_questionnaire(store.fetch_document(session, version_id))
        _PARSED[digest] = cached
    return cached


_PARSED: dict[str, Questionnaire] = {}
