"""Devices in tests, what they deliver, and their rescue files."""

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from survey.services import devices
from survey.services.delivered_responses import parse_delivery, selection_of
from survey.services.deliveries import deliver
from survey.services.devices import DeviceAccess
from survey.services.responses import Receipt
from survey.store.database import Session
from tests import factories

NOW = datetime(2026, 9, 7, 2, 0, tzinfo=UTC)  # Monday, 9:00 in Viet Nam
FORM = "vi-du"
ANSWERS = {"visited": "yes", "q01": 3, "q02": 2}


def enrol(session: Session, **options: Any) -> DeviceAccess:
    """A paired device."""
    wanted: dict[str, Any] = {
        "round_code": factories.ROUND_CODE,
        "unit_code": factories.UNIT_CODE,
        "kind": "kiosk",
        "name": "Kiosk sảnh chính",
        "pin": "2468",
        "now": NOW,
    }
    wanted |= options
    _, code = devices.create_device(session, **wanted)
    access = devices.find_device(session, devices.pair_device(session, code, wanted["now"]).credential)
    assert access is not None
    return access


def body(response_id: UUID | None = None, **changes: Any) -> str:
    """What a device posts, as JSON text."""
    document = {
        "id": str(response_id or uuid4()),
        "round": factories.ROUND_CODE,
        "questionnaire": FORM,
        "version": 1,
        "unit": factories.UNIT_CODE,
        "language": "vi",
        "answers": ANSWERS,
        "started_at": "2026-09-07T08:50:00+07:00",
        "completed_at": "2026-09-07T08:54:00+07:00",
        "sent_at": "2026-09-07T09:00:00+07:00",
        "invitation": None,
    }
    return json.dumps({**document, **changes}, ensure_ascii=False)


def send_body(session: Session, access: DeviceAccess | None, text: str, now: datetime = NOW) -> Receipt:
    selection = selection_of(access) if access else "self_selected"
    return deliver(session, parse_delivery(text), access, selection=selection, now=now)


def visit_text(
    assignment: int, outcome: str = "refused", visit_id: UUID | None = None, **changes: Any
) -> str:
    """What an interviewer's device keeps of a visit, as JSON text."""
    document = {
        "id": str(visit_id or uuid4()),
        "assignment": assignment,
        "outcome": outcome,
        "visited_on": "2026-09-07",
        "sent_at": None,
    }
    return json.dumps({**document, **changes})


def rescue_file(device_code: str, bodies: Sequence[str], visits: Sequence[str] = ()) -> bytes:
    """A file as the device makes it."""
    lines: list[dict[str, Any]] = [
        {"format": "hailong-rescue", "version": 2, "device": device_code, "made_on": "2026-09-07"}
    ]
    for kind, texts in (("body", bodies), ("visit", visits)):
        lines += [{"sha256": hashlib.sha256(text.encode()).hexdigest(), kind: text} for text in texts]
    lines.append({"count": len(bodies), "visits": len(visits)})
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode()
