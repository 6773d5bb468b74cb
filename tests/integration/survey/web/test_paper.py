"""The pages of paper forms: batches, keying, deciding, files."""

import io

import pypdf
import pytest
from flask import Flask

from survey.services import paper_batches
from survey.services.paper_progress import get_progress
from survey.services.rounds import close_round
from survey.store.database import Database
from tests import factories
from tests.fixtures.applications import PageClient
from tests.officials import add_settled_account, signed_in_client
from tests.paper import ANSWERS, keyed, stored_response, workbook_with

ROUND = factories.ROUND_CODE
PAPER = f"/quan-tri/dot/{ROUND}/phieu-giay"
BATCH = f"{PAPER}/L0001"
NEW = {
    "form_id": "vi-du",
    "unit_code": factories.UNIT_CODE,
    "selection": "invited",
    "printed_count": "5",
}


@pytest.fixture(autouse=True)
def _round(small_round: str) -> None:
    pass


@pytest.fixture
def official(app: Flask, database: Database) -> PageClient:
    add_settled_account(database, "a", role="coordinator")
    return signed_in_client(app, "a")


@pytest.fixture
def second(app: Flask, database: Database) -> PageClient:
    add_settled_account(database, "b", role="unit_official", unit_code=factories.UNIT_CODE)
    return signed_in_client(app, "b")


@pytest.fixture
def third(app: Flask, database: Database) -> PageClient:
    add_settled_account(database, "c", role="coordinator")
    return signed_in_client(app, "c")


@pytest.fixture
def batch(official: PageClient, database: Database) -> paper_batches.Batch:
    assert send(official, f"{PAPER}/", NEW).location == BATCH
    return get_batch(database)


def send(client, path, values=None, form=1, **options):
    """Send the form of a page; form 0 of each is the one that signs out."""
    return client.submit(path, values, form=form, **options)


def get_batch(database):
    with database.read() as session:
        return paper_batches.get_batch(session, ROUND, "L0001")


def progress_of(database):
    with database.read() as session:
        return get_progress(session, paper_batches.get_batch(session, ROUND, "L0001"))


def fields_of(batch, answers=ANSWERS):
    return {f"answer_{name}": text for name, text in keyed(batch.questionnaire, answers).items()}


def key(client, batch, serial, answers=ANSWERS, move="save"):
    return send(client, f"{BATCH}/nhap/{serial}", {**fields_of(batch, answers), "move": move})


def test_the_round_leads_to_its_paper_forms(official):
    assert f'href="{PAPER}/"' in official.get(f"/quan-tri/dot/{ROUND}").text
    assert official.get(f"{PAPER}/").status_code == 200


def test_a_batch_is_made_and_listed(official, batch):
    assert batch.printed_count == 5
    assert BATCH in official.get(f"{PAPER}/").text
    assert "Phường Đồng Hới" in official.get(BATCH).text


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("form_id", ""),
        ("form_id", "khong-co"),
        ("unit_code", ""),
        ("unit_code", "19333"),
        ("selection", ""),
        ("selection", "x"),
        ("language", "fr"),
        ("printed_count", "0"),
        ("printed_count", "nhiều"),
        ("printed_count", "1001"),
        ("printed_count", "1.5"),
    ],
)
def test_a_faulty_batch_is_pointed_out_at_its_field(official, name, value):
    response = send(official, f"{PAPER}/", {**NEW, name: value})
    assert response.status_code == 422
    assert f'href="#{name}"' in response.text


def test_an_official_of_another_unit_sees_nothing_of_it(app, database, official, batch):
    add_settled_account(database, "nguoila", role="unit_official", unit_code=factories.OTHER_UNIT_CODE)
    stranger = signed_in_client(app, "nguoila")
    files, pages = ("/phieu.pdf", "/mau-nhap.xlsx"), ("/nhap", "/nhap/1", "/nhap/1/sua", "/nhap-tep")
    for path in ("", *files, *pages, "/quyet-dinh/1"):
        assert stranger.get(BATCH + path).status_code == 403
    assert BATCH not in stranger.get(f"{PAPER}/").text
    assert send(stranger, f"{PAPER}/", {**NEW, "unit_code": factories.UNIT_CODE}).status_code == 403


