"""Checks a whole form and reports every problem at once, each with its path.

Two passes look at the same document: pydantic checks the shape, and the
semantic checks read the raw values, so that a fault in one place hides no
fault in another.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from pydantic import ValidationError

from questionnaires.condition_checks import check_conditions
from questionnaires.form_checks import check_form
from questionnaires.index_checks import check_index
from questionnaires.model import Questionnaire
from questionnaires.outline import Outline
from questionnaires.problems import FaultAt, Location, Problem, format_path
from questionnaires.question_checks import check_questions
from questionnaires.scale_checks import check_scales
from questionnaires.schema_problems import list_schema_faults
from questionnaires.texts import normalise_document

__all__ = ["FORMS_DIRECTORY", "check_document", "check_file", "examine_document", "read_form_file"]

FORMS_DIRECTORY: Final = Path(__file__).parent / "forms"

_SEMANTIC_CHECKS: Final = (check_form, check_scales, check_index, check_questions, check_conditions)


def check_file(path: str | Path) -> list[Problem]:
    """Return every problem of a form file.

    Raises
    ------
    OSError
        If the file cannot be opened.

    Examples
    --------
    >>> check_file(FORMS_DIRECTORY / "tthc" / "1.yaml")
    []
    """
    return read_form_file(Path(path))[1]


def check_document(document: object) -> list[Problem]:
    """Return every problem of a document of plain values.

    Examples
    --------
    >>> from questionnaires.examples import example_document
    >>> document = example_document()
    >>> document["title"] = {"vi": " ", "en": "Example form"}
    >>> document["sections"][1]["questions"][0]["scale"] = "five"
    >>> [(problem.code, problem.path) for problem in check_document(document)]
    [('missing_vietnamese', 'title.vi'), ('unknown_scale', 'sections[1].questions[0].scale')]
    """
    return examine_document(document)[1]


def read_form_file(path: Path) -> tuple[Questionnaire | None, list[Problem]]:
    """Read a form file: the questionnaire if it has the right shape, and every problem."""
    # Here, so that only those who read files import YAML.
    from questionnaires.yaml_reader import read_yaml_file

    document, problems = read_yaml_file(path)
    if document is None:
        return None, problems
    questionnaire, more = examine_document(document)
    return questionnaire, problems + more + _check_file_name(path, questionnaire)


def examine_document(document: object) -> tuple[Questionnaire | None, list[Problem]]:
    """Build the questionnaire if the document has the right shape, and list every problem."""
    document = normalise_document(document)
    questionnaire, faults = _validate(document)
    outline = Outline(document)
    for check in _SEMANTIC_CHECKS:
        faults += check(outline)
    return questionnaire, _problems_in_order(faults, document)


def _check_file_name(path: Path, questionnaire: Questionnaire | None) -> list[Problem]:
    """A shipped form is found by its path, so the path must say what the file says."""
    place = path.resolve()
    if questionnaire is None or place.parent.parent != FORMS_DIRECTORY.resolve():
        return []
    if (place.parent.name, place.stem) == (questionnaire.id, str(questionnaire.version)):
        return []
    expected = f"{questionnaire.id}/{questionnaire.version}.yaml"
    return [Problem("wrong_file_name", "id", {"expected": expected})]


def _validate(document: object) -> tuple[Questionnaire | None, list[FaultAt]]:
    try:
        return Questionnaire.model_validate(document), []
    except ValidationError as error:
        return None, list_schema_faults(error)


def _problems_in_order(faults: list[FaultAt], document: object) -> list[Problem]:
    """Put the faults in the order of the file."""
    ordered = sorted(faults, key=lambda fault: _position(fault[1], document))
    return [Problem(code, format_path(location), params) for code, location, params in ordered]


def _position(location: Location, document: object) -> list[int]:
    """Say where in the document a location is; a missing key comes after the keys that are there."""
    position: list[int] = []
    place = document
    for part in location:
        if isinstance(place, dict):
            keys = list(place)
            position.append(keys.index(part) if part in place else len(keys))
            place = place.get(part)
        elif isinstance(place, list) and isinstance(part, int) and part < len(place):
            position.append(part)
            place = place[part]
        else:
            break
    return position
