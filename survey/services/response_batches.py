"""Many responses, one durable commit: what arrives in a process's event loop is written together.

A commit waits for the disk, however much it carries. So whatever comes while one is under way waits in a
queue, and the next transaction takes all that wait. Nobody is answered before that commit.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from survey.services.problems import RoundNotOpen
from survey.services.responses import CheckedResponse
from survey.services.round_forms import require_open
from survey.store import devices, quarantine, rounds
from survey.store import responses as store
from survey.store.database import Database, Session

MOST_IN_A_BATCH = 200
_log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class _Waiting:
    """One response in the queue; `is_stored` becomes known with the commit."""

    checked: CheckedResponse
    today: date
    is_stored: asyncio.Future[bool]


class ResponseBatches:
    """Stores the responses that arrive in one event loop, by one thread at a time.

    It makes no thread and holds no connection before the first response: it may be made before a fork.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._queue: list[_Waiting] = []
        self._writing: asyncio.Task[None] | None = None

    async def store(self, checked: CheckedResponse, *, today: date) -> bool:
        """True once it was stored as new; False where `submit_response` has to judge it by itself.

        That is so for a repeat, a conflict, what staff have left aside, a round that was closed or a device
        that was withdrawn in the meantime, and for a batch that failed. What nobody waits for any more is
        stored all the same.
        """
        loop = asyncio.get_running_loop()
        waiting = _Waiting(checked, today, loop.create_future())
        self._queue.append(waiting)
        if self._writing is None:
            self._writing = loop.create_task(self._write_what_waits())
        return await waiting.is_stored

    async def _write_what_waits(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            while self._queue:
                batch, self._queue = self._queue[:MOST_IN_A_BATCH], self._queue[MOST_IN_A_BATCH:]
                stored = await loop.run_in_executor(None, self._write, batch)
                for waiting in batch:
                    # Whoever went away in the meantime has cancelled it.
                    if not waiting.is_stored.done():
                        waiting.is_stored.set_result(waiting in stored)
        finally:
            self._writing = None

    def _write(self, batch: Sequence[_Waiting]) -> set[_Waiting]:
        try:
            with self._database.write() as session:
                return _store_open(session, batch)
        except Exception as error:  # noqa: BLE001 - whatever it is, each of them meets it alone
            # One faulty row spoils the statement for all. Its text may quote answers: its kind is logged.
            _log.error("a batch of %s is stored one by one: %s", len(batch), type(error).__name__)
            return set()


def _store_open(session: Session, batch: Sequence[_Waiting]) -> set[_Waiting]:
    """Store those whose round is open and whose device is in use; returns which were new."""
    standings = rounds.hold_rounds(session, {waiting.checked.place.round_id for waiting in batch})
    named = {waiting.checked.new.device.device_id for waiting in batch if waiting.checked.new.device}
    active = devices.list_active_ids(session, named) if named else set()
    of_devices = [waiting.checked.new.response_id for waiting in batch if waiting.checked.new.device]
    dismissed = quarantine.list_dismissed_ids(session, of_devices) if of_devices else set()
    chosen: dict[object, _Waiting] = {}
    for waiting in batch:
        new = waiting.checked.new
        standing = standings.get(waiting.checked.place.round_id)
        if standing is None or new.response_id in dismissed:
            continue
        if new.device and new.device.device_id not in active:
            continue
        try:
            require_open(standing, waiting.today, begun_on=new.begun_on)
        except RoundNotOpen:
            continue
        chosen.setdefault(new.response_id, waiting)
    ids = store.add_responses(session, [waiting.checked.row for waiting in chosen.values()]) if chosen else ()
    return {chosen[response_id] for response_id in ids}
