"""The places where the interviewers of the demonstration were, also those where they were in vain."""

from collections.abc import Sequence
from uuid import UUID

import numpy as np

from survey.models import Assignment
from survey.services.demonstration.anomalies import Arrival
from survey.services.dispositions import COMPLETED, kept_day
from survey.services.round_forms import get_round_form
from survey.store import assignments as store
from survey.store import rounds
from survey.store.database import Session

# For each interview so many visits that ended otherwise.
_IN_VAIN = (("not_at_home", 0.2), ("refused", 0.1), ("not_eligible", 0.05))


def add_visits(
    session: Session, round_code: str, form_id: str, arrivals: Sequence[Arrival], rng: np.random.Generator
) -> None:
    """A place and a completed visit for each interview, shuffled among others that were made in vain."""
    interviews = [arrival for arrival in arrivals if arrival.new.channel == "interviewer"]
    made = [(arrival, COMPLETED) for arrival in interviews]
    for outcome, share in _IN_VAIN:
        made += [(arrival, outcome) for arrival in interviews if rng.random() < share]
    order = rng.permutation(len(made)).tolist()
    form = get_round_form(session, round_code, form_id)
    units = rounds.list_round_units(session, form.survey_round.id, form.version_id)
    unit_ids = {unit.code: unit.id for unit in units}
    places = [
        Assignment(
            round_id=form.survey_round.id,
            questionnaire_version_id=form.version_id,
            unit_id=unit_ids[made[place][0].new.unit_code],
            number=f"{form_id}-{number:04d}",
            place=f"Địa chỉ minh họa {number}",
            note="",
            device_id=None,
        )
        for number, place in enumerate(order, start=1)
    ]
    store.add_assignments(session, places)
    for assignment, place in zip(places, order, strict=True):
        arrival, outcome = made[place]
        day = kept_day(outcome, arrival.on)
        visit = {
            "id": UUID(bytes=rng.bytes(16), version=4),
            "assignment_id": assignment.id,
            "outcome": outcome,
        }
        store.add_visit(session, {**visit, "visited_on": day, "received_on": day})
