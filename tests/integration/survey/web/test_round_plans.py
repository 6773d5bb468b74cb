"""Making a round on a page, changing and deleting its draft, and whom respondents are told to ask."""

import pytest
from flask import Flask

from survey.services import round_drafts
from survey.services.problems import RoundUnknown
from survey.services.round_forms import get_round
from survey.services.rounds import get_overview
from survey.store.database import Database
from tests import factories
from tests.fixtures.applications import PageClient
from tests.officials import add_settled_account, signed_in_client

PLAN = "/quan-tri/dot-moi"
DRAFT = "/quan-tri/dot/2027-q1"
CONTACT = "Sở Nội vụ, điện thoại 0233 000 000"
FIELDS = {
    "code": "2027-q1",
    "title": "Khảo sát quý I năm 2027",
    "opens_on": "2027-01-04",
    "closes_on": "31/3/2027",
    "kinds-vi-du": ["ward", "commune"],
}


@pytest.fixture
def catalogue(database: Database) -> None:
    from questionnaires.examples import example_document

    with database.write() as session:
        factories.load_catalogue(session)
        factories.publish_document(session, example_document())


@pytest.fixture
def coordinator(app: Flask, database: Database) -> PageClient:
    add_settled_account(database, role="coordinator")
    return signed_in_client(app)


@pytest.fixture
def draft(catalogue: None, coordinator: PageClient) -> PageClient:
    response = coordinator.submit(PLAN, {**FIELDS, "contact": CONTACT}, form=1)
    assert response.status_code == 303, response.text
    return coordinator


@pytest.mark.usefixtures("catalogue")
def test_a_draft_is_made_and_its_page_shown(coordinator: PageClient, database: Database) -> None:
    assert PLAN in coordinator.get("/quan-tri/").text

    response = coordinator.submit(PLAN, FIELDS, form=1)

    assert (response.status_code, response.location) == (303, DRAFT)
    page = coordinator.get(DRAFT).text
    assert "Đã tạo bản thảo" in page
    assert f"{DRAFT}/sua" in page
    with database.read() as session:
        overview = get_overview(session, "2027-q1")
    assert (overview.line.status, overview.target_year) == ("draft", 2025)
    assert {unit.kind for unit, _count in overview.by_unit} == {"ward", "commune"}


@pytest.mark.usefixtures("catalogue")
@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"code": ""}, "Xin ghi mã đợt."),
        ({"code": "quý 1"}, "Mã chỉ gồm chữ không dấu"),
        ({"title": ""}, "Xin ghi tên đợt"),
        ({"closes_on": "31/13/2027"}, "Xin ghi ngày"),
        ({"closes_on": "1/1/2027"}, "Ngày cuối ở trước ngày đầu."),
        ({"targets": ""}, "Xin chọn chỉ tiêu."),
        ({"kinds-vi-du": None}, "Xin chọn ít nhất một phiếu"),
        ({"contact": "x" * 301}, "nhiều nhất 300 ký tự"),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_stays(
    coordinator: PageClient, changes: dict[str, str | None], sentence: str
) -> None:
    response = coordinator.submit(PLAN, {**FIELDS, **changes}, form=1)

    assert response.status_code == 400
    assert sentence in response.text
    assert 'value="2027-01-04"' in response.text


def test_a_second_round_of_a_code_is_refused(draft: PageClient) -> None:
    response = draft.submit(PLAN, FIELDS, form=1)

    assert response.status_code == 400
    assert "Đã có đợt khảo sát mang mã này." in response.text


def test_a_draft_is_changed(draft: PageClient, database: Database) -> None:
    response = draft.submit(f"{DRAFT}/sua", {"title": "Tên khác", "closes_on": "2027-04-30"}, form=1)

    assert response.status_code == 303
    with database.read() as session:
        details = round_drafts.get_details(session, "2027-q1")
    assert (details.title.vi, details.closes_on.isoformat()) == ("Tên khác", "2027-04-30")
    assert details.contact is not None
    assert details.contact.vi == CONTACT


def test_an_open_round_changes_its_contact_alone(draft: PageClient, database: Database) -> None:
    with database.write() as session:
        get_round(session, "2027-q1").status = "open"
    page = draft.get(f"{DRAFT}/sua").text
    assert 'name="title"' not in page

    draft.submit(f"{DRAFT}/sua", {"contact": "Văn phòng UBND"}, form=1)

    with database.read() as session:
        assert get_round(session, "2027-q1").contact == "Văn phòng UBND"


def test_a_draft_is_deleted_once_its_code_is_typed(draft: PageClient, database: Database) -> None:
    assert draft.submit(f"{DRAFT}/xoa", {"typed_code": "2027"}, form=1).status_code == 400

    response = draft.submit(f"{DRAFT}/xoa", {"typed_code": "2027-q1"}, form=1)

    assert response.status_code == 303
    with database.read() as session, pytest.raises(RoundUnknown):
        get_round(session, "2027-q1")


def test_an_open_round_has_nothing_to_delete_it_with(draft: PageClient, database: Database) -> None:
    with database.write() as session:
        get_round(session, "2027-q1").status = "open"

    assert 'name="typed_code"' not in draft.get(f"{DRAFT}/xoa").text


@pytest.mark.parametrize("path", [PLAN, f"{DRAFT}/sua", f"{DRAFT}/xoa"])
def test_an_official_of_a_unit_plans_nothing(
    draft: PageClient, app: Flask, database: Database, path: str
) -> None:
    add_settled_account(database, "xa", "unit_official", factories.UNIT_CODE)

    assert signed_in_client(app, "xa").get(path).status_code == 403


@pytest.mark.parametrize("channel", ["khao-sat", "kiosk"])
def test_respondents_are_told_whom_to_ask(
    app: Flask, client: PageClient, database: Database, small_round: str, channel: str
) -> None:
    with database.write() as session:
        get_round(session, factories.ROUND_CODE).contact = CONTACT
        get_round(session, factories.ROUND_CODE).contact_en = "Home Affairs, 0233 000 000"

    page = client.get(small_round.replace("/khao-sat/", f"/{channel}/", 1)).text

    assert CONTACT in page
