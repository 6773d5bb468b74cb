"""What arrived and could not be stored: kept as it came, once, until staff decide on it. Nothing is deleted.

Who looks at it and how it is decided stands in `survey.services.quarantine_decisions`.
"""

import hashlib
import json
import math
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from survey.store import quarantine as store
from survey.store.database import Session

MOST_CONFLICTS = 3
LONGEST_UNSOUND = 16 * 1024


def keep(
    session: Session,
    *,
    response_id: UUID | None,
    round_id: int | None,
    device_id: int | None,
    reason: str,
    content: Mapping[str, Any],
    today: date,
    circumstances: Mapping[str, Any] | None = None,
    identity: Mapping[str, Any] | None = None,
) -> str:
    """Keep it; the same content under the same id is kept once, whatever stood against it each time.

    `circumstances` (the device's clock, for instance) may differ between deliveries; those of the first are
    kept. `identity` stands for the content where that differs between deliveries too. Gives the state of what
    is kept: once staff have decided, its sender need not keep it any longer.
    """
    plain = _storable(dict(content))
    digest = _digest(response_id, plain if identity is None else _storable(dict(identity)))
    store.add_quarantined(
        session,
        {
            "digest": digest,
            "response_id": response_id,
            "round_id": round_id,
            "device_id": device_id,
            "reason": reason,
            "content": plain | ({"circumstances": dict(circumstances)} if circumstances else {}),
            "received_on": today,
            "state": "waiting",
        },
    )
    return store.find_state(session, digest) or "waiting"


def may_keep_conflict(
    session: Session, response_id: UUID, content: Mapping[str, Any], *, is_sound: bool
) -> bool:
    """Whether what came without a device under the id of a stored response is kept, or is kept already.

    Whoever knows an id can send as much under it as he likes: a few are kept, and none that is long unless
    its answers fit the questionnaire.
    """
    plain = _storable(dict(content))
    if store.find_state(session, _digest(response_id, plain)) is not None:
        return True
    is_long = len(json.dumps(plain, ensure_ascii=False).encode()) > LONGEST_UNSOUND
    return (is_sound or not is_long) and store.count_conflicts(session, response_id) < MOST_CONFLICTS


def find_state(session: Session, response_id: UUID, content: Mapping[str, Any]) -> str | None:
    """The state of this content under this id, where it is kept."""
    return store.find_state(session, _digest(response_id, _storable(dict(content))))


def count_decided(session: Session, device_id: int) -> int:
    """How many of what a device sent staff have decided on."""
    return store.count_decided(session, device_id)


def _digest(response_id: UUID | None, content: Mapping[str, Any]) -> str:
    text = json.dumps([str(response_id), content], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _storable(value: Any) -> Any:
    """The value as both databases can keep it: without NUL, half characters and numbers that are none."""
    if isinstance(value, str):
        return value.replace("\0", "�").encode("utf-8", "replace").decode()
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, Mapping):
        return {_storable(str(name)): _storable(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_storable(part) for part in value]
    return value
