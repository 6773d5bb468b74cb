"""Small cells are withheld, and so are those from which they could be computed."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.linalg import null_space

from survey.services.withholding import MINIMUM_RESPONDENTS, withheld_cells


def with_margins(inner: np.ndarray) -> np.ndarray:
    """A (units, sectors) table with its totals, as one figure."""
    rows = np.vstack([inner, inner.sum(axis=0)])
    return np.column_stack([rows, rows.sum(axis=1)])[:, :, None].astype(np.int64)


def withheld(inner: list[list[int]]) -> list[list[bool]]:
    return withheld_cells(with_margins(np.array(inner)))[:, :, 0].tolist()  # type: ignore[no-any-return]


def test_nothing_is_withheld_where_all_cells_are_large() -> None:
    assert not np.any(withheld([[8, 9], [12, 7]]))


def test_one_small_unit_takes_a_second_one_with_it() -> None:
    assert [row[0] for row in withheld([[3], [40], [60]])] == [True, True, False, False]


def test_two_small_units_that_are_few_together_take_a_third() -> None:
    assert [row[0] for row in withheld([[1], [2], [40], [60]])] == [True, True, True, False, False]


def test_two_small_units_that_are_many_together_need_no_other() -> None:
    assert [row[0] for row in withheld([[4], [3], [40]])] == [True, True, False, False]


def test_a_small_cell_of_a_cross_table_is_protected_in_both_directions() -> None:
    result = withheld([[3, 30, 30], [20, 25, 40], [50, 60, 70]])

    assert sum(result[0][:3]) >= 2
    assert sum(row[0] for row in result[:3]) >= 2


def test_an_empty_cell_is_no_secret() -> None:
    assert withheld([[0], [40]]) == [[False, False], [False, False], [False, False]]


@given(arrays(np.int64, st.tuples(st.integers(1, 6), st.integers(1, 4)), elements=st.integers(0, 30)))
def test_no_single_subtraction_leads_to_a_small_cell(inner: np.ndarray) -> None:
    counts = with_margins(inner)
    hidden = withheld_cells(counts)

    assert hidden[(counts > 0) & (counts < MINIMUM_RESPONDENTS)].all()
    for table, mask in ((counts, hidden), (counts.swapaxes(0, 1), hidden.swapaxes(0, 1))):
        for line in range(table.shape[1]):
            parts, marks = table[:-1, line, 0], mask[:, line, 0]
            others = (parts > 0) & ~mask[:-1, line, 0]
            assert marks.sum() != 1 or not others.any()


def free_cells(counts: np.ndarray, hidden: np.ndarray) -> np.ndarray:
    """The withheld cells whose value the published sums leave open: where the null space is not zero."""
    cells = np.argwhere(hidden)
    equations = np.zeros((sum(hidden.shape), len(cells)))
    for number, (row, column) in enumerate(cells):
        equations[row, number] = -1.0 if column == hidden.shape[1] - 1 else 1.0
        equations[hidden.shape[0] + column, number] = -1.0 if row == hidden.shape[0] - 1 else 1.0
    free = np.zeros(hidden.shape, dtype=bool)
    free[tuple(cells.T)] = np.abs(null_space(equations)).max(axis=1, initial=0.0) > 1e-9
    return free


def test_several_sums_together_lead_to_no_small_cell() -> None:
    inner = np.array([[3, 3, 0, 0], [3, 3, 2, 0], [0, 0, 3, 3], [0, 0, 3, 3], [40, 40, 40, 40]])
    counts = with_margins(inner)
    hidden = withheld_cells(counts)[:, :, 0]

    assert (free_cells(counts[:, :, 0], hidden) == hidden).all()
    assert not hidden[-1, -1]


@given(arrays(np.int64, st.tuples(st.integers(2, 6), st.integers(2, 4)), elements=st.integers(0, 12)))
def test_no_sums_together_determine_a_cell_while_another_could_be_withheld(
    inner: np.ndarray,
) -> None:
    counts = with_margins(inner)
    hidden = withheld_cells(counts)[:, :, 0]

    if ((counts[:, :, 0] > 0) & ~hidden)[:-1, :-1].any():
        determined = hidden & ~free_cells(counts[:, :, 0], hidden)
        assert not (determined & (counts[:, :, 0] < MINIMUM_RESPONDENTS)).any()


@pytest.mark.parametrize("figures", [1, 3])
def test_figures_are_decided_one_by_one(figures: int) -> None:
    counts = np.repeat(with_margins(np.array([[3], [40], [60]])), figures, axis=2)
    counts[0, :, figures - 1] = 30

    assert not withheld_cells(counts)[:, :, figures - 1].any()


def test_a_small_item_takes_another_item_of_its_element_with_it() -> None:
    items = [3, 40, 60]
    counts = np.array([*items, sum(items)])[None, None, :].repeat(2, axis=0).repeat(2, axis=1)

    hidden = withheld_cells(counts, [[0, 1, 2, 3]])

    assert hidden[-1, -1].tolist() == [True, True, False, False]
