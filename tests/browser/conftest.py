"""Browser tests look at pages; that both databases give the same pages is tested without a browser."""

import pytest


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url
