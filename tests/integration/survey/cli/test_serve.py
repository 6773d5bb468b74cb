"""`hailong serve`: a real server in a process of its own, started, asked, stopped and started again."""

import os
import re
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

import pytest
from click.testing import Result

from survey.services.accounts import FIRST_USERNAME
from tests.fixtures.forms import read_form

Command = Callable[..., Result]
PROGRAM = [sys.executable, "-c", "from survey.cli import main; main(prog_name='hailong')"]
START_LIMIT_SECONDS = 120
NEW_PASSWORD = "buổi sáng bên sông Nhật Lệ"


class Visitor:
    """A browser with cookies that visits one server."""

    def __init__(self, base: str, printed: str) -> None:
        self.base = base
        self.printed = printed
        self._opener = build_opener(HTTPCookieProcessor(CookieJar()))

    def get(self, path: str) -> str:
        with self._opener.open(self.base + path, timeout=30) as response:
            assert response.status == 200
            return response.read().decode()

    def submit(self, path: str, **fields: str) -> str:
        """Fill the form of a page and send it; the path of the page that follows."""
        form = read_form(self.get(path))
        sent = urlencode({**form.fields, **fields}, doseq=True).encode()
        with self._opener.open(self.base + path, sent, timeout=30) as response:
            return response.geturl().removeprefix(self.base)

    def find_printed(self, name: str) -> str | None:
        """What was printed beside this name."""
        found = re.search(rf"{re.escape(name)} +(\S+)$", self.printed, re.MULTILINE)
        return found[1] if found else None


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        found: int = probe.getsockname()[1]
    return found


@pytest.fixture
def environment(tmp_path: Path, port: int) -> dict[str, str]:
    """A new installation: nothing but a directory for its data and a free port."""
    names = ("DATABASE_URL", "HOST", "SECRET_KEY", "SECRET_KEY_FILE", "TRUSTED_PROXIES", "PUBLIC_ADDRESS")
    absent = dict.fromkeys(names, "")
    return {
        **os.environ,
        **absent,
        "DATA_DIRECTORY": str(tmp_path / "var"),
        "PORT": str(port),
        "WEB_CONCURRENCY": "1",
    }


@contextmanager
def serve(environment: dict[str, str], *options: str) -> Iterator[Visitor]:
    """Start a server, wait until it answers, and stop it the way a service manager does."""
    output = Path(environment["DATA_DIRECTORY"]).with_suffix(".out")
    with output.open("w") as stream:
        process = subprocess.Popen(
            [*PROGRAM, "serve", *options], env=environment, stdout=stream, stderr=subprocess.STDOUT
        )
    try:
        base = f"http://127.0.0.1:{environment['PORT']}"
        _wait_until_it_answers(process, base, output)
        yield Visitor(base, output.read_text(encoding="utf-8"))
        process.send_signal(signal.SIGTERM)
        assert process.wait(START_LIMIT_SECONDS) == 0
    finally:
        process.kill()
        process.wait()


def _wait_until_it_answers(process: subprocess.Popen[bytes], base: str, output: Path) -> None:
    deadline = time.monotonic() + START_LIMIT_SECONDS
    while True:
        try:
            build_opener().open(f"{base}/health", timeout=5).close()
            return
        except URLError:
            if process.poll() is not None or time.monotonic() > deadline:
                pytest.fail(output.read_text(encoding="utf-8"))
            time.sleep(0.05)


def test_first_start_prints_addresses_that_answer(environment: dict[str, str]) -> None:
    with serve(environment) as visitor:
        assert visitor.find_printed("citizens") == f"{visitor.base}/"
        assert visitor.find_printed("officials") == f"{visitor.base}/quan-tri/"
        assert visitor.find_printed("user name") == FIRST_USERNAME
        assert "<h1" in visitor.get("/")
        assert "<h1" in visitor.get("/quan-tri/")

    for name in ("secret_key", "first-password.txt"):
        file = Path(environment["DATA_DIRECTORY"]) / name
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_second_start_loses_nothing(environment: dict[str, str], hailong: Command) -> None:
    key = Path(environment["DATA_DIRECTORY"]) / "secret_key"
    with serve(environment) as visitor:
        password = visitor.find_printed("one-time password")
        first_key = key.read_bytes()
    hailong("account", "create", "lan", "--name", "Lan", "--role", "coordinator")

    with serve(environment) as visitor:
        assert visitor.find_printed("one-time password") == password

    assert key.read_bytes() == first_key
    names = [line.split("\t")[0] for line in hailong("account", "list").stdout.splitlines()]
    assert names == ["lan", FIRST_USERNAME]


