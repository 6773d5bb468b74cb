from typing import get_args

import pytest

from analysis.intervals import METHODS
from analysis.results import Reason
from survey.models.catalogue import UNIT_KINDS
from survey.models.response import CHANNELS, SELECTIONS
from survey.reports import labels
from survey.reports.findings import VERDICT_ORDER
from survey.services.index_report_values import NOT_SURVEYED, SELF_SELECTED, SUPPRESSED
from survey.services.measure_samples import LONELY_PSU


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        (labels.CHANNELS, CHANNELS),
        (labels.SELECTIONS, SELECTIONS),
        (labels.UNIT_KINDS, UNIT_KINDS),
        (labels.VERDICTS, VERDICT_ORDER),
        (labels.REASONS, {*get_args(Reason), NOT_SURVEYED, SELF_SELECTED, SUPPRESSED}),
        (labels.REASON_MEANINGS, labels.REASONS),
        (labels.LONELY_PSU_POLICIES, [LONELY_PSU]),
    ],
)
def test_every_code_has_a_word(words: labels.Words, codes: tuple[str, ...]) -> None:
    assert set(codes) <= set(words)


def test_every_named_interval_method_exists() -> None:
    assert set(labels.INTERVAL_METHODS) <= set(METHODS)


def test_a_code_without_word_stays_as_it_is() -> None:
    assert labels.words_of(labels.CHANNELS, "carrier_pigeon", "vi") == "carrier_pigeon"
