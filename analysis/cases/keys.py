"""The keys that design and query files may have; any other is a slip of the pen, and named."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from analysis.errors import CaseError

NOTES = ("case", "comment", "note", "notes", "tags", "title")
"""What the author writes for people; nobody reads it here."""
DESIGN = (
    "kind",
    "weights",
    "ids",
    "nest",
    "strata",
    "fpc",
    "fpc_kind",
    "options",
    "item_codes",
    "calibration",
    "replicates",
    "index",
)
QUERY = (
    "by",
    "col",
    "deff",
    "den",
    "domain",
    "estimate",
    "formula",
    "id",
    "interval",
    "items",
    "keep",
    "keep_ci",
    "kind",
    "level",
    "margin",
    "missing",
    "num",
    "override",
    "probs",
    "qrule",
    "row",
    "rows",
    "skip",
    "statistic",
    "target",
    "terms",
    "transform",
    "var",
    "weights",
)
ESTIMATE = ("den", "domain", "items", "kind", "missing", "num", "transform", "var", "weights")
_STEPS = {
    "poststratify": ("vars", "table"),
    "rake": ("margins",),
    "calibrate": ("calfun", "bounds", "terms"),
    "trim": ("upper", "lower", "strict"),
}
_INSIDE = {
    "options": ("lonely_psu", "adjust_domain_lonely"),
    "item_codes": ("satisfied", "not_applicable"),
    "replicates": ("prefix", "n", "type", "combined", "scale", "rscales", "mse", "rho"),
    "index": ("elements", "flat_weights"),
}
_ALIKE = 0.6


def require_known_keys(mapping: Any, known: Iterable[str], place: str = "") -> None:
    """Raise `CaseError` for a key that nobody reads.

    Parameters
    ----------
    mapping : dict
        Anything else is left to whoever reads it.
    known : iterable of str
    place : str
        Where the mapping stands in its file, such as ``"override.options"``.

    Raises
    ------
    CaseError
        ``unknown_parameter`` with the key, its place and, if one is like it, the key that was meant.

    Examples
    --------
    >>> require_known_keys({"kind": "mean", "var": "y", "note": "first round"}, QUERY)
    >>> require_known_keys({"lonelypsu": "adjust"}, ["lonely_psu"], "override.options")
    Traceback (most recent call last):
    analysis.errors.CaseError: unknown_parameter: parameter=lonelypsu, in=override.options, meant=lonely_psu
    """
    if not isinstance(mapping, Mapping):
        return
    names = list(known)
    for name in mapping:
        if name in names or name in NOTES:
            continue
        alike = get_close_matches(str(name), [each for each in names if each not in mapping], 1, _ALIKE)
        where = {"in": place} if place else {}
        raise CaseError(
            "unknown_parameter", parameter=name, **where, **({"meant": alike[0]} if alike else {})
        )


def require_query_keys(query: Mapping[str, Any]) -> None:
    """Check a query with its domain, terms, estimate and override; the override as part of a design.

    Raises
    ------
    CaseError
        ``unknown_parameter``.

    Examples
    --------
    >>> require_query_keys({"kind": "contrast", "terms": [{"var": "y", "coef": 1, "domian": []}]})
    Traceback (most recent call last):
    analysis.errors.CaseError: unknown_parameter: parameter=domian, in=terms[1], meant=domain
    """
    require_known_keys(query, QUERY)
    _require_domain(query.get("domain"), "domain")
    for place, term in _members(query.get("terms"), "terms"):
        require_known_keys(term, ("var", "coef", "transform", "domain"), place)
        _require_domain(_get(term, "domain"), f"{place}.domain")
    require_known_keys(query.get("estimate"), ESTIMATE, "estimate")
    _require_domain(_get(query.get("estimate"), "domain"), "estimate.domain")
    require_known_keys(query.get("override"), DESIGN, "override")
    _require_inside(query.get("override"), "override.")


def require_design_keys(design: Mapping[str, Any]) -> None:
    """Check a design file at every level.

    Raises
    ------
    CaseError
        ``unknown_parameter``.

    Examples
    --------
    >>> require_design_keys({"calibration": [{"method": "trim", "uper": 9}]})
    Traceback (most recent call last):
    analysis.errors.CaseError: unknown_parameter: parameter=uper, in=design.calibration[1], meant=upper
    """
    require_known_keys(design, DESIGN, "design")
    _require_inside(design, "design.")


def _require_inside(design: Any, prefix: str) -> None:
    for name, known in _INSIDE.items():
        require_known_keys(_get(design, name), known, f"{prefix}{name}")
    for place, element in _members(_get(_get(design, "index"), "elements"), f"{prefix}index.elements"):
        require_known_keys(element, ("name", "weight", "items"), place)
        for inner, item in _members(_get(element, "items"), f"{place}.items"):
            require_known_keys(item, ("item", "weight"), inner)
    for place, step in _members(_get(design, "calibration"), f"{prefix}calibration"):
        if _get(step, "method") in _STEPS:
            require_known_keys(step, ("method", *_STEPS[step["method"]]), place)
        _require_table(step, place)
        for inner, margin in _members(_get(step, "margins"), f"{place}.margins"):
            require_known_keys(margin, ("vars", "table"), inner)
            _require_table(margin, inner)
        for inner, term in _members(_get(step, "terms"), f"{place}.terms"):
            require_known_keys(term, ("type", "var", "level", "total"), inner)


def _require_table(margin: Any, place: str) -> None:
    names = _get(margin, "vars")
    for inner, row in _members(_get(margin, "table"), f"{place}.table"):
        require_known_keys(row, (*(names if isinstance(names, list) else [names]), "total"), inner)


def _require_domain(conditions: Any, place: str) -> None:
    for inner, condition in _members(conditions, place):
        require_known_keys(condition, ("var", "in"), inner)


def _members(value: Any, place: str) -> Iterable[tuple[str, Any]]:
    """Give the members of a list with their place, counted from 1."""
    if not isinstance(value, list):
        return []
    return [(f"{place}[{number}]", member) for number, member in enumerate(value, start=1)]


def _get(mapping: Any, name: str) -> Any:
    return mapping.get(name) if isinstance(mapping, Mapping) else None
