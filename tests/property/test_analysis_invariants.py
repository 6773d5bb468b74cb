"""What must hold for every sample: units of weights, order of rows, parts and wholes, words and pictures."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from analysis import (
    Domain,
    Element,
    Estimate,
    IndexDefinition,
    NotEstimable,
    SurveyDesign,
    Verdict,
    estimate_indices,
    estimate_mean,
    estimate_total,
    judge,
)
from analysis.calibration import Margin, rake
from analysis.plan import allocate

ROWS = 40
DEFINITION = IndexDefinition((Element("a", (0, 1)), Element("b", (2,))))

seeds = st.integers(0, 2**32 - 1)
ratings = npst.arrays(np.int8, (ROWS, 3), elements=st.integers(-1, 5))
columns = npst.arrays(np.float64, ROWS, elements=st.floats(-100, 100))


def sample(seed):
    random = np.random.default_rng(seed)
    psu = random.integers(0, 8, ROWS)
    psu[:8] = np.arange(8)
    return random.uniform(0.5, 20, ROWS), psu, psu % 2


def design_of(weights, psu, strata):
    return SurveyDesign.from_columns(weights, strata=strata, ids=[psu])


@given(seeds, ratings, st.floats(0.01, 1000))
def test_scaling_all_weights_changes_no_index(seed, answers, factor):
    weights, psu, strata = sample(seed)
    whole = {"all": Domain.whole(ROWS)}
    first, second = (
        estimate_indices(design_of(weights * scale, psu, strata), answers, DEFINITION, whole)
        .variables["all"]
        .shares
        for scale in (1.0, factor)
    )

    np.testing.assert_allclose(second.estimate, first.estimate, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(second.standard_error, first.standard_error, rtol=1e-6, atol=1e-9)


@given(seeds, ratings)
def test_the_order_of_rows_is_irrelevant(seed, answers):
    weights, psu, strata = sample(seed)
    order = np.random.default_rng(seed).permutation(ROWS)
    whole = {"all": Domain.whole(ROWS)}
    first = estimate_indices(design_of(weights, psu, strata), answers, DEFINITION, whole)
    second = estimate_indices(
        design_of(weights[order], psu[order], strata[order]), answers[order], DEFINITION, whole
    )

    for name in ("estimate", "standard_error", "n", "degrees_of_freedom"):
        mine, theirs = (getattr(table.variables["all"].shares, name) for table in (first, second))
        np.testing.assert_allclose(mine, theirs, rtol=1e-9, atol=1e-9)


@given(seeds, columns)
def test_domains_add_up_to_the_whole(seed, values):
    weights, psu, strata = sample(seed)
    design = design_of(weights, psu, strata)
    inside = np.random.default_rng(seed).integers(0, 2, ROWS).astype(bool)
    parts = [estimate_total(design, values, domain=rows) for rows in (inside, ~inside)]
    total = sum(part.estimate for part in parts if isinstance(part, Estimate))

    if all(isinstance(part, Estimate) for part in parts):
        assert total == pytest.approx(estimate_total(design, values).estimate, abs=1e-6)


@given(seeds, columns, st.floats(-50, 50), st.floats(0.1, 10))
def test_a_change_of_units_changes_mean_and_error_alike(seed, values, shift, factor):
    design = design_of(*sample(seed))
    first, second = estimate_mean(design, values), estimate_mean(design, shift + factor * values)

    assert second.estimate == pytest.approx(shift + factor * first.estimate, abs=1e-6)
    assert second.standard_error == pytest.approx(factor * first.standard_error, abs=1e-6)


@given(
    st.floats(1e-9, 1 - 1e-9) | st.sampled_from([0.0, 1.0]),
    st.floats(0, 0.5),
    st.integers(1, 300),
    st.integers(2, 10_000),
    st.sampled_from(["share", "index"]),
)
def test_intervals_of_shares_hold_the_estimate_and_stay_inside(p, se, df, n, kind):
    interval = Estimate(p, se, df, n, kind=kind).confidence_interval()

    assert 0 <= interval.low <= p + 1e-9
    assert p - 1e-9 <= interval.high <= 1


@given(
    st.floats(0.01, 0.99), st.floats(0.001, 0.2), st.integers(1, 100), st.floats(0, 1), st.floats(0.5, 0.99)
)
def test_the_verdict_agrees_with_the_interval(p, se, df, target, level):
    interval = Estimate(p, se, df, 500, kind="index").confidence_interval(level)
    verdict = judge(interval, target)

    assert (verdict is Verdict.INCONCLUSIVE) == (interval.low < target <= interval.high)


@given(seeds, ratings)
def test_a_cell_has_a_finite_number_or_a_reason(seed, answers):
    design = design_of(*sample(seed))
    units = Domain(np.random.default_rng(seed).integers(-1, 4, ROWS), ("a", "b", "c", "d"))

    for _, _, cell in estimate_indices(design, answers, DEFINITION, {"unit": units}).cells():
        for measure in (cell.index, *cell.elements.values(), *cell.items):
            share = measure.satisfied_share
            assert isinstance(share, NotEstimable) or (
                np.isfinite([share.estimate, share.standard_error]).all() and share.degrees_of_freedom > 0
            )


@settings(max_examples=40)
@given(seeds)
def test_raked_weights_reproduce_every_margin(seed):
    weights, psu, strata = sample(seed)
    random = np.random.default_rng(seed)
    first, second = np.arange(ROWS) % 3, random.integers(0, 2, ROWS)
    target = np.random.default_rng(seed + 1).uniform(0.5, 2, ROWS) * weights
    margins = [
        Margin(name, (codes,), {int(code): float(target[codes == code].sum()) for code in np.unique(codes)})
        for name, codes in (("first", first), ("second", second))
    ]
    raked = rake(design_of(weights, psu, strata), margins)

    for margin, codes in zip(margins, (first, second), strict=True):
        for code, total in margin.totals.items():
            assert raked.weights[codes == code].sum() == pytest.approx(total, rel=1e-9)
    constant = estimate_total(raked, (first == 1).astype(float))
    assert constant.standard_error == pytest.approx(0.0, abs=1e-6 * constant.estimate)


@given(st.integers(1, 500), st.lists(st.integers(1, 2000), min_size=1, max_size=12))
def test_an_allocation_adds_up_within_the_populations(n, sizes):
    shares = allocate(n, sizes)

    assert shares.sum() == min(n, sum(sizes))
    assert (shares <= sizes).all()
