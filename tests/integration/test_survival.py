"""Short forms of the long proofs of `make soak`; each ends with an account of all responses."""

import pytest

from tests.soak.dropped_answers import lose_answers
from tests.soak.kill import kill_application, kill_postgresql

CLIENTS = 8


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_killed_application_has_lost_and_doubled_nothing(kind: str) -> None:
    account = kill_application(kind, kills=1, clients=CLIENTS)

    assert account.faults == []
    assert account.stored > CLIENTS


def test_killed_database_server_has_lost_and_doubled_nothing() -> None:
    account = kill_postgresql(kills=1, clients=CLIENTS)

    assert account.faults == []
    assert account.stored > CLIENTS


def test_response_whose_answers_are_lost_is_stored_once() -> None:
    result = lose_answers("sqlite", submissions=25)

    assert result.account.faults == []
    assert (result.account.stored, result.dropped > 25) == (25, True)
