"""Refusals in words: every code has a sentence in Vietnamese and English."""

import re
from datetime import date
from pathlib import Path

import pytest

import survey.services
from questionnaires.problems import Problem
from survey.cli import sentences
from survey.services import problems
from survey.services.problems import AnswersRefused, ImportRefused, RowFault, SurveyError

SERVICES = Path(survey.services.__file__).parent
SOURCES = [path.read_text(encoding="utf-8") for path in sorted(SERVICES.rglob("*.py"))]


def codes_in_services(pattern: str) -> set[str]:
    return {code for source in SOURCES for code in re.findall(pattern, source)}


@pytest.mark.parametrize(
    "code", [*sorted(codes_in_services(r'RowFault\([^,()]*, [^,()]*, "([a-z_]+)"')), "sector_not_asked"]
)
def test_every_fault_of_a_row_has_a_sentence(code: str) -> None:
    assert " | " in sentences._FAULTS[code]


@pytest.mark.parametrize("code", sorted(codes_in_services(r'CellFault\("([a-z_]+)"\)')))
def test_every_fault_of_a_cell_has_a_sentence(code: str) -> None:
    assert " | " in sentences._FAULTS[code]


@pytest.mark.parametrize("reason", sorted(codes_in_services(r'SurveyError\(\s*reason="([a-z_]+)"')))
def test_every_reason_has_a_sentence(reason: str) -> None:
    assert " | " in sentences._REFUSALS[reason]


@pytest.mark.parametrize(
    "error",
    [
        problems.RoundUnknown("q1"),
        problems.RoundNotOpen("q1", date(2026, 1, 1), date(2026, 3, 31), "closed"),
        problems.QuestionnaireUnknown("tthc"),
        problems.QuestionnaireChanged("tthc", 1),
        problems.UnitUnknown("18880"),
        problems.MeasureUnknown("weather"),
        SurveyError(reason="username_taken", username="ánh"),
    ],
)
def test_refusal_is_said_in_both_languages(error: SurveyError) -> None:
    (sentence,) = sentences.sentences_of(error)

    assert " | " in sentence
    assert "{" not in sentence


def test_each_fault_of_a_file_is_a_sentence_with_its_place() -> None:
    refused = ImportRefused([RowFault(7, "code", "empty"), RowFault(0, "", "encoding", "UTF-16")])

    first, second = sentences.sentences_of(refused)

    assert first.startswith("dòng 7, cột code: ")
    assert second.startswith("tệp: ")
    assert "“UTF-16”" in second


def test_each_problem_of_a_response_is_a_sentence() -> None:
    refused = AnswersRefused([Problem("required", "q01"), Problem("off_path", "q02")])

    assert len(sentences.sentences_of(refused)) == 2


def test_refusal_without_a_sentence_still_names_its_code() -> None:
    assert sentences.sentences_of(SurveyError(reason="new_reason")) == ["refused {'reason': 'new_reason'}"]
