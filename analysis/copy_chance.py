"""How often equal answer vectors occur by chance, in units of any size and with forms of any length.

Honest people agree more than independent answers would: most are satisfied, and some patterns are natural,
such as one element alone rated lower. Two things speak for that, and the larger one counts: how answers are
spread among responses of the same kind, and at how many other units the very vector occurs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import pdtrc

from analysis.columns import Codes, Floats

Ratings = npt.NDArray[np.int8]
# Answers of one person depend on each other beyond their kind: so much more likely is a vector taken to be.
MARGIN = 10.0
_PRIOR = 10.0


def expected_repetitions(ratings: Ratings, groups: Codes, rows: Codes, copies: Codes) -> Floats:
    """Give how many vectors of a row's unit would occur as often as the row's own does, by chance.

    Parameters
    ----------
    ratings : ndarray of int8, shape (n, m)
        All responses, those of other units too; negative where there is no valid answer.
    groups : ndarray of int, shape (n,)
        The unit of each response.
    rows : ndarray of int, shape (r,)
        The responses that are asked about.
    copies : ndarray of int, shape (r,)
        How often the vector of each of them occurs in its unit.

    Returns
    -------
    ndarray of float, shape (r,)

    Notes
    -----
    Responses of a kind have the same most frequent rating and the same number of others. A vector v of a
    kind with n_k responses in the unit is expected λ = 10 n_k p(v) times; p(v) is the product of the shares
    that its answers have among responses of the kind in the round, without those that have this very
    vector, drawn towards the shares among all (weight of 10 responses). If v occurs at s of U other units,
    λ is at least −ln(1 − s/(U + 1)) for a unit of mean size, though not more than 100 times the first
    estimate: a vector that is out of all proportion at several units was copied across them. Of n responses,
    the expected number of vectors with k copies is at most (n/k) P(X ≥ k − 1), X ~ Poisson(λ).
    """
    if not len(rows):
        return np.zeros(0)
    vectors = _Vectors.find(ratings, groups, rows)
    kind_of_row = _kinds(ratings)
    chance = np.minimum(1.0, MARGIN * np.exp(_log_share(ratings, kind_of_row, rows, vectors)))
    units, unit_of_row = np.unique(groups, return_inverse=True)
    own = unit_of_row[rows]
    sizes = np.bincount(unit_of_row)
    kind_pairs = unit_of_row * (int(kind_of_row.max()) + 1) + kind_of_row
    _, pair_of_row, pair_sizes = np.unique(kind_pairs, return_inverse=True, return_counts=True)
    by_kind = pair_sizes[pair_of_row[rows]] * chance
    elsewhere = vectors.unit_counts[vectors.of_rows] - 1
    by_place = -np.log1p(-elsewhere / len(units)) * sizes[own] / sizes.mean()
    expected = np.maximum(by_kind, np.minimum(by_place, MARGIN**2 * by_kind))
    tail = pdtrc(np.maximum(copies - 2, 0), expected)
    return np.asarray(np.where(copies > 1, tail, 1.0) * sizes[own] / copies)


@dataclass(frozen=True)
class _Vectors:
    """The distinct vectors among some rows: how many rows and how many units have each."""

    of_rows: Codes
    row_counts: Codes
    unit_counts: Codes

    @classmethod
    def find(cls, ratings: Ratings, groups: Codes, rows: Codes) -> _Vectors:
        digests = _digests(ratings)
        known, of_rows = np.unique(digests[rows], return_inverse=True)
        places = np.minimum(np.searchsorted(known, digests), len(known) - 1)
        has_one = known[places] == digests
        found, units = places[has_one], np.unique(groups[has_one], return_inverse=True)[1]
        pairs = np.unique(found * (int(units.max()) + 1) + units)
        return cls(
            of_rows,
            np.bincount(found, minlength=len(known)),
            np.bincount(pairs // (int(units.max()) + 1), minlength=len(known)),
        )


def _digests(ratings: Ratings) -> npt.NDArray[np.uint64]:
    """A number for each vector; two vectors share one as rarely as two random numbers of 64 bits."""
    random = np.random.default_rng(1)
    factors = [np.uint64(random.integers(1, 2**63 - 1)) for _ in range(ratings.shape[1])]
    digests = np.zeros(len(ratings), dtype=np.uint64)
    for column in range(ratings.shape[1]):
        digests += (ratings[:, column].astype(np.int64) + 2).astype(np.uint64) * factors[column]
    return digests


def _kinds(ratings: Ratings) -> Codes:
    """Number the kinds: the most frequent rating and how many others there are."""
    n, m = ratings.shape
    answered = (ratings >= 0).sum(axis=1)
    most, code_of_most = np.zeros(n, dtype=np.intp), np.zeros(n, dtype=np.intp)
    for code in range(int(ratings.max(initial=-1)) + 1):
        count = (ratings == code).sum(axis=1)
        code_of_most[count > most] = code
        np.maximum(most, count, out=most)
    return np.asarray(code_of_most * (m + 1) + (answered - most), dtype=np.intp)


def _log_share(ratings: Ratings, kinds: Codes, rows: Codes, vectors: _Vectors) -> Floats:
    """Logarithm of the product of the shares of a row's answers, among rows that are not equal to it."""
    slots = int(ratings.max()) + 2
    own_kind, equal = kinds[rows], vectors.row_counts[vectors.of_rows]
    kind_sizes = np.bincount(kinds)[own_kind] - equal
    others = len(ratings) - equal
    total = np.zeros(len(rows))
    for column in range(ratings.shape[1]):
        codes = ratings[:, column].astype(np.intp) + 1
        own = codes[rows]
        among_all = (np.bincount(codes, minlength=slots)[own] - equal + 1) / (others + slots)
        in_kind = np.bincount(kinds * slots + codes)[own_kind * slots + own] - equal
        total += np.log((in_kind + _PRIOR * among_all) / (kind_sizes + _PRIOR))
    return total
