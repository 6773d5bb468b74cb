"""What a report says where there is no number, or no interval, and how its parts hang together."""

from datetime import date

import pytest

import survey
from survey.services.catalogue import DEFAULT_TARGET_SET, import_targets, import_units
from survey.services.frames import import_frame
from survey.services.index_report_values import MeasureResult
from survey.services.problems import ResponseConflict, RoundUnknown
from survey.services.rounds import close_round
from survey.store.database import Database, Session
from tests.factories import (
    OTHER_UNIT_CODE,
    ROUND_CODE,
    UNIT_CODE,
    load_catalogue,
    open_round_with,
    publish_document,
    publish_shipped_forms,
    shipped_form,
)
from tests.rounds import (
    NOW,
    SMALL,
    build_report,
    new_response,
    open_small_round,
    send,
    send_many,
    small_answers,
    small_document,
)

UNITS = [UNIT_CODE, OTHER_UNIT_CODE]
CATALOGUE = "code,name,name_en,kind,former_province,valid_from,valid_to,successor_code,source\n"


def result_of(session: Session, measure: str = "sipas", sector: str = "") -> MeasureResult:
    result = build_report(session).find_result(measure, sector)
    assert result is not None
    return result


def set_target(session: Session, percent: int) -> None:
    """One target for the small form, in place of those of the decision."""
    rows = f"measure,sector,year,minimum_percent,text\nsipas,,2025,{percent},t\n"
    import_targets(session, rows.encode(), set_code=DEFAULT_TARGET_SET)


def import_counts(session: Session, *rows: str) -> None:
    heading = "form,unit_code,sector,population,stratum"
    import_frame(session, ROUND_CODE, "\n".join([heading, *rows]).encode())


def open_judged_round(session: Session, percent: int) -> None:
    load_catalogue(session)
    set_target(session, percent)
    publish_document(session, small_document())
    open_round_with(session, [SMALL], UNITS[:1])


@pytest.mark.usefixtures("without_presentation_rule")
@pytest.mark.parametrize(
    ("satisfied", "percent", "verdict"),
    [
        (10, 69, "met"),
        (10, 70, "inconclusive"),
        (9, 40, "met"),
        (5, 50, "inconclusive"),
        (1, 60, "not_met"),
        (0, 31, "not_met"),
    ],
)
def test_verdict_is_what_the_shown_interval_says(
    session: Session, satisfied: int, percent: int, verdict: str
) -> None:
    open_judged_round(session, percent)
    send_many(session, [(5,)] * satisfied + [(2,)] * (10 - satisfied))

    result = result_of(session)

    share, target = result.figures.index.satisfied_share, percent / 100
    assert share.low is not None
    assert share.high is not None
    assert result.verdict == verdict
    assert (share.low >= target) == (verdict == "met")
    assert (share.high < target) == (verdict == "not_met")
    assert result.verdict_reason == ""


@pytest.mark.usefixtures("without_presentation_rule")
def test_further_responses_are_named_for_an_inconclusive_verdict_alone(session: Session) -> None:
    open_judged_round(session, 50)
    send_many(session, [(5,)] * 6 + [(2,)] * 4)
    inconclusive = result_of(session).further_responses

    send_many(session, [(5,)] * 40)

    assert inconclusive is not None
    assert inconclusive > 0
    assert (result_of(session).verdict, result_of(session).further_responses) == ("met", None)


def test_fewer_than_five_respondents_are_not_published(session: Session) -> None:
    open_judged_round(session, 50)
    send_many(session, [(5,)] * 4)

    result = result_of(session)

    share = result.figures.index.satisfied_share
    assert (share.n, share.value, share.low, share.reason) == (4, None, None, "suppressed")
    assert result.figures.index.mean_score.value is None
    assert (result.verdict, result.verdict_reason) == ("inconclusive", "suppressed")
    assert result.further_responses is None


