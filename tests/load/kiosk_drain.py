"""How long a kiosk's queue of 500 responses takes to drain over a link of 100 ms, in real Chromium.

python -m tests.load.kiosk_drain
"""

import logging
import tempfile
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright
from sqlalchemy import func, select
from werkzeug.serving import make_server

from survey.app import create_app
from survey.models import Response
from survey.settings import Settings
from survey.store.migrate import upgrade
from tests.browser import kiosk_app
from tests.load.collect import STUDY
from tests.provision.programs import find_chromium
from tests.soak.record import write_record

RESPONSES = 500
ROUND_TRIP_SECONDS = 0.1
LONGEST_WAIT = 120
FILL = """async ({body, count}) => {
  const request = indexedDB.open("hailong-kiosk");
  const database = await new Promise((resolve) => (request.onsuccess = () => resolve(request.result)));
  const transaction = database.transaction("queue", "readwrite");
  for (let place = 0; place < count; place += 1) {
    const id = crypto.randomUUID();
    transaction.objectStore("queue").add({ id, body: JSON.stringify({ ...JSON.parse(body), id }) });
  }
  await new Promise((resolve) => (transaction.oncomplete = resolve));
  database.close();
}"""


def main() -> None:
    with tempfile.TemporaryDirectory() as directory:
        url = f"sqlite:///{directory}/hailong.db"
        upgrade(url)
        app = create_app(Settings(data_directory=Path(directory), database_url=url, secret_key="load" * 8))
        code = kiosk_app.open_kiosk_round(app)
        app.wsgi_app = _delayed(app.wsgi_app)  # type: ignore[method-assign]
        logging.getLogger("werkzeug").setLevel(logging.WARNING)
        server = make_server("127.0.0.1", 0, app, threaded=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
            page = browser.new_page(base_url=f"http://127.0.0.1:{server.server_port}")
            seconds = _drain(page, code)
            browser.close()
        with app.extensions["database"].read() as session:
            stored = session.scalar(select(func.count()).select_from(Response))
            distinct = session.scalar(select(func.count(Response.id.distinct())))
        server.shutdown()
    counts = f"queued {RESPONSES}, stored {stored - 1}, duplicates {stored - distinct}"
    line = (
        f"{counts}, drained in {seconds:.1f} s over a link of {ROUND_TRIP_SECONDS * 1000:.0f} ms (limit 30 s)"
    )
    write_record("kiosk-drain", [line], STUDY)
    print(line)


def _drain(page: Page, code: str) -> float:
    kiosk_app.pair(page, code)
    page.context.set_offline(True)
    kiosk_app.rate_quickly(page)
    (item,) = kiosk_app.read_device(page)["queue"]
    page.evaluate(FILL, {"body": item["body"], "count": RESPONSES})
    started = time.perf_counter()
    page.context.set_offline(False)
    while kiosk_app.read_device(page)["queue"]:
        if time.perf_counter() - started > LONGEST_WAIT:
            raise SystemExit(f"{len(kiosk_app.read_device(page)['queue'])} responses are still on the device")
        time.sleep(0.2)
    return time.perf_counter() - started


def _delayed(server: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    def answer(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        time.sleep(ROUND_TRIP_SECONDS)
        return server(environ, start)

    return answer


if __name__ == "__main__":
    main()
