"""From counts to weights: N/n in each unit and sector, and a place in the design for each response."""

from collections.abc import Sequence

import numpy as np
import pytest

from survey.models import FrameCell
from survey.services.measure_results import kish_design_effect
from survey.services.weighting import select_mode, weigh
from survey.store.survey_data import ResponseColumns


def columns_of(
    units: Sequence[int],
    sectors: Sequence[str] | None = None,
    *,
    selection: Sequence[str] | str = "invited",
    strata: Sequence[str] | None = None,
    psus: Sequence[str] | None = None,
) -> ResponseColumns:
    n = len(units)
    blank = np.full(n, "", dtype=np.str_)
    return ResponseColumns(
        unit_id=np.array(units, dtype=np.int64),
        sector_code=np.array(sectors, dtype=np.str_) if sectors else blank,
        channel=blank,
        selection=np.broadcast_to(np.array(selection, dtype=np.str_), (n,)),
        stratum=np.array(strata, dtype=np.str_) if strata else blank,
        psu=np.array(psus, dtype=np.str_) if psus else blank,
        design_weight=np.full(n, np.nan),
        expectation_percent=np.full(n, np.nan),
        ratings=np.zeros((n, 0), dtype=np.int8),
    )


def cell(
    unit: int, population: int, sector: str = "", stratum: str = "s", psu: str | None = None
) -> FrameCell:
    return FrameCell(unit_id=unit, sector_code=sector, population=population, stratum=stratum, psu=psu)


def test_each_response_stands_for_its_share_of_the_count() -> None:
    sample = weigh("tthc", columns_of([1, 1, 1, 2]), [cell(1, 300), cell(2, 50)], "invited", unit_count=2)

    assert sample.final_weight.tolist() == [100, 100, 100, 50]
    assert sample.is_weighted


def test_sectors_of_a_unit_have_weights_of_their_own() -> None:
    columns = columns_of([1, 1, 1], ["land", "land", "other"])

    sample = weigh("tthc", columns, [cell(1, 20, "land"), cell(1, 700, "other")], "invited", unit_count=2)

    assert sample.final_weight.tolist() == [10, 10, 700]


def test_response_without_a_count_is_left_out_and_marked() -> None:
    sample = weigh("tthc", columns_of([1, 2, 2]), [cell(1, 30)], "invited", unit_count=2)

    assert sample.is_used.tolist() == [True, False, False]
    assert sample.is_without_count.tolist() == [False, True, True]
    assert sample.final_weight[0] == 30


def test_without_counts_every_weight_is_one_and_it_is_said() -> None:
    sample = weigh("tthc", columns_of([1, 2]), [], "invited", unit_count=2)

    assert sample.final_weight.tolist() == [1, 1]
    assert not sample.is_weighted
    assert not sample.is_without_count.any()


def test_self_selected_responses_take_no_part_beside_invited_ones() -> None:
    columns = columns_of([1, 1, 1], selection=["invited", "self_selected", "invited"])

    sample = weigh("tthc", columns, [cell(1, 30)], "invited", unit_count=2)

    assert sample.is_used.tolist() == [True, False, True]
    assert sample.final_weight[[0, 2]].tolist() == [15, 15]
    assert not sample.is_without_count.any()


def test_without_a_frame_units_are_the_psus_of_one_stratum() -> None:
    sample = weigh("tthc", columns_of([1, 1, 2]), [], "invited", unit_count=2)

    assert len(set(sample.stratum.tolist())) == 1
    assert sample.psu.tolist() == ["unit 1", "unit 1", "unit 2"]
    assert sample.first_stage == "units"


def test_one_answering_unit_of_several_stays_one_psu() -> None:
    sample = weigh("tthc", columns_of([1, 1]), [], "invited", unit_count=2)

    assert sample.psu.tolist() == ["unit 1", "unit 1"]


def test_respondents_of_a_round_at_one_unit_are_the_psus() -> None:
    sample = weigh("tthc", columns_of([1, 1, 1]), [], "invited", unit_count=1)

    assert len(set(sample.stratum.tolist())) == 1
    assert len(set(sample.psu.tolist())) == 3
    assert sample.first_stage == "respondents"


def test_frame_says_stratum_and_psu() -> None:
    sample = weigh(
        "tthc", columns_of([1, 1]), [cell(1, 9, stratum="ward", psu="shop")], "invited", unit_count=2
    )

    assert sample.stratum.tolist() == ["ward", "ward"]
    assert sample.psu.tolist() == ["shop", "shop"]


def test_frame_without_psu_leaves_each_respondent_a_psu() -> None:
    sample = weigh("tthc", columns_of([1, 1]), [cell(1, 9, stratum="ward")], "invited", unit_count=2)

    assert sample.psu.tolist() == ["tthc 0", "tthc 1"]


def test_one_frame_holds_for_responses_that_came_before_and_after_it() -> None:
    columns = columns_of([1, 1], strata=["then", ""], psus=["there", ""])

    sample = weigh("tthc", columns, [cell(1, 9, stratum="now", psu="here")], "invited", unit_count=2)

    assert sample.stratum.tolist() == ["now", "now"]
    assert sample.psu.tolist() == ["here", "here"]
    assert sample.first_stage == "frame"


def test_where_no_frame_holds_for_the_measure_none_holds_for_a_response() -> None:
    columns = columns_of([1, 2], strata=["then", ""], psus=["there", ""])

    sample = weigh("tthc", columns, [], "invited", unit_count=2)

    assert len(set(sample.stratum.tolist())) == 1
    assert sample.psu.tolist() == ["unit 1", "unit 2"]


def test_no_responses_make_an_empty_sample() -> None:
    sample = weigh("tthc", columns_of([]), [cell(1, 9)], "invited", unit_count=2)

    assert len(sample.final_weight) == 0


@pytest.mark.parametrize(
    ("selections", "mode"),
    [
        (["self_selected", "invited"], "invited"),
        (["self_selected", "self_selected"], "self_selected"),
        ([], "self_selected"),
    ],
)
def test_one_invited_response_makes_the_index_that_of_the_invited(selections: list[str], mode: str) -> None:
    columns = columns_of([1] * len(selections), selection=selections or "invited")

    assert select_mode([columns_of([]), columns]) == mode


def test_equal_weights_cost_nothing() -> None:
    assert kish_design_effect(np.full(7, 3.0)) == pytest.approx(1)


def test_unequal_weights_cost_precision() -> None:
    assert kish_design_effect(np.array([1.0, 3.0])) == pytest.approx(2 * 10 / 16)


def test_no_weights_have_no_design_effect() -> None:
    assert kish_design_effect(np.array([])) is None
