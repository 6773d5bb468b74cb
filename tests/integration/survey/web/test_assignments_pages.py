"""The officials' list of interviews."""

import io
from datetime import date
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from survey.services import assignments
from survey.services.devices import DeviceReport, find_device_by_code, record_contact, withdraw_device
from survey.services.rounds import close_round
from survey.services.visits import NewVisit, record_visit
from survey.store.database import Database
from tests import factories
from tests.deliveries import NOW, enrol
from tests.fixtures.applications import PageClient
from tests.fixtures.forms import read_form
from tests.officials import add_settled_account, signed_in_client

HOME = f"/quan-tri/dot/{factories.ROUND_CODE}/dia-ban"
HEADING = "number,questionnaire,unit,place,note,device"
ROWS = [f"{number:03d},vi-du,{factories.UNIT_CODE},Nhà số {number},," for number in range(1, 4)]


@pytest.fixture
def official(app: Flask, database: Database) -> PageClient:
    with database.write() as session:
        factories.open_small_round(session)
    add_settled_account(database)
    return signed_in_client(app)


@pytest.fixture
def tablet(official: PageClient, database: Database) -> str:
    with database.write() as session:
        return enrol(session, kind="interviewer", name="Máy tổ 1").code


def take(client: PageClient, *rows: str, heading: str = HEADING) -> TestResponse:
    content = "\n".join([heading, *rows]).encode()
    token = read_form(client.get(f"{HOME}/nhap").text, 1).fields["csrf_token"]
    return client.post(
        f"{HOME}/nhap", data={"csrf_token": token, "file": (io.BytesIO(content), "danh-sach.csv")}
    )


def test_empty_page_says_what_to_do(official: PageClient) -> None:
    page = official.get(HOME).text
    assert "Chưa có địa chỉ nào" in page
    assert f"{HOME}/nhap" in page


def test_import_page_says_that_names_do_not_belong_there(official: PageClient) -> None:
    page = official.get(f"{HOME}/nhap").text
    assert "Không ghi tên người" in page
    assert official.get(f"{HOME}/mau.csv").data == f"\ufeff{HEADING}\r\n".encode()


def test_a_list_is_taken_over_and_shown(official: PageClient) -> None:
    assert take(official, *ROWS).status_code == 303
    page = official.get(HOME).text
    assert "Đã nhập tệp: thêm 3 địa chỉ" in page
    assert "Nhà số 2" in page
    assert "Chưa đến" in page


def test_faults_are_named_by_row(official: PageClient) -> None:
    answer = take(official, ROWS[0], "2,khong-co,18880,Nhà số 2,,", "3,vi-du,18880,,,")
    assert answer.status_code == 422
    assert "“khong-co” không thuộc đợt khảo sát này" in answer.text
    assert "ô trống" in answer.text
    assert "Chưa có địa chỉ nào" in official.get(HOME).text


def test_a_file_that_was_not_chosen_is_asked_for(official: PageClient) -> None:
    token = read_form(official.get(f"{HOME}/nhap").text, 1).fields["csrf_token"]
    answer = official.post(f"{HOME}/nhap", data={"csrf_token": token})
    assert (answer.status_code, "Xin chọn tệp CSV" in answer.text) == (422, True)


def test_marked_addresses_are_given_to_a_device(official: PageClient, tablet: str) -> None:
    take(official, *ROWS)
    answer = official.submit(HOME, {"number": ["001", "003"], "device": tablet}, form=1)
    assert answer.status_code == 303
    content = official.get(f"{HOME}/danh-sach.csv").data.decode("utf-8-sig")
    assert [row.split(",")[6] for row in content.splitlines()[1:]] == [tablet, "", tablet]


def test_all_that_a_search_shows_are_given_at_once(official: PageClient, tablet: str) -> None:
    take(official, *ROWS)
    official.submit(f"{HOME}?tim=nha+so+2", {"everything": "yes", "device": tablet}, form=1)
    content = official.get(f"{HOME}/danh-sach.csv").data.decode("utf-8-sig")
    assert [row.split(",")[6] for row in content.splitlines()[1:]] == ["", tablet, ""]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"device": "-"}, "Xin đánh dấu ít nhất một địa chỉ."),
        ({"number": ["001"]}, "Xin chọn một máy."),
        ({"number": ["001"], "device": "I-XXXXX"}, "Xin chọn một máy trong danh sách."),
    ],
)
def test_what_is_missing_is_said(
    official: PageClient, tablet: str, fields: dict[str, object], sentence: str
) -> None:
    take(official, *ROWS)
    answer = official.submit(HOME, fields, form=1)
    assert (answer.status_code, sentence in answer.text) == (422, True)


