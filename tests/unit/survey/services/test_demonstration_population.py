"""The synthetic population: reproducible, on the scales of the form, about as satisfied as was asked for."""

from typing import Any

import numpy as np
import pytest

from questionnaires.loader import parse_questionnaire
from questionnaires.model import Question
from survey.services.demonstration import plan
from survey.services.demonstration.population import Respondents, draw_ratings, logit
from tests.rounds import small_document


def questions(**options: Any) -> tuple[Question, ...]:
    return parse_questionnaire(small_document(**options)).rated


def respondents(count: int, share: float) -> Respondents:
    units = np.arange(count) % 50
    return Respondents(units, np.full(count, logit(share)))


def draw(count: int = 400, share: float = 0.9, seed: int = 7) -> np.ndarray:
    return draw_ratings(np.random.default_rng(seed), questions(), respondents(count, share), 0.2)


def test_same_seed_draws_the_same_ratings() -> None:
    assert np.array_equal(draw(), draw())


def test_other_seed_draws_other_ratings() -> None:
    assert not np.array_equal(draw(), draw(seed=8))


def test_ratings_are_codes_of_the_scale_with_some_not_applicable() -> None:
    assert set(np.unique(draw(2000)).tolist()) == {0, 1, 2, 3, 4, 5}


@pytest.mark.parametrize("share", [0.7, 0.9, 0.96])
def test_satisfaction_is_about_what_was_asked_for(share: float) -> None:
    ratings = draw(6000, share)

    assert np.mean(ratings[ratings > 0] >= 4) == pytest.approx(share, abs=0.03)


def test_answers_of_one_person_agree() -> None:
    satisfied = draw(4000) >= 4

    assert np.corrcoef(satisfied[:, 0], satisfied[:, 1])[0, 1] > 0.1


def test_plan_has_twelve_thousand_respondents() -> None:
    assert sum(form.invited_count + form.self_selected_count for form in plan.FORMS) == 12_000


def test_plan_can_be_made_smaller() -> None:
    small = plan.scaled(plan.FORMS[0], 0.01)

    assert (small.invited_count, small.self_selected_count) == (47, 13)
    assert small.form_id == plan.FORMS[0].form_id