def test_nobody_enters_without_signing_in(client, batch):
    for path in ("/", "/L0001", "/L0001/nhap", "/L0001/phieu.pdf", "/L0001/nhap-tep"):
        assert "/dang-nhap" in client.get(PAPER + path).location


def test_a_batch_of_another_round_is_not_found(official, batch):
    assert official.get(f"{PAPER}/L0002").status_code == 404
    assert official.get("/quan-tri/dot/khac/phieu-giay/L0001").status_code == 404


@pytest.mark.parametrize(("language", "words"), [("vi", "PHIẾU KHẢO SÁT"), ("en", "SURVEY FORM")])
def test_the_forms_are_downloaded_as_pdf_in_the_language_of_their_batch(official, language, words):
    send(official, f"{PAPER}/", {**NEW, "language": language})
    response = official.get(f"{BATCH}/phieu.pdf?tu=2&den=3")
    pages = pypdf.PdfReader(io.BytesIO(response.data)).pages
    assert response.mimetype == "application/pdf"
    assert words in pages[0].extract_text()
    assert "L0001-0002" in pages[0].extract_text()
    assert "L0001-0003" in pages[-1].extract_text()


@pytest.mark.parametrize("query", ["?tu=x&den=y", "?tu=99&den=0", "?tu=-1", "?den=999999999999"])
def test_a_range_that_makes_no_sense_is_cut_to_the_batch(official, batch, query):
    assert official.get(f"{BATCH}/phieu.pdf{query}").data.startswith(b"%PDF")


def test_counts_are_saved_or_refused_at_their_field(official, database, batch):
    path = f"{BATCH}/so-luong"
    assert send(official, BATCH, {"handed_out": "5", "returned": "4"}).status_code == 303
    assert get_batch(database).returned_count == 4
    for fields, name in (
        ({"handed_out": "6"}, "handed_out"),
        ({"handed_out": "2", "returned": "3"}, "returned"),
        ({"handed_out": "x"}, "handed_out"),
    ):
        response = send(official, BATCH, fields)
        assert response.status_code == 422
        assert f'href="#{name}"' in response.text
    assert official.get(path).status_code == 405


@pytest.mark.parametrize("typed", ["2", "0002", "L0001-0002", "l0001-2", "hailong:L0001:2:vi-du:v1"])
def test_a_number_is_typed_or_scanned(official, batch, typed):
    assert official.get(f"{BATCH}/nhap?so={typed}").location == f"{BATCH}/nhap/2"


@pytest.mark.parametrize(
    "typed",
    [
        "6",
        "0",
        "x",
        "L0009-0002",
        "hailong:L0009:2:vi-du:v1",
        "hailong:L0001:2:vi-du:v2",
        "hailong:L0001:2:tthc:v1",
    ],
)
def test_a_number_that_is_none_of_the_batch_is_refused(official, batch, typed):
    response = official.get(f"{BATCH}/nhap?so={typed}")
    assert response.status_code == 422
    assert 'href="#so"' in response.text


def test_a_form_is_keyed_by_two_people_and_stored(official, second, database, batch):
    assert key(official, batch, 1).location == f"{BATCH}/nhap"
    assert progress_of(database).keyed_once == (1,)
    key(second, batch, 1)
    with database.read() as session:
        response = stored_response(session)
    assert (response.channel, response.details["why"]) == ("paper", "Chờ lâu")


def test_the_second_person_sees_nothing_of_the_first(official, second, batch):
    key(official, batch, 1)
    page = second.get(f"{BATCH}/nhap/1").text
    assert "Chờ lâu" not in page
    assert 'value="85"' not in page


