"""Prints what pages weigh and what reports cost: python -m tests.load (make bench)."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from flask import Flask

from survey.app import create_app
from survey.services.calendar import local_date, now
from survey.services.catalogue import import_shipped
from survey.services.demonstration import ROUND_CODE, load_demonstration
from survey.services.installation import publish_shipped
from survey.settings import Settings
from survey.store.database import Database
from survey.store.migrate import upgrade
from tests.load.collect import STUDY
from tests.load.page_weight import HEADERS, PageWeight, weigh_first_form_page, weigh_session
from tests.load.slow_link import BYTES_A_SECOND, ROUND_TRIP_MS, measure_slow_session
from tests.soak.record import write_record

PAGE_LIMIT_BYTES, SESSION_LIMIT_BYTES = 20 * 1024, 60 * 1024
REPORT_LIMIT_SECONDS, WORKBOOK_LIMIT_SECONDS = 1.0, 3.0
T = TypeVar("T")
HEAVY = ("scipy", "matplotlib")


def main() -> None:
    with tempfile.TemporaryDirectory() as directory:
        settings = Settings(
            data_directory=Path(directory),
            database_url=f"sqlite:///{directory}/bench.db",
            secret_key="not secret" * 4,
            testing=True,
        )
        database = _demonstration(settings)
        app = create_app(settings)
        start_path = f"/khao-sat/{ROUND_CODE}/tthc/18880"
        _print_page(weigh_first_form_page(app.test_client(), start_path))
        session = _print_session(weigh_session(app.test_client(), start_path))
        slow_session = _print_slow_session(app, start_path)
        write_record("phone-session", [*session, *slow_session], STUDY)
        _print_imports(settings)
        _print_report(database)


def _demonstration(settings: Settings) -> Database:
    upgrade(settings.database_url)
    database = Database(settings.database_url)
    with database.write() as session:
        import_shipped(session)
        publish_shipped(session, local_date(now()))
    seconds, count = _cpu_seconds(lambda: load_demonstration(database, local_date(now())))
    print(f"demonstration: {count} responses through the submission service, {seconds:.1f} s CPU")
    return database


def _print_page(weight: PageWeight) -> None:
    for path, size in weight.parts.items():
        print(f"  {size:7d} bytes  {path}")
    share = weight.total / PAGE_LIMIT_BYTES
    print(f"first form page of tthc, gzip: {weight.total} bytes = {share:.2f} of the limit")
    print(f"other hosts asked: {sorted(weight.other_hosts) or 'none'}")


def _print_session(weight: PageWeight) -> list[str]:
    """What a whole session weighs; the last line is what is worth keeping."""
    for name, size in weight.parts.items():
        print(f"  {size:7d} bytes  {name}")
    share = weight.total / SESSION_LIMIT_BYTES
    size = f"{weight.total} bytes with {weight.parts[HEADERS]} of headers = {share:.2f} of the limit"
    line = f"session of tthc from the first page, {weight.page_count} pages, gzip: {size}"
    print(line)
    return [line]


def _print_slow_session(app: Flask, start_path: str) -> list[str]:
    session = measure_slow_session(app, start_path)
    for name, seconds in session.pages.items():
        print(f"  {seconds:7.2f} s  {name}")
    trips = max(session.pages.values()) * 1000 / ROUND_TRIP_MS
    lines = [
        f"tthc over a link of {ROUND_TRIP_MS} ms and {BYTES_A_SECOND // 1000} kB/s, from opening the link:",
        f"  {session.start:.2f} s start page complete, {session.first_question:.2f} s first question usable",
        f"  slowest page after it: {trips:.1f} round trips",
    ]
    print("\n".join(lines))
    return lines


def _print_imports(settings: Settings) -> None:
    program = (
        "import sys; from pathlib import Path; from survey.app import create_app; "
        "from survey.settings import Settings; "
        f"client = create_app(Settings(Path('.'), {settings.database_url!r}, 'k' * 40)).test_client(); "
        "assert client.get('/').status_code == 200; "
        f"print([name for name in {HEAVY!r} if name in sys.modules] or 'neither')"
    )
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    print(f"scipy and matplotlib loaded by the public pages: {loaded.stdout.strip()}")


def _print_report(database: Database) -> None:
    from survey.reports.workbook import render_workbook
    from survey.services.index_reports import build_index_report

    def build() -> object:
        with database.read() as session:
            return build_index_report(session, ROUND_CODE, now=now())

    build()  # the first run pays for the imports
    seconds, report = _cpu_seconds(build)
    share = seconds / REPORT_LIMIT_SECONDS
    print(f"index report, database to numbers: {seconds:.2f} s CPU = {share:.2f} of the limit")
    seconds, workbook = _cpu_seconds(lambda: render_workbook(report, "vi"))
    share = seconds / WORKBOOK_LIMIT_SECONDS
    print(f"its XLSX ({len(workbook) // 1024} KB): {seconds:.2f} s CPU = {share:.2f} of the limit")


def _cpu_seconds(deed: Callable[[], T]) -> tuple[float, T]:
    start = time.process_time()
    result = deed()
    return time.process_time() - start, result


if __name__ == "__main__":
    main()
