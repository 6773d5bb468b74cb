"""Publishing questionnaires, and getting a published one as its model."""

from datetime import date

from questionnaires.loader import parse_questionnaire
from questionnaires.model import Questionnaire
from survey.models import QuestionnaireVersion
from survey.services.problems import QuestionnaireChanged
from survey.store import questionnaires as store
from survey.store.database import Session


def publish(session: Session, questionnaire: Questionnaire, today: date) -> QuestionnaireVersion:
    """Store a version once; the same version with other content is refused."""
    stored = store.find_version(session, questionnaire.id, questionnaire.version)
    if stored is None:
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


def get_questionnaire(session: Session, version_id: int, digest: str) -> Questionnaire:
    """The model of a published version; parsed once a process, since it never changes."""
    cached = _PARSED.get(digest)
    if cached is None:
        cached = parse_questionnaire(store.fetch_document(session, version_id))
        _PARSED[digest] = cached
    return cached


_PARSED: dict[str, Questionnaire] = {}
