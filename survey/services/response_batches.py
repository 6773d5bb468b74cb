"""Many responses, one durable commit: what the threads of a process have to store is written together.

A commit waits for the disk, however much it carries. So whoever comes while one is under way waits in a
queue, and the first of the queue writes all that wait in one transaction. Nobody is answered before that
commit.
"""

import logging
import threading
from collections import deque
from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from survey.services.calendar import local_date
from survey.services.delivered_responses import Delivery, build_response, local_hour
from survey.services.deliveries import REFUSALS, settle_refusal
from survey.services.devices import DeviceAccess
from survey.services.problems import AnswersRefused, DeviceWithdrawn, RoundNotOpen
from survey.services.response_lookups import RememberedLookups
from survey.services.responses import (
    CheckedResponse,
    NewResponse,
    Receipt,
    check_response_to_store,
    check_with,
    receipt_number,
    submit_response,
)
from survey.services.round_forms import require_open
from survey.store import devices, rounds
from survey.store import responses as store
from survey.store.database import Database, DatabaseUnreachable, Session

MOST_IN_A_BATCH = 200
_log = logging.getLogger(__name__)


class _Waiting:
    """One response in the queue. Its thread sleeps on `turn` until it was stored, or has to lead."""

    __slots__ = ("checked", "is_leader", "is_stored", "outage", "today", "turn")

    def __init__(self, checked: CheckedResponse, today: date) -> None:
        self.checked = checked
        self.today = today
        self.is_leader = False
        self.is_stored = False
        self.outage: DatabaseUnreachable | None = None
        self.turn = threading.Lock()
        self.turn.acquire()


class ResponseBatches:
    """Stores the responses of one process. It makes no thread of its own, and may be made before a fork.

    Each response is written by a thread that has to answer for one, so that a server that waits for its
    requests at shutdown leaves none behind.
    """

    def __init__(self, database: Database, lookups: RememberedLookups | None = None) -> None:
        self._database = database
        self.lookups = lookups or RememberedLookups(database)
        self._guard = threading.Lock()
        self._queue: deque[_Waiting] = deque()
        self._is_led = False

    def deliver(
        self, delivery: Delivery, access: DeviceAccess | None, *, selection: str, now: datetime
    ) -> Receipt:
        """`survey.services.deliveries.deliver`, together with others."""
        try:
            new = build_response(self.lookups, delivery, access, selection=selection, now=now)
            return self.submit(new, today=local_date(now), hour=local_hour(now))
        except REFUSALS as refusal:
            if access is None and not self._is_stored(delivery.response_id):
                raise
            with self._database.write() as session:
                return settle_refusal(session, delivery, access, refusal, selection=selection, now=now)

    def submit(self, new: NewResponse, *, today: date, hour: int | None = None) -> Receipt:
        """`submit_response`, together with others; the same receipts and the same refusals.

        Only the plain case is written together. A repeat, a conflict, a round closed or a device withdrawn in
        the meantime and a batch that failed are judged one by one, each in a transaction of its own.
        """
        try:
            checked = check_with(self.lookups, new, today=today, hour=hour)
        except (RoundNotOpen, AnswersRefused):
            self._confirm_refusal(new, today)
        else:
            waiting = _Waiting(checked, today)
            self._wait(waiting)
            if waiting.outage is not None:
                raise DatabaseUnreachable(str(waiting.outage)) from waiting.outage
            if waiting.is_stored:
                return Receipt(new.response_id, receipt_number(new.response_id), is_new=True)
        with self._database.write() as session:
            return _submit_alone(session, new, today, hour)

    def _is_stored(self, response_id: UUID) -> bool:
        with self._database.read() as session:
            return store.find_digest(session, response_id) is not None

    def _confirm_refusal(self, new: NewResponse, today: date) -> None:
        """Judge it by a fresh look; a response that is stored already is answered, whatever holds now."""
        with self._database.read() as session:
            if store.find_digest(session, new.response_id) is None:
                check_response_to_store(session, new, today=today)

    def _wait(self, mine: _Waiting) -> None:
        """Return once the response was stored, or once it is known that it has to be judged alone."""
        with self._guard:
            self._queue.append(mine)
            leads, self._is_led = not self._is_led, True
        if not leads:
            mine.turn.acquire()
            if not mine.is_leader:
                return
        self._lead()

    def _lead(self) -> None:
        """Write what waits, one's own first; then hand over to the next, or leave nobody in charge."""
        with self._guard:
            count = min(len(self._queue), MOST_IN_A_BATCH)
            batch = [self._queue.popleft() for _ in range(count)]
        try:
            self._write(batch)
        finally:
            with self._guard:
                following = self._queue[0] if self._queue else None
                self._is_led = following is not None
            if following is not None:
                following.is_leader = True
                following.turn.release()
            for waiting in batch[1:]:
                waiting.turn.release()

    def _write(self, batch: Sequence[_Waiting]) -> None:
        try:
            with self._database.write() as session:
                stored = _store_open(session, batch)
        except DatabaseUnreachable as outage:
            for waiting in batch:
                waiting.outage = outage
        except Exception as error:  # noqa: BLE001 - whatever it is, each of them meets it alone
            # One faulty row spoils the statement for all. Its text may quote answers: its kind is logged.
            _log.error("a batch of %s is stored one by one: %s", len(batch), type(error).__name__)
        else:
            for waiting in batch:
                waiting.is_stored = id(waiting) in stored


def _store_open(session: Session, batch: Sequence[_Waiting]) -> set[int]:
    """Store those whose round is open and whose device is in use; returns which were new, by identity."""
    standings = rounds.hold_rounds(session, {waiting.checked.place.round_id for waiting in batch})
    named = {waiting.checked.new.device.device_id for waiting in batch if waiting.checked.new.device}
    active = devices.list_active_ids(session, named) if named else set()
    chosen: dict[object, _Waiting] = {}
    for waiting in batch:
        new = waiting.checked.new
        standing = standings.get(waiting.checked.place.round_id)
        if standing is None or (new.device and new.device.device_id not in active):
            continue
        try:
            require_open(standing, waiting.today, begun_on=new.begun_on)
        except RoundNotOpen:
            continue
        chosen.setdefault(new.response_id, waiting)
    ids = store.add_responses(session, [waiting.checked.row for waiting in chosen.values()]) if chosen else ()
    return {id(chosen[response_id]) for response_id in ids}


def _submit_alone(session: Session, new: NewResponse, today: date, hour: int | None) -> Receipt:
    if new.device is not None and not devices.list_active_ids(session, [new.device.device_id]):
        raise DeviceWithdrawn(new.device.device_id)
    return submit_response(session, new, today=today, hour=hour)
