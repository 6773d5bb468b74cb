"""The example questionnaire of the package."""

from __future__ import annotations

import pytest

from questionnaires.examples import example_document
from questionnaires.loader import parse_questionnaire
from questionnaires.model import Questionnaire


@pytest.fixture
def questionnaire() -> Questionnaire:
    return parse_questionnaire(example_document())
