"""Answers to queries that compare: targets, quantiles, tests of association."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from analysis.cases.estimates import statistic_of
from analysis.cases.request import Answer, Request
from analysis.columns import Codes
from analysis.crosstab import association_test
from analysis.errors import CaseError
from analysis.multiplicity import benjamini_hochberg, holm
from analysis.quantiles import estimate_quantiles
from analysis.statistics import Statistic
from analysis.targets import student_tail


def answer_targets(request: Request) -> list[Answer]:
    """Answer `targets`: one-sided tests of every group, adjusted over the groups with a defined p."""
    estimate, target = request.need("estimate"), float(request.need("target"))
    margin = request.query.get("margin")
    grouped = request.groups() if request.query.get("by") else [({}, request)]
    answers = [
        {"key": key, **_target_answer(statistic_of(part.for_estimate(estimate)), target, margin)}
        for key, part in grouped
    ]
    for name in ("p_below", "p_above"):
        values = np.array([answer[name] for answer in answers], dtype=np.float64)
        for suffix, adjusted in (("holm", holm(values)), ("bh", benjamini_hochberg(values))):
            for answer, value in zip(answers, adjusted.tolist(), strict=True):
                answer[f"{name}_{suffix}"] = value
    return answers


def _target_answer(stat: Statistic, target: float, margin: Any) -> Answer:
    if stat.n == 0:
        missing: Answer = dict.fromkeys(("est", "se", "df", "t"))
        return {**missing, "p_below": math.nan, "p_above": math.nan, "p_equiv": None}
    df = stat.degrees_of_freedom
    t = _distance(stat, target)
    answer: Answer = {
        "est": stat.estimate,
        "se": stat.standard_error,
        "df": df,
        "t": t if df > 0 else math.nan,
    }
    answer["p_below"], answer["p_above"] = student_tail(-t, df), student_tail(t, df)
    if margin is not None:
        above_low = student_tail(_distance(stat, target - float(margin)), df)
        below_high = student_tail(-_distance(stat, target + float(margin)), df)
        answer["p_equiv"] = math.nan if above_low != above_low else max(above_low, below_high)
    return answer


def _distance(stat: Statistic, value: float) -> float:
    """Give t; without a standard error ±infinity, or NaN where the estimate is the very value."""
    difference = stat.estimate - value
    if stat.standard_error == 0 and difference != 0:
        return math.copysign(math.inf, difference)
    return difference / stat.standard_error if stat.standard_error > 0 else math.nan


def answer_quantile(request: Request) -> Answer:
    """Answer `quantile`."""
    values, wanted = request.variable(), request.need("probs")
    probabilities = np.atleast_1d(np.asarray(wanted, dtype=np.float64))
    valid = request.rows & ~np.isnan(values)
    if not valid.any():
        nothing = [None] * len(probabilities)
        return {
            "n": 0,
            "probs": probabilities,
            "est": nothing,
            "ci_low": nothing,
            "ci_high": nothing,
            "df": None,
        }
    quantiles = estimate_quantiles(
        request.design,
        values,
        probabilities,
        request.rows,
        rule=str(request.query.get("qrule", "math")),
        interval=str(request.query.get("interval", "mean")),
        level=request.level,
    )
    return {
        "probs": probabilities,
        "est": [quantile.estimate for quantile in quantiles],
        "ci_low": [quantile.low for quantile in quantiles],
        "ci_high": [quantile.high for quantile in quantiles],
        "df": quantiles[0].degrees_of_freedom,
    }


def answer_chisq(request: Request) -> Answer:
    """Answer `chisq`."""
    rows, columns = _codes(request, request.need("row")), _codes(request, request.need("col"))
    test = association_test(
        request.design, rows, columns, request.rows, statistic=str(request.query.get("statistic", "F"))
    )
    return {
        "statistic": test.statistic,
        "ndf": test.numerator_df,
        "ddf": test.denominator_df,
        "p": test.p_value,
    }


def _codes(request: Request, name: Any) -> Codes:
    """Give codes of the labels, −1 where missing."""
    texts = request.table.texts(name)
    if not (texts != "").any():
        raise CaseError("column_empty", column=name)
    _, codes = np.unique(texts, return_inverse=True)
    return np.where(texts == "", -1, codes.reshape(-1)).astype(np.intp)
