import numpy as np
import pytest

from analysis import (
    DesignError,
    LonelyPsuError,
    MethodError,
    ReplicateDesign,
    SurveyDesign,
    WeightError,
    balanced_half_samples,
    estimate_mean,
    estimate_total,
    jackknife_stratified,
    jackknife_unstratified,
    rescaled_bootstrap,
)

RANDOM = np.random.default_rng(5)
N = 40
PSU = np.repeat(np.arange(8), 5)
VALUES = RANDOM.normal(50, 10, N) + PSU
WEIGHTS = RANDOM.uniform(1, 5, N)


def design(strata=None, **options):
    return SurveyDesign.from_columns(WEIGHTS, strata=strata, ids=[PSU], **options)


@pytest.mark.parametrize("make", [jackknife_stratified, balanced_half_samples])
def test_totals_have_the_error_of_the_linearisation(make):
    stratified = design(PSU // 2)

    exact, replicated = (estimate_total(d, VALUES) for d in (stratified, make(stratified)))

    assert replicated.standard_error == pytest.approx(exact.standard_error, rel=1e-9)


def test_the_unstratified_jackknife_agrees_for_totals():
    plain = design(fpc=[np.full(N, 20.0)])

    assert estimate_total(jackknife_unstratified(plain), VALUES).standard_error == pytest.approx(
        estimate_total(plain, VALUES).standard_error, rel=1e-9
    )


def test_fay_and_bootstrap_are_close_for_means():
    stratified = design(PSU // 2)
    exact = estimate_mean(stratified, VALUES).standard_error

    fay = estimate_mean(balanced_half_samples(stratified, fay=0.5), VALUES).standard_error
    bootstrap = estimate_mean(rescaled_bootstrap(stratified, 2000, seed=1), VALUES).standard_error

    assert fay == pytest.approx(exact, rel=0.02)
    assert bootstrap == pytest.approx(exact, rel=0.1)


def test_the_same_seed_gives_the_same_bootstrap():
    first, second = (rescaled_bootstrap(design(), 20, seed=3).replicate_weights for _ in range(2))

    assert np.array_equal(first, second)


def test_degrees_of_freedom_are_the_rank_less_one():
    assert jackknife_unstratified(design()).degrees_of_freedom == 7
    assert balanced_half_samples(design(PSU // 2)).degrees_of_freedom == 4


def test_methods_refuse_designs_they_do_not_fit():
    with pytest.raises(DesignError, match="strata_not_allowed"):
        jackknife_unstratified(design(PSU // 2))
    with pytest.raises(DesignError, match="not_two_units"):
        balanced_half_samples(design(PSU // 4))
    with pytest.raises(LonelyPsuError):
        jackknife_stratified(design(PSU))
    with pytest.raises(MethodError, match="fay"):
        balanced_half_samples(design(PSU // 2), fay=1.0)


def test_faulty_replicates_are_named():
    with pytest.raises(WeightError) as caught:
        ReplicateDesign.from_columns([1.0, 1.0], [[1.0, 2.0], [-1.0, 2.0]], scale=1.0)
    assert caught.value.params == {"row": 2, "replicate": 1}

    with pytest.raises(DesignError, match="replicates_do_not_match"):
        ReplicateDesign.from_columns([1.0, 1.0], [[1.0, 2.0]], scale=1.0)


def test_weights_may_be_kept_apart_from_the_replicate_factors():
    factors = np.array([[0.0, 2.0], [2.0, 0.0]])
    apart = ReplicateDesign.from_columns([3.0, 5.0], factors, scale=0.5, combined=False)

    assert apart.replicate_weights.tolist() == [[0.0, 6.0], [10.0, 0.0]]


def test_degrees_of_freedom_are_counted_as_r_counts_them():
    """R 4.2: qr(m, tol = 1e-5)$rank is 4 for these columns; two differ from others by less than 1e-5."""
    x, wave = np.array([1.0, 2, 0, 1, 3, 1]), np.array([1.0, -1, 1, -1, 1, -1])
    columns = [
        x,
        np.array([0.0, 1, 1, 2, 1, 1]),
        x + 2e-5 * (wave + 1),
        x + 4e-6 * (wave + 1),
        np.array([2.0, 0, 1, 1, 0, 3]),
        2 * x + 1e-5 * np.array([1.0, 1, 0, 1, 0, 0]),
    ]
    replicates = np.column_stack(columns)

    rank = ReplicateDesign.from_columns(np.ones(6), replicates, scale=1.0).degrees_of_freedom + 1

    assert rank == 4
