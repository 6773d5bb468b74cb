"""Answers to queries for means, totals, ratios, shares, contrasts and composites."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from analysis.cases.request import Answer, Request
from analysis.columns import Flags, Floats
from analysis.composites import composite_means, composite_statistic, respondent_means
from analysis.errors import CaseError
from analysis.estimators import (
    Term,
    contrast_statistic,
    mean_statistic,
    ratio_statistic,
    total_statistic,
)
from analysis.intervals import interval_limits
from analysis.profile_interval import profile_likelihood_limits
from analysis.quality import PresentationCheck, check_presentation
from analysis.replicate_intervals import replicate_logit_limits
from analysis.replicates import ReplicateDesign
from analysis.statistics import Statistic
from analysis.targets import student_tail
from analysis.variance import standard_errors

INTERVALS = ("logit", "likelihood", "asin", "beta", "mean", "xlogit", "wilson", "kg_nchs")


def answer_mean(request: Request) -> Answer:
    """Answer `mean`."""
    return _mean_answer(request, request.variable(), deff=bool(request.query.get("deff")))


def answer_respondent_index(request: Request) -> Answer:
    """Answer `respondent_index`."""
    items, weights = request.items()
    return _mean_answer(request, respondent_means(items, weights), deff=bool(request.query.get("deff")))


def answer_total(request: Request) -> Answer:
    """Answer `total`."""
    return _with_effects(request, total_statistic(request.design, request.variable(), request.rows))


def answer_ratio(request: Request) -> Answer:
    """Answer `ratio`."""
    above, below = request.values(request.need("num"), "raw"), request.values(request.need("den"), "raw")
    return _with_effects(request, ratio_statistic(request.design, above, below, request.rows))


def answer_proportion(request: Request) -> Answer:
    """Answer `proportion`: every interval method and the presentation rule."""
    values = request.variable()
    wrong = np.flatnonzero(request.rows & ~np.isnan(values) & (values != 0) & (values != 1))
    if wrong.size:
        raise CaseError("not_an_indicator", column=request.query["var"], row=int(wrong[0]) + 1)
    stat = mean_statistic(request.design, values, request.rows)
    answer = {**_size(stat), **_estimate(stat, request), **_effects(stat)}
    if stat.n == 0:
        return answer
    answer["ci_methods"] = _intervals(stat, values, request)
    answer["nchs"] = _presentation(stat)
    return answer


def answer_contrast(request: Request) -> Answer:
    """Answer `contrast`."""
    terms = [_term(request, term) for term in request.need("terms")]
    stat, joint = contrast_statistic(request.design, terms, request.rows)
    t = _quotient(stat.estimate, stat.standard_error)
    less, greater = student_tail(-t, stat.degrees_of_freedom), student_tail(t, stat.degrees_of_freedom)
    return {
        **_plain_answer(stat, request.level, with_n=False),
        "t": t,
        "p_two_sided": 2 * min(less, greater) if less == less else math.nan,
        "p_less": less,
        "p_greater": greater,
        "term_estimates": joint.means,
        "term_cov": joint.covariance,
    }


def answer_composite(request: Request) -> Answer:
    """Answer `composite`."""
    items, weights = request.items()
    missing = str(request.query.get("missing", "available"))
    stat = composite_statistic(request.design, items, weights, request.rows, missing, count_all=True)
    answer = _plain_answer(stat, request.level)
    if stat.n:
        joint = composite_means(request.design, items, request.rows, missing)
        answer["item_estimates"] = joint.means
        answer["item_se"] = standard_errors(joint.covariance)
        answer["item_cov"] = joint.covariance
    return answer


def answer_replicate_estimates(request: Request) -> Answer:
    """Answer `replicate_estimates`: the mean with each replicate weight."""
    if not isinstance(request.design, ReplicateDesign):
        raise CaseError("not_a_replicate_design")
    values = request.variable()
    valid = request.rows & ~np.isnan(values)
    return {"replicates": request.design.estimates(np.where(valid, values, 0.0), valid.astype(np.float64))}


def statistic_of(request: Request) -> Statistic:
    """Give the statistic of an estimate inside another query."""
    kind = request.query.get("kind")
    if kind in ("mean", "proportion"):
        return mean_statistic(request.design, request.variable(), request.rows)
    if kind == "total":
        return total_statistic(request.design, request.variable(), request.rows)
    if kind == "ratio":
        above, below = request.values(request.need("num"), "raw"), request.values(request.need("den"), "raw")
        return ratio_statistic(request.design, above, below, request.rows)
    if kind in ("composite", "respondent_index"):
        items, weights = request.items()
        if kind == "respondent_index":
            return mean_statistic(request.design, respondent_means(items, weights), request.rows)
        missing = str(request.query.get("missing", "available"))
        return composite_statistic(request.design, items, weights, request.rows, missing, count_all=True)
    raise CaseError("unknown_estimate", kind=kind)


def _term(request: Request, term: Any) -> Term:
    if not isinstance(term, dict) or "var" not in term or "coef" not in term:
        raise CaseError("term_not_understood", term=term)
    values = request.values(term["var"], str(term.get("transform", "raw")))
    return Term(values, float(term["coef"]), request.table.domain(term.get("domain")))


def _mean_answer(request: Request, values: Floats, *, deff: bool) -> Answer:
    stat = mean_statistic(request.design, values, request.rows)
    answer = {**_size(stat), **_estimate(stat, request), "ci": t_interval(stat, request.level)}
    return {**answer, **_effects(stat)} if deff else answer


def _plain_answer(stat: Statistic, level: float, *, with_n: bool = True) -> Answer:
    size = {"n": stat.n} if with_n else {}
    if with_n and stat.n == 0:
        return {**size, "est": None, "se": None, "df": None, "ci": None}
    return {
        **size,
        "est": stat.estimate,
        "se": stat.standard_error,
        "df": stat.degrees_of_freedom,
        "ci": t_interval(stat, level),
    }


def _with_effects(request: Request, stat: Statistic) -> Answer:
    """Give a plain answer, with the design effects if the query wants them."""
    answer = _plain_answer(stat, request.level)
    return {**answer, **_effects(stat)} if request.query.get("deff") else answer


def _size(stat: Statistic) -> Answer:
    return {"n": stat.n, "sum_weights": stat.sum_weights if stat.n else None}


def _estimate(stat: Statistic, request: Request) -> Answer:
    if stat.n == 0:
        return {"est": None, "se": None, "df": None, "df_domain": None}
    counted: Flags = request.rows & (request.design.weights != 0)
    return {
        "est": stat.estimate,
        "se": stat.standard_error,
        "df": stat.degrees_of_freedom,
        "df_domain": request.design.degrees_of_freedom_of(counted),
    }


def _effects(stat: Statistic) -> Answer:
    return {
        "deff_wor": stat.deff_without_replacement,
        "deff_wr": stat.deff_with_replacement,
        "kish_deff_weights": stat.kish,
    }


def t_interval(stat: Statistic, level: float) -> list[float] | None:
    """Give estimate ± t · se, or None without degrees of freedom."""
    if stat.degrees_of_freedom <= 0 or stat.n == 0:
        return None
    low, high = interval_limits(
        "t", stat.estimate, stat.standard_error, stat.degrees_of_freedom, stat.n, level
    )
    return [float(low), float(high)]


def _intervals(stat: Statistic, values: Floats, request: Request) -> Answer:
    answers: Answer = {}
    inside = 0 < stat.estimate < 1 and stat.degrees_of_freedom > 0
    for method in INTERVALS:
        low, high = interval_limits(
            method, stat.estimate, stat.standard_error, stat.degrees_of_freedom, stat.n, request.level
        )
        answers[method] = [float(low), float(high)] if inside or method == "kg_nchs" else [None, None]
    valid = request.rows & ~np.isnan(values)
    if inside:
        counted = valid & (request.design.weights != 0)
        answers["likelihood"] = list(
            profile_likelihood_limits(
                values[counted],
                request.design.weights[counted],
                stat.standard_error,
                stat.degrees_of_freedom,
                request.level,
            )
        )
    if isinstance(request.design, ReplicateDesign) and inside:
        answers["logit"] = list(
            replicate_logit_limits(request.design, values, valid, stat.degrees_of_freedom, request.level)
        )
    return answers


def _presentation(stat: Statistic) -> Answer:
    check: PresentationCheck = check_presentation(
        stat.estimate, stat.standard_error, stat.degrees_of_freedom, stat.n
    )
    return {
        "n_effective": check.effective_size,
        "abs_width": check.absolute_width,
        "rel_width": check.relative_width,
        "rel_width_complement": check.relative_width_complement,
        "decision": check.decision.value,
        "flag_complement": check.complement_flagged,
        "flag_df": check.few_degrees_of_freedom,
        "flag_edge": check.at_edge,
    }


def _quotient(numerator: float, denominator: float) -> float:
    """Give t; without a standard error ±infinity, or NaN where the estimate is 0."""
    if denominator == 0 and numerator != 0:
        return math.copysign(math.inf, numerator)
    return numerator / denominator if denominator > 0 else math.nan
