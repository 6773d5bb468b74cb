"""Deliveries of a device in which a few parts are wrong: no 5xx, and stored or kept, never half of it."""

import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any
from uuid import uuid4

from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from questionnaires.answers import check_response
from survey.app import create_app
from survey.models import Response
from survey.services.calendar import now
from survey.services.devices import create_device, pair_device
from survey.services.sent_responses import find_sent_response
from survey.settings import Settings
from survey.store.database import Database
from tests.factories import fill_answers, shipped_form
from tests.soak.application import FORM_ID, place, prepare

_LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20)
_ANY_JSON = st.recursive(
    _LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
_MOMENTS = st.sampled_from(
    [
        "1970-01-01T00:00:00Z",
        "2099-12-31T23:59:59+07:00",
        "2026-13-01",
        "",
        "9999-12-31T23:59:59-12:00",
        "hôm qua",
    ]
)


@dataclass
class DeliveryFuzz:
    """Counts of one run."""

    inputs: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    stored: int = 0
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        answers = ", ".join(f"{count} × {status}" for status, count in sorted(self.statuses.items()))
        return (
            f"{self.inputs} faulty deliveries: {answers}; {self.stored} responses stored, all of them whole"
        )


def fuzz_deliveries(directory: Path, *, inputs: int) -> DeliveryFuzz:
    """Deliver so many bodies, with a device's credential and without one."""
    url = f"sqlite:///{directory}/deliveries.db"
    prepare(url)
    database = Database(url)
    # What comes too often is turned away before it is read; here all of it is to be read.
    chosen = Settings(
        data_directory=directory, database_url=url, secret_key="k" * 40, rate_limit_per_minute=10**6
    )
    client = create_app(chosen).test_client()
    fuzz = DeliveryFuzz()
    _deliver(client, _pair(database), fuzz, inputs)
    with database.read() as session:
        for response_id in session.scalars(select(Response.id)).all():
            sent = find_sent_response(session, response_id)
            assert sent is not None
            if check_response(sent.questionnaire, sent.answers, {}):
                fuzz.faults.append(f"{response_id} is stored with problems")
            fuzz.stored += 1
    database.dispose()
    return fuzz


def _pair(database: Database) -> str:
    chosen = place()
    with database.write() as session:
        _line, code = create_device(
            session,
            round_code=str(chosen["round"]),
            unit_code=str(chosen["unit"]),
            kind="kiosk",
            name="Quầy 1",
            pin="123456",
            now=now(),
        )
        return pair_device(session, code, now()).credential


def _deliver(client: FlaskClient, credential: str, fuzz: DeliveryFuzz, inputs: int) -> None:
    some = st.dictionaries(st.sampled_from(_PARTS), _ANY_JSON | _MOMENTS, max_size=2)
    parts = st.one_of(st.just({}), st.just({}), some)
    answers = st.dictionaries(st.sampled_from(_QUESTIONS), _ANY_JSON, max_size=2)

    @settings(
        max_examples=inputs,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(
        seed=st.integers(0, 2**32),
        parts=parts,
        answers=answers,
        is_device=st.booleans(),
        cut=st.integers(0, 19),
    )
    def deliver(seed: int, parts: dict[str, Any], answers: dict[str, Any], is_device: bool, cut: int) -> None:
        whole = fill_answers(shipped_form(FORM_ID), Random(seed))
        plain = {name: list(value) if isinstance(value, tuple) else value for name, value in whole.items()}
        body = json.dumps({"id": str(uuid4()), **place(), "answers": {**plain, **answers}, **parts}).encode()
        answer = client.post(
            "/api/v1/responses",
            # One in twenty is cut off on its way.
            data=body if cut else body[: len(body) // 2],
            content_type="application/json",
            headers={"Authorization": f"Bearer {credential}"} if is_device else {},
        )
        fuzz.inputs += 1
        fuzz.statuses[answer.status_code] += 1
        if answer.status_code >= 500:
            fuzz.faults.append(f"{answer.status_code} for {body!r}")

    deliver()


_PARTS = [*place(), "id", "answers", "started_at", "completed_at", "sent_at", "invitation", "invented"]
_QUESTIONS = [*(question.id for question in shipped_form(FORM_ID).questions), "invented"]
