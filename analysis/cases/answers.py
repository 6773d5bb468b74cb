"""Answers queries one by one; a query that cannot be answered does not stop the others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from analysis.cases import comparisons, estimates
from analysis.cases.designs import design_for
from analysis.cases.files import Case
from analysis.cases.formulas import answer_formula
from analysis.cases.keys import require_design_keys, require_query_keys
from analysis.cases.request import Answer, Request, by_group
from analysis.cases.summaries import answer_design_summary, answer_weights
from analysis.cases.table import ItemCodes
from analysis.errors import AnalysisError, CaseError

_BY_GROUP: dict[str, Callable[[Request], Answer]] = {
    "mean": estimates.answer_mean,
    "total": estimates.answer_total,
    "ratio": estimates.answer_ratio,
    "proportion": estimates.answer_proportion,
    "contrast": estimates.answer_contrast,
    "composite": estimates.answer_composite,
    "respondent_index": estimates.answer_respondent_index,
    "replicate_estimates": estimates.answer_replicate_estimates,
    "quantile": comparisons.answer_quantile,
    "chisq": comparisons.answer_chisq,
    "design_summary": answer_design_summary,
    "weights": answer_weights,
}
_WHOLE: dict[str, Callable[[Request], Any]] = {
    "targets": comparisons.answer_targets,
    "formula": answer_formula,
}


def answer_case(case: Case) -> tuple[dict[str, Any], bool]:
    """Answer every query of a case.

    Returns
    -------
    answers : dict
        Answer, or ``{"error": line}``, by query id.
    complete : bool
        True if all were answered.
    """
    answers: dict[str, Any] = {}
    complete = True
    designs: dict[str, Any] = {}
    for query in case.queries:
        try:
            answers[query["id"]] = answer_query(case, query, designs)
        except AnalysisError as error:
            answers[query["id"]] = {"error": str(error)}
            complete = False
        except (
            TypeError,
            ValueError,
            LookupError,
            AttributeError,
            ArithmeticError,
            np.linalg.LinAlgError,
        ) as error:
            answers[query["id"]] = {
                "error": f"query_not_understood: {type(error).__name__}: {_one_line(error)}"
            }
            complete = False
    return answers, complete


def answer_query(case: Case, query: dict[str, Any], designs: dict[str, Any]) -> Any:
    """Answer one query; `designs` keeps the designs built so far."""
    kind = query.get("kind")
    if kind not in _BY_GROUP and kind not in _WHOLE:
        raise CaseError("unknown_kind", kind=kind)
    require_design_keys(case.design)
    require_query_keys(query)
    request = _request(case, query, designs)
    if kind in _WHOLE:
        return _WHOLE[kind](request)
    return by_group(_BY_GROUP[kind], request)


def _request(case: Case, query: dict[str, Any], designs: dict[str, Any]) -> Request:
    override = query.get("override") or {}
    if not isinstance(override, dict):
        raise CaseError("override_not_an_object")
    description = {**case.design, **override}
    design = design_for(description, case.table, designs)
    rows = case.table.domain(query.get("domain"))
    return Request(query, case.table, design, ItemCodes.from_design(description), rows)


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())
