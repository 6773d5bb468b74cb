"""The floors of the benchmark do the same work as the engine."""

import numpy as np
import pytest

from analysis import SurveyDesign
from tests.load.engine import Line
from tests.load.engine_indices import DEFINITION, build_report, estimate_everything, sum_by_psu
from tests.load.engine_weighting import draw_raking_task, fit_collapsed, rake_rows


def test_raked_weights_equal_those_of_the_floor() -> None:
    task = draw_raking_task(20_000, 0.1)

    weights, iterations = fit_collapsed(task)

    assert iterations > 1
    np.testing.assert_allclose(rake_rows(task).weights, weights, rtol=1e-8)


def test_totals_of_the_floor_give_the_shares_of_the_report() -> None:
    report = build_report(4_000)

    totals = sum_by_psu(report)
    shares = estimate_everything(report).variables["all"].shares.estimate[0]

    wanted = [
        satisfied.sum() / valid.sum() for valid, satisfied in zip(totals[1::2], totals[2::2], strict=True)
    ]
    np.testing.assert_allclose(shares[: len(wanted)], wanted)
    assert len(shares) == len(wanted) + len(DEFINITION.elements) + 1


def test_design_of_the_report_is_that_of_units_with_ten_psus() -> None:
    report = build_report(4_000)

    assert isinstance(report.design, SurveyDesign)
    assert (report.design.n_psu, report.design.n_strata) == (1000, 100)


@pytest.mark.parametrize(("measured", "outcome"), [(2.0, "kept"), (2.1, "missed")])
def test_outcome_compares_with_the_goal(measured: float, outcome: str) -> None:
    assert Line("raking", measured, "×", 2).cells[-1] == outcome
