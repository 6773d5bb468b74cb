import math

import numpy as np
import pytest

from analysis import Estimate, MethodError, bounded_mean_limits, default_method
from analysis.intervals import METHODS, default_limits, interval_limits


def share(p=0.9, se=0.02, df=30, n=400, kind="share"):
    return Estimate(p, se, df, n, kind=kind, method="proportion")


@pytest.mark.parametrize(
    ("kind", "p", "method"),
    [
        ("share", 0.9, "kg_nchs"),
        ("share", 1.0, "kg_nchs"),
        ("index", 0.9, "kg_nchs"),
        ("index", 0.0, "kg_nchs"),
        ("mean", 4.2, "t"),
    ],
)
def test_the_default_method_is_named_on_the_interval(kind, p, method):
    assert default_method(kind, p) == method
    assert share(p=p, se=0.0 if p in (0.0, 1.0) else 0.02, kind=kind).confidence_interval().method == method


@pytest.mark.parametrize("method", sorted(set(METHODS) - {"kg_nchs", "t", "wald", "mean"}))
@pytest.mark.parametrize("p", [0.0, 1.0])
def test_methods_without_an_answer_at_the_edge_say_so(method, p):
    assert not share(p=p, se=0.0).confidence_interval(method=method).exists


def test_nobody_dissatisfied_still_leaves_doubt():
    interval = share(p=1.0, se=0.0, df=18, n=360).confidence_interval()

    assert interval.low == pytest.approx(0.988373593945588)
    assert interval.high == 1.0


def test_the_effective_size_is_capped_at_the_respondents():
    capped, uncapped = (
        share(se=0.01, n=100).confidence_interval(method=method) for method in ("kg_nchs", "beta")
    )

    assert capped.width > uncapped.width


@pytest.mark.parametrize("method", sorted(METHODS))
def test_no_method_answers_without_degrees_of_freedom(method):
    low, high = interval_limits(method, 0.9, 0.02, 0, 400, 0.95)

    assert math.isnan(low)
    assert math.isnan(high)


def test_infinite_degrees_of_freedom_mean_the_normal_distribution():
    low, high = interval_limits("t", 0.0, 1.0, np.inf, 10, 0.95)

    assert (low, high) == pytest.approx((-1.959964, 1.959964))


def test_one_sided_limits_are_ends_of_a_narrower_interval():
    estimate = share()

    assert estimate.lower_limit(0.95) == estimate.confidence_interval(0.90).low
    assert estimate.upper_limit(0.95) == estimate.confidence_interval(0.90).high


def test_arrays_and_values_agree():
    p, se, df, n = np.array([0.9, 1.0]), np.array([0.02, 0.0]), np.array([30.0, 8.0]), np.array([400.0, 60.0])
    low, high = default_limits("index", p, se, df, n, 0.95)

    for k in range(2):
        interval = share(p[k], se[k], df[k], int(n[k]), "index").confidence_interval()
        assert (low[k], high[k]) == (interval.low, interval.high)


@pytest.mark.parametrize(("mean", "se", "df"), [(4.6, 0.2, 7), (4.95, 0.1, 2), (1.02, 0.3, 3), (3.0, 1.5, 1)])
def test_the_interval_of_a_mean_stays_on_its_scale(mean, se, df):
    interval = Estimate(mean, se, df, 40, bounds=(1, 5)).confidence_interval()

    assert interval.method == "bounded_logit_t"
    assert 1 <= interval.low < mean < interval.high <= 5


def test_a_mean_in_the_middle_of_its_scale_has_nearly_the_t_interval():
    bounded = Estimate(3.0, 0.01, 40, 900, bounds=(1, 5)).confidence_interval()
    plain = Estimate(3.0, 0.01, 40, 900).confidence_interval()

    assert (bounded.low, bounded.high) == pytest.approx((plain.low, plain.high), abs=1e-5)


@pytest.mark.parametrize("mean", [1.0, 5.0, 5.0 - 1e-14])
def test_a_mean_at_an_end_of_its_scale_has_no_interval(mean):
    assert not Estimate(mean, 0.0, 9, 40, bounds=(1, 5)).confidence_interval().exists


def test_the_interval_of_a_mean_does_not_depend_on_the_units_of_the_scale():
    low, high = bounded_mean_limits(4.2, 0.1, 12, 0.95, 1, 5)
    low_100, high_100 = bounded_mean_limits(80.0, 2.5, 12, 0.95, 0, 100)

    assert (low_100, high_100) == pytest.approx(((low - 1) * 25, (high - 1) * 25))


def test_unknown_methods_and_levels_are_refused():
    with pytest.raises(MethodError, match="unknown_option"):
        share().confidence_interval(method="guess")
    with pytest.raises(MethodError, match="level_out_of_range"):
        share().confidence_interval(level=95)


def test_korn_graubard_has_no_answer_without_a_standard_error_or_for_a_single_row():
    for p, se, n in [
        (0.9, math.nan, 40),
        (0.0, math.nan, 40),
        (1.0, math.nan, 40),
        (0.9, 0.1, 1),
        (1.0, 0.0, 1),
    ]:
        limits = interval_limits("kg_nchs", p, se, 12.0, n, 0.95)

        assert np.isnan(limits).all()
