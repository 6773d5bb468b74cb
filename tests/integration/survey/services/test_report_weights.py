"""How a report weights: counts where there are some, said where there are none, left out where they lack."""

import pytest

from survey.services.exports import export_responses
from survey.services.frames import import_frame
from survey.services.index_report_values import MeasureResult
from survey.store.database import Session
from tests.factories import (
    OTHER_UNIT_CODE,
    ROUND_CODE,
    UNIT_CODE,
    load_catalogue,
    open_round_with,
    publish_document,
)
from tests.rounds import SMALL, build_report, open_small_round, send_many, small_document

pytestmark = pytest.mark.usefixtures("without_presentation_rule")

UNITS = [UNIT_CODE, OTHER_UNIT_CODE]


def result_of(session: Session, measure: str = "sipas", sector: str = "") -> MeasureResult:
    result = build_report(session).find_result(measure, sector)
    assert result is not None
    return result


def import_counts(session: Session, *rows: str) -> None:
    import_frame(session, ROUND_CODE, "\n".join(["form,unit_code,sector,population,stratum", *rows]).encode())


def open_two_forms(session: Session) -> None:
    load_catalogue(session)
    for form_id in ("a", "b"):
        publish_document(session, small_document(form_id, "health"))
    open_round_with(session, ["a", "b"], UNITS)


def test_units_count_by_their_transactions(session: Session) -> None:
    open_small_round(session, UNITS)
    send_many(session, [(5,)] * 5, unit_code=UNIT_CODE)
    send_many(session, [(1,)] * 10, unit_code=OTHER_UNIT_CODE)
    import_counts(session, f"{SMALL},{UNIT_CODE},,900,", f"{SMALL},{OTHER_UNIT_CODE},,100,")

    result = result_of(session)

    assert result.figures.index.satisfied_share.value == pytest.approx(0.9)
    assert result.weights.is_weighted
    assert (result.weights.population, result.weights.covered_population) == (1000, 1000)
    assert (result.weights.stratum_count, result.weights.psu_count) == (2, 15)
    weights = [180] * 5 + [10] * 10
    kish = 15 * sum(w * w for w in weights) / sum(weights) ** 2
    assert result.weights.kish_design_effect == pytest.approx(kish)


def test_without_a_frame_all_count_the_same_and_it_is_said(session: Session) -> None:
    open_small_round(session, UNITS)
    send_many(session, [(5,)] * 5, unit_code=UNIT_CODE)
    send_many(session, [(1,)] * 10, unit_code=OTHER_UNIT_CODE)

    result = result_of(session)

    assert result.figures.index.satisfied_share.value == pytest.approx(5 / 15)
    assert not result.weights.is_weighted
    assert (result.weights.population, result.weights.covered_share) == (0, None)
    assert result.weights.kish_design_effect == pytest.approx(1)


def test_responses_without_a_count_are_left_out_and_counted(session: Session) -> None:
    open_small_round(session, UNITS)
    send_many(session, [(5,)] * 5, unit_code=UNIT_CODE)
    send_many(session, [(1,)] * 7, unit_code=OTHER_UNIT_CODE)
    import_counts(session, f"{SMALL},{UNIT_CODE},,900,")

    result = result_of(session)

    assert (result.figures.index.n, result.weights.excluded_count) == (5, 7)
    assert result.figures.index.satisfied_share.value == 1.0


def test_where_no_response_has_a_count_the_number_left_out_is_still_said(session: Session) -> None:
    open_small_round(session, UNITS)
    send_many(session, [(5,)] * 6, unit_code=UNIT_CODE)
    import_counts(session, f"{SMALL},{OTHER_UNIT_CODE},,900,")

    result = result_of(session)

    assert (result.verdict_reason, result.weights.excluded_count) == ("not_surveyed", 6)
    assert (result.weights.population, result.weights.covered_population) == (900, 0)


