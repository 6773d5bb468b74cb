"""A report that took long is used again for a minute, as long as the round has the same responses."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from survey.services import index_reports
from survey.services.rounds import close_round
from survey.store.database import Database
from survey.web import report_cache
from survey.web.index_report_cache import get_index_report
from tests import factories
from tests.officials import send_responses

CODE = factories.ROUND_CODE


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
def build_count(app: Flask, small_round: str, monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """How many reports were built so far; each counts as slow."""
    built = []
    build = index_reports.build_index_report

    def counted(*args: Any, **options: Any) -> Any:
        built.append(args)
        return build(*args, **options)

    monkeypatch.setattr(index_reports, "build_index_report", counted)
    monkeypatch.setattr(report_cache, "SLOW_SECONDS", 0)
    return lambda: len(built)


def test_the_same_responses_give_the_same_report(app: Flask, build_count: Callable[[], int]) -> None:
    with app.app_context():
        assert get_index_report(CODE) is get_index_report(CODE)
    assert build_count() == 1


def test_a_new_response_gives_a_new_report(
    app: Flask, database: Database, build_count: Callable[[], int]
) -> None:
    with app.app_context():
        assert get_index_report(CODE).response_count == 0
        send_responses(database, "vi-du", {(factories.UNIT_CODE, "phone", "invited"): 1})
        assert get_index_report(CODE).response_count == 1


def test_closing_gives_a_new_report(app: Flask, database: Database, build_count: Callable[[], int]) -> None:
    with app.app_context():
        assert get_index_report(CODE).status == "open"
        with database.write() as session:
            close_round(session, CODE)
        assert get_index_report(CODE).status == "closed"


def test_a_report_ages(app: Flask, build_count: Callable[[], int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report_cache, "KEPT_SECONDS", 0)
    with app.app_context():
        get_index_report(CODE)
        get_index_report(CODE)
    assert build_count() == 2


def test_a_quick_report_is_built_each_time(
    app: Flask, build_count: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report_cache, "SLOW_SECONDS", 3600)
    with app.app_context():
        get_index_report(CODE)
        get_index_report(CODE)
    assert build_count() == 2
