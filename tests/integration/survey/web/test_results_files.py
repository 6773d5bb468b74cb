"""Results as files: the same numbers as on the page, from stored responses to each format."""

import csv
import html
import io
import re
import zipfile

import openpyxl
import pytest
from flask import Flask

from survey.services.frames import import_frame
from survey.store.database import Database
from tests import factories
from tests.fixtures.applications import PageClient
from tests.officials import add_settled_account, send_responses, signed_in_client

ROUND = f"/quan-tri/dot/{factories.ROUND_CODE}"
OWN, OTHER = factories.UNIT_CODE, factories.OTHER_UNIT_CODE
SECTORS = ("land", "construction", "investment", "other")


@pytest.fixture
def official(app: Flask, database: Database) -> PageClient:
    """Somebody who is signed in, and a round with a frame and 56 responses about procedures."""
    cells = (f"tthc,{unit},{sector},100" for unit in (OWN, OTHER) for sector in SECTORS)
    frame = "\n".join(["form,unit_code,sector,population", *cells])
    with database.write() as session:
        factories.open_shipped_round(session, ["tthc"])
        import_frame(session, factories.ROUND_CODE, frame.encode())
    send_responses(
        database,
        "tthc",
        {(OWN, "phone", "invited"): 30, (OTHER, "paper", "invited"): 20, (OWN, "kiosk", "self_selected"): 6},
    )
    add_settled_account(database)
    return signed_in_client(app)


def read_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def words(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_page_csv_and_workbook_have_the_same_numbers(official: PageClient) -> None:
    scorecard = words(official.get(f"{ROUND}/ket-qua").text.split('id="scorecard"')[1].split("</table>")[0])
    lines = read_csv(official.get(f"{ROUND}/ket-qua.csv").data)
    workbook = openpyxl.load_workbook(io.BytesIO(official.get(f"{ROUND}/ket-qua.xlsx").data))
    cells = [cell for row in workbook.worksheets[0].iter_rows(values_only=True) for cell in row]
    whole = next(line for line in lines if line[0] == "Giải quyết thủ tục hành chính")
    share = next(cell for cell in whole if re.fullmatch(r"\d+,\d%", cell))
    interval = next(cell for cell in whole if "–" in cell)
    assert f"Giải quyết thủ tục hành chính 50 {share} {interval}" in scorecard
    numbers = [round(cell, 3) for cell in cells if isinstance(cell, float)]
    assert round(float(share.rstrip("%").replace(",", ".")) / 100, 3) in numbers


@pytest.mark.parametrize(
    ("path", "content_type", "name", "start"),
    [
        ("ket-qua.xlsx", "application/vnd.openxml", "ket-qua-2026-h2.xlsx", b"PK"),
        ("ket-qua.csv", "text/csv; charset=utf-8", "bang-chi-tieu-2026-h2.csv", b"\xef\xbb\xbf"),
        ("so-lieu.csv", "text/csv; charset=utf-8", "so-lieu-2026-h2.csv", b"\xef\xbb\xbf"),
        ("phieu.csv", "text/csv; charset=utf-8", "phieu-2026-h2.csv", b"\xef\xbb\xbf"),
        ("phieu.csv?phieu=tthc", "text/csv; charset=utf-8", "phieu-tthc-2026-h2.csv", b"\xef\xbb\xbf"),
        ("bang-chi-tieu.svg", "image/svg+xml", "bang-chi-tieu-2026-h2.svg", b"<?xml"),
        ("bang-chi-tieu.png", "image/png", "bang-chi-tieu-2026-h2.png", b"\x89PNG"),
    ],
)
def test_a_file_has_its_type_and_name(
    official: PageClient, path: str, content_type: str, name: str, start: bytes
) -> None:
    response = official.get(f"{ROUND}/{path}")
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith(content_type)
    assert response.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert response.data.startswith(start)


def test_the_workbook_is_a_whole_file(official: PageClient) -> None:
    with zipfile.ZipFile(io.BytesIO(official.get(f"{ROUND}/ket-qua.xlsx").data)) as workbook:
        assert workbook.testzip() is None
        assert any("chart" in name for name in workbook.namelist())


@pytest.mark.parametrize(
    ("level", "line_count"), [("element", 5), ("item", 22), ("unit", 2), ("sector", None)]
)
def test_each_table_of_a_measure_is_a_file(official: PageClient, level: str, line_count: int | None) -> None:
    response = official.get(f"{ROUND}/ket-qua/tthc/so-lieu.csv?cap={level}")
    lines = read_csv(response.data)
    assert response.status_code == 200
    assert len(lines) > 1
    assert line_count is None or len(lines) == 1 + line_count


def test_every_response_is_a_line_of_the_export(official: PageClient) -> None:
    lines = list(
        csv.DictReader(io.StringIO(official.get(f"{ROUND}/phieu.csv?phieu=tthc").data.decode("utf-8-sig")))
    )
    assert len(lines) == 56
    assert sum(line["selection"] == "self_selected" for line in lines) == 6


@pytest.mark.parametrize(
    "path",
    ["phieu.csv?phieu=khong-co", "ket-qua/tthc/so-lieu.csv?cap=x", "ket-qua/x/so-lieu.csv?cap=item"],
)
def test_what_is_not_there_is_not_found(official: PageClient, path: str) -> None:
    response = official.get(f"{ROUND}/{path}")
    assert response.status_code == 404
    assert response.mimetype == "text/html"


def test_files_speak_the_language_of_the_page(official: PageClient) -> None:
    official.get("/ngon-ngu/en?tiep=/")
    assert (
        read_csv(official.get(f"{ROUND}/ket-qua.csv").data)[1][0] == "Handling of administrative procedures"
    )


def test_all_pages_show_stored_responses(official: PageClient) -> None:
    for path in ("ket-qua", "ket-qua/tthc", "ket-qua/tthc/land", f"ket-qua/tthc/don-vi/{OWN}", "cach-tinh"):
        assert official.get(f"{ROUND}/{path}").status_code == 200, path
    assert "Tự nguyện" in words(official.get(f"{ROUND}/ket-qua/tthc").text)
