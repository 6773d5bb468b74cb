"""Signs that responses were not given one by one by the people they stand for.

Each sign is a flag on a response, never a proof and never an exclusion: "all 4" can be an honest answer.
What is looked at is the share of flagged responses of a unit beside that of the other units, and the index
with and without the flagged ones. No function here depends on the order of the rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.stats import betabinom, norm

from analysis.columns import Codes, Flags, Floats, require_length
from analysis.copy_chance import expected_repetitions
from analysis.errors import DataError

Ratings = npt.NDArray[np.int8]
HONEST_VARIATION = 0.25
"""Standard deviation of the shares of honest units beside their mean."""
FARTHEST = 37.0
NO_ANSWER = -1
UNKNOWN_HOUR = -1
LEAST_USUAL = 5
NORMAL_MAD = 1.4826
"""Median absolute deviation of a normal distribution, upside down: its standard deviation in units of it."""


def straight_lined(
    ratings: npt.ArrayLike, elements: npt.ArrayLike, *, minimum_items: int = 10, minimum_elements: int = 2
) -> Flags:
    """Find responses that give one and the same rating throughout.

    Parameters
    ----------
    ratings : array_like of int, shape (n, m)
        Rating codes; negative where there is no valid answer ("not applicable" included).
    elements : array_like of int, shape (m,)
        Element of each item, as any number.
    minimum_items : int
        Fewest valid ratings of a response that can be flagged. Ten ratings of five levels hardly agree by
        chance; shorter forms are never flagged.
    minimum_elements : int
        The ratings must spread over as many elements: within one element items ask nearly the same.

    Returns
    -------
    ndarray of bool, shape (n,)

    Raises
    ------
    DataError
        ``ratings_not_a_table``, ``unequal_length``.

    Notes
    -----
    Known as nondifferentiation or straight-lining (Krosnick 1991; Meade & Craig 2012, long string). Most of
    it is valid where a scale is short, items agree and people are satisfied, and better questions even raise
    it (Reuning & Plutzer 2020): so it counts only beside the share of other units.

    Examples
    --------
    >>> straight_lined([[4, 4, 4], [4, 4, 5], [4, -1, -1]], [0, 0, 1], minimum_items=2).tolist()
    [True, False, False]
    """
    table = _table(ratings)
    groups = np.unique(np.asarray(elements), return_inverse=True)[1]
    require_length(groups, table.shape[1], "elements")
    n = len(table)
    lowest, highest = np.full(n, 127, dtype=np.int8), np.full(n, NO_ANSWER, dtype=np.int8)
    answered, seen = np.zeros(n, dtype=np.int16), np.zeros(n, dtype=np.int16)
    for group in range(int(groups.max(initial=-1)) + 1):
        in_element = np.zeros(n, dtype=np.bool_)
        for column in np.flatnonzero(groups == group):
            codes = table[:, column]
            valid = codes >= 0
            answered += valid
            in_element |= valid
            np.minimum(lowest, np.where(valid, codes, 127), out=lowest)
            np.maximum(highest, codes, out=highest)
        seen += in_element
    return np.asarray((lowest == highest) & (answered >= minimum_items) & (seen >= minimum_elements))


def too_fast(
    answered: npt.ArrayLike, longest_seconds: npt.ArrayLike, *, seconds_per_item: float = 3.0
) -> Flags:
    """Find responses that took less time than reading takes, whatever the exact time was.

    Parameters
    ----------
    answered : array_like of int, shape (n,)
        Rated items that were answered.
    longest_seconds : array_like of float, shape (n,)
        Upper end of the band of duration; infinite or NaN where there is none.
    seconds_per_item : float
        Least time for reading and answering an item.

    Returns
    -------
    ndarray of bool, shape (n,)
        True where even the upper end leaves at most this time an item.

    Notes
    -----
    Web surveys call it speeding below about a third of a second a word (Conrad, Tourangeau, Couper & Zhang
    2017). An item of nine or ten words then takes 3 s: under one minute for 20 items or more is too fast.
    Durations are kept in bands, so the rule says nothing where a band's end is far.

    Examples
    --------
    >>> too_fast([22, 19, 22], [60, 60, 180]).tolist()
    [True, False, False]
    """
    counts = np.asarray(answered, dtype=np.float64)
    seconds = np.asarray(longest_seconds, dtype=np.float64)
    require_length(seconds, len(counts), "longest_seconds")
    return np.asarray((counts > 0) & (seconds <= counts * seconds_per_item))


def in_bursts(
    sources: npt.ArrayLike, hours: npt.ArrayLike, *, minimum: npt.ArrayLike = 20
) -> tuple[Flags, Codes]:
    """Find responses of one source, such as a device, that came too many in one hour.

    Parameters
    ----------
    sources : array_like of int, shape (n,)
        Where the response comes from; negative where that is not known.
    hours : array_like of int, shape (n,)
        Hours counted from any start, by one clock a source; negative where not known.
    minimum : array_like of int
        Fewest responses in an hour that are a burst, for all rows or for each.

    Returns
    -------
    flags : ndarray of bool, shape (n,)
    counts : ndarray of int, shape (n,)
        Responses of the same source and hour; 0 where either is not known.

    Notes
    -----
    One person after the other, three minutes each, makes 20 an hour without a pause.

    Examples
    --------
    >>> flags, counts = in_bursts([7, 7, 7, 8], [10, 10, 11, 10], minimum=2)
    >>> flags.tolist(), counts.tolist()
    ([True, True, False, False], [2, 2, 1, 1])
    """
    source, hour = np.asarray(sources, dtype=np.int64), np.asarray(hours, dtype=np.int64)
    require_length(hour, len(source), "hours")
    known = (source >= 0) & (hour >= 0)
    counts = np.zeros(len(source), dtype=np.intp)
    if known.any():
        keys = source[known] * (int(hour[known].max()) + 1) + hour[known]
        counts[known] = group_sizes(keys)
    return np.asarray(known & (counts >= np.asarray(minimum))), counts


def outside_hours(hours: npt.ArrayLike, first: npt.ArrayLike, last: npt.ArrayLike) -> Flags:
    """Find hours of the day before `first` or from `last` on; an unknown hour (negative) is never flagged.

    Parameters
    ----------
    hours : array_like of int, shape (n,)
        0 to 23.
    first, last : array_like of int
        First hour that is possible and first one that is not any more, for all rows or for each.

    Returns
    -------
    ndarray of bool, shape (n,)

    Examples
    --------
    >>> outside_hours([6, 7, 17, 18, -1], 7, 18).tolist()
    [True, False, False, True, False]
    """
    hour = np.asarray(hours, dtype=np.int64)
    return np.asarray((hour >= 0) & ((hour < np.asarray(first)) | (hour >= np.asarray(last))))


def repeated_vectors(
    ratings: npt.ArrayLike,
    fingerprints: npt.ArrayLike,
    groups: npt.ArrayLike,
    *,
    minimum: int = 3,
    minimum_items: int = 10,
    minimum_deviations: int = 3,
    most_expected: float = 0.001,
) -> tuple[Flags, Codes]:
    """Find long answer vectors that occur several times in a unit, beyond straight lines and chance.

    Parameters
    ----------
    ratings : array_like of int, shape (n, m)
        Rating codes, negative where there is no valid answer.
    fingerprints : array_like of uint64, shape (n,)
        Digest of all answers, the others included: equal exactly where all answers are equal.
    groups : array_like of int, shape (n,)
        The unit of each response.
    minimum : int
        Fewest equal responses that are flagged.
    minimum_items : int
        Fewest valid ratings of a vector.
    minimum_deviations : int
        Fewest ratings that differ from the vector's own most frequent one. "All 5 but one" occurs twice by
        chance where people are satisfied, and is not looked at.
    most_expected : float
        So many vectors with as many copies may be expected by chance in the unit, no more: a unit with many
        responses to a short form has honest triples (see `analysis.copy_chance`).

    Returns
    -------
    flags : ndarray of bool, shape (n,)
    counts : ndarray of int, shape (n,)
        Responses of the unit with the same answers, the response itself included.

    Notes
    -----
    Copies of whole responses are the plainest trace of fabrication (Kuriakose & Robbins 2016 look at the
    highest match of each response; here only complete matches count, which honest answers do not reach).

    Examples
    --------
    >>> varied = [1, 2, 3, 4]
    >>> ratings = [varied, varied, [5, 5, 5, 5], [5, 5, 5, 5]]
    >>> limits = {"minimum": 2, "minimum_items": 4, "most_expected": 0.1}
    >>> flags, counts = repeated_vectors(ratings, [9, 9, 8, 8], [0, 0, 0, 0], **limits)
    >>> flags.tolist(), counts.tolist()
    ([True, True, False, False], [2, 2, 2, 2])
    """
    table = _table(ratings)
    prints, units = np.asarray(fingerprints, dtype=np.uint64), np.asarray(groups, dtype=np.int64)
    require_length(prints, len(table), "fingerprints")
    require_length(units, len(table), "groups")
    counts = group_sizes(prints ^ _scattered(units))
    flags = counts >= minimum
    rows = np.flatnonzero(flags)
    flags[rows] = _is_varied(table[rows], minimum_items, minimum_deviations)
    rows = np.flatnonzero(flags)
    flags[rows] = expected_repetitions(table, units, rows, counts[rows]) < most_expected
    return flags, counts


@dataclass(frozen=True, slots=True)
class OutlyingShares:
    """Shares of flagged responses of units, beside those of the other units.

    Attributes
    ----------
    others : ndarray of float, shape (units,)
        Share of all the other units together; NaN for units left out and without other units.
    spread : float
        Robust standard deviation of the distances of units that differ by chance alone; at least 1.
    distance : ndarray of float, shape (units,)
        How unlikely a share as high is, as a quantile of the normal distribution, divided by the spread; NaN
        for units left out.
    stands_out : ndarray of bool, shape (units,)
    """

    others: Floats
    spread: float
    distance: Floats
    stands_out: Flags


def outlying_shares(
    flagged: npt.ArrayLike,
    totals: npt.ArrayLike,
    *,
    distance: float = 3.5,
    honest_share: float = 0.02,
    minimum_flagged: int = 5,
    minimum_total: int = 5,
    minimum_units: int = 5,
) -> OutlyingShares:
    """Find units whose share of flagged responses stands out from that of the other units.

    Parameters
    ----------
    flagged, totals : array_like of int, shape (units,)
        Flagged responses and all responses that could be flagged.
    distance : float
        How many standard deviations stand out.
    honest_share : float
        By how much an honest unit may be above the others: with many responses any difference would else be
        more than chance, and where nobody else has a flag, five of ten thousand.
    minimum_flagged, minimum_total : int
        Units with fewer flagged responses do not stand out; units with fewer responses are left out.
    minimum_units : int
        Among fewer units the spread is not estimated and taken as 1.

    Returns
    -------
    OutlyingShares

    Notes
    -----
    The distance of a unit with k of n is z = Φ⁻¹(P(X < k)), an exact tail of the beta-binomial distribution:
    mean share q is the others' pooled share plus `honest_share`, and honest units differ by a quarter of it.
    Where the flag is frequent they differ more: z is divided by s = max(1, 1.4826 median |y − median y|),
    y = 2 √n (asin √p − asin √p̃) with the median share p̃, if n p̃ ≥ 5 at the median unit (overdispersion as in
    funnel plots, Spiegelhalter 2005; the median in place of winsorising). The limit 3.5 is that of Iglewicz &
    Hoaglin (1993) for modified z-scores: a chance of 1 in 4 300.

    Examples
    --------
    >>> found = outlying_shares([4, 5, 6, 5, 30], [50, 50, 50, 50, 50])
    >>> found.stands_out.tolist()
    [False, False, False, False, True]
    >>> outlying_shares([0, 0, 0, 10], [2000, 2000, 2000, 2000]).stands_out.any()
    np.False_
    """
    hits, sizes = np.asarray(flagged, dtype=np.float64), np.asarray(totals, dtype=np.float64)
    require_length(hits, len(sizes), "flagged")
    if (hits < 0).any() or (hits > sizes).any():
        raise DataError("count_not_valid")
    used = sizes >= max(1, minimum_total)
    others, scores = np.full(len(sizes), np.nan), np.full(len(sizes), np.nan)
    if not used.any():
        return OutlyingShares(others, 1.0, scores, np.zeros(len(sizes), dtype=np.bool_))
    rest = sizes[used].sum() - sizes[used]
    others[used] = np.divide(
        hits[used].sum() - hits[used], rest, out=np.full(len(rest), np.nan), where=rest > 0
    )
    limit = np.minimum(1 - 1e-9, np.nan_to_num(others[used]) + honest_share)
    # A beta distribution with this mean and this relative standard deviation.
    first = np.maximum((1 - limit) / HONEST_VARIATION**2 - limit, 1e-6)
    tail = betabinom.sf(hits[used] - 1, sizes[used], first, first * (1 - limit) / limit)
    spread = _spread(hits[used], sizes[used]) if int(used.sum()) >= minimum_units else 1.0
    # Beyond this a tail is no number any more.
    scores[used] = np.clip(norm.isf(tail), -FARTHEST, FARTHEST) / spread
    return OutlyingShares(others, spread, scores, np.asarray((scores > distance) & (hits >= minimum_flagged)))


def _spread(hits: Floats, sizes: Floats) -> float:
    """How much more than by chance the units differ, by the middle of them.

    Where the usual unit has hardly a flag, one more or less is all the difference there is, and says nothing.
    """
    shares = hits / sizes
    if np.median(sizes * np.median(shares)) < LEAST_USUAL:
        return 1.0
    chance = 2 * np.sqrt(sizes) * (np.arcsin(np.sqrt(shares)) - np.arcsin(np.sqrt(np.median(shares))))
    return max(1.0, NORMAL_MAD * float(np.median(np.abs(chance - np.median(chance)))))


def group_sizes(keys: npt.NDArray[Any]) -> Codes:
    """Give for each row how many rows have its key.

    Examples
    --------
    >>> group_sizes(np.array([5, 9, 5])).tolist()
    [2, 1, 2]
    """
    _, codes, counts = np.unique(keys, return_inverse=True, return_counts=True)
    return np.asarray(counts[codes], dtype=np.intp)


def count_flagged(flags: Sequence[Flags], groups: Codes, group_count: int) -> Codes:
    """Give the rows of each group that each flag marks, shape (flags, groups).

    Examples
    --------
    >>> count_flagged([np.array([True, False, True])], np.array([1, 1, 0]), 2).tolist()
    [[1, 1]]
    """
    counts = [np.bincount(groups[flag], minlength=group_count) for flag in flags]
    return np.array(counts, dtype=np.intp).reshape(len(flags), group_count)


def _is_varied(ratings: Ratings, minimum_items: int, minimum_deviations: int) -> Flags:
    """Say which rows have enough ratings and enough that differ from the row's most frequent one."""
    answered = (ratings >= 0).sum(axis=1)
    most_frequent = np.zeros(len(ratings), dtype=np.intp)
    for code in np.unique(ratings[ratings >= 0]):
        np.maximum(most_frequent, (ratings == code).sum(axis=1), out=most_frequent)
    return np.asarray((answered >= minimum_items) & (answered - most_frequent >= minimum_deviations))


def _scattered(units: npt.NDArray[np.int64]) -> npt.NDArray[np.uint64]:
    """Spread small numbers over 64 bits, so that a digest and a unit make one key (golden-ratio hashing)."""
    return units.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)


def _table(ratings: npt.ArrayLike) -> Ratings:
    table = np.asarray(ratings)
    if table.ndim != 2 or table.dtype.kind not in "iu":
        raise DataError("ratings_not_a_table")
    return table.astype(np.int8, copy=False)
