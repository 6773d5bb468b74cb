"""Numbers of a report against the same numbers worked out here, step by step, without `analysis`."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from scipy.stats import beta
from scipy.stats import t as student

from survey.services.catalogue import DEFAULT_TARGET_SET
from survey.services.frames import import_frame
from survey.services.index_report_values import Figure, MeasureResult
from survey.store.catalogue import find_target_set
from survey.store.database import Session
from tests.factories import ROUND_CODE, load_catalogue, open_round_with, publish_document
from tests.rounds import (
    SMALL,
    build_report,
    open_small_round,
    send,
    send_many,
    small_answers,
    small_document,
)

pytestmark = pytest.mark.usefixtures("without_presentation_rule")

UNITS = ["18880", "18859", "18871", "19093"]
T_2 = 4.302652729911275  # Student's t, 97.5%, 2 degrees of freedom
T_9 = 2.2621571627409915
T_9_AT_90 = 1.8331129326536335


@dataclass
class Row:
    """A respondent: place in the design, weight, satisfied and valid answers."""

    stratum: str
    psu: str
    weight: float
    satisfied: int
    valid: int


def pooled_share(rows: Sequence[Row]) -> float:
    return sum(r.weight * r.satisfied for r in rows) / sum(r.weight * r.valid for r in rows)


def standard_error(rows: Sequence[Row]) -> float:
    """Linearised ratio, PSU totals, variance between the PSUs of a stratum, summed over strata."""
    share = pooled_share(rows)
    whole = sum(r.weight * r.valid for r in rows)
    totals: dict[str, dict[str, float]] = {}
    for r in rows:
        psus = totals.setdefault(r.stratum, {})
        psus[r.psu] = psus.get(r.psu, 0.0) + r.weight * (r.satisfied - share * r.valid) / whole
    variance = 0.0
    for psus in totals.values():
        mean = sum(psus.values()) / len(psus)
        variance += len(psus) / (len(psus) - 1) * sum((total - mean) ** 2 for total in psus.values())
    return math.sqrt(variance)


def korn_graubard_interval(
    share: float, error: float, t: float, n: int, level: float = 0.95
) -> tuple[float, float]:
    tail = (1 - level) / 2
    effective = share * (1 - share) / error**2 * (student.isf(tail, n - 1) / t) ** 2
    size = min(n, effective)
    hits = size * share
    return beta.ppf(tail, hits, size - hits + 1), beta.isf(tail, hits + 1, size - hits)


def assert_figure(figure: Figure, rows: Sequence[Row], t: float) -> None:
    share, error = pooled_share(rows), standard_error(rows)
    assert figure.value == pytest.approx(share, rel=1e-12)
    assert figure.standard_error == pytest.approx(error, rel=1e-10)
    answering = sum(row.valid > 0 for row in rows)
    limits = korn_graubard_interval(share, error, t, answering)
    assert (figure.low, figure.high) == pytest.approx(limits, rel=1e-9)
    assert figure.interval_method == "kg_nchs"


def result_of(session: Session, measure: str = "sipas", sector: str = "") -> MeasureResult:
    result = build_report(session).find_result(measure, sector)
    assert result is not None
    return result


def import_counts(session: Session, *rows: str) -> None:
    heading = "form,unit_code,sector,population,stratum"
    import_frame(session, ROUND_CODE, "\n".join([heading, *rows]).encode())


def test_eight_of_ten_without_a_frame(session: Session) -> None:
    open_small_round(session)
    send_many(session, [(5,)] * 8 + [(3,)] * 2)

    index = result_of(session).figures.index

    assert (index.n, index.answer_count) == (10, 10)
    assert index.satisfied_share.value == pytest.approx(0.8)
    assert index.satisfied_share.standard_error == pytest.approx(math.sqrt(0.8 * 0.2 / 9))
    assert index.satisfied_share.degrees_of_freedom == 9
    assert index.satisfied_share.design_effect == pytest.approx(1)
    limits = korn_graubard_interval(0.8, math.sqrt(0.16 / 9), T_9, 10)
    assert (index.satisfied_share.low, index.satisfied_share.high) == pytest.approx(limits)
    assert limits == pytest.approx((0.4219, 0.9789), abs=1e-4)
    assert index.mean_score.value == pytest.approx(4.6)
    assert index.mean_score.interval_method == "bounded_logit_t"
    assert index.mean_score.high is not None
    assert 4.6 < index.mean_score.high < 5


def test_unanimous_mean_has_no_interval_and_a_reason(session: Session) -> None:
    open_small_round(session)
    send_many(session, [(5,)] * 10)

    mean = result_of(session).figures.index.mean_score

    assert (mean.value, mean.has_interval, mean.reason) == (5.0, False, "at_end_of_scale")


def test_without_a_frame_units_are_the_psus(session: Session) -> None:
    open_small_round(session, UNITS)
    answers = {
        "18880": [(5, 4, 4), (2, 4, None), (4, 4, None)],
        "18859": [(3, 3, 3), (5, 5, None)],
        "18871": [(4, 0, None), (4, 1, 5)],
    }
    for unit, ratings in answers.items():
        send_many(session, ratings, unit_code=unit)

    result = result_of(session)

    rows = [Row("all", unit, 1.0, *counted(each)) for unit, ratings in answers.items() for each in ratings]
    assert result.figures.index.satisfied_share.degrees_of_freedom == 2
    assert_figure(result.figures.index.satisfied_share, rows, T_2)
    weights = result.weights
    assert (weights.stratum_count, weights.psu_count, weights.first_stage) == (1, 3, "units")


def test_one_answering_unit_of_several_has_a_number_of_its_own_alone(session: Session) -> None:
    open_small_round(session, UNITS, measure="tthc", sectors=("land", "other"))
    for sector, satisfied in (("land", 3), ("other", 5)):
        send_many(session, [(5,)] * satisfied + [(3,)], sector=sector)

    result = result_of(session, "tthc")

    whole = result.figures.index.satisfied_share
    assert (whole.n, whole.value, whole.reason) == (10, None, "no_degrees_of_freedom")
    assert (result.verdict, result.verdict_reason) == ("inconclusive", "no_degrees_of_freedom")
    (unit,) = result.units
    share = unit.figures.index.satisfied_share
    assert (unit.design, share.degrees_of_freedom) == ("within_unit", 9)
    assert share.value == pytest.approx(0.8)
    assert share.standard_error == pytest.approx(math.sqrt(0.16 / 9))


def test_two_strata_of_two_psus_with_weights(session: Session) -> None:
    open_small_round(session, UNITS)
    answers = {
        "18880": [(5, 4, 4), (2, 4, None), (4, 4, None)],
        "18859": [(3, 3, 3), (5, 5, None)],
        "18871": [(4, 0, None), (4, 1, 5)],
        "19093": [(1, 4, None), (5, 5, 5)],
    }
    for unit, ratings in answers.items():
        send_many(session, ratings, unit_code=unit)
    populations = {"18880": 90, "18859": 60, "18871": 40, "19093": 80}
    strata = {"18880": "bắc", "18859": "bắc", "18871": "nam", "19093": "nam"}
    import_counts(session, *(f"{SMALL},{unit},,{populations[unit]},{strata[unit]}" for unit in UNITS))

    result = result_of(session)

    rows = [
        Row(strata[unit], unit, populations[unit] / len(ratings), *counted(each))
        for unit, ratings in answers.items()
        for each in ratings
    ]
    index = result.figures.index
    assert (index.n, index.answer_count) == (9, 21)
    assert index.satisfied_share.degrees_of_freedom == 2
    assert_figure(index.satisfied_share, rows, T_2)
    assert (result.weights.stratum_count, result.weights.psu_count) == (2, 4)


def counted(ratings: Sequence[int | None]) -> tuple[int, int]:
    """Satisfied and valid answers; 0 is "not applicable"."""
    valid = [code for code in ratings if code]
    return sum(code >= 4 for code in valid), len(valid)


def test_not_applicable_leaves_numerator_and_denominator(session: Session) -> None:
    open_small_round(session)
    send_many(session, [(5, 0), (0, 0), (2, 0), (5, 0), (5, 0), (5, 0)])

    figures = result_of(session).figures

    q1, q2, q3 = (line.figures for line in figures.items)
    assert (q1.n, q1.satisfied_share.value) == (5, pytest.approx(4 / 5))
    assert (q2.n, q2.satisfied_share.reason) == (0, "empty_domain")
    assert (q3.n, q3.satisfied_share.reason) == (0, "empty_domain")
    assert (figures.index.n, figures.index.answer_count) == (5, 5)
    assert figures.index.satisfied_share.value == pytest.approx(4 / 5)


def test_an_item_of_few_takes_the_other_one_of_its_element_with_it(session: Session) -> None:
    open_small_round(session)
    send_many(session, [(5, 0), (0, 0), (2, 0), (5, 0), (5, 0), (5, 1)])

    figures = result_of(session).figures

    assert [line.figures.satisfied_share.reason for line in figures.items[:2]] == ["suppressed"] * 2
    assert figures.index.satisfied_share.value == pytest.approx(4 / 6)


def test_elements_pool_their_own_items(session: Session) -> None:
    open_small_round(session)
    send_many(session, [(5, 5, 1)] * 4 + [(5, 1, 5)] * 2)

    figures = result_of(session).figures

    assert [line.element_id for line in figures.elements] == ["access", "staff"]
    access, staff = (line.figures.satisfied_share.value for line in figures.elements)
    assert access == pytest.approx(10 / 12)
    assert staff == pytest.approx(2 / 6)
    assert figures.index.satisfied_share.value == pytest.approx(12 / 18)


def test_mean_of_elements_gives_each_element_the_same_weight(session: Session) -> None:
    open_small_round(session, composition="mean_of_elements")
    send_many(session, [(5, 5, 1)] * 4 + [(5, 1, 5)] * 2)

    result = result_of(session)

    assert result.composition == "mean_of_elements"
    assert result.figures.index.satisfied_share.value == pytest.approx((10 / 12 + 2 / 6) / 2)


def test_wholly_satisfied_respondents_and_expectation(session: Session) -> None:
    open_small_round(session)
    for expected, ratings in ((120, (5, 5)), (90, (5, 0)), (60, (5, 3))):
        for _ in range(2):
            send(session, small_answers(*ratings, expected=expected))
    send_many(session, [(1, 1)] * 4)

    figures = result_of(session).figures

    assert figures.wholly_satisfied_share.value == pytest.approx(4 / 10)
    assert figures.wholly_satisfied_share.interval_method == "kg_nchs"
    assert (figures.expectation_percent.n, figures.expectation_percent.value) == (6, pytest.approx(90))


def test_two_questionnaires_feed_one_measure(session: Session) -> None:
    load_catalogue(session)
    for form_id in ("noi-tru", "ngoai-tru"):
        publish_document(session, small_document(form_id, "health"))
    open_round_with(session, ["noi-tru", "ngoai-tru"], UNITS[:2])
    answers = {
        ("noi-tru", "18880"): [(5, 5)] * 3,
        ("noi-tru", "18859"): [(2, 5)] * 2,
        ("ngoai-tru", "18880"): [(1, 4)] * 2,
        ("ngoai-tru", "18859"): [(4, 4, 4)] * 4,
    }
    population = {"noi-tru": 30, "ngoai-tru": 400}
    for (form_id, unit), ratings in answers.items():
        send_many(session, ratings, form_id=form_id, unit_code=unit)
    for form_id, count in population.items():
        import_counts(session, *(f"{form_id},{unit},,{count},chung" for unit in UNITS[:2]))

    result = result_of(session, "health")

    rows = [
        Row("chung", unit, population[form_id] / len(ratings), *counted(each))
        for (form_id, unit), ratings in answers.items()
        for each in ratings
    ]
    share = result.figures.index.satisfied_share
    assert share.value == pytest.approx(pooled_share(rows), rel=1e-12)
    assert share.standard_error == pytest.approx(standard_error(rows), rel=1e-10)
    assert Counter(line.form_id for line in result.figures.items) == {"noi-tru": 3, "ngoai-tru": 3}
    assert result.weights.population == 860


def test_sectors_are_domains_of_the_whole_sample(session: Session) -> None:
    open_small_round(session, UNITS, measure="tthc", sectors=("land", "other"))
    answers = {
        ("18880", "land"): [(5,), (2,)],
        ("18880", "other"): [(5,), (5,)],
        ("18859", "land"): [(5,)],
        ("18859", "other"): [(4,), (3,), (5,)],
        ("18871", "land"): [(1,), (4,)],
        ("19093", "land"): [(4,)],
        ("19093", "other"): [(5,), (5,)],
    }
    strata = {"18880": "bắc", "18859": "bắc", "18871": "nam", "19093": "nam"}
    for (unit, sector), ratings in answers.items():
        send_many(session, ratings, unit_code=unit, sector=sector)
    import_counts(session, *(f"{SMALL},{unit},{sector},60,{strata[unit]}" for unit, sector in answers))

    land = result_of(session, "tthc", "land").figures.index.satisfied_share

    rows = [
        Row(strata[unit], unit, 60 / len(ratings), *(counted(each) if sector == "land" else (0, 0)))
        for (unit, sector), ratings in answers.items()
        for each in ratings
    ]
    assert_figure(land, rows, T_2)
    whole = result_of(session, "tthc")
    assert [line.sector_code for line in whole.sectors] == ["land", "other"]
    assert whole.sectors[0].figures.index.satisfied_share == land
    assert whole.figures.index.n == 13


def test_confidence_is_that_of_the_target_set(session: Session) -> None:
    open_small_round(session)
    target_set = find_target_set(session, DEFAULT_TARGET_SET)
    assert target_set is not None
    target_set.confidence_level = 0.90
    send_many(session, [(5,)] * 8 + [(3,)] * 2)

    report = build_report(session)

    result = report.find_result("sipas")
    assert result is not None
    share = result.figures.index.satisfied_share
    assert report.confidence_level == 0.90
    assert (share.low, share.high) == pytest.approx(
        korn_graubard_interval(0.8, math.sqrt(0.16 / 9), T_9_AT_90, 10, 0.90)
    )
