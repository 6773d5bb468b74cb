"""What must be known to judge a response: its place, its questionnaire, the procedure, the frame's cell.

Asked of the database each time, or remembered for a few seconds by a process that takes many responses.
"""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import date
from typing import Final, TypeVar, cast

from questionnaires.model import Questionnaire
from survey.services import devices
from survey.services.devices import DeviceAccess
from survey.services.problems import UnitUnknown
from survey.services.questionnaires import get_questionnaire
from survey.services.round_forms import get_round_form
from survey.store import catalogue, rounds
from survey.store.database import Session
from survey.store.rounds import Place

_MOST_KEPT: Final = 20_000
_Answer = TypeVar("_Answer")
_Key = tuple[object, ...]
Reading = Callable[[], AbstractContextManager[Session]]


class NotRemembered(Exception):
    """Only the database knows it."""


class Lookups:
    """Answers from one session."""

    def __init__(self, session: Session) -> None:
        self._reading: Reading = lambda: nullcontext(session)

    def get_place(self, round_code: str, form_id: str, unit_code: str) -> Place:
        """Raises for the first part that does not exist."""
        with self._reading() as session:
            place = rounds.find_place(session, round_code, form_id, unit_code)
            if place is None:
                get_round_form(session, round_code, form_id, unit_code)
                raise UnitUnknown(unit_code)
            return place

    def get_questionnaire(self, place: Place) -> Questionnaire:
        with self._reading() as session:
            return get_questionnaire(session, place.version_id, place.digest)

    def find_procedure(self, code: str, on: date) -> tuple[int, str] | None:
        """Id and sector of a procedure."""
        if not code.isprintable():  # PostgreSQL takes no NUL in a text
            return None
        with self._reading() as session:
            return catalogue.find_procedure(session, code, on)

    def list_procedures_between(self, code: str, first: date, last: date) -> list[tuple[int, str]]:
        """Id and sector of whatever the code named on any of these days, the latest first."""
        if not code.isprintable():
            return []
        with self._reading() as session:
            return catalogue.list_procedures_between(session, code, first, last)

    def find_design_fields(self, place: Place, sector_code: str) -> tuple[str | None, str | None]:
        """Stratum and PSU."""
        with self._reading() as session:
            return rounds.find_design_fields(
                session, place.round_id, place.version_id, place.unit_id, sector_code
            )


class RememberedLookups(Lookups):
    """Answers that may be a few seconds old, shared by the threads of a process.

    Safe, because an old answer is never the last word. Where the round and the device stand is read again in
    the transaction that writes; what is refused is judged again by a fresh look; what does not exist is not
    remembered. What is left, a procedure or a cell of the frame replaced within these seconds, is as if the
    response had come by so much earlier.
    """

    def __init__(
        self,
        reading: Reading,
        *,
        seconds: float = 5,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._reading = reading
        self._seconds = seconds
        self._clock = clock
        # Without a lock: each step is one operation on a dict, and a lost entry is asked again.
        self._kept: dict[_Key, tuple[float, object]] = {}

    def get_place(self, round_code: str, form_id: str, unit_code: str) -> Place:
        ask = super().get_place
        key = ("place", round_code, form_id, unit_code)
        return self._remember(key, lambda: ask(round_code, form_id, unit_code))

    def get_questionnaire(self, place: Place) -> Questionnaire:
        ask = super().get_questionnaire
        return self._remember(("questionnaire", place.digest), lambda: ask(place))

    def find_procedure(self, code: str, on: date) -> tuple[int, str] | None:
        ask = super().find_procedure
        return self._remember(("procedure", code, on), lambda: ask(code, on))

    def list_procedures_between(self, code: str, first: date, last: date) -> list[tuple[int, str]]:
        ask = super().list_procedures_between
        key = ("procedures", code, first, last)
        return self._remember(key, lambda: ask(code, first, last))

    def find_design_fields(self, place: Place, sector_code: str) -> tuple[str | None, str | None]:
        ask = super().find_design_fields
        key = ("cell", place.round_id, place.version_id, place.unit_id, sector_code)
        return self._remember(key, lambda: ask(place, sector_code))

    def find_device(self, credential: str) -> DeviceAccess | None:
        """The device with this credential, also one that was withdrawn."""

        def ask() -> DeviceAccess | None:
            with self._reading() as session:
                return devices.find_device(session, credential)

        return self._remember(("device", credential), ask)

    def _remember(self, key: _Key, ask: Callable[[], _Answer]) -> _Answer:
        found, now = self._kept.get(key), self._clock()
        if found is not None and now < found[0]:
            return cast(_Answer, found[1])
        answer = ask()
        if answer is not None:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            self._kept[key] = (now + self._seconds, answer)
        return answer


class KnownLookups(RememberedLookups):
    """What another one remembers now; asks nothing, so that it never waits. Raises `NotRemembered`."""

    def __init__(self, others: RememberedLookups) -> None:
        super().__init__(others._reading, seconds=others._seconds, clock=others._clock)
        self._kept = others._kept

    def _remember(self, key: _Key, ask: Callable[[], _Answer]) -> _Answer:
        found = self._kept.get(key)
        if found is None or self._clock() >= found[0]:
            raise NotRemembered
        return cast(_Answer, found[1])