@pytest.mark.usefixtures("without_presentation_rule")
def test_unit_that_would_give_a_small_one_away_is_suppressed_too(session: Session) -> None:
    open_small_round(session, UNITS)
    send_many(session, [(5,)] * 50, unit_code=UNIT_CODE)
    send_many(session, [(2,)] * 4, unit_code=OTHER_UNIT_CODE)

    result = result_of(session)

    assert [unit.figures.index.satisfied_share.reason for unit in result.units] == ["suppressed"] * 2
    assert result.figures.index.satisfied_share.value is not None


def test_self_selected_alone_get_a_value_without_interval_and_verdict(session: Session) -> None:
    open_judged_round(session, 50)
    send_many(session, [(5,)] * 10, selection="self_selected", channel="kiosk")

    result = result_of(session)

    share = result.figures.index.satisfied_share
    assert (share.value, share.low, share.high, share.standard_error) == (1.0, None, None, None)
    assert (result.selection, share.reason) == ("self_selected", "self_selected")
    assert (result.verdict, result.verdict_reason) == ("inconclusive", "self_selected")
    assert result.further_responses is None


@pytest.mark.usefixtures("without_presentation_rule")
def test_invited_and_self_selected_are_never_mixed(session: Session) -> None:
    open_small_round(session)
    send_many(session, [(2,)] * 5, selection="invited", channel="paper")
    send_many(session, [(5, 0)] * 50, selection="self_selected", channel="kiosk")

    report = build_report(session)

    result = report.find_result("sipas")
    assert result is not None
    assert (result.selection, result.figures.index.n) == ("invited", 5)
    assert result.figures.index.satisfied_share.value == 0.0
    assert [
        (line.channel, line.selection, line.n, line.answer_count, line.satisfied_share)
        for line in report.channels
    ] == [("kiosk", "self_selected", 50, 50, 1.0), ("paper", "invited", 5, 5, 0.0)]


@pytest.mark.usefixtures("without_presentation_rule")
def test_unit_that_is_one_psu_is_estimated_from_its_own_respondents(session: Session) -> None:
    open_small_round(session, UNITS)
    for unit in UNITS:
        send_many(session, [(5,)] * 8 + [(2,)] * 2, unit_code=unit)
    import_counts(session, *(f"{SMALL},{unit},,100,chung" for unit in UNITS))

    first, second = result_of(session).units

    assert (first.design, second.design) == ("within_unit", "within_unit")
    share = first.figures.index.satisfied_share
    assert share.degrees_of_freedom == 9
    assert share.standard_error == pytest.approx((0.16 / 9) ** 0.5)


def test_unit_whose_respondents_were_drawn_directly_keeps_the_design_of_the_round(session: Session) -> None:
    open_small_round(session)
    send_many(session, [(5,)] * 8 + [(2,)] * 2)

    result = result_of(session)

    (unit,) = result.units
    assert unit.design == "round"
    assert unit.figures.index.satisfied_share == result.figures.index.satisfied_share


def test_measure_without_a_questionnaire_is_not_surveyed(session: Session) -> None:
    open_small_round(session)

    result = result_of(session, "education")

    assert (result.verdict, result.verdict_reason) == ("inconclusive", "not_surveyed")
    assert result.figures.index.satisfied_share.reason == "not_surveyed"
    assert result.name.en == "Public education services"
    assert result.units == ()


def test_measure_without_a_response_is_not_surveyed(session: Session) -> None:
    open_small_round(session)

    result = result_of(session)
    assert result.verdict_reason == "not_surveyed"
    assert not result.weights.is_weighted


def test_expectation_that_no_form_asks_for_is_said_to_be_not_asked(session: Session) -> None:
    load_catalogue(session)
    document = small_document()
    document["sections"] = [
        {**section, "questions": [each for each in section["questions"] if each.get("role") != "expectation"]}
        for section in document["sections"]
    ]
    publish_document(session, document)
    open_round_with(session, [SMALL], UNITS)
    send_many(session, [(5,)] * 6)

    assert result_of(session).figures.expectation_percent.reason == "not_asked"


