"""What a new installation starts with: the catalogue and the questionnaires that come with the product."""

from datetime import date

from questionnaires.loader import load_shipped
from survey.services.questionnaires import publish
from survey.store import catalogue
from survey.store.database import Session


def is_empty(session: Session) -> bool:
    """Whether no catalogue has been loaded yet."""
    return not catalogue.list_measures(session)


def publish_shipped(session: Session, today: date) -> None:
    """Publish the shipped questionnaires; versions that are published already stay as they are."""
    for questionnaire in load_shipped():
        publish(session, questionnaire, today)
