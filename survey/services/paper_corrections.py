"""Correcting one's own keying of a paper form, as long as nobody else has keyed the form.

The second keying stays blind: only the keyer sees and corrects the first one, and never after the second. The
keying error rate then compares what the first keyer stood by; that a form was corrected is kept and counted.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from survey.models import PaperKeying
from survey.services.paper_batches import Batch
from survey.services.paper_comparison import KeyedForm
from survey.services.paper_keying import (
    answers_to_json,
    hold_batch,
    keyed_form,
    require_content,
    require_printed,
    require_round_open,
)
from survey.services.paper_problems import PaperRefused
from survey.store import paper as store
from survey.store.database import Session


@dataclass(frozen=True)
class OwnKeying:
    """What an account keyed and can still correct; `state` names this content and no other."""

    serial: int
    form: KeyedForm
    state: str


@dataclass(frozen=True)
class OwnForms:
    """The numbers of the forms that an account keyed and nobody else did, the latest first.

    `last` is what it keyed last of all, None where that cannot be corrected any more.
    """

    serials: tuple[int, ...] = ()
    last: int | None = None


def list_correctable(session: Session, batch: Batch, account_id: int) -> OwnForms:
    serials = tuple(keying.serial for keying in store.list_keyed_once_by(session, batch.id, account_id))
    last = store.find_last_keying(session, batch.id, account_id)
    return OwnForms(serials, last.serial if last and last.serial in serials else None)


def get_correctable(session: Session, batch: Batch, serial: int, account_id: int, today: date) -> OwnKeying:
    """This account's keying of the form; raises where it has none or where it stands for good."""
    return _own_keying(_require_correctable(session, batch, serial, account_id, today))


def correct_form(
    session: Session, batch: Batch, serial: int, form: KeyedForm, *, state: str, account_id: int, today: date
) -> str:
    """Put `form` in place of what this account keyed; `corrected`, or `unchanged` where it says the same.

    `state` is that of the keying which the corrections were made to: what was saved in between, for instance
    in another window, is not overwritten unseen.
    """
    batch = hold_batch(session, batch)
    keying = _require_correctable(session, batch, serial, account_id, today)
    require_content(form)
    own = _own_keying(keying)
    if own.form == form:
        return "unchanged"
    if own.state != state:
        raise PaperRefused("keying_changed", serial=serial)
    keying.is_spoilt, keying.answers = form.is_spoilt, answers_to_json(form.answers)
    keying.corrected_on = today
    return "corrected"


def take_back(session: Session, batch: Batch, serial: int, *, account_id: int, today: date) -> None:
    """Delete this account's keying, so that the form is as if nobody had keyed it: the number was wrong."""
    batch = hold_batch(session, batch)
    store.delete_keying(session, _require_correctable(session, batch, serial, account_id, today))


def discard_keying(session: Session, batch: Batch, serial: int) -> int:
    """Delete the only keying of a form, unseen, whoever made it: its number was wrong and its keyer is gone.

    For coordinators, who answer for it; returns whose it was. The form is then as if nobody had keyed it. A
    form that two people keyed stays: it is decided with the paper in hand.
    """
    batch = hold_batch(session, batch)
    require_printed(batch, serial)
    if store.find_result(session, batch.id, serial):
        raise PaperRefused("serial_settled", serial=serial)
    keyings = store.list_keyings(session, batch.id, serial)
    if not keyings:
        raise PaperRefused("not_keyed", serial=serial)
    if len(keyings) > 1:
        raise PaperRefused("keyed_twice", serial=serial)
    account_id = keyings[0].account_id
    store.delete_keying(session, keyings[0])
    return account_id


def _require_correctable(
    session: Session, batch: Batch, serial: int, account_id: int, today: date
) -> PaperKeying:
    require_printed(batch, serial)
    require_round_open(session, batch, today)
    keyings: Sequence[PaperKeying] = store.list_keyings(session, batch.id, serial)
    own = next((keying for keying in keyings if keying.account_id == account_id), None)
    if own is None:
        raise PaperRefused("not_keyed_by_you", serial=serial)
    if len(keyings) > 1:
        raise PaperRefused("keyed_by_another", serial=serial)
    return own


def _own_keying(keying: PaperKeying) -> OwnKeying:
    content = json.dumps([keying.is_spoilt, keying.answers], ensure_ascii=False, sort_keys=True)
    state = hashlib.sha256(content.encode()).hexdigest()[:16]
    return OwnKeying(keying.serial, keyed_form(keying), state)
