"""What holds for every weighted sample and its index: weights add up, scale and order change nothing."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from questionnaires.loader import parse_questionnaire
from survey.models import FrameCell
from survey.services.figures import DomainReader
from survey.services.index_report_values import Figure
from survey.services.measure_results import estimate_measure
from survey.services.measure_samples import FormSample, stack
from survey.services.weighting import WeightedSample, weigh
from survey.store.survey_data import ResponseColumns
from tests.rounds import small_document

QUESTIONNAIRE = parse_questionnaire(small_document())
UNITS = 4


@st.composite
def build_columns(draw: st.DrawFn) -> ResponseColumns:
    """Up to forty responses of four units, each with three ratings, some not given or not applicable."""
    rows = draw(
        st.lists(st.tuples(st.integers(1, UNITS), *[st.integers(-1, 5)] * 3), min_size=1, max_size=40)
    )
    n = len(rows)
    table = np.array(rows, dtype=np.int64)
    blank = np.full(n, "", dtype=np.str_)
    return ResponseColumns(
        unit_id=table[:, 0],
        sector_code=blank,
        channel=blank,
        selection=np.full(n, "invited"),
        stratum=blank,
        psu=blank,
        design_weight=np.full(n, np.nan),
        expectation_percent=np.full(n, np.nan),
        ratings=table[:, 1:].astype(np.int8),
    )


FRAMES = st.lists(st.integers(1, 10_000), min_size=UNITS, max_size=UNITS).map(
    lambda counts: [
        FrameCell(
            unit_id=unit, sector_code="", population=count, stratum=f"tầng {unit % 2}", psu=f"đơn vị {unit}"
        )
        for unit, count in enumerate(counts, start=1)
    ]
)


def index_of(sample: WeightedSample) -> Figure:
    tables = estimate_measure(stack([FormSample(QUESTIONNAIRE, sample)]), 0.95, "invited")
    reader: DomainReader = tables.by_round["all"]
    figures = reader.find("all")
    assert figures is not None
    return figures.index.satisfied_share


def assert_same(one: Figure, other: Figure) -> None:
    assert (one.n, one.reason) == (other.n, other.reason)
    assert numbers_of(one) == pytest.approx(numbers_of(other), rel=1e-6, abs=1e-9, nan_ok=True)


def numbers_of(figure: Figure) -> list[float]:
    numbers = (figure.value, figure.standard_error, figure.low, figure.high)
    return [math.nan if number is None else number for number in numbers]


@given(build_columns(), FRAMES)
@settings(deadline=None)
def test_weights_add_up_to_the_counts_of_the_units_that_answered(
    columns: ResponseColumns, frame: list[FrameCell]
) -> None:
    sample = weigh("f", columns, frame, "invited", unit_count=2)

    answered = set(columns.unit_id.tolist())
    assert sample.final_weight.sum() == pytest.approx(
        sum(cell.population for cell in frame if cell.unit_id in answered)
    )


@given(build_columns(), FRAMES, st.floats(0.01, 100))
@settings(deadline=None, max_examples=40)
def test_scaling_all_weights_changes_no_figure(
    columns: ResponseColumns, frame: list[FrameCell], factor: float
) -> None:
    sample = weigh("f", columns, frame, "invited", unit_count=2)

    scaled = replace(sample, final_weight=sample.final_weight * factor)

    assert_same(index_of(scaled), index_of(sample))


@given(build_columns(), FRAMES, st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=40)
def test_order_of_the_responses_changes_no_figure(
    columns: ResponseColumns, frame: list[FrameCell], rng: object
) -> None:
    order = list(range(len(columns)))
    rng.shuffle(order)  # type: ignore[attr-defined]
    shuffled = ResponseColumns(**{name: value[order] for name, value in vars(columns).items()})

    assert_same(
        index_of(weigh("f", shuffled, frame, "invited", unit_count=2)),
        index_of(weigh("f", columns, frame, "invited", unit_count=2)),
    )


@given(build_columns(), FRAMES)
@settings(deadline=None, max_examples=40)
def test_published_share_lies_in_its_interval(columns: ResponseColumns, frame: list[FrameCell]) -> None:
    figure = index_of(weigh("f", columns, frame, "invited", unit_count=2))

    if figure.value is None:
        assert figure.reason
    else:
        assert figure.low is not None
        assert figure.high is not None
        assert 0 <= figure.low <= figure.value <= figure.high <= 1
        assert figure.n >= 5
