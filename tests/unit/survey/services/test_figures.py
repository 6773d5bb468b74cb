"""What is shown of an estimate: the presentation rule for shares, the value alone for the self-selected."""

from collections.abc import Sequence

import numpy as np
import pytest

from analysis.index_table import EstimateArray
from analysis.intervals import Kind
from survey.services.figures import FigureArray
from survey.services.index_report_values import Figure


def figure_of(
    share: float,
    error: float,
    n: int,
    *,
    degrees: float = 60.0,
    kind: Kind = "index",
    selection: str = "invited",
    level: float = 0.95,
    withheld: bool = False,
) -> Figure:
    def cell(value: float) -> np.ndarray:
        return np.array([[value]])

    arrays = EstimateArray(
        estimate=cell(share),
        standard_error=cell(error),
        degrees_of_freedom=cell(degrees),
        n=cell(n).astype(np.intp),
        answer_count=cell(n).astype(np.intp),
        n_psu=cell(degrees + 1).astype(np.intp),
        design_effect=cell(1.0),
        kinds=(kind,),
        methods=("m",),
        bounds=(None,),
        level=level,
        reasons={},
    )
    return FigureArray(arrays, np.array([[withheld]]), selection).at(0, 0)


@pytest.mark.parametrize(
    ("share", "error", "n", "degrees"),
    [(0.9, 0.03, 29, 60.0), (0.9, 0.09, 400, 60.0), (0.06, 0.022, 120, 60.0), (0.9, 0.02, 400, 1.0)],
    ids=["few respondents", "small effective sample", "wide for a small share", "few points"],
)
@pytest.mark.parametrize("kind", ["share", "index"])
def test_a_share_that_is_not_reliable_has_no_number_at_all(
    share: float, error: float, n: int, degrees: float, kind: Kind
) -> None:
    assert figure_of(share, error, n, degrees=degrees, kind=kind) == Figure(n=n, reason="unreliable")


def test_a_mean_is_outside_the_rule() -> None:
    shown = figure_of(4.1, 0.3, 12, kind="mean")

    assert (shown.value, shown.reason, shown.marks) == (4.1, "", ())


def test_few_respondents_come_before_few_for_precision() -> None:
    assert figure_of(0.9, 0.03, 4, withheld=True).reason == "suppressed"


@pytest.mark.parametrize(
    ("share", "error", "n", "degrees", "marks"),
    [
        (0.9, 0.01, 900, 60.0, ()),
        (0.9, 0.01, 900, 7.0, ("few_degrees_of_freedom",)),
        (1.0, 0.0, 400, 60.0, ("at_edge",)),
        (0.0, 0.0, 400, 7.0, ("few_degrees_of_freedom", "at_edge")),
        (0.96, 0.02, 100, 60.0, ("complement_flagged",)),
    ],
)
def test_what_should_be_reviewed_is_shown_with_a_mark(
    share: float, error: float, n: int, degrees: float, marks: Sequence[str]
) -> None:
    shown = figure_of(share, error, n, degrees=degrees)

    assert (shown.value, shown.reason, shown.marks) == (share, "", marks)


def test_the_rule_looks_at_the_95_percent_interval_at_any_confidence() -> None:
    """At 80% this interval would be narrow enough."""
    at_95, at_80 = (figure_of(0.6, 0.074, 300, level=level) for level in (0.95, 0.80))

    assert (at_95.reason, at_80.reason) == ("unreliable", "unreliable")


@pytest.mark.parametrize("degrees", [60.0, 0.0])
def test_self_selected_respondents_have_a_value_without_error(degrees: float) -> None:
    shown = figure_of(0.9, 0.03, 12, degrees=degrees, selection="self_selected")

    assert shown == Figure(n=12, value=0.9, reason="self_selected")


def test_one_first_stage_unit_gives_invited_respondents_no_number() -> None:
    assert figure_of(0.9, 0.03, 200, degrees=0.0) == Figure(n=200, reason="no_degrees_of_freedom")
