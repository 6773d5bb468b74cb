"""Cases that Schemathesis makes of the interface's description, made to fit what an installation has.

A description cannot know the codes of a round or of a device, so that nearly every case made from it alone
would be turned away at the first look-up, and what lies behind it would never be tried.
"""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any
from uuid import uuid4

from schemathesis import Case

from survey.services.assignments import import_assignments
from survey.services.calendar import local_date, now
from survey.services.devices import create_device, pair_device, renew_pairing
from survey.store.database import Database, Session

INTERVIEWERS = ("/api/v1/assignments", "/api/v1/visits")


@dataclass(frozen=True)
class Installation:
    """An open round with a kiosk, an interviewer with one address, and a device that is not paired yet."""

    database: Database
    place: dict[str, Any]
    fill: Callable[[Random], dict[str, Any]]
    kiosk: str
    interviewer: str
    to_be_paired: str
    assignment: int

    def credential_for(self, path: str) -> str:
        return self.interviewer if path in INTERVIEWERS else self.kiosk

    def make_fit(self, case: Case, seed: int) -> None:
        """Put what exists in place of what was made up, where the body is of the right shape otherwise."""
        if not isinstance(case.body, dict):
            return
        if case.path == "/api/v1/responses":
            case.body |= {**self.place, "answers": self.fill(Random(seed))}
            case.body.pop("invitation", None)
            if seed % 4:
                case.body["id"] = str(uuid4())
        elif case.path == "/api/v1/visits":
            case.body |= {"assignment": self.assignment, "visited_on": local_date(now()).isoformat()}
        elif case.path == "/api/v1/device/pairing":
            with self.database.write() as session:
                case.body["code"] = renew_pairing(session, self.to_be_paired, now=now())


def furnish(
    database: Database, place: dict[str, Any], fill: Callable[[Random], dict[str, Any]]
) -> Installation:
    """Enrol and pair the devices of a round that is open."""
    with database.write() as session:
        _, kiosk = _enrol(session, place, "kiosk")
        walker, interviewer = _enrol(session, place, "interviewer")
        spare, _ = _enrol(session, place, "kiosk")
        row = f"1,{place['questionnaire']},{place['unit']},Nhà số 1,,{walker}"
        import_assignments(
            session, place["round"], f"number,questionnaire,unit,place,note,device\n{row}\n".encode()
        )
        return Installation(
            database=database,
            place=place,
            fill=fill,
            kiosk=pair_device(session, kiosk, now()).credential,
            interviewer=pair_device(session, interviewer, now()).credential,
            to_be_paired=spare,
            assignment=1,
        )


def _enrol(session: Session, place: dict[str, Any], kind: str) -> tuple[str, str]:
    """Its code and its pairing code."""
    device, pairing_code = create_device(
        session,
        round_code=place["round"],
        unit_code=place["unit"],
        kind=kind,
        name="Thiết bị",
        pin="123456",
        now=now(),
    )
    return device.code, pairing_code
