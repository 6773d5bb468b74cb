"""Questionnaires from files and from stored documents."""

from __future__ import annotations

import json
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
import yaml

from questionnaires.checks import check_file
from questionnaires.examples import example_document
from questionnaires.loader import (
    QuestionnaireFaulty,
    list_shipped_paths,
    load_questionnaire,
    load_shipped,
    parse_questionnaire,
)
from questionnaires.model import Questionnaire


def _write_form(path: Path, document: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")
    return path


def test_a_form_file_is_the_questionnaire_of_its_document(tmp_path: Path) -> None:
    path = _write_form(tmp_path / "form.yaml", example_document())
    assert load_questionnaire(path) == parse_questionnaire(example_document())


def test_a_faulty_document_raises_with_every_problem() -> None:
    document = example_document() | {"title": None, "layout": "poster"}
    with pytest.raises(QuestionnaireFaulty) as caught:
        parse_questionnaire(document)
    assert [problem.path for problem in caught.value.problems] == ["layout", "title"]


def test_a_problem_of_the_writing_hides_no_problem_of_the_form(tmp_path: Path) -> None:
    text = yaml.safe_dump(example_document() | {"layout": "poster"}, allow_unicode=True)
    path = tmp_path / "form.yaml"
    path.write_text(text + "version: 2\n", encoding="utf-8")
    assert [problem.code for problem in check_file(path)] == ["duplicate_key", "not_one_of"]


def test_a_file_with_a_bare_yes_is_refused(tmp_path: Path) -> None:
    text = yaml.safe_dump(example_document(), allow_unicode=True).replace("- 'yes'", "- yes")
    path = tmp_path / "form.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(QuestionnaireFaulty) as caught:
        load_questionnaire(path)
    assert [(problem.code, problem.path) for problem in caught.value.problems] == [
        ("yaml_boolean", "sections[1].show_if.in[0]")
    ]


def test_a_stored_document_in_form_d_is_composed() -> None:
    decomposed = json.loads(unicodedata.normalize("NFD", json.dumps(example_document(), ensure_ascii=False)))
    assert parse_questionnaire(decomposed) == parse_questionnaire(example_document())


def test_a_shipped_form_must_lie_where_its_content_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("questionnaires.checks.FORMS_DIRECTORY", tmp_path)
    right = _write_form(tmp_path / "vi-du" / "1.yaml", example_document())
    wrong = _write_form(tmp_path / "vi-du" / "2.yaml", example_document())
    assert check_file(right) == []
    assert [problem.params["expected"] for problem in check_file(wrong)] == ["vi-du/1.yaml"]


def test_the_shipped_forms_have_no_problem() -> None:
    assert {path: check_file(path) for path in list_shipped_paths() if check_file(path)} == {}


def test_all_seven_forms_are_shipped() -> None:
    assert {questionnaire.id for questionnaire in load_shipped()} >= {
        *("tthc", "sipas", "yte-noitru", "yte-ngoaitru"),
        *("giaoduc-phuhuynh", "giaoduc-hocsinh", "quay-motcua"),
    }


def test_a_later_version_of_a_shipped_form_asks_the_same_with_other_words() -> None:
    """Else the figures of two rounds could not be compared; what is asked anew is another question."""

    def without_words(value: object) -> object:
        if isinstance(value, dict):
            return "words" if "vi" in value else {key: without_words(part) for key, part in value.items()}
        return [without_words(part) for part in value] if isinstance(value, list) else value

    by_form: dict[str, list[Questionnaire]] = {}
    for questionnaire in load_shipped():
        by_form.setdefault(questionnaire.id, []).append(questionnaire)
    for first, *later in by_form.values():
        assert [version.version for version in later] == list(range(2, len(later) + 2))
        for version in later:
            assert version.document() != first.document()
            expected = first.document() | {"version": version.version}
            assert without_words(version.document()) == without_words(expected)


def test_a_stored_document_is_read_without_yaml() -> None:
    script = "import sys, questionnaires.loader, questionnaires.answers; sys.exit('yaml' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