def test_sector_without_a_response_is_not_surveyed(session: Session) -> None:
    open_small_round(session, measure="tthc", sectors=("land", "investment"))
    send_many(session, [(5,)] * 6, sector="land")

    result = result_of(session, "tthc", "investment")

    assert result.verdict_reason == "not_surveyed"
    assert result_of(session, "tthc", "land").figures.index.n == 6
    assert [line.sector_code for line in result_of(session, "tthc").sectors] == ["land"]


def test_every_target_of_the_year_has_a_line_in_its_order(session: Session) -> None:
    open_small_round(session)

    assert [result.key for result in build_report(session).results] == [
        *("tthc", "tthc/land", "tthc/construction", "tthc/investment"),
        *("sipas", "health", "education"),
    ]
    assert {result.target.year for result in build_report(session).results} == {2030}


def test_report_names_its_origin(database: Database) -> None:
    new = new_response(small_answers(5))
    with database.write() as session:
        open_small_round(session)
        questionnaire = publish_document(session, small_document())
        send(session, new.answers, response_id=new.response_id)
    with pytest.raises(ResponseConflict), database.write() as session:
        send(session, small_answers(1), response_id=new.response_id)

    with database.read() as session:
        report = build_report(session)

    assert (report.cut_off_at, report.code_version) == (NOW, survey.__version__)
    assert (report.round_code, report.status, report.is_demonstration) == (ROUND_CODE, "open", False)
    assert (report.target_set_code, report.target_year) == (DEFAULT_TARGET_SET, 2030)
    assert (report.response_count, report.quarantined_count) == (1, 1)
    assert [(form.form_id, form.version, form.digest, form.response_count) for form in report.forms] == [
        (SMALL, 1, questionnaire.digest(), 1)
    ]


def test_counter_reading_is_counted_and_makes_no_index(session: Session) -> None:
    load_catalogue(session)
    publish_shipped_forms(session, ["quay-motcua"])
    open_round_with(session, ["quay-motcua"])
    first, second = shipped_form("quay-motcua").rated
    for code in (3, 3, 1):
        answers = {first.id: code, second.id: 2}
        send(session, answers, form_id="quay-motcua", selection="self_selected", channel="kiosk")

    report = build_report(session)

    counts = {line.option: line.count for line in report.pulses if line.question_id == first.id}
    assert {option.code: counts[option.label] for option in first.options} == {3: 2, 2: 0, 1: 1}
    assert {line.answer_count for line in report.pulses} == {3}
    assert report.channels == ()
    assert {result.verdict_reason for result in report.results} == {"not_surveyed"}


def test_report_of_a_closed_round_stays_as_it_was(session: Session) -> None:
    load_catalogue(session)
    import_units(session, f"{CATALOGUE}x,Tên cũ,Old name,agency,,2025-07-01,2026-12-31,,s\n".encode())
    publish_document(session, small_document())
    open_round_with(session, [SMALL], ["x", UNIT_CODE], closes_on=date(2026, 12, 31))
    send_many(session, [(5,)] * 6 + [(2,)] * 2, unit_code="x")
    close_round(session, ROUND_CODE)
    before = build_report(session)

    import_units(session, f"{CATALOGUE}x,Tên mới,New name,hospital,,2027-01-01,,,s\n".encode())
    publish_document(session, small_document(version=2))
    open_round_with(session, [SMALL], ["x"], code="sau", opens_on=date(2027, 1, 1))

    assert build_report(session) == before
    assert before.find_result("sipas").units[0].name.vi == "Tên cũ"  # type: ignore[union-attr]


def test_unknown_round_is_named(session: Session) -> None:
    with pytest.raises(RoundUnknown):
        build_report(session, "absent")