def test_first_password_is_forgotten_once_it_has_been_changed(environment: dict[str, str]) -> None:
    with serve(environment) as visitor:
        password = visitor.find_printed("one-time password") or ""
        visitor.submit("/dang-nhap", username=FIRST_USERNAME, password=password)
        changed = visitor.submit("/doi-mat-khau", current=password, new=NEW_PASSWORD, again=NEW_PASSWORD)

    with serve(environment) as visitor:
        assert visitor.find_printed("one-time password") is None
        assert visitor.submit("/dang-nhap", username=FIRST_USERNAME, password=NEW_PASSWORD) == "/quan-tri/"

    assert changed == "/quan-tri/"


def test_server_runs_on_postgresql(environment: dict[str, str], empty_postgresql_url: str) -> None:
    with serve({**environment, "DATABASE_URL": empty_postgresql_url}) as visitor:
        assert "<h1" in visitor.get("/")


def test_kiosk_of_the_demonstration_is_printed_and_answers(
    environment: dict[str, str], demonstration_sqlite_url: str
) -> None:
    told = {**environment, "DATABASE_URL": demonstration_sqlite_url}

    with serve(told, "--demonstration") as visitor:
        kiosk = (visitor.find_printed("Kiosk") or "").removeprefix(visitor.base)
        assert kiosk.startswith("/kiosk/minh-hoa/tthc/")
        assert "<h1" in visitor.get(kiosk)
        assert "already there" in visitor.printed


def test_removed_demonstration_stays_removed(
    environment: dict[str, str], hailong: Command, demonstration_sqlite_url: str
) -> None:
    told = {**environment, "DATABASE_URL": demonstration_sqlite_url}
    hailong("account", "create", "lan", "--name", "Lan", "--role", "administrator", **told)
    hailong("demo", "--remove", **told)

    with serve(told, "--demonstration") as visitor:
        assert visitor.find_printed("Kiosk") is None

    assert hailong("round", "list", **told).stdout == ""


def test_public_addresses_are_printed_and_other_hosts_refused(
    environment: dict[str, str], demonstration_sqlite_url: str
) -> None:
    public = "https://khaosat.example.vn"
    told = {**environment, "DATABASE_URL": demonstration_sqlite_url, "PUBLIC_ADDRESS": public}

    with serve(told) as visitor:
        assert visitor.find_printed("citizens") == f"{public}/"
        assert visitor.find_printed("officials") == f"{public}/quan-tri/"
        assert (visitor.find_printed("Kiosk") or "").startswith(f"{public}/kiosk/minh-hoa/tthc/")
        assert visitor.find_printed("listens at") == visitor.base
        forged = Request(f"{visitor.base}/", headers={"Host": "example.org"})
        with pytest.raises(HTTPError, match="400"):
            build_opener().open(forged, timeout=30)


def test_processes_share_the_reports_engine(environment: dict[str, str]) -> None:
    """What a page of results needs is in memory before the first process of the server is made."""
    load = (
        "import sys; from survey.cli.installation import load_settings; from survey.cli.server import Server;"
        "server = Server(load_settings()); assert server.cfg.preload_app; assert 'scipy' not in sys.modules;"
        "server.load(); print(*sorted({'scipy', 'matplotlib'} & set(sys.modules)))"
    )

    answer = subprocess.run(
        [sys.executable, "-c", load], env=environment, capture_output=True, text=True, check=False
    )

    assert (answer.stdout.split(), answer.stderr) == (["scipy"], "")


def test_taken_port_is_one_line(hailong: Command, port: int) -> None:
    with socket.create_server(("127.0.0.1", port)):
        result = hailong("serve")

    assert (result.exit_code, result.stdout) == (2, "")
    (line,) = result.stderr.splitlines()
    assert line.startswith(f"hailong: PORT: không mở được 127.0.0.1:{port}, ")
    assert f"| 127.0.0.1:{port}: Address already in use" in line
