"""The whole way of a large round's report: a page that reloads, a process that computes, the figures."""

import pytest
from flask import Flask

from survey.store.database import Database
from survey.web import report_work
from tests import factories
from tests.fixtures.applications import PageClient
from tests.officials import add_settled_account, send_responses, signed_in_client

ROUND = f"/quan-tri/dot/{factories.ROUND_CODE}"


@pytest.fixture
def official(app: Flask, database: Database, monkeypatch: pytest.MonkeyPatch) -> PageClient:
    monkeypatch.setattr(report_work, "MOST_AT_ONCE", 0)
    with database.write() as session:
        factories.open_shipped_round(session, ["tthc"])
    send_responses(database, "tthc", {(factories.UNIT_CODE, "phone", "invited"): 12})
    add_settled_account(database, "sonoivu", "coordinator")
    return signed_in_client(app)


@pytest.mark.parametrize(
    ("path", "words"), [("chat-luong", "12 phiếu, 0 phiếu có dấu hiệu"), ("ket-qua", "12 phiếu")]
)
def test_a_large_round_has_a_page_that_reloads_until_its_figures_are_there(
    official: PageClient, app: Flask, path: str, words: str
) -> None:
    waiting = official.get(f"{ROUND}/{path}")
    with app.app_context():
        report_work.wait_for_computations()
    shown = official.get(f"{ROUND}/{path}")

    assert (waiting.status_code, waiting.headers["Refresh"]) == (202, "5")
    assert "Đợt khảo sát này có 12 phiếu" in waiting.text
    assert (shown.status_code, "Refresh" in shown.headers) == (200, False)
    assert words in shown.text
