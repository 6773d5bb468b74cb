"""The study estimates as the engine does."""

import numpy as np
import pytest

from analysis import Domain, Element, IndexDefinition, SurveyDesign, estimate_indices, estimate_mean
from analysis.quality import Presentation, check_presentation
from tests.studies.coverage.draws import Samples, draw_samples, estimates_of
from tests.studies.coverage.methods import limits_of
from tests.studies.coverage.populations import Population

POPULATION = Population(0.92, 9, 0.05, 2, 12, 0.5, 0.7, -0.3, 0.5, (7,))
SAMPLES = next(draw_samples(POPULATION, 5, np.random.default_rng(1)))
FOUND = estimates_of(SAMPLES)


def _rows(samples: Samples, replicate: int, name: str) -> np.ndarray:
    return getattr(samples, name)[replicate][samples.weights[replicate] > 0]


def _design(samples: Samples, replicate: int) -> SurveyDesign:
    psus = np.broadcast_to(np.arange(POPULATION.psus)[:, None], samples.weights.shape[1:])
    strata = np.repeat([0, 1], POPULATION.psus_by_stratum)
    chosen = psus[samples.weights[replicate] > 0]
    return SurveyDesign.from_columns(_rows(samples, replicate, "weights"), strata[chosen], [chosen])


@pytest.mark.parametrize("replicate", range(5))
@pytest.mark.parametrize(("quantity", "column"), [("share", "satisfied"), ("score", "score")])
def test_means_equal_those_of_the_engine(quantity: str, column: str, replicate: int) -> None:
    found = FOUND[quantity]

    estimate = estimate_mean(_design(SAMPLES, replicate), _rows(SAMPLES, replicate, column))

    assert found.value[replicate] == pytest.approx(estimate.estimate, rel=1e-12)
    assert found.error[replicate] == pytest.approx(estimate.standard_error, rel=1e-10)
    assert (found.n[replicate], found.df) == (estimate.n, estimate.degrees_of_freedom)


@pytest.mark.parametrize("replicate", range(5))
def test_index_equals_that_of_the_engine(replicate: int) -> None:
    ratings = _ratings(_rows(SAMPLES, replicate, "satisfied_answers"), _rows(SAMPLES, replicate, "answered"))
    definition = IndexDefinition((Element("all", tuple(range(8))),))
    design = _design(SAMPLES, replicate)

    table = estimate_indices(design, ratings, definition, {"all": Domain.whole(design.n)})

    share = table.cell("all", "all").index.satisfied_share
    assert FOUND["index"].value[replicate] == pytest.approx(share.estimate, rel=1e-12)
    assert FOUND["index"].error[replicate] == pytest.approx(share.standard_error, rel=1e-10)
    assert FOUND["index"].n[replicate] == share.n


def test_truth_is_the_long_run_mean() -> None:
    parts = draw_samples(POPULATION, 4000, np.random.default_rng(2))

    found = [estimates_of(part) for part in parts]

    for quantity in ("share", "index", "score"):
        values = np.concatenate([part[quantity].value for part in found])
        noise = values.std() / np.sqrt(len(values))
        assert abs(values.mean() - found[0][quantity].truth) < 4 * noise + 0.001


def test_shown_intervals_follow_the_presentation_rule() -> None:
    share = FOUND["share"]
    low, _ = limits_of("share", share)["kg_nchs_shown"]

    checks = [
        check_presentation(p, error, share.df, int(n))
        for p, error, n in zip(share.value, share.error, share.n, strict=True)
    ]

    assert [bool(np.isnan(limit)) for limit in low] == [
        check.decision is Presentation.SUPPRESS for check in checks
    ]


def _ratings(satisfied: np.ndarray, answered: np.ndarray) -> np.ndarray:
    """Give codes with these numbers of satisfied and valid answers in each row."""
    item = np.arange(8)
    codes = np.where(item < satisfied[:, None], 5, np.where(item < answered[:, None], 2, -1))
    return codes.astype(np.int8)
