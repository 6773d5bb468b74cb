import numpy as np
import pytest

from analysis import MethodError, SampleSize, sample_size, sipas_sample_size
from analysis.plan import allocate, power_curve, power_for_target, size_for_target


@pytest.mark.parametrize(("population", "n"), [(100, 80), (1000, 286), (10_000, 385), (1_000_000, 400)])
def test_the_sipas_rule(population, n):
    assert sipas_sample_size(population) == n


@pytest.mark.parametrize(
    ("changes", "completed"),
    [({}, 385), ({"design_effect": 1.6}, 615), ({"design_effect": 1.6, "population": 2000}, 471)],
)
def test_the_size_for_a_margin(changes, completed):
    assert sample_size(0.03, p=0.9, **changes).completed == completed


def test_contacts_allow_for_those_who_do_not_answer():
    assert sample_size(0.03, p=0.9, response_rate=0.4) == SampleSize(385, 963)


@pytest.mark.parametrize("changes", [{"margin": 0}, {"response_rate": 0}, {"design_effect": 0}, {"level": 1}])
def test_impossible_plans_are_refused(changes):
    with pytest.raises(MethodError):
        sample_size(**{"margin": 0.03, **changes})


def test_power_and_size_agree():
    n = size_for_target(0.92, 0.90, 0.95, 1.6)

    assert round(n) == 2084
    assert power_for_target(0.92, 0.90, 0.95, 1.6, n) == pytest.approx(0.8)


def test_nobody_can_show_a_difference_that_is_none():
    assert size_for_target(0.9, 0.9, 0.95) == float("inf")


def test_proportional_allocation_adds_up():
    assert allocate(10, [100, 200, 700]).tolist() == [1, 2, 7]
    assert allocate(7, [1, 1, 1]).sum() == 3


def test_neyman_gives_more_to_the_varied():
    assert allocate(100, [1000, 1000], spreads=[1.0, 3.0]).tolist() == [25, 75]


def test_minima_are_kept_up_to_the_population():
    shares = allocate(100, [5, 100, 10_000], minimum=20)

    assert shares.tolist() == [5, 20, 75]


def test_minima_beyond_the_total_are_refused():
    with pytest.raises(MethodError, match="minimum_above_total"):
        allocate(10, np.full(3, 100), minimum=5)


def test_a_power_curve_falls_to_the_target_and_rises_beyond_it():
    powers = power_curve([0.84, 0.87, 0.90, 0.93, 0.96], 0.90, 800, design_effect=1.4)

    assert powers[0] > powers[1] > powers[2] < powers[3] < powers[4]
    assert powers[2] == pytest.approx(0.05, abs=1e-9)
    assert powers[1] == power_for_target(0.87, 0.90, 0.95, 1.4, 800)
