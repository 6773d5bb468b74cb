"""Reading case directories and writing answers."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from analysis.cases.table import Table
from analysis.errors import CaseError


@dataclass(frozen=True, eq=False)
class Case:
    """The files of a case directory."""

    table: Table
    design: dict[str, Any]
    queries: list[dict[str, Any]]


def read_case(directory: Path) -> Case:
    """Read `data.csv`, `design.json` and `queries.json`.

    Raises
    ------
    CaseError
        A file that cannot be read, or is not of the expected shape, by name.
    """
    design = _read_json(directory / "design.json")
    if not isinstance(design, dict):
        raise CaseError("not_an_object", file="design.json")
    queries = _read_json(directory / "queries.json")
    if not isinstance(queries, list):
        raise CaseError("not_a_list", file="queries.json")
    _require_ids(queries)
    return Case(Table.read(directory / "data.csv"), design, queries)


def _read_json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as cause:
        raise CaseError("file_unreadable", file=path.name, cause=cause.strerror) from cause
    except (UnicodeDecodeError, json.JSONDecodeError) as cause:
        raise CaseError("json_not_valid", file=path.name, cause=str(cause)) from cause


def _require_ids(queries: list[Any]) -> None:
    seen: set[str] = set()
    for position, query in enumerate(queries, start=1):
        if not isinstance(query, dict) or not isinstance(query.get("id"), str):
            raise CaseError("query_without_id", file="queries.json", position=position)
        if query["id"] in seen:
            raise CaseError("query_id_twice", file="queries.json", id=query["id"])
        seen.add(query["id"])


def as_json(answers: Mapping[str, Any]) -> str:
    """Write answers as JSON: NaN as null, infinity as the text ``Infinity``.

    Examples
    --------
    >>> as_json({"a": float("nan"), "b": [float("inf"), 1.5]})
    '{"a": null, "b": ["Infinity", 1.5]}'
    """
    return json.dumps(_plain(answers), ensure_ascii=False, allow_nan=False)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(member) for key, member in value.items()}
    if isinstance(value, np.ndarray):
        return _plain(value.tolist())
    if isinstance(value, list | tuple):
        return [_plain(member) for member in value]
    if isinstance(value, np.generic):
        return _plain(value.item())
    if isinstance(value, float) and not math.isfinite(value):
        return None if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return value
