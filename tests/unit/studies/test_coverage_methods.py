"""Which intervals the study measures, and how it counts their errors."""

import numpy as np
import pytest

from analysis import Estimate, pooled_wilson_intervals
from analysis.intervals import METHODS as ENGINE_METHODS
from analysis.intervals import wilson
from tests.studies.coverage.draws import Estimates
from tests.studies.coverage.measures import measure
from tests.studies.coverage.methods import METHODS, limits_of, pooled_limits


def _estimates(value: float, error: float, df: int = 8) -> Estimates:
    return Estimates(np.array([value]), np.array([error]), np.array([200.0]), df, 0.9)


def test_every_interval_of_the_engine_is_studied() -> None:
    studied = {ENGINE_METHODS[name] for name in METHODS["share"] if name in ENGINE_METHODS}

    assert studied == set(ENGINE_METHODS.values())


def test_fallback_answers_where_logit_does_not() -> None:
    limits = limits_of("index", _estimates(1.0, 0.0))

    assert np.isnan(limits["logit"][0][0])
    assert limits["logit_kg"] == limits["kg_nchs"]


def test_pooled_interval_of_equal_units_is_wilson_with_more_degrees_of_freedom() -> None:
    unit = _estimates(0.9, np.sqrt(2 * 0.09 / 200))

    limits = pooled_limits([unit] * 4, own_share=False)

    low, high = wilson(0.9, unit.error, 27.0, 200, 0.95)
    assert limits[0][0] == pytest.approx(low)
    assert limits[3][1] == pytest.approx(high)


@pytest.mark.parametrize("shares", [(0.85, 0.9, 0.97), (0.9, 1.0, 0.95), (1.0, 1.0, 1.0)])
def test_pooled_interval_equals_that_of_the_engine(shares: tuple[float, ...]) -> None:
    errors = [0.0 if share == 1 else 0.02 + 0.01 * place for place, share in enumerate(shares)]
    units = [
        _estimates(share, error, 3 + i) for i, (share, error) in enumerate(zip(shares, errors, strict=True))
    ]

    ours = pooled_limits(units, own_share=False)

    engine = pooled_wilson_intervals(
        [Estimate(unit.value[0], unit.error[0], unit.df, 200, kind="share") for unit in units]
    )
    assert [limits[0][0] for limits in ours] == pytest.approx([interval.low for interval in engine])
    assert [limits[1][0] for limits in ours] == pytest.approx([interval.high for interval in engine])


def test_errors_and_verdicts_are_counted_on_their_side() -> None:
    low = np.array([0.91, 0.85, 0.80, np.nan])
    high = np.array([0.95, 0.95, 0.84, np.nan])

    found = measure((low, high), 0.90)

    assert found["no_answer"] == 0.25
    assert found["low_error"] == pytest.approx(1 / 3)
    assert found["high_error"] == pytest.approx(1 / 3)
    assert found["coverage"] == pytest.approx(1 / 3)
    assert (found["met_at"], found["not_met_at"]) == (0.25, 0.25)
    assert found["met_far_below"] == 0.5
