"""Comparing groups and rounds: changes, ranks with their uncertainty, intervals that borrow strength."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from analysis.columns import Floats, flag_column, float_column
from analysis.domains import Domain
from analysis.errors import DomainError
from analysis.estimators import Term, estimate_contrast, joint_means
from analysis.intervals import ConfidenceInterval, t_quantile, wilson_limits
from analysis.multiplicity import holm
from analysis.results import Estimate, Result
from analysis.variance import Design


def estimate_change(
    design: Design,
    values: npt.ArrayLike,
    rounds: Domain,
    earlier: Hashable,
    later: Hashable,
    *,
    domain: npt.ArrayLike | None = None,
) -> Result:
    """Estimate the change of a mean or share between two rounds.

    Parameters
    ----------
    design : SurveyDesign or ReplicateDesign
        Rows of both rounds. Sampling units that served in both carry the same id, so that their covariance
        counts.
    values : array_like, shape (n,)
    rounds : Domain
    earlier, later : labels of `rounds`
    domain : array_like of bool, shape (n,), optional

    Returns
    -------
    Estimate or NotEstimable
        Mean of the later round minus mean of the earlier one.

    Examples
    --------
    >>> from analysis import SurveyDesign
    >>> design = SurveyDesign.from_columns([1.0] * 4, ids=[[1, 2, 1, 2]])
    >>> rounds = Domain(np.array([0, 0, 1, 1]), (2025, 2026))
    >>> change = estimate_change(design, [0.8, 0.6, 0.9, 0.7], rounds, 2025, 2026)
    >>> round(change.estimate, 6), change.standard_error < 1e-12
    (0.1, True)
    """
    terms = [Term(values, 1.0, rounds.rows(later)), Term(values, -1.0, rounds.rows(earlier))]
    return estimate_contrast(design, terms, domain=domain)


def estimate_trend(
    design: Design,
    values: npt.ArrayLike,
    rounds: Domain,
    times: Sequence[float],
    *,
    domain: npt.ArrayLike | None = None,
) -> Result:
    """Estimate the straight line through the means of several rounds: its slope for a unit of time.

    Parameters
    ----------
    design : SurveyDesign or ReplicateDesign
        Rows of all rounds; units that served in several carry the same id.
    values : array_like, shape (n,)
    rounds : Domain
    times : sequence of float
        Time of each label of `rounds`, such as its year.
    domain : array_like of bool, shape (n,), optional

    Returns
    -------
    Estimate or NotEstimable
        Σ_r (t_r − t̄) ȳ_r / Σ_r (t_r − t̄)²: a contrast of the means, with their covariance.

    Raises
    ------
    DomainError
        ``too_few_rounds`` (fewer than two different times), ``times_do_not_match_rounds``.

    Notes
    -----
    Rounds count alike, whatever their size (Binder & Hidiroglou 1988, Handbook of Statistics 6, for sampling
    in time). With two rounds and times 0 and 1 it is the change between them.

    Examples
    --------
    >>> from analysis import SurveyDesign
    >>> design = SurveyDesign.from_columns([1.0] * 6, ids=[[1, 2, 1, 2, 1, 2]])
    >>> rounds = Domain(np.array([0, 0, 1, 1, 2, 2]), (2025, 2026, 2028))
    >>> trend = estimate_trend(design, [0.7, 0.5, 0.75, 0.55, 0.85, 0.65], rounds, [2025, 2026, 2028])
    >>> round(trend.estimate, 6), trend.standard_error < 1e-12
    (0.05, True)
    """
    moments = np.asarray(times, dtype=np.float64)
    if moments.shape != (len(rounds.labels),):
        raise DomainError("times_do_not_match_rounds", times=int(moments.size), rounds=len(rounds.labels))
    centred = moments - moments.mean()
    if not (centred**2).sum() > 0:
        raise DomainError("too_few_rounds", rounds=list(rounds.labels))
    shares = centred / (centred**2).sum()
    terms = [
        Term(values, float(share), rounds.rows(label))
        for label, share in zip(rounds.labels, shares, strict=True)
    ]
    return estimate_contrast(design, terms, domain=domain)


@dataclass(frozen=True, slots=True)
class RankInterval:
    """The ranks that a group may hold; 1 is the highest mean.

    Attributes
    ----------
    label : hashable
    estimate : float
    rank : int
        By the point estimates, which alone say little.
    best, worst : int
        Ends of the rank interval.
    """

    label: Hashable
    estimate: float
    rank: int
    best: int
    worst: int


def rank_groups(
    design: Design,
    values: npt.ArrayLike,
    groups: Domain,
    *,
    level: float = 0.95,
    domain: npt.ArrayLike | None = None,
) -> list[RankInterval]:
    """Rank groups by their mean, with intervals that hold jointly.

    Parameters
    ----------
    design : SurveyDesign or ReplicateDesign
    values : array_like, shape (n,)
    groups : Domain
        Groups without degrees of freedom are left out.
    level : float
        Joint confidence of all intervals.
    domain : array_like of bool, shape (n,), optional

    Returns
    -------
    list of RankInterval
        Highest estimate first.

    Notes
    -----
    All pairwise differences are tested with their covariance, adjusted by Holm's method; a group is below
    1 + (groups significantly higher) and above k − (groups significantly lower). Compare Klein, Wright &
    Wieczorek 2020, JRSS A 183, who use simultaneous intervals of the single means.

    Examples
    --------
    >>> from analysis import SurveyDesign
    >>> y = [0.0, 0.1, 0.0, 0.1, 5.0, 5.1, 5.0, 5.1]
    >>> groups = Domain(np.array([0, 0, 0, 0, 1, 1, 1, 1]), ("low", "high"))
    >>> [(r.label, r.best, r.worst) for r in rank_groups(SurveyDesign.from_columns([1.0] * 8), y, groups)]
    [('high', 1, 1), ('low', 2, 2)]
    """
    column = float_column(values, design.n, "values")
    rows = flag_column(domain, design.n, "domain") & ~np.isnan(column)
    members = {label: rows & groups.rows(label) for label in groups.labels}
    members = {
        label: inside
        for label, inside in members.items()
        if inside.any() and design.degrees_of_freedom_of(inside) > 0
    }
    if not members:
        raise DomainError("no_group_estimable")
    labels = list(members)
    valid = np.column_stack([members[label] for label in labels])
    joint = joint_means(design, np.repeat(column[:, None], len(labels), axis=1), valid, rows)
    higher = _higher(joint.means, joint.covariance, design.degrees_of_freedom_of(rows), 1 - level)
    order = np.argsort(-joint.means, kind="stable")
    return [
        RankInterval(
            labels[k],
            float(joint.means[k]),
            position + 1,
            1 + int(np.count_nonzero(higher[:, k])),
            len(labels) - int(np.count_nonzero(higher[k])),
        )
        for position, k in enumerate(order.tolist())
    ]


def _higher(means: Floats, covariance: Floats, df: float, alpha: float) -> npt.NDArray[np.bool_]:
    """Tell for each pair (i, j) whether i is significantly higher than j."""
    differences = means[:, None] - means[None, :]
    variances = np.diagonal(covariance)
    spread = np.sqrt(np.maximum(variances[:, None] + variances[None, :] - 2 * covariance, 0.0))
    first, second = np.triu_indices(len(means), 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.abs(differences / spread)[first, second]
    adjusted = holm(2 * special.stdtr(df, -t))
    significant = np.zeros(differences.shape, dtype=np.bool_)
    significant[first, second] = adjusted < alpha
    significant |= significant.T
    return np.asarray(significant & (differences > 0))


def pooled_wilson_intervals(units: Sequence[Estimate], *, level: float = 0.95) -> list[ConfidenceInterval]:
    """Give Wilson intervals for units with few sampling points that borrow strength from one another.

    Parameters
    ----------
    units : sequence of Estimate
        Shares of the units of one sector.
    level : float

    Returns
    -------
    list of ConfidenceInterval
        Method ``pooled_wilson``: model-assisted, to be labelled so wherever it is shown.

    Notes
    -----
    D = Σ v_u / Σ p(1 − p)/n_u, at least 1, with p the share of all respondents; D_u = λ d_u + (1 − λ) D with
    λ = ν_u/(ν_u + 10) and d_u = max(1, own design effect), λ = 0 at 0 and 1 where the unit shows no spread;
    Wilson's interval with n_u/D_u and t on min(Σν, ν_u + 19). It presumes that the units of a sector have
    similar design effects.

    Examples
    --------
    >>> units = [Estimate(p, 0.05, 3, 60, kind="share") for p in (0.85, 0.9, 1.0)]
    >>> [round(interval.low, 3) for interval in pooled_wilson_intervals(units)]
    [0.666, 0.719, 0.857]
    """
    if not units:
        return []
    p, v, n, df = (
        np.array(values, dtype=np.float64)
        for values in (
            [unit.estimate for unit in units],
            [unit.standard_error**2 for unit in units],
            [unit.n for unit in units],
            [unit.degrees_of_freedom for unit in units],
        )
    )
    common = float((n * p).sum() / n.sum())
    expected = float((common * (1 - common) / n).sum())
    pooled = max(1.0, float(v.sum()) / expected) if expected > 0 else 1.0
    inside = (p > 0) & (p < 1)
    share = np.where(inside, df / (df + 10), 0.0)
    own = np.maximum(1.0, np.where(inside, v * n / np.where(inside, p * (1 - p), 1.0), 1.0))
    effects = share * own + (1 - share) * pooled
    quantiles = t_quantile(level, np.minimum(df.sum(), df + 19))
    low, high = wilson_limits(p, n / effects, quantiles)
    return [
        ConfidenceInterval(float(a), float(b), level, "pooled_wilson") for a, b in zip(low, high, strict=True)
    ]
