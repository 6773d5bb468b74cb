"""The token buckets: what is granted, to whom, and that processes count together."""

import os

import pytest

from survey.web.api.rate_limits import RateLimits


class Clock:
    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_burst_is_granted_and_then_one_at_a_time(clock: Clock) -> None:
    limits = RateLimits(60, 3, clock=clock)

    assert [limits.take("a") for _ in range(4)] == [0, 0, 0, pytest.approx(1)]
    clock.seconds += 1
    assert [limits.take("a") for _ in range(2)] == [0, pytest.approx(1)]


def test_pause_gives_no_more_than_the_burst(clock: Clock) -> None:
    limits = RateLimits(60, 2, clock=clock)
    limits.take("a")
    clock.seconds += 3600

    assert [limits.take("a") > 0 for _ in range(3)] == [False, False, True]


def test_refused_requests_do_not_push_the_next_one_away(clock: Clock) -> None:
    limits = RateLimits(60, 1, clock=clock)
    for _ in range(50):
        limits.take("a")
    clock.seconds += 1

    assert limits.take("a") == 0


def test_each_key_has_its_own(clock: Clock) -> None:
    limits = RateLimits(60, 1, clock=clock)

    assert [limits.take(f"device {number}") for number in range(2000)] == [0] * 2000
    assert limits.take("device 7") > 0


def test_queue_of_500_passes_at_once_with_the_default(clock: Clock) -> None:
    limits = RateLimits(300, 600, clock=clock)

    assert {limits.take("device 1") for _ in range(500)} == {0}


def test_processes_count_together() -> None:
    limits = RateLimits(1, 100)
    children = [_fork_and_take(limits, 30) for _ in range(3)]
    for child in children:
        os.waitpid(child, 0)

    assert [limits.take("a") == 0 for _ in range(11)] == [True] * 10 + [False]


def test_process_that_was_killed_holds_nobody_up() -> None:
    limits = RateLimits(60, 10)
    child = os.fork()
    if child == 0:
        with limits._alone():
            os.kill(os.getpid(), 9)
    os.waitpid(child, 0)

    assert limits.take("a") == 0


def _fork_and_take(limits: RateLimits, count: int) -> int:
    child = os.fork()
    if child == 0:
        for _ in range(count):
            limits.take("a")
        os._exit(0)
    return child
