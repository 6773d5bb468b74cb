from typing import get_args

import pytest

from analysis.intervals import BOUNDED_MEAN_METHOD, METHODS
from analysis.quality import MINIMUM_SIZE, REVIEW_DEGREES_OF_FREEDOM
from analysis.results import Reason
from survey.models.catalogue import UNIT_KINDS
from survey.models.response import CHANNELS, SELECTIONS
from survey.reports import labels
from survey.reports.findings import VERDICT_ORDER
from survey.services.figures import PRESENTATION_MARKS
from survey.services.index_report_values import (
    AT_END,
    NOT_ASKED,
    NOT_SURVEYED,
    SELF_SELECTED,
    SUPPRESSED,
    UNRELIABLE,
)
from survey.services.measure_samples import LONELY_PSU
from survey.services.weighting import FIRST_STAGES


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        (labels.CHANNELS, CHANNELS),
        (labels.SELECTIONS, SELECTIONS),
        (labels.UNIT_KINDS, UNIT_KINDS),
        (labels.VERDICTS, VERDICT_ORDER),
        (
            labels.REASONS,
            {*get_args(Reason), NOT_SURVEYED, SELF_SELECTED, SUPPRESSED, UNRELIABLE, AT_END, NOT_ASKED},
        ),
        (labels.MARKS, PRESENTATION_MARKS),
        (labels.FIRST_STAGES, FIRST_STAGES),
        (labels.REASON_MEANINGS, labels.REASONS),
        (labels.LONELY_PSU_POLICIES, [LONELY_PSU]),
    ],
)
def test_every_code_has_a_word(words: labels.Words, codes: tuple[str, ...]) -> None:
    assert set(codes) <= set(words)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_words_of_the_presentation_rule_have_its_numbers(language: str) -> None:
    assert f" {MINIMUM_SIZE}" in labels.REASON_MEANINGS[UNRELIABLE].in_language(language)
    words = labels.MARKS["few_degrees_of_freedom"].in_language(language)
    assert f" {REVIEW_DEGREES_OF_FREEDOM} " in words


def test_every_named_interval_method_exists() -> None:
    assert set(labels.INTERVAL_METHODS) <= set(METHODS) | {BOUNDED_MEAN_METHOD}


def test_a_code_without_word_stays_as_it_is() -> None:
    assert labels.words_of(labels.CHANNELS, "carrier_pigeon", "vi") == "carrier_pigeon"
