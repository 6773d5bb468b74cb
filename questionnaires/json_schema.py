"""The JSON Schema of the format, made from the model.

It shows an editor the fields of each kind of question; what no schema can say
(references, order, sums) is left to `questionnaires.checks`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from questionnaires.model import Questionnaire
from questionnaires.values import (
    FIELDS_OF_EVERY_KIND,
    FIELDS_OF_KIND,
    REQUIRED_FIELDS_OF_KIND,
    QuestionKind,
)

SCHEMA_PATH: Final = Path(__file__).parent / "schema" / "questionnaire-1.schema.json"


def build_json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of format 1.

    Examples
    --------
    >>> build_json_schema()["$schema"]
    'https://json-schema.org/draft/2020-12/schema'
    """
    schema = Questionnaire.model_json_schema(by_alias=True, mode="validation")
    for part in (schema, *schema["$defs"].values()):
        if "description" in part:
            # An editor shows this: the first paragraph of the docstring is enough.
            part["description"] = " ".join(part["description"].split("\n\n")[0].split())
    question = schema["$defs"]["Question"]
    question["allOf"] = [_rule_of_kind(kind) for kind in FIELDS_OF_KIND]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:hailong:questionnaire:1",
        **schema,
    }


def render_json_schema() -> str:
    """Return the schema as the text of its file."""
    return json.dumps(build_json_schema(), ensure_ascii=False, indent=2) + "\n"


def _rule_of_kind(kind: QuestionKind) -> dict[str, Any]:
    allowed = FIELDS_OF_EVERY_KIND | FIELDS_OF_KIND[kind]
    consequence: dict[str, Any] = {"propertyNames": {"enum": sorted(allowed)}}
    required = REQUIRED_FIELDS_OF_KIND[kind]
    if "options_from" in allowed:
        consequence["anyOf"] = [{"required": ["options"]}, {"required": ["options_from"]}]
    elif required:
        consequence["required"] = list(required)
    return {"if": {"properties": {"kind": {"const": kind}}, "required": ["kind"]}, "then": consequence}
