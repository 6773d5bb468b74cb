"""What lies behind the scorecard: measures, sectors, units, and how everything is computed."""

import html
import re

import pytest
from flask import Flask

from survey.store.database import Database
from survey.web import results
from tests import report_values
from tests.fixtures.applications import PageClient
from tests.officials import add_settled_account, signed_in_client

ROUND = "/quan-tri/dot/2026-q3"
RESULTS = f"{ROUND}/ket-qua"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """The reports are made by hand; the database holds the account alone."""
    return sqlite_url


@pytest.fixture
def official(app: Flask, database: Database, monkeypatch: pytest.MonkeyPatch) -> PageClient:
    monkeypatch.setattr(results, "get_index_report", lambda code: report_values.report())
    add_settled_account(database)
    return signed_in_client(app)


def words(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def table(page: str, name: str) -> str:
    """The words of the body of a table."""
    return words(page.split(f'id="{name}"')[1].split("<tbody")[1].split("</table>")[0])


def test_the_head_has_four_numbers_that_are_not_the_same(official: PageClient) -> None:
    page = words(official.get(f"{RESULTS}/tthc").text)
    assert "Chỉ số 91,6% 90,8–92,4%" in page
    assert "Điểm trung bình 4,30 4,25–4,35" in page
    assert "Tỷ lệ người hài lòng toàn diện 61,6% 60,0–63,2%" in page
    assert "Đáp ứng mong đợi 87,0% trung bình các câu trả lời, có thể vượt 100%" in page


def test_elements_stand_in_the_order_of_the_questionnaire(official: PageClient) -> None:
    found = table(official.get(f"{RESULTS}/tthc").text, "elements")
    assert found.index("Tiếp cận dịch vụ") < found.index("Thủ tục hành chính") < found.index("Công chức")


@pytest.mark.parametrize(
    ("order", "first"),
    [
        ("", "Thời hạn giải quyết"),
        ("?tieu-chi=thu-tu", "Nơi ngồi chờ"),
        ("?tieu-chi=-ty-le", "Nơi ngồi chờ"),
        ("?tieu-chi=khong-co", "Thời hạn giải quyết"),
    ],
)
def test_criteria_are_sorted_by_share_or_in_file_order(official: PageClient, order: str, first: str) -> None:
    assert re.search(r"[A-ZĐ].*", table(official.get(f"{RESULTS}/tthc{order}").text, "items"))
    assert first in table(official.get(f"{RESULTS}/tthc{order}").text, "items")[:60]


def test_sectors_lead_to_their_own_page_where_they_have_a_target(official: PageClient) -> None:
    page = official.get(f"{RESULTS}/tthc").text
    assert f'href="{RESULTS}/tthc/land"' in page
    assert f'href="{RESULTS}/tthc/other"' not in page
    assert "Lĩnh vực khác 2.040 94,3%" in table(page, "sectors")


def test_a_sector_has_its_page(official: PageClient) -> None:
    page = words(official.get(f"{RESULTS}/tthc/land").text)
    assert "Lĩnh vực: Đất đai" in page
    assert "✕ Chưa đạt Chỉ tiêu năm 2025: ≥ 85%" in page


def test_an_undecided_sector_says_how_many_responses_are_missing(official: PageClient) -> None:
    page = words(official.get(f"{RESULTS}/tthc/investment").text)
    assert "Cần thêm khoảng 640 phiếu để kết luận." in page


def test_units_are_not_judged_and_small_ones_not_published(official: PageClient) -> None:
    page = official.get(f"{RESULTS}/tthc").text
    units = table(page, "units")
    assert "Phường Đồng Hới 210 84,2% 78,2–90,2%" in units
    assert "Xã Thượng Trạch 3 không công bố" in units
    assert "Đạt" not in units
    assert "Không xét từng đơn vị theo chỉ tiêu" in words(page)


@pytest.mark.parametrize(
    ("order", "first", "last"),
    [
        ("ten", "Phường Đồng Hới", "Xã Thượng Trạch"),
        ("chi-so", "Xã Nam Gianh", "Xã Thượng Trạch"),
        ("-chi-so", "Phường Đồng Thuận", "Xã Thượng Trạch"),
        ("-so-phieu", "Phường Đồng Hới", "Xã Thượng Trạch"),
    ],
)
def test_units_are_sorted_and_missing_numbers_come_last(
    official: PageClient, order: str, first: str, last: str
) -> None:
    units = table(official.get(f"{RESULTS}/tthc?sap-xep={order}").text, "units")
    names = ("Phường Đồng Hới", "Phường Đồng Thuận", "Xã Nam Gianh", "Xã Thượng Trạch")
    assert min(names, key=units.index) == first
    assert max(names, key=units.index) == last


def test_a_search_keeps_the_order_of_the_tables(official: PageClient) -> None:
    page = official.get(f"{RESULTS}/tthc?tim=nam%20gianh&sap-xep=-chi-so&tieu-chi=thu-tu").text
    assert "Xã Nam Gianh" in table(page, "units")
    assert "Phường Đồng Hới" not in table(page, "units")
    assert 'name="sap-xep" value="-chi-so"' in page
    assert 'name="tieu-chi" value="thu-tu"' in page
    assert "tim=nam+gianh&amp;sap-xep=chi-so" in page or "sap-xep=chi-so" in page


def test_parameters_of_an_address_cannot_steer_its_links(official: PageClient) -> None:
    page = official.get(f"{RESULTS}/tthc?_external=1&_anchor=x&round_code=y&sap-xep=ten").text
    assert "http://localhost" not in page.split("<main")[1]


def test_channels_stand_beside_the_index_without_weights(official: PageClient) -> None:
    channels = table(official.get(f"{RESULTS}/tthc").text, "channels")
    assert "Tự nguyện 2.400 96,0%" in channels


@pytest.mark.parametrize(
    "path", ["/x", "/tthc/other", "/tthc/x", "/tthc/don-vi/0", "/tthc/don-vi/18880?linh-vuc=x"]
)
def test_what_the_report_does_not_have_is_not_found(official: PageClient, path: str) -> None:
    assert official.get(RESULTS + path).status_code == 404


def test_a_unit_has_its_elements_and_criteria(official: PageClient) -> None:
    page = official.get(f"{RESULTS}/tthc/don-vi/18859").text
    assert "Chỉ số 91,7% 85,7–97,7%" in words(page)
    assert "Tiếp cận dịch vụ" in table(page, "elements")
    assert "Nơi ngồi chờ" in table(page, "items")


def test_a_unit_page_says_which_design_its_intervals_come_from(official: PageClient) -> None:
    within = words(official.get(f"{RESULTS}/tthc/don-vi/18859").text)
    assert "Đơn vị này là một đơn vị mẫu cấp một của đợt." in within
    whole = words(official.get(f"{RESULTS}/tthc/don-vi/18880").text)
    assert "trong đó đơn vị này có nhiều đơn vị mẫu cấp một" in whole


def test_a_unit_page_of_a_sector_leads_back_to_it(official: PageClient) -> None:
    page = official.get(f"{RESULTS}/tthc/don-vi/18880?linh-vuc=land").text
    assert f'href="{RESULTS}/tthc/land"' in page
    assert "Đất đai" in words(page)


def test_a_unit_with_too_few_responses_shows_nothing(official: PageClient) -> None:
    page = official.get(f"{RESULTS}/tthc/don-vi/19147").text
    assert "Không công bố: đơn vị này có quá ít phiếu" in words(page)
    assert 'id="items"' not in page


def test_a_measure_without_a_number_still_has_its_verdict(
    app: Flask, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = report_values.result("health", "", 24, None, 0, 0.85, "inconclusive", reason="unreliable")
    monkeypatch.setattr(results, "get_index_report", lambda code: report_values.report((line,)))
    add_settled_account(database)
    page = words(signed_in_client(app).get(f"{RESULTS}/health").text)
    assert "Chỉ số – chưa đủ tin cậy" in page
    assert "≈ Chưa đủ cơ sở kết luận Chỉ tiêu năm 2025: ≥ 85%" in page


def test_the_method_page_speaks_of_no_sheet_and_no_excel(official: PageClient) -> None:
    page = words(official.get(f"{ROUND}/cach-tinh").text)
    official.get(f"/ngon-ngu/en?tiep={ROUND}/cach-tinh")
    english = words(official.get(f"{ROUND}/cach-tinh").text)
    for part in ("excel", "xlsx", "sheet", "trang tính", "tệp Excel"):
        assert part not in (page + english).lower()
    assert "giữ giá trị chưa làm tròn" in page


def test_the_method_page_states_rule_design_and_versions(official: PageClient) -> None:
    page = words(official.get(f"{ROUND}/cach-tinh").text)
    for part in (
        "3028/QĐ-UBND",
        "95%",
        "logit_t",
        "hailong 0.1.0",
        "9f2c9f2c",
        "Thiết kế mẫu bằng số",
        "Giải quyết thủ tục hành chính 6.120 24 78 1 1,31 1,80 70 12",
    ):
        assert part in page
