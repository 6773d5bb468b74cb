"""Every public case of R's answers, query by query, through `python -m analysis estimate`."""

from __future__ import annotations

import functools
import json
from pathlib import Path

import pytest

from analysis.__main__ import main
from tests.oracle.comparison import differences

CASES = Path(__file__).parent / "cases"


@functools.cache
def expected_of(case):
    return json.loads((CASES / case / "expected.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def answers_of(tmp_path_factory):
    @functools.cache
    def run(case):
        out = tmp_path_factory.mktemp("oracle") / f"{case}.json"
        status = main(["estimate", str(CASES / case), "--out", str(out)])
        return status, json.loads(out.read_text(encoding="utf-8"))

    return run


QUERIES = [
    pytest.param(directory.name, query, id=f"{directory.name}-{query}")
    for directory in sorted(path for path in CASES.iterdir() if path.is_dir())
    for query in expected_of(directory.name)
]


@pytest.mark.parametrize(("case", "query"), QUERIES)
def test_answer_equals_that_of_r(answers_of, case, query):
    _, answers = answers_of(case)

    assert list(differences(answers[query], expected_of(case)[query], (query,))) == []


@pytest.mark.parametrize("case", sorted({query.values[0] for query in QUERIES}))
def test_exit_status_says_whether_all_queries_were_answered(answers_of, case):
    status, answers = answers_of(case)
    refused = any(isinstance(answer, dict) and "error" in answer for answer in answers.values())

    assert status == (1 if refused else 0)
