"""What the interface's own description allows, and what it forbids: no 5xx, nothing undescribed."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import SearchStrategy
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import status_code_conformance

from survey.app import create_app
from survey.settings import Settings
from survey.store.database import Database
from survey.store.migrate import upgrade
from tests.factories import open_shipped_round


@dataclass
class InterfaceFuzz:
    """Counts of one run, by operation and status."""

    inputs: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        answers = ", ".join(f"{count} × {status}" for status, count in sorted(self.statuses.items()))
        return f"{self.inputs} requests to the interface: {answers}"


def fuzz_interface(directory: Path, *, inputs: int) -> InterfaceFuzz:
    """Send so many requests, spread over all operations of the description."""
    app = _application(directory)
    description = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    operations = [result.ok() for result in description.get_all_operations()]
    fuzz = InterfaceFuzz()
    for operation in operations:
        _send(
            operation.as_strategy(generation_mode=GenerationMode.POSITIVE),
            fuzz,
            inputs // (2 * len(operations)),
        )
        _send(
            operation.as_strategy(generation_mode=GenerationMode.NEGATIVE),
            fuzz,
            inputs // (2 * len(operations)),
        )
    return fuzz


def _send(cases: SearchStrategy[Case], fuzz: InterfaceFuzz, count: int) -> None:
    @settings(
        max_examples=max(1, count),
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases)
    def send(case: Case) -> None:
        answer = case.call()
        fuzz.inputs += 1
        fuzz.statuses[answer.status_code] += 1
        try:
            case.validate_response(answer, checks=[not_a_server_error, status_code_conformance])
        except FailureGroup as group:
            fuzz.faults.append(f"{case.method} {case.path}: {group}")

    send()


def _application(directory: Path) -> Flask:
    chosen = Settings(
        data_directory=directory, database_url=f"sqlite:///{directory}/fuzz.db", secret_key="k" * 40
    )
    upgrade(chosen.database_url)
    database = Database(chosen.database_url)
    with database.write() as session:
        open_shipped_round(session)
    database.dispose()
    return create_app(chosen)
