"""What arrived and could not be stored: kept as it came, once, until staff decide on it."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from survey.store import quarantine as store
from survey.store.database import Session


def keep(
    session: Session,
    *,
    response_id: UUID | None,
    round_id: int | None,
    device_id: int | None,
    reason: str,
    content: Mapping[str, Any],
    today: date,
) -> None:
    """Keep it; the same content under the same id is kept once."""
    store.add_quarantined(
        session,
        {
            "digest": _digest(response_id, reason, content),
            "response_id": response_id,
            "round_id": round_id,
            "device_id": device_id,
            "reason": reason,
            "content": dict(content),
            "received_on": today,
            "state": "waiting",
        },
    )


def _digest(response_id: UUID | None, reason: str, content: Mapping[str, Any]) -> str:
    text = json.dumps([str(response_id), reason, content], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
