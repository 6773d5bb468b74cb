"""Documents: saving and loading is identity, and the digest follows the content alone."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from typing import Any

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from questionnaires.checks import check_document
from questionnaires.examples import example_document
from questionnaires.loader import load_questionnaire, parse_questionnaire
from tests.property.questionnaire_strategies import build_documents

JUNK: st.SearchStrategy[object] = (
    st.none() | st.booleans() | st.integers(-2, 12) | st.text(max_size=3) | st.just([]) | st.just({})
)


def _shuffle(value: Any, data: st.DataObject) -> Any:
    """Return the value with the keys of every mapping in another order."""
    if isinstance(value, dict):
        keys = data.draw(st.permutations(list(value)))
        return {key: _shuffle(value[key], data) for key in keys}
    return [_shuffle(entry, data) for entry in value] if isinstance(value, list) else value


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, entry in pairs for place in _places(entry, (*path, key)))]


@given(build_documents())
def test_saving_and_loading_is_identity(document: dict[str, Any]) -> None:
    questionnaire = parse_questionnaire(document)
    again = parse_questionnaire(json.loads(json.dumps(questionnaire.document())))
    assert again == questionnaire
    assert again.document() == questionnaire.document()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=30)
@given(document=build_documents())
def test_a_yaml_file_holds_the_whole_document(tmp_path: Path, document: dict[str, Any]) -> None:
    path = tmp_path / "form.yaml"
    path.write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")
    assert load_questionnaire(path) == parse_questionnaire(document)


@given(build_documents(), st.data())
def test_the_order_of_keys_changes_no_digest(document: dict[str, Any], data: st.DataObject) -> None:
    shuffled = parse_questionnaire(_shuffle(document, data))
    assert shuffled.digest() == parse_questionnaire(document).digest()


@given(build_documents())
def test_the_normal_form_of_the_text_changes_no_digest(document: dict[str, Any]) -> None:
    decomposed = json.loads(unicodedata.normalize("NFD", json.dumps(document, ensure_ascii=False)))
    assert parse_questionnaire(decomposed).digest() == parse_questionnaire(document).digest()


@given(st.sampled_from(_places(example_document())[1:]), JUNK)
def test_junk_anywhere_is_reported_and_never_raised(place: tuple[Any, ...], junk: object) -> None:
    document: Any = example_document()
    parent = document
    for step in place[:-1]:
        parent = parent[step]
    parent[place[-1]] = junk
    problems = check_document(document)
    assert len({(problem.code, problem.path) for problem in problems}) == len(problems)
