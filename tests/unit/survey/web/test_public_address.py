"""Full addresses: from the setting, or for want of it from where the page was opened."""

from pathlib import Path

import pytest

from survey.web.public_address import guessed_address, public_url
from tests.unit.survey.web.conftest import build_app

PUBLIC = "https://khaosat.example.vn"


@pytest.mark.parametrize("opened_at", ["http://127.0.0.1:8000/quan-tri/", "https://example.org/"])
def test_the_setting_decides_wherever_the_page_was_opened(tmp_path: Path, opened_at: str) -> None:
    app = build_app(tmp_path, public_address=PUBLIC)

    with app.test_request_context(base_url=opened_at):
        assert public_url("/khao-sat/q1?moi=abc") == f"{PUBLIC}/khao-sat/q1?moi=abc"
        assert guessed_address() is None


def test_without_the_setting_the_page_itself_tells_the_host(tmp_path: Path) -> None:
    with build_app(tmp_path).test_request_context(base_url="http://10.0.0.5:8000"):
        assert public_url("/kiosk/q1") == "http://10.0.0.5:8000/kiosk/q1"
        assert guessed_address() == "http://10.0.0.5:8000"
