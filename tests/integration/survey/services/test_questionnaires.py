"""Publishing: a version once, never changed, with codes that the catalogue knows."""

from datetime import date

import pytest
from sqlalchemy import select

from questionnaires.loader import load_shipped, parse_questionnaire
from survey.models import QuestionnaireVersion
from survey.services.installation import is_empty, publish_shipped
from survey.services.problems import MeasureUnknown, QuestionnaireChanged, SurveyError
from survey.services.questionnaires import get_questionnaire, publish
from survey.store.database import Session
from tests.factories import SHIPPED_FORMS, load_catalogue, publish_document
from tests.rounds import SMALL, small_document


def versions(session: Session) -> list[QuestionnaireVersion]:
    return list(session.scalars(select(QuestionnaireVersion).order_by(QuestionnaireVersion.id)))


def test_published_version_comes_back_as_it_was(session: Session) -> None:
    load_catalogue(session)
    questionnaire = publish_document(session, small_document())

    (version,) = versions(session)

    assert (version.form_id, version.version, version.measure_code) == (SMALL, 1, "sipas")
    assert version.digest == questionnaire.digest()
    assert get_questionnaire(session, version.id, version.digest) == questionnaire
    session.expire_all()
    assert parse_questionnaire(versions(session)[0].document) == questionnaire


def test_publishing_again_changes_nothing(session: Session) -> None:
    load_catalogue(session)
    publish_document(session, small_document(), date(2026, 1, 2))

    publish_document(session, small_document(), date(2026, 9, 9))

    assert [version.published_on for version in versions(session)] == [date(2026, 1, 2)]


def test_changed_wording_needs_a_new_version(session: Session) -> None:
    load_catalogue(session)
    publish_document(session, small_document())
    document = small_document()
    document["sections"][0]["questions"][0]["text"]["vi"] = "Câu hỏi khác"

    with pytest.raises(QuestionnaireChanged):
        publish(session, parse_questionnaire(document), date(2026, 1, 2))

    document["version"] = 2
    publish(session, parse_questionnaire(document), date(2026, 1, 2))
    assert [version.version for version in versions(session)] == [1, 2]


def test_unknown_measure_is_refused(session: Session) -> None:
    load_catalogue(session)

    with pytest.raises(MeasureUnknown):
        publish_document(session, small_document(measure="weather"))

    assert versions(session) == []


def test_unknown_sector_is_refused(session: Session) -> None:
    load_catalogue(session)

    with pytest.raises(SurveyError) as caught:
        publish_document(session, small_document(sectors=("land", "sea")))

    assert caught.value.params == {"reason": "sector_unknown", "sector_code": "sea"}
    assert versions(session) == []


def test_installation_publishes_every_version_of_every_shipped_form_once(session: Session) -> None:
    load_catalogue(session)

    publish_shipped(session, date(2026, 1, 2))
    publish_shipped(session, date(2026, 9, 9))

    published = sorted((version.form_id, version.version) for version in versions(session))
    assert published == sorted((form.id, form.version) for form in load_shipped())
    assert {form_id for form_id, _ in published} == set(SHIPPED_FORMS)


def test_installation_without_a_catalogue_is_empty(session: Session) -> None:
    assert is_empty(session)

    load_catalogue(session)

    assert not is_empty(session)
