"""The demonstration round: every measure with a number, reproducible, marked, and gone without a trace."""

from collections.abc import Iterator
from datetime import date
from statistics import mean

import numpy as np
import pytest
from sqlalchemy import func, select

from survey.models import Base, QuestionnaireVersion, Response
from survey.services.catalogue import import_shipped
from survey.services.demonstration import ROUND_CODE, load_demonstration, plan, remove_demonstration
from survey.services.index_report_values import IndexReport
from survey.services.installation import publish_shipped
from survey.services.problems import RoundUnknown
from survey.services.quality import build_quality_report
from survey.services.rounds import RoundOverview, get_overview
from survey.store.database import Database
from tests.factories import SHIPPED_FORMS, shipped_form
from tests.fixtures.databases import DEMONSTRATION
from tests.fixtures.shared import SharedDirectory
from tests.rounds import NOW, build_report

TODAY = date(2026, 9, 1)
SMALL_SCALE = 0.02
MEASURES = ["tthc", "tthc/land", "tthc/construction", "tthc/investment", "sipas", "health", "education"]


@pytest.fixture(scope="module")
def whole(shared_directory: SharedDirectory, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """The whole demonstration, loaded once a run; the tests only read it."""
    file = tmp_path_factory.mktemp("demonstration") / "whole.db"
    database = Database(DEMONSTRATION.copy_sqlite(shared_directory, file))
    yield database
    database.dispose()


@pytest.fixture(scope="module")
def report(whole: Database) -> IndexReport:
    with whole.read() as session:
        return build_report(session, ROUND_CODE)


@pytest.fixture(scope="module")
def overview(whole: Database) -> RoundOverview:
    with whole.read() as session:
        return get_overview(session, ROUND_CODE)


@pytest.fixture
def installed(database: Database) -> Database:
    with database.write() as session:
        import_shipped(session)
        publish_shipped(session, TODAY)
    return database


def row_counts(database: Database) -> dict[str, int]:
    with database.read() as session:
        return {
            name: session.scalars(select(func.count()).select_from(table)).one()
            for name, table in Base.metadata.tables.items()
        }


def test_demonstration_is_marked(report: IndexReport, overview: RoundOverview) -> None:
    assert report.is_demonstration
    assert overview.line.is_demonstration
    assert "minh họa" in report.round_title.vi


def test_twelve_thousand_answer_all_seven_forms(report: IndexReport) -> None:
    assert report.response_count == 12_000
    assert {form.form_id for form in report.forms} == set(SHIPPED_FORMS)
    assert all(form.response_count >= 300 for form in report.forms)


def test_demonstration_asks_the_newest_shipped_versions(report: IndexReport) -> None:
    newest = {form_id: shipped_form(form_id).version for form_id in SHIPPED_FORMS}
    assert {form.form_id: form.version for form in report.forms} == newest
    assert min(newest.values()) == 2


def test_every_measure_has_a_number_with_its_interval(report: IndexReport) -> None:
    assert [result.key for result in report.results] == MEASURES
    for result in report.results:
        share = result.figures.index.satisfied_share
        assert result.figures.index.n >= 100
        assert share.value is not None
        assert 0.70 <= share.value <= 0.96
        assert share.low is not None
        assert share.high is not None
        assert share.low < share.value < share.high


def test_every_verdict_occurs(report: IndexReport) -> None:
    assert all(count > 0 for count in report.count_verdicts().values())


def test_everything_is_weighted_and_counted(report: IndexReport) -> None:
    for result in report.results:
        assert result.weights.is_weighted
        assert result.weights.excluded_count == 0
        assert result.weights.covered_share is not None
        assert result.weights.covered_share > 0.9


@pytest.mark.parametrize("form_id", [form.form_id for form in plan.FORMS if form.invited_count])
def test_units_differ_as_much_as_real_ones(whole: Database, form_id: str) -> None:
    """The share of the variance of an item that lies between units; 0.02 to 0.10 is plausible."""
    query = (
        select(Response.unit_id, Response.ratings)
        .join(QuestionnaireVersion, QuestionnaireVersion.id == Response.questionnaire_version_id)
        .where(QuestionnaireVersion.form_id == form_id, Response.selection == "invited")
    )
    with whole.read() as session:
        rows = session.execute(query).all()
    units = np.array([row.unit_id for row in rows])
    ratings = np.array([list(row.ratings) for row in rows])
    satisfied = np.isin(ratings, [str(code) for code in shipped_form(form_id).index.satisfied])
    valid = np.isin(ratings, list("12345"))

    shares = [
        intraclass_correlation(satisfied[valid[:, item], item], units[valid[:, item]])
        for item in range(ratings.shape[1])
    ]

    assert 0.02 <= mean(shares) <= 0.10


def intraclass_correlation(values: np.ndarray, groups: np.ndarray) -> float:
    """From the analysis of variance with groups of unequal size."""
    _, codes, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    means = np.bincount(codes, weights=values) / sizes
    degrees = len(sizes) - 1
    between = float(sizes @ (means - values.mean()) ** 2) / degrees
    within = float(np.sum((values - means[codes]) ** 2)) / (len(values) - len(sizes))
    size = (len(values) - float(sizes @ sizes) / len(values)) / degrees
    return (between - within) / (between + (size - 1) * within)


@pytest.mark.parametrize("measure", ["tthc", "sipas", "health", "education"])
def test_answers_within_a_unit_are_alike(report: IndexReport, measure: str) -> None:
    result = report.find_result(measure)
    assert result is not None

    effects = [item.figures.satisfied_share.design_effect for item in result.figures.items]

    assert mean(effect for effect in effects if effect is not None) > 1


def test_all_communes_answer(overview: RoundOverview) -> None:
    communes = [count for unit, count in overview.by_unit if unit.kind in ("ward", "commune", "special_zone")]

    assert len(communes) == 78
    assert min(communes) > 0


def test_channels_and_selections_are_mixed(overview: RoundOverview) -> None:
    assert {channel for channel, _, _ in overview.by_channel} == {"phone", "paper", "kiosk", "interviewer"}
    assert {selection for _, selection, _ in overview.by_channel} == {"invited", "self_selected"}


def test_some_items_were_not_applicable(whole: Database) -> None:
    with whole.read() as session:
        count = session.scalars(
            select(func.count()).select_from(Response).where(Response.ratings.contains("0"))
        ).one()

    assert count > 100


def test_responses_came_on_many_days_of_the_past(overview: RoundOverview) -> None:
    days = [day for day, _ in overview.by_day]

    assert len(days) == 60
    assert overview.line.opens_on <= days[0]


def test_same_seed_gives_the_same_numbers(installed: Database) -> None:
    load_demonstration(installed, TODAY, scale=SMALL_SCALE)
    with installed.read() as session:
        first = build_report(session, ROUND_CODE)
    remove_demonstration(installed)

    load_demonstration(installed, TODAY, scale=SMALL_SCALE)

    with installed.read() as session:
        assert build_report(session, ROUND_CODE) == first


def test_removal_leaves_nothing_behind(installed: Database) -> None:
    before = row_counts(installed)
    assert load_demonstration(installed, TODAY, scale=SMALL_SCALE) == 240
    assert row_counts(installed)["response"] == 240

    remove_demonstration(installed)

    assert row_counts(installed) == before


def test_loading_twice_adds_nothing(installed: Database) -> None:
    load_demonstration(installed, TODAY, scale=SMALL_SCALE)

    assert load_demonstration(installed, TODAY, scale=SMALL_SCALE) == 0
    assert row_counts(installed)["response"] == 240


def test_loading_that_was_broken_off_begins_anew(installed: Database) -> None:
    def break_off(done: int, total: int) -> None:
        if done > total / 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load_demonstration(installed, TODAY, break_off, scale=SMALL_SCALE)

    assert load_demonstration(installed, TODAY, scale=SMALL_SCALE) == 240
    assert row_counts(installed)["response"] == 240


def test_progress_ends_at_the_whole(installed: Database) -> None:
    steps: list[tuple[int, int]] = []

    load_demonstration(installed, TODAY, lambda done, total: steps.append((done, total)), scale=SMALL_SCALE)

    assert steps[-1] == (240, 240)
    assert steps == sorted(steps)


def test_absent_demonstration_cannot_be_removed(installed: Database) -> None:
    with pytest.raises(RoundUnknown):
        remove_demonstration(installed)


def test_every_interview_has_its_visit(whole: Database) -> None:
    with whole.read() as session:
        report = build_quality_report(session, ROUND_CODE, now=NOW)
    lines = [line for form in report.forms for line in form.units if line.interviews]
    assert lines
    assert not [line.unit.code for line in lines if "interviews" in line.signs]
