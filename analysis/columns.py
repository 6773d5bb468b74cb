"""Columns of a data set as plain arrays: codes for labels, checks of length and finiteness."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from analysis.errors import DataError

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]

_MAX_DENSE_RANGE = 4_000_000


def require_length(values: npt.NDArray[Any], n: int, column: str) -> None:
    """Raise `DataError` unless the column has `n` rows."""
    if values.ndim != 1 or len(values) != n:
        raise DataError(
            "unequal_length", column=column, rows=int(values.shape[0]) if values.ndim else 0, expected=n
        )


def float_column(values: npt.ArrayLike, n: int, column: str) -> Floats:
    """Give the column as float64 of length `n`; NaN is a missing value.

    Raises
    ------
    DataError
        ``not_numeric``, ``unequal_length`` or ``infinite_value`` (with its row).

    Examples
    --------
    >>> float_column([1, 2, 3], 3, "score")
    array([1., 2., 3.])
    """
    try:
        numbers = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as cause:
        raise DataError("not_numeric", column=column) from cause
    require_length(numbers, n, column)
    infinite = np.flatnonzero(np.isinf(numbers))
    if infinite.size:
        raise DataError("infinite_value", column=column, row=int(infinite[0]) + 1)
    return numbers


def flag_column(values: npt.ArrayLike | None, n: int, column: str) -> Flags:
    """Give a boolean column of length `n`; `None` means every row."""
    if values is None:
        return np.ones(n, dtype=np.bool_)
    flags = np.asarray(values)
    require_length(flags, n, column)
    if flags.dtype != np.bool_:
        raise DataError("not_boolean", column=column)
    return flags


def factorize(values: npt.ArrayLike, column: str = "column") -> tuple[Codes, list[Any]]:
    """Number the distinct values of a column in sorted order.

    Parameters
    ----------
    values : array_like, shape (n,)
        Labels of one kind: integers, floats without NaN, or strings.
    column : str
        Name for errors.

    Returns
    -------
    codes : ndarray of int, shape (n,)
    labels : list
        ``labels[codes[k]]`` is the value of row k.

    Raises
    ------
    DataError
        ``missing_label`` with the row of the first missing label.

    Examples
    --------
    >>> codes, labels = factorize(["b", "a", "b"])
    >>> codes.tolist(), labels
    ([1, 0, 1], ['a', 'b'])
    """
    array = np.asarray(values)
    if array.dtype == object:
        array = _texts(array, column)
    if array.dtype.kind == "f":
        missing = np.flatnonzero(np.isnan(array))
        if missing.size:
            raise DataError("missing_label", column=column, row=int(missing[0]) + 1)
    if array.dtype.kind in "iu" and array.size:
        low, high = int(array.min()), int(array.max())
        if high - low <= min(max(4 * array.size, 1024), _MAX_DENSE_RANGE):
            return _factorize_dense(array, low, high)
    labels, codes = np.unique(array, return_inverse=True)
    return codes.astype(np.intp).reshape(-1), labels.tolist()


def _texts(array: npt.NDArray[Any], column: str) -> npt.NDArray[Any]:
    for row, value in enumerate(array.tolist(), start=1):
        if value is None or value != value:
            raise DataError("missing_label", column=column, row=row)
    if all(isinstance(value, int | np.integer) for value in array.tolist()):
        return array.astype(np.int64)
    return np.array([str(value) for value in array.tolist()])


def _factorize_dense(array: npt.NDArray[Any], low: int, high: int) -> tuple[Codes, list[Any]]:
    """Number integers of a small range by counting, which needs no sort."""
    shifted = array.astype(np.intp, copy=False) if low == 0 else (array - low).astype(np.intp, copy=False)
    present = np.bincount(shifted, minlength=high - low + 1) > 0
    labels = (np.flatnonzero(present) + low).tolist()
    if len(labels) == high - low + 1:
        return shifted, labels
    position = np.cumsum(present) - 1
    return position[shifted], labels


def combine_codes(first: Codes, second: Codes, second_count: int) -> tuple[Codes, Codes, Codes]:
    """Number the observed pairs of two code columns.

    Returns
    -------
    codes : ndarray of int, shape (n,)
        Code of the pair in each row.
    firsts, seconds : ndarray of int, shape (pairs,)
        The members of each pair, sorted by the first, then the second.

    Examples
    --------
    >>> codes, firsts, seconds = combine_codes(np.array([0, 1, 0]), np.array([1, 0, 1]), 2)
    >>> codes.tolist(), firsts.tolist(), seconds.tolist()
    ([0, 1, 0], [0, 1], [1, 0])
    """
    keys = first * max(second_count, 1) + second
    codes, pairs = factorize(keys)
    members = np.asarray(pairs, dtype=np.intp)
    return codes, members // max(second_count, 1), members % max(second_count, 1)


def label_of(labels: Sequence[Any], code: int) -> Any:
    """Give the label of a code, for error messages."""
    return labels[code] if code < len(labels) else code
