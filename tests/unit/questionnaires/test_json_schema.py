"""The JSON Schema in the package is the one that the model gives."""

from __future__ import annotations

from questionnaires.json_schema import SCHEMA_PATH, build_json_schema, render_json_schema


def test_the_file_is_in_step_with_the_model() -> None:
    # Renewed with: python -m questionnaires schema > questionnaires/schema/questionnaire-1.schema.json
    assert SCHEMA_PATH.read_text(encoding="utf-8") == render_json_schema()


def test_each_kind_of_question_has_its_fields() -> None:
    rules = {
        rule["if"]["properties"]["kind"]["const"]: rule["then"]
        for rule in build_json_schema()["$defs"]["Question"]["allOf"]
    }
    assert rules["rating"]["required"] == ["scale"]
    assert "options" not in rules["yes_no"]["propertyNames"]["enum"]
    assert rules["number"]["required"] == ["min", "max"]


def test_the_schema_knows_the_words_of_the_file() -> None:
    question = build_json_schema()["$defs"]["Question"]["properties"]
    assert {"options", "show_if", "options_from"} <= set(question)
    assert "own_options" not in question
