"""Questionnaires from form files and from stored documents.

YAML is imported only when a file is read: the citizen's pages build
questionnaires from stored documents and never need it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from questionnaires.checks import FORMS_DIRECTORY, examine_document, read_form_file
from questionnaires.model import Questionnaire
from questionnaires.problems import QuestionnaireFaulty

__all__ = [
    "FORMS_DIRECTORY",
    "QuestionnaireFaulty",
    "list_shipped_paths",
    "load_questionnaire",
    "load_shipped",
    "parse_questionnaire",
]


def load_questionnaire(path: str | Path) -> Questionnaire:
    """Read and check a form file.

    Raises
    ------
    QuestionnaireFaulty
        If the file has any problem; it lists them all.
    OSError
        If the file cannot be opened.

    Examples
    --------
    >>> load_questionnaire(FORMS_DIRECTORY / "tthc" / "1.yaml").measure
    'tthc'
    """
    questionnaire, problems = read_form_file(Path(path))
    if problems or questionnaire is None:
        raise QuestionnaireFaulty(problems)
    return questionnaire


def parse_questionnaire(document: Mapping[str, object]) -> Questionnaire:
    """Build and check a questionnaire from plain values, such as a stored document.

    Raises
    ------
    QuestionnaireFaulty
        If the document has any problem; it lists them all.

    Examples
    --------
    >>> from questionnaires.examples import example_document
    >>> questionnaire = parse_questionnaire(example_document())
    >>> parse_questionnaire(questionnaire.document()) == questionnaire
    True
    """
    questionnaire, problems = examine_document(document)
    if problems or questionnaire is None:
        raise QuestionnaireFaulty(problems)
    return questionnaire


def list_shipped_paths() -> list[Path]:
    """Return the form files of this package, by form and version."""
    paths = FORMS_DIRECTORY.glob("*/*.yaml")
    return sorted(paths, key=lambda path: (path.parent.name, len(path.stem), path.stem))


def load_shipped() -> list[Questionnaire]:
    """Load every form file of this package.

    Raises
    ------
    QuestionnaireFaulty
        If a file has a problem.

    Examples
    --------
    >>> "tthc" in {questionnaire.id for questionnaire in load_shipped()}
    True
    """
    return [load_questionnaire(path) for path in list_shipped_paths()]
