"""How far a batch is: which forms are keyed once, differ or are settled, and whether the count is right."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from survey.models import PaperKeying
from survey.services.paper_batches import Batch, get_batch, lock_batch
from survey.services.paper_comparison import compare
from survey.services.paper_keying import keyed_form
from survey.services.paper_problems import PaperRefused
from survey.store import paper as store
from survey.store.database import Session


@dataclass(frozen=True)
class KeyingCounts:
    """Where the keyings of a batch came from; `unknown` are from before this was kept."""

    screen: int = 0
    workbook: int = 0
    unknown: int = 0


@dataclass(frozen=True)
class Progress:
    """The serials of a batch by their state; each is in one of the lists."""

    not_keyed: tuple[int, ...]
    keyed_once: tuple[int, ...]
    differing: tuple[int, ...]
    stored: tuple[int, ...]
    spoilt: tuple[int, ...]
    compared_count: int
    difference_count: int
    decided_count: int
    corrected_count: int
    keyings: "KeyingCounts"

    @property
    def settled_count(self) -> int:
        return len(self.stored) + len(self.spoilt)

    @property
    def difference_share(self) -> float | None:
        """Fields that two people keyed differently, of all compared."""
        return self.difference_count / self.compared_count if self.compared_count else None


@dataclass(frozen=True)
class Reconciliation:
    """Whether every returned form is settled; `missing` and `surplus` are None until forms are counted."""

    returned_count: int | None
    settled_count: int
    unfinished: tuple[int, ...]
    is_round_closed: bool = False

    @property
    def missing(self) -> int | None:
        return None if self.returned_count is None else max(0, self.returned_count - self.settled_count)

    @property
    def surplus(self) -> int | None:
        """More forms are keyed than came back: a wrong count, or a form keyed under another one's number."""
        if self.returned_count is None:
            return None
        return max(0, self.settled_count + len(self.unfinished) - self.returned_count)

    @property
    def is_balanced(self) -> bool:
        return self.missing == 0 and self.surplus == 0 and not self.unfinished

    @property
    def can_close(self) -> bool:
        """Once the round is closed nothing more can be stored: what is missing is then counted as such.

        Never with more forms keyed than came back: they would be deleted and counted nowhere.
        """
        if self.is_balanced:
            return True
        return self.is_round_closed and self.surplus == 0


def get_progress(session: Session, batch: Batch) -> Progress:
    """The state of every printed form."""
    results = {result.serial: result for result in store.list_results(session, batch.id)}
    once: list[int] = []
    differing: list[int] = []
    compared = sum(result.compared_count for result in results.values())
    differences = sum(result.difference_count for result in results.values())
    waiting: dict[int, list[PaperKeying]] = {}
    for keying in store.list_keyings(session, batch.id):
        if keying.serial not in results:
            waiting.setdefault(keying.serial, []).append(keying)
    for serial, keyings in waiting.items():
        if len(keyings) == 1:
            once.append(serial)
            continue
        comparison = compare(batch.questionnaire, *map(keyed_form, keyings))
        differing.append(serial)
        compared += comparison.compared_count
        differences += comparison.difference_count
    corrected = sum(result.is_corrected for result in results.values())
    corrected += sum(keying.corrected_on is not None for own in waiting.values() for keying in own)
    known = {*results, *waiting}
    return Progress(
        not_keyed=tuple(serial for serial in range(1, batch.printed_count + 1) if serial not in known),
        keyed_once=tuple(once),
        differing=tuple(differing),
        stored=tuple(serial for serial, result in results.items() if not result.is_spoilt),
        spoilt=tuple(serial for serial, result in results.items() if result.is_spoilt),
        compared_count=compared,
        difference_count=differences,
        decided_count=sum(result.decided_by is not None for result in results.values()),
        corrected_count=corrected,
        keyings=_count_keyings(
            [result.workbook_count for result in results.values()],
            [keying.came_by for own in waiting.values() for keying in own],
        ),
    )


def _count_keyings(settled: Sequence[int | None], waiting: Sequence[str | None]) -> KeyingCounts:
    """Of each settled form two keyings, of the others those that are there."""
    known = [count for count in settled if count is not None]
    return KeyingCounts(
        screen=2 * len(known) - sum(known) + waiting.count("screen"),
        workbook=sum(known) + waiting.count("workbook"),
        unknown=2 * (len(settled) - len(known)) + waiting.count(None),
    )


def reconcile(batch: Batch, progress: Progress) -> Reconciliation:
    unfinished = tuple(sorted((*progress.keyed_once, *progress.differing)))
    return Reconciliation(batch.returned_count, progress.settled_count, unfinished, batch.is_round_closed)


def close_batch(session: Session, round_code: str, batch_code: str, today: date, *, closed_by: str) -> None:
    """Close a batch whose returned forms are all settled. What each person keyed is deleted, counts stay.

    Of a closed round, what is not settled is written down as such: returned = stored + spoilt + unsettled.
    """
    row = lock_batch(session, round_code, batch_code)
    batch = get_batch(session, round_code, batch_code)
    if batch.status == "closed":
        raise PaperRefused("batch_closed")
    found = reconcile(batch, get_progress(session, batch))
    if not found.can_close:
        raise PaperRefused("not_reconciled")
    row.status, row.closed_on, row.closed_by = "closed", today, closed_by
    row.unsettled_count = found.missing or 0
    store.delete_keyings(session, batch.id)
