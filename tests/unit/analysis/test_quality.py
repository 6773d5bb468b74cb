import numpy as np
import pytest

from analysis import (
    DataError,
    Presentation,
    check_presentation,
    check_presentations,
    suppressed_cells,
    table_sums,
)


@pytest.mark.parametrize(
    ("p", "se", "df", "n", "decision"),
    [
        (0.9, 0.02, 30, 29, "suppress"),
        (0.9, 0.1, 30, 400, "suppress"),
        (0.9, 0.01, 60, 4000, "show"),
        (0.5, 0.09, 20, 40, "suppress"),
        (0.05, 0.02, 30, 200, "suppress"),
        (0.9, 0.03, 30, 150, "show"),
    ],
)
def test_the_presentation_rule(p, se, df, n, decision):
    assert check_presentation(p, se, df, n).decision.value == decision


def test_few_points_and_unanimity_are_flagged_for_review():
    few = check_presentation(0.9, 0.02, 5, 400)
    unanimous = check_presentation(1.0, 0.0, 20, 400)

    assert few.few_degrees_of_freedom
    assert unanimous.at_edge
    assert unanimous.decision is Presentation.SHOW


def test_an_unreliable_complement_gets_a_footnote():
    assert check_presentation(0.96, 0.02, 30, 100).complement_flagged


def test_whole_arrays_are_checked_like_single_shares():
    cases = [(0.9, 0.02, 30, 29), (0.9, 0.01, 60, 4000), (1.0, 0.0, 5, 400), (0.96, 0.02, 30, 100)]

    flags = check_presentations(*zip(*cases, strict=True))

    for place, case in enumerate(cases):
        single = check_presentation(*case)
        assert flags.suppressed[place] == (single.decision is Presentation.SUPPRESS)
        assert flags.complement_flagged[place] == single.complement_flagged
        assert flags.few_degrees_of_freedom[place] == single.few_degrees_of_freedom
        assert flags.at_edge[place] == single.at_edge


def test_where_there_is_no_number_nothing_is_shown():
    flags = check_presentations([np.nan, 0.9], [np.nan, 0.02], [np.nan, np.nan], [0, 400])

    assert flags.suppressed.tolist() == [True, True]
    assert not (flags.few_degrees_of_freedom | flags.at_edge | flags.complement_flagged).any()


def test_a_small_cell_takes_the_next_smallest_with_it():
    assert suppressed_cells([3, 12, 30], [[0, 1, 2]]).tolist() == [True, True, False]


def test_no_cell_is_withheld_without_need():
    assert not suppressed_cells([5, 0, 30], [[0, 1, 2]]).any()


def test_cells_of_a_table_cannot_be_told_from_the_margins():
    counts = np.array([2, 20, 30, 25, 40, 50, 60, 70, 80])
    withheld = suppressed_cells(counts, table_sums(3, 3)).reshape(3, 3)

    assert withheld[0, 0]
    assert ((withheld.sum(axis=0) != 1) & (withheld.sum(axis=1) != 1)).all()


def test_two_small_cells_with_a_small_sum_are_not_enough():
    withheld = suppressed_cells([1, 2, 40, 50], [[0, 1, 2, 3]])

    assert withheld.sum() == 3


def test_without_published_sums_only_the_small_are_withheld():
    assert suppressed_cells([1, 9], []).tolist() == [True, False]


def test_cells_that_do_not_exist_are_refused():
    with pytest.raises(DataError, match="unknown_cell"):
        suppressed_cells([1, 9], [[0, 2]])
    with pytest.raises(DataError, match="count_not_valid"):
        suppressed_cells([-1, 9], [])
