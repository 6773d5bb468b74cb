"""Totals that the database adds up: the same as NumPy's from the rows, and enough for the standard error."""

from uuid import uuid4

import numpy as np
import pytest
from sqlalchemy import select

from analysis import SurveyDesign, estimate_ratio
from survey.models import Response
from survey.services.frames import import_frame
from survey.services.questionnaires import get_questionnaire
from survey.store.database import Database, Session
from survey.store.rounds import find_round, list_forms
from survey.store.sufficient_statistics import (
    CountedCodes,
    SufficientStatistics,
    fetch_sufficient_statistics,
)
from survey.store.survey_data import ResponseColumns, fetch_columns
from tests.factories import ROUND_CODE
from tests.rounds import SMALL, open_small_round, send_many

ITEMS = [CountedCodes((1, 2, 3, 4, 5), (4, 5))] * 3
ANSWERS = {
    "18880": [(5, 4, 4), (2, 4, None), (4, 4, None), (1, 1, 1)],
    "18859": [(3, 3, 3), (5, 5, None)],
    "18871": [(4, 0, None), (4, 1, 5), (5, 5, 5)],
    "19093": [(1, 4, None), (5, 5, 5)],
}
STRATA = {"18880": "bắc", "18859": "bắc", "18871": "Đông", "19093": "Đông"}


def open_round_with_answers(session: Session) -> None:
    open_small_round(session, list(ANSWERS))
    for unit, ratings in ANSWERS.items():
        send_many(session, ratings, unit_code=unit)
    weigh(session)
    rows = [f"{SMALL},{unit},,{50 + 7 * len(ratings)},{STRATA[unit]}" for unit, ratings in ANSWERS.items()]
    import_frame(session, ROUND_CODE, "\n".join(["form,unit_code,sector,population,stratum", *rows]).encode())


def weigh(session: Session) -> None:
    """Add each response once more, with a weight of its unit, as a drawn sample has; the first have none."""
    columns = [column.key for column in Response.__table__.columns]
    for response in session.scalars(select(Response)).all():
        values = {name: getattr(response, name) for name in columns}
        session.add(Response(**{**values, "id": uuid4(), "design_weight": 1 + 0.7 * response.unit_id}))
    session.flush()


def fetch_both(session: Session) -> tuple[SufficientStatistics, ResponseColumns]:
    survey_round = find_round(session, ROUND_CODE)
    assert survey_round is not None
    (form,) = list_forms(session, survey_round.id)
    rated = len(get_questionnaire(session, form.version_id, form.digest).rated)
    return (
        fetch_sufficient_statistics(session, survey_round.id, form.version_id, ITEMS),
        fetch_columns(session, survey_round.id, form.version_id, rated),
    )


def test_totals_equal_those_of_the_rows(database: Database) -> None:
    with database.write() as session:
        open_round_with_answers(session)
        totals, rows = fetch_both(session)

    weights = np.where(np.isnan(rows.design_weight), 1.0, rows.design_weight)
    assert totals.n.sum() == len(rows) == 2 * sum(map(len, ANSWERS.values()))
    assert len(set(weights.tolist())) == 1 + len(ANSWERS)
    for group, unit in enumerate(totals.unit_id):
        here = rows.unit_id == unit
        valid = rows.ratings[here] >= 1
        satisfied = rows.ratings[here] >= 4
        assert totals.n[group] == here.sum()
        assert totals.valid_count[group].tolist() == valid.sum(axis=0).tolist()
        assert totals.weight[group] == pytest.approx(weights[here].sum(), rel=1e-14)
        np.testing.assert_allclose(totals.valid_weight[group], weights[here] @ valid, rtol=1e-14)
        np.testing.assert_allclose(totals.satisfied_weight[group], weights[here] @ satisfied, rtol=1e-14)


def test_totals_give_the_estimate_and_error_of_the_rows(database: Database) -> None:
    with database.write() as session:
        open_round_with_answers(session)
        totals, rows = fetch_both(session)

    weights = np.where(np.isnan(rows.design_weight), 1.0, rows.design_weight)
    by_row = SurveyDesign.from_columns(weights, ids=[rows.unit_id])
    by_total = SurveyDesign.from_columns(np.ones(len(totals)), ids=[totals.unit_id])
    for item in range(3):
        valid, satisfied = rows.ratings[:, item] >= 1, rows.ratings[:, item] >= 4
        wanted = estimate_ratio(by_row, satisfied.astype(float), valid.astype(float))
        found = estimate_ratio(by_total, totals.satisfied_weight[:, item], totals.valid_weight[:, item])
        assert found.estimate == pytest.approx(wanted.estimate, rel=1e-12)
        assert found.standard_error == pytest.approx(wanted.standard_error, rel=1e-10)
        assert found.degrees_of_freedom == wanted.degrees_of_freedom


def test_groups_stand_in_one_order_on_every_database(database: Database) -> None:
    with database.write() as session:
        open_round_with_answers(session)
        totals, _ = fetch_both(session)

    keys = list(zip(totals.unit_id.astype(str), totals.stratum, totals.psu, strict=True))
    assert keys == sorted(keys)
    assert len(totals) == len(ANSWERS)


def test_not_applicable_and_missing_leave_every_total(database: Database) -> None:
    with database.write() as session:
        open_small_round(session)
        send_many(session, [(0, None, None), (5, 0, None)])
        totals, _ = fetch_both(session)

    assert totals.n.tolist() == [2]
    assert totals.valid_count.tolist() == [[1, 0, 0]]
    assert totals.valid_weight.tolist() == totals.satisfied_weight.tolist() == [[1.0, 0.0, 0.0]]


def test_round_without_responses_has_no_groups(database: Database) -> None:
    with database.write() as session:
        open_small_round(session)
        totals, _ = fetch_both(session)

    assert len(totals) == 0
    assert totals.satisfied_weight.shape == (0, 3)
