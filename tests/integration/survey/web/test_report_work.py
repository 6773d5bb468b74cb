"""Reports of large rounds: no page waits, earlier figures are told apart, a failure is shown once.

`test_report_process.py` has the whole way on both databases.
"""

import sys
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from survey.services.kept_reports import build_kept_report
from survey.services.report_files import the_one_computation
from survey.store.database import Database
from survey.web import clock, report_work
from survey.web.report_work import report_file, wait_for_computations
from tests import factories
from tests.fixtures.applications import PageClient
from tests.officials import add_settled_account, send_responses, signed_in_client
from tests.thresholds import set_thresholds

ROUND = f"/quan-tri/dot/{factories.ROUND_CODE}"
QUALITY = f"{ROUND}/chat-luong"


@pytest.fixture(autouse=True)
def every_round_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report_work, "MOST_AT_ONCE", 0)


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
def official(app: Flask, database: Database) -> PageClient:
    with database.write() as session:
        factories.open_shipped_round(session, ["tthc"])
    send_responses(database, "tthc", {(factories.UNIT_CODE, "phone", "invited"): 12})
    add_settled_account(database, "sonoivu", "coordinator")
    return signed_in_client(app)


@pytest.fixture
def finish(app: Flask) -> Callable[[], None]:
    def wait() -> None:
        with app.app_context():
            wait_for_computations()

    return wait


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Computations end at once with a status that is not 0."""
    monkeypatch.setattr(sys, "executable", "/bin/false")


@pytest.fixture
def keep(app: Flask, database: Database) -> Callable[..., None]:
    """Computes the quality report here and keeps it."""

    def keep_report(age: timedelta = timedelta(0)) -> None:
        with app.app_context(), database.read() as session:
            file = report_file("quality", factories.ROUND_CODE)
            url = app.extensions["settings"].database_url
            file.write(build_kept_report(session, file.kind, file.round_code, url, now=clock.now() - age))

    return keep_report


@pytest.mark.usefixtures("broken")
def test_a_file_is_not_mistaken_for_the_page_that_waits(
    official: PageClient, keep: Callable[..., None], finish: Callable[[], None]
) -> None:
    waiting = official.get(f"{QUALITY}/don-vi.csv")
    finish()
    keep()

    assert (waiting.status_code, waiting.headers["Retry-After"]) == (503, "5")
    assert official.get(f"{QUALITY}/don-vi.csv").mimetype == "text/csv"


def test_new_responses_leave_the_earlier_figures_in_view_with_a_remark(
    official: PageClient, keep: Callable[..., None], finish: Callable[[], None], database: Database
) -> None:
    keep(age=timedelta(minutes=5))
    send_responses(database, "tthc", {(factories.UNIT_CODE, "phone", "invited"): 1}, seed=9)

    remarked = official.get(QUALITY).text
    finish()
    renewed = official.get(QUALITY).text

    assert "Hiện đợt khảo sát có 13 phiếu" in remarked
    assert "12 phiếu, 0 phiếu có dấu hiệu" in remarked
    assert "Hiện đợt khảo sát có" not in renewed
    assert "13 phiếu, 0 phiếu có dấu hiệu" in renewed


def test_while_responses_come_in_figures_of_a_moment_ago_are_shown_as_they_are(
    official: PageClient, keep: Callable[..., None], database: Database, app: Flask
) -> None:
    keep(age=timedelta(seconds=30))
    send_responses(database, "tthc", {(factories.UNIT_CODE, "phone", "invited"): 1}, seed=9)

    assert "12 phiếu, 0 phiếu có dấu hiệu" in official.get(QUALITY).text
    assert "report_watchers" not in app.extensions


@pytest.mark.usefixtures("broken")
def test_figures_that_answer_another_question_are_not_shown(
    official: PageClient,
    keep: Callable[..., None],
    finish: Callable[[], None],
    database: Database,
) -> None:
    keep()
    with database.write() as session:
        set_thresholds(session, distance=5)

    assert official.get(QUALITY).status_code == 202
    finish()


@pytest.mark.usefixtures("broken")
def test_a_failure_is_shown_and_nothing_begins_anew_by_itself(
    official: PageClient, finish: Callable[[], None], app: Flask
) -> None:
    official.get(QUALITY)
    finish()
    begun = len(app.extensions["report_watchers"])

    failed = official.get(QUALITY)

    assert failed.status_code == 503
    assert "Refresh" not in failed.headers
    assert "Chưa tính được số liệu" in failed.text
    official.get(QUALITY)
    assert len(app.extensions["report_watchers"]) == begun


@pytest.mark.usefixtures("broken")
def test_somebody_asks_for_a_new_attempt(official: PageClient, finish: Callable[[], None]) -> None:
    official.get(QUALITY)
    finish()

    again = official.submit(QUALITY, form=1)

    assert (again.status_code, again.location) == (303, QUALITY)
    assert official.get(QUALITY).status_code == 202
    finish()


def test_a_forged_new_attempt_is_refused(official: PageClient) -> None:
    assert official.post(f"{QUALITY}/tinh-lai/quality", data={"csrf_token": "x"}).status_code == 400
    assert official.post(f"{QUALITY}/tinh-lai/all", data={"csrf_token": "x"}).status_code == 404


@pytest.mark.usefixtures("broken")
def test_after_a_failure_earlier_figures_stay_with_a_remark(
    official: PageClient,
    keep: Callable[..., None],
    finish: Callable[[], None],
    database: Database,
) -> None:
    keep(age=timedelta(minutes=5))
    send_responses(database, "tthc", {(factories.UNIT_CODE, "phone", "invited"): 1}, seed=9)
    official.get(QUALITY)
    finish()

    page = official.get(QUALITY)

    assert page.status_code == 200
    assert "12 phiếu, 0 phiếu có dấu hiệu" in page.text
    assert "Lần tính gần nhất" in page.text
    assert official.submit(QUALITY, form=1).status_code == 303


def test_one_computation_goes_on_at_a_time(official: PageClient, app: Flask) -> None:
    with the_one_computation(app.extensions["settings"].data_directory):
        assert official.get(QUALITY).status_code == 202

    assert "report_watchers" not in app.extensions


def test_a_data_directory_that_takes_no_file_is_a_failure_like_any_other(
    official: PageClient, app: Flask
) -> None:
    place = app.extensions["settings"].data_directory / "reports"
    place.write_text("in the way")

    official.get(QUALITY)

    assert official.get(QUALITY).status_code == 503
    place.unlink()
    assert official.submit(QUALITY, form=1).status_code == 303
