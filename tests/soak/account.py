"""What was acknowledged against what is stored."""

from dataclasses import dataclass

from sqlalchemy import select

from survey.models import Response
from survey.services.responses import encode_ratings
from survey.store.database import Database
from tests.factories import shipped_form
from tests.soak.application import FORM_ID
from tests.soak.clients import Tally, answers_of


@dataclass(frozen=True)
class Account:
    """Counts of one run. `faults` names each way in which it was not exactly once."""

    sent: int
    attempts: int
    acknowledged: int
    stored: int
    duplicates: int
    lost: int
    altered: int

    @property
    def faults(self) -> list[str]:
        found = []
        if self.lost:
            found.append(f"{self.lost} acknowledged responses are not stored")
        if self.duplicates:
            found.append(f"{self.duplicates} responses are stored twice")
        if self.altered:
            found.append(f"{self.altered} stored responses differ from what was sent")
        if self.acknowledged < self.sent:
            found.append(f"{self.sent - self.acknowledged} responses were never acknowledged")
        if self.stored > self.sent:
            found.append(f"{self.stored - self.sent} responses are stored that nobody sent")
        return found

    def __str__(self) -> str:
        counts = (
            f"sent {self.sent} in {self.attempts} attempts, acknowledged {self.acknowledged}, "
            f"stored {self.stored}, duplicates {self.duplicates}, lost {self.lost}, altered {self.altered}"
        )
        return counts + "".join(f"; FAULT: {fault}" for fault in self.faults)


def settle(database_url: str, tally: Tally) -> Account:
    """Read back everything that is stored and compare it with what the clients know."""
    database = Database(database_url)
    with database.read() as session:
        stored = session.execute(select(Response.id, Response.ratings)).all()
    database.dispose()
    questionnaire = shipped_form(FORM_ID)
    ids = {response_id for response_id, _ratings in stored}
    altered = sum(
        ratings != encode_ratings(questionnaire, answers_of(response_id)) for response_id, ratings in stored
    )
    return Account(
        sent=len(tally.sent),
        attempts=tally.attempts,
        acknowledged=len(tally.acknowledged),
        stored=len(stored),
        duplicates=len(stored) - len(ids),
        lost=len(tally.acknowledged - ids),
        altered=altered,
    )
