"""Browser tests look at pages; that both databases give the same pages is tested without a browser."""

from typing import TYPE_CHECKING

import pytest
from flask import Flask

from tests.fixtures.networks import Network

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """The next person may begin at once."""
    from survey.services import device_config

    monkeypatch.setitem(device_config.SETTINGS, "minimum_interval_seconds", 0)


@pytest.fixture
def kiosk(app: Flask, network: Network, kiosk_page: "Page", no_pause: None) -> "Page":
    """A paired kiosk application that shows its first screen: a form that is one screen."""
    from tests.browser import kiosk_app

    kiosk_app.pair(kiosk_page, kiosk_app.open_kiosk_round(app))
    return kiosk_page