def test_english_forms_are_keyed_and_decided_by_their_english_wording(official, second, third, database):
    send(official, f"{PAPER}/", {**NEW, "language": "en"})
    english = get_batch(database)
    assert "bản tiếng Anh" in official.get(BATCH).text
    assert "bản tiếng Anh" in official.get(f"{PAPER}/").text
    page = official.get(f"{BATCH}/nhap/1").text
    assert '<span lang="en">Attitude</span>' in page
    assert "Thái độ phục vụ" not in page
    key(official, english, 1)
    key(second, english, 1, {**ANSWERS, "q01": 1})
    page = third.get(f"{BATCH}/quyet-dinh/1").text
    assert "Attitude" in page
    assert "Thái độ phục vụ" not in page
    send(third, f"{BATCH}/quyet-dinh/1", {"choice_answer_q01": "1", "move": "save"})
    with database.read() as session:
        assert stored_response(session).language == "en"


def test_the_same_person_is_led_away(official, database, batch):
    key(official, batch, 1)
    assert official.get(f"{BATCH}/nhap/1").location == f"{BATCH}/nhap"
    page = official.get(f"{BATCH}/nhap?so=1")
    assert page.status_code == 422
    assert f'href="{BATCH}/nhap/1/sua"' in page.text
    assert progress_of(database).keyed_once == (1,)


def test_what_is_not_on_the_form_is_said_at_its_question_and_kept(official, database, batch):
    fields = {"answer_visited": "2", "answer_q01": "3", "answer_why": "Chờ", "move": "save"}
    response = send(official, f"{BATCH}/nhap/1", fields)
    assert response.status_code == 422
    assert 'href="#answer_q01"' in response.text
    assert "Chờ" in response.text
    assert progress_of(database).keyed_once == ()


def test_enter_without_javascript_checks_and_saves_nothing(official, database, batch):
    response = key(official, batch, 1, move="check")
    assert response.status_code == 422
    assert "Chờ lâu" in response.text
    assert progress_of(database).keyed_once == ()


def test_an_empty_form_is_not_saved(official, batch):
    assert key(official, batch, 1, {}).status_code == 422


def test_a_spoilt_form_needs_two_people_too(official, second, database, batch):
    key(official, batch, 1, {}, move="spoilt")
    key(second, batch, 1, {}, move="spoilt")
    assert progress_of(database).spoilt == (1,)


def test_a_page_without_its_token_keeps_what_was_keyed(official, database, batch):
    response = official.post(f"{BATCH}/nhap/1", data={**fields_of(batch), "move": "save"})
    assert response.status_code == 400
    assert "Chờ lâu" in response.text
    assert progress_of(database).keyed_once == ()


def test_a_number_beyond_every_database_is_refused_in_words(official, batch):
    for path in ("/nhap/", "/quyet-dinh/", "/nhap/1"):
        assert official.get(f"{BATCH}{path}{10**30}").status_code == 303
    send(official, BATCH, {"handed_out": "0", "returned": "0"})
    send(official, BATCH, {"typed_code": "L0001"}, form=2)
    assert official.post(f"{BATCH}/nhap/{10**30}", data={"move": "save"}).status_code == 303


def test_a_batch_is_closed_by_its_name_once_the_count_is_right(official, second, database, batch):
    for client in (official, second):
        key(client, batch, 1)
    send(official, BATCH, {"handed_out": "5", "returned": "2"})
    assert send(official, BATCH, {"typed_code": "L0001"}, form=2).status_code == 422
    send(official, BATCH, {"handed_out": "5", "returned": "1"})
    wrong = send(official, BATCH, {"typed_code": "L1"}, form=2)
    assert (wrong.status_code, get_batch(database).status) == (422, "open")
    assert send(official, BATCH, {"typed_code": "l0001"}, form=2).location == BATCH
    assert get_batch(database).status == "closed"
    assert official.get(BATCH).status_code == 200
    assert official.get(f"{BATCH}/nhap?so=2").status_code == 422