def test_excluded_responses_are_counted_by_sector(session: Session) -> None:
    open_small_round(session, measure="tthc", sectors=("land", "other"))
    send_many(session, [(5,)] * 6, sector="land")
    send_many(session, [(5,)] * 3, sector="other")
    import_counts(session, f"{SMALL},{UNIT_CODE},land,900,")

    assert result_of(session, "tthc").weights.excluded_count == 3
    assert result_of(session, "tthc", "land").weights.excluded_count == 0


def test_units_that_nobody_answered_for_are_not_covered(session: Session) -> None:
    open_small_round(session, UNITS)
    send_many(session, [(5,)] * 5, unit_code=UNIT_CODE)
    import_counts(session, f"{SMALL},{UNIT_CODE},,300,", f"{SMALL},{OTHER_UNIT_CODE},,100,")

    assert result_of(session).weights.covered_share == pytest.approx(0.75)


def test_stratum_with_one_psu_is_named(session: Session) -> None:
    open_small_round(session, UNITS)
    for unit in UNITS:
        send_many(session, [(5,)] * 4 + [(1,)], unit_code=unit)
    import_counts(session, f"{SMALL},{UNIT_CODE},,300,bắc", f"{SMALL},{OTHER_UNIT_CODE},,100,nam")

    weights = result_of(session).weights

    assert (weights.stratum_count, weights.psu_count, weights.single_psu_stratum_count) == (2, 2, 2)


def test_questionnaire_without_counts_leaves_the_whole_measure_unweighted(session: Session) -> None:
    open_two_forms(session)
    send_many(session, [(5,)] * 5, form_id="a")
    send_many(session, [(1,)] * 5, form_id="b", unit_code=OTHER_UNIT_CODE)
    import_counts(session, f"a,{UNIT_CODE},,90000,")

    result = result_of(session, "health")

    assert result.figures.index.satisfied_share.value == pytest.approx(0.5)
    assert not result.weights.is_weighted


def test_export_weighs_as_the_report_does(session: Session) -> None:
    open_two_forms(session)
    send_many(session, [(5,)] * 5, form_id="a")
    send_many(session, [(1,)] * 5, form_id="b")
    import_counts(session, f"a,{UNIT_CODE},,90000,")
    unweighted = [response.final_weight for response in export_responses(session, ROUND_CODE).responses]

    import_counts(session, f"b,{UNIT_CODE},,500,")

    weighted = {response.final_weight for response in export_responses(session, ROUND_CODE).responses}
    assert unweighted == [1.0] * 10
    assert weighted == {18000.0, 100.0}


def test_questionnaire_that_nobody_answered_needs_no_counts(session: Session) -> None:
    open_two_forms(session)
    send_many(session, [(5,)] * 5, form_id="a")
    import_counts(session, f"a,{UNIT_CODE},,300,")

    result = result_of(session, "health")

    assert result.weights.is_weighted
    assert result.figures.index.n == 5


def test_counts_that_come_after_the_responses_weigh_them_too(session: Session) -> None:
    open_small_round(session, UNITS)
    for unit, code in zip(UNITS, (5, 1), strict=True):
        send_many(session, [(code,)] * 5, unit_code=unit)
    unweighted = result_of(session).figures.index.satisfied_share.value

    import_counts(session, f"{SMALL},{UNIT_CODE},,300,", f"{SMALL},{OTHER_UNIT_CODE},,100,")

    assert unweighted == pytest.approx(0.5)
    assert result_of(session).figures.index.satisfied_share.value == pytest.approx(0.75)


def test_a_frame_imported_anew_holds_for_earlier_responses_too(session: Session) -> None:
    open_small_round(session, UNITS)
    import_counts(session, f"{SMALL},{UNIT_CODE},,900,A", f"{SMALL},{OTHER_UNIT_CODE},,900,A")
    send_many(session, [(5,)] * 5, unit_code=UNIT_CODE)
    import_counts(session, f"{SMALL},{UNIT_CODE},,900,B", f"{SMALL},{OTHER_UNIT_CODE},,900,B")
    send_many(session, [(1,)] * 5, unit_code=UNIT_CODE)
    send_many(session, [(1,)] * 5, unit_code=OTHER_UNIT_CODE)

    weights = result_of(session).weights

    assert (weights.stratum_count, weights.psu_count) == (1, 2)
