"""Answers about the design itself: its size and its weights."""

from __future__ import annotations

import numpy as np

from analysis.cases.request import Answer, Request
from analysis.errors import CaseError
from analysis.replicates import ReplicateDesign


def answer_design_summary(request: Request) -> Answer:
    """Answer `design_summary`, for the rows of the query's domain."""
    design = request.design
    rows = request.rows & (design.weights != 0)
    answer: Answer = {"n": int(np.count_nonzero(rows)), "degf": design.degrees_of_freedom_of(rows)}
    if isinstance(design, ReplicateDesign):
        answer["n_replicates"] = design.n_replicates
    else:
        answer["n_psu"] = design.psu_count_of(rows)
        answer["n_strata"] = answer["n_psu"] - answer["degf"]
    answer["sum_weights"] = float(design.weights[rows].sum())
    return answer


def answer_weights(request: Request) -> Answer:
    """Answer `weights`: the final weights and their extremes."""
    weights = request.design.weights
    wanted = request.query.get("rows") or []
    positions = [int(row) for row in wanted] if isinstance(wanted, list) else []
    if any(not 1 <= row <= len(weights) for row in positions):
        raise CaseError("row_out_of_range", rows=len(weights))
    return {
        "sum": float(weights.sum()),
        "min": float(weights.min()),
        "max": float(weights.max()),
        "sum_sq": float(np.square(weights).sum()),
        "rows": positions or "all",
        "weights": weights[np.array(positions) - 1] if positions else weights,
    }