def send_file(client, content, name="a.xlsx", path=f"{BATCH}/nhap-tep"):
    return send(client, path, {"file": (io.BytesIO(content), name)}, content_type="multipart/form-data")


def test_a_workbook_goes_out_and_comes_back(official, second, database, batch):
    assert official.get(f"{BATCH}/mau-nhap.xlsx").data.startswith(b"PK")
    assert send_file(official, workbook_with(batch, {1: ANSWERS, 2: None})).location == BATCH
    assert send_file(second, workbook_with(batch, {1: ANSWERS, 2: None})).status_code == 422
    assert send_file(second, workbook_with(batch, {1: ANSWERS, 2: None, 3: None})).location == BATCH
    assert (progress_of(database).stored, progress_of(database).spoilt) == ((1,), (2,))


def test_a_faulty_workbook_is_listed_cell_by_cell(official, database, batch):
    content = workbook_with(batch, {1: {"visited": "no", "q01": 3}, 2: ANSWERS})
    response = send_file(official, content)
    assert response.status_code == 422
    assert ">D4<" in response.text
    assert progress_of(database).keyed_once == ()


def test_a_file_that_is_too_large_or_missing_is_refused(official, batch):
    assert send_file(official, b"0" * (3 * 1024 * 1024)).status_code == 413
    assert send_file(official, b"").status_code == 422
    assert send(official, f"{BATCH}/nhap-tep").status_code == 422


def test_closing_the_round_warns_of_batches_that_are_open(official, second, batch):
    path, link = f"/quan-tri/dot/{ROUND}/dong", f'href="{PAPER}/"'
    assert link in official.get(path).text
    for client in (official, second):
        key(client, batch, 1)
    send(official, BATCH, {"handed_out": "5", "returned": "1"})
    send(official, BATCH, {"typed_code": "L0001"}, form=2)
    assert link not in official.get(path).text


def test_a_batch_left_over_by_its_round_is_closed_by_whom_and_with_what_is_missing(
    official, second, database, batch
):
    for client in (official, second):
        key(client, batch, 1)
    key(official, batch, 2)
    send(official, BATCH, {"handed_out": "5", "returned": "3"})
    assert send(official, BATCH, {"typed_code": "L0001"}, form=2).status_code == 422
    with database.write() as session:
        close_round(session, ROUND)
    page = official.get(BATCH).text
    assert f"{BATCH}/nhap" not in page
    assert "2 phiếu còn lại được ghi là “chưa nhập xong khi đợt đóng”" in page
    assert send(official, BATCH, {"typed_code": "L0001"}, form=2).location == BATCH
    assert (get_batch(database).status, get_batch(database).unsettled_count) == ("closed", 2)
    page = official.get(BATCH).text
    assert "lưu 1, hỏng 0 và chưa nhập xong khi đợt đóng 2" in page
    assert f"{get_batch(database).closed_by} đóng ngày" in page
    assert "2 phiếu chưa nhập xong" in official.get(f"{PAPER}/").text


def test_after_the_round_is_closed_nothing_is_keyed(official, database, batch):
    with database.write() as session:
        close_round(session, ROUND)
    assert official.get(f"{BATCH}/nhap?so=1").status_code == 422
    assert official.get(f"{PAPER}/").status_code == 200
    assert send_file(official, workbook_with(batch, {1: ANSWERS})).status_code == 422


def test_an_official_of_a_unit_makes_no_batch_for_invited_people(second, database):
    page = second.get(f"{PAPER}/").text
    assert 'name="selection"' not in page
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    sent = {**NEW, "language": "vi", "csrf_token": token}
    refused = second.post(f"{PAPER}/", data=sent)
    assert refused.status_code == 422
    assert "do điều phối viên tạo" in refused.text
    del sent["selection"]
    assert second.post(f"{PAPER}/", data=sent).location == BATCH
    assert get_batch(database).selection == "self_selected"
