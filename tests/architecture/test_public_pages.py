"""The pages of citizens come without the heavy libraries of the reports."""

import os
import subprocess
import sys
from pathlib import Path

SHOW_FIRST_PAGE = """
import sys
from survey.app import create_app
from survey.settings import Settings

client = create_app(Settings.from_environ()).test_client()
assert client.get("/").status_code == 200
print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""


def test_first_page_needs_neither_scipy_nor_matplotlib(sqlite_url: str, tmp_path: Path) -> None:
    environment = {**os.environ, "DATABASE_URL": sqlite_url, "DATA_DIRECTORY": str(tmp_path)}

    answer = subprocess.run(
        [sys.executable, "-c", SHOW_FIRST_PAGE], env=environment, capture_output=True, text=True, check=False
    )

    assert answer.returncode == 0, answer.stderr
    assert not {"matplotlib", "scipy"} & set(answer.stdout.split())
