"""What the interface's own description allows, and what it forbids: no 5xx, nothing undescribed.

Most cases carry a device's credential, and half of the allowed ones name what exists: a case that stops at
401 enters nothing, and is not counted.
"""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import status_code_conformance

from survey.app import create_app
from survey.settings import Settings
from survey.store.database import Database
from tests.factories import fill_answers, shipped_form
from tests.interface_cases import Installation, furnish
from tests.soak.application import FORM_ID, place, prepare

# One case in so many comes without a credential.
_WITHOUT = 8
_TURNED_AWAY = 401


@dataclass
class InterfaceFuzz:
    """Counts of one run, by status; what stopped at 401 is counted apart."""

    turned_away: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    @property
    def inputs(self) -> int:
        return self.statuses.total()

    def __str__(self) -> str:
        classes = Counter[int]()
        for status, count in self.statuses.items():
            classes[status // 100] += count
        by_class = ", ".join(f"{count} × {start}xx" for start, count in sorted(classes.items()))
        answers = ", ".join(f"{count} × {status}" for status, count in sorted(self.statuses.items()))
        return (
            f"{self.inputs} requests to the interface: {by_class} ({answers}); "
            f"{self.turned_away} more stopped at 401"
        )


def fuzz_interface(directory: Path, *, inputs: int) -> InterfaceFuzz:
    """Send at least so many requests that come past the credential, spread over all operations."""
    url = f"sqlite:///{directory}/interface.db"
    prepare(url)
    database = Database(url)
    installation = furnish(database, dict(place()), _fill)
    # What comes too often is turned away before it is read; here all of it is to be read.
    app = create_app(
        Settings(data_directory=directory, database_url=url, secret_key="k" * 40, rate_limit_per_minute=10**6)
    )
    description = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    operations = [result.ok() for result in description.get_all_operations()]
    fuzz = InterfaceFuzz()
    for place_in_row, operation in enumerate(operations, 1):
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            half = inputs * (2 * place_in_row - (mode == GenerationMode.POSITIVE)) // (2 * len(operations))
            _send(operation.as_strategy(generation_mode=mode), mode, installation, fuzz, until=half)
    database.dispose()
    return fuzz


def _send(
    cases: SearchStrategy[Case],
    mode: GenerationMode,
    installation: Installation,
    fuzz: InterfaceFuzz,
    *,
    until: int,
) -> None:
    """Send cases until so many of the whole run have come past the credential."""
    # Of a document that can hardly vary no more is made than a few; then those are sent again.
    rounds = 0
    while fuzz.inputs < until and rounds < 50:
        rounds += 1
        count = (until - fuzz.inputs) * _WITHOUT // (_WITHOUT - 1) + 1
        _send_once(cases, mode, installation, fuzz, count=count)


def _send_once(
    cases: SearchStrategy[Case],
    mode: GenerationMode,
    installation: Installation,
    fuzz: InterfaceFuzz,
    *,
    count: int,
) -> None:
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases, turn=st.integers(1, _WITHOUT), seed=st.integers(0, 2**32))
    def send(case: Case, turn: int, seed: int) -> None:
        if mode == GenerationMode.POSITIVE and seed % 2:
            installation.make_fit(case, seed // 2)
        credential = installation.credential_for(case.path)
        answer = case.call(headers={"Authorization": f"Bearer {credential}"} if turn < _WITHOUT else {})
        if answer.status_code == _TURNED_AWAY:
            fuzz.turned_away += 1
        else:
            fuzz.statuses[answer.status_code] += 1
        try:
            case.validate_response(answer, checks=[not_a_server_error, status_code_conformance])
        except FailureGroup as group:
            fuzz.faults.append(f"{case.method} {case.path}: {group}")

    send()


def _fill(rng: Random) -> dict[str, Any]:
    answers = fill_answers(shipped_form(FORM_ID), rng)
    return {name: list(value) if isinstance(value, tuple) else value for name, value in answers.items()}