def test_totals_state_the_response_rate(official: PageClient, database: Database, tablet: str) -> None:
    take(official, *(row + tablet for row in ROWS))
    with database.write() as session:
        access = find_device_by_code(session, tablet)
        assert access is not None
        ids = [line.id for line in assignments.list_for_device(session, access)]
        for assignment_id, outcome in zip(ids, ("completed", "not_eligible"), strict=False):
            visit = NewVisit(uuid4(), assignment_id, outcome, date(2026, 9, 9))
            record_visit(session, access, visit, today=date(2026, 9, 9))
    page = official.get(HOME).text
    assert "50,0%" in page
    assert "1 hoàn thành ÷ 2 địa chỉ" in page
    content = official.get(f"{HOME}/ket-qua.csv").data.decode("utf-8-sig").splitlines()
    assert "Hoàn thành phỏng vấn,I,1" in content
    assert content[-1] == 'Tỷ lệ trả lời (AAPOR RR1),,"50,0%"'
    assert "tuần 7/9/2026–13/9/2026" in page
    assert "Đã đến" in page
    assert "Nhà số 1" not in official.get(f"{HOME}?ket-qua=completed").text
    listed = official.get(f"{HOME}/danh-sach.csv").data.decode("utf-8-sig")
    assert listed.count(",Đã đến,tuần 7/9/2026–13/9/2026") == 2
    only = official.get(f"{HOME}?ket-qua=not_visited").text
    assert ("Nhà số 2" in only, "Nhà số 3" in only) == (False, True)


def test_tablets_that_still_hold_visits_are_named(
    official: PageClient, database: Database, tablet: str
) -> None:
    take(official, *ROWS)
    assert "Có thể chưa nhận đủ kết quả lần đến" not in official.get(HOME).text
    with database.write() as session:
        access = find_device_by_code(session, tablet)
        assert access is not None
        record_contact(session, access.id, DeviceReport(1, 2, 0, "1", None), NOW)
        withdraw_device(session, tablet, now=NOW)
    page = official.get(HOME).text
    assert "Có thể chưa nhận đủ kết quả lần đến" in page
    assert f"Máy tổ 1 ({tablet})" in page
    assert "1 chưa gửi, 2 không được nhận" in page


def test_long_lists_have_pages(official: PageClient) -> None:
    take(official, *(f"{number:03d},vi-du,{factories.UNIT_CODE},Thôn {number},," for number in range(120)))
    last = official.get(f"{HOME}?trang=3").text
    assert ("Thôn 119" in last, "Thôn 99" in last) == (True, False)
    assert "Thôn 119" in official.get(f"{HOME}?trang=99").text


def test_a_closed_round_shows_its_list_and_changes_nothing(official: PageClient, database: Database) -> None:
    take(official, *ROWS)
    with database.write() as session:
        close_round(session, factories.ROUND_CODE)
    page = official.get(HOME).text
    assert "Nhà số 1" in page
    assert 'name="number"' not in page
    answer = take(official, "9,vi-du,18880,Nhà số 9,,")
    assert (answer.status_code, "Đợt khảo sát đã đóng" in answer.text) == (422, True)


def test_an_agency_does_not_see_who_is_asked_about_it(
    app: Flask, official: PageClient, database: Database, client: FlaskClient
) -> None:
    assert client.get(HOME).status_code == 303
    add_settled_account(database, "phuong", "unit_official", factories.UNIT_CODE)
    unit_official = signed_in_client(app, "phuong")
    for path in ("", "/nhap", "/danh-sach.csv", "/ket-qua.csv", "/mau.csv"):
        assert unit_official.get(HOME + path).status_code == 403
    for path in ("/nhap", "/giao"):
        assert unit_official.post(HOME + path, data={}).status_code == 403
