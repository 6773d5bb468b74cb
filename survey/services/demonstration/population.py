"""Draws ratings of a synthetic population: units and respondents differ, answers of one person agree."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from questionnaires.model import Question

RESPONDENT_SPREAD = 1.7
ITEM_SPREAD = 0.35
NOT_APPLICABLE_SHARE = 0.045
# Logit distance from "satisfied at all" to each code of a five-level scale, lowest first.
_STEPS = (-2.6, -1.5, 0.0, 1.9)


@dataclass(frozen=True)
class Respondents:
    """Who answers: the unit (as a number) and the satisfaction of each, on the logit scale."""

    unit: NDArray[np.int64]
    propensity: NDArray[np.float64]


def draw_ratings(
    rng: np.random.Generator, questions: tuple[Question, ...], respondents: Respondents, unit_spread: float
) -> NDArray[np.int8]:
    """Codes of shape (respondents, questions) on each question's own scale."""
    people, items = len(respondents.unit), len(questions)
    units = _unit_effects(rng, int(respondents.unit.max()) + 1, unit_spread)[respondents.unit]
    persons = rng.normal(0, RESPONDENT_SPREAD, people)
    item_effects = rng.normal(0, ITEM_SPREAD, items)
    # A random effect flattens the average; the factor puts it back.
    scale = np.sqrt(1 + 0.346 * (RESPONDENT_SPREAD**2 + unit_spread**2 + ITEM_SPREAD**2))
    latent = (
        (respondents.propensity * scale + units + persons)[:, None]
        + (item_effects - item_effects.mean())[None, :]
        + rng.logistic(0, 1, (people, items))
    )
    columns = [_codes(question, latent[:, column], rng) for column, question in enumerate(questions)]
    return np.stack(columns, axis=1) if columns else np.empty((people, 0), dtype=np.int8)


def _unit_effects(rng: np.random.Generator, count: int, spread: float) -> NDArray[np.float64]:
    """Effects around 0 with exactly this spread, so that a dozen units differ as much as was asked for."""
    effects = rng.normal(0, 1, count)
    effects -= effects.mean()
    deviation = float(effects.std())
    return effects * (spread / deviation) if deviation > 0 else effects


def logit(share: float) -> float:
    return float(np.log(share / (1 - share)))


def _codes(question: Question, latent: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.int8]:
    """Cut the latent satisfaction at the steps of the scale; some find an item not applicable."""
    applicable = sorted(int(code) for code in question.option_codes if code not in question.not_applicable)
    steps = _STEPS if len(applicable) == 5 else (0.0, 1.9)
    codes = np.array(applicable, dtype=np.int8)[np.searchsorted(np.array(steps), latent)]
    if question.not_applicable:
        codes[rng.random(len(codes)) < NOT_APPLICABLE_SHARE] = question.not_applicable[0]
    return codes
