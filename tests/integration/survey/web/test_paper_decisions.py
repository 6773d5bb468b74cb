"""Deciding on paper forms that two people keyed differently, and calling a keyed form spoilt."""

import pytest
from flask import Flask

from survey.services.paper_batches import Batch, get_batch
from survey.services.paper_progress import get_progress
from survey.store.database import Database
from tests import factories
from tests.fixtures.applications import PageClient
from tests.officials import add_settled_account, signed_in_client
from tests.paper import ANSWERS, keyed, make_batch, stored_response

ROUND = factories.ROUND_CODE
BATCH = f"/quan-tri/dot/{ROUND}/phieu-giay/L0001"


@pytest.fixture
def batch(small_round: str, database: Database) -> Batch:
    with database.write() as session:
        return make_batch(session)


@pytest.fixture
def official(app: Flask, database: Database) -> PageClient:
    add_settled_account(database, "a", role="coordinator")
    return signed_in_client(app, "a")


@pytest.fixture
def second(app: Flask, database: Database, small_round: str) -> PageClient:
    add_settled_account(database, "b", role="unit_official", unit_code=factories.UNIT_CODE)
    return signed_in_client(app, "b")


@pytest.fixture
def third(app: Flask, database: Database) -> PageClient:
    add_settled_account(database, "c", role="coordinator")
    return signed_in_client(app, "c")


def send(client, path, values):
    """Form 0 of a page is the one that signs out."""
    return client.submit(path, values, form=1)


def progress_of(database):
    with database.read() as session:
        return get_progress(session, get_batch(session, ROUND, "L0001"))


def fields_of(batch, answers=ANSWERS):
    return {f"answer_{name}": text for name, text in keyed(batch.questionnaire, answers).items()}


def key(client, batch, serial, answers=ANSWERS, move="save"):
    return send(client, f"{BATCH}/nhap/{serial}", {**fields_of(batch, answers), "move": move})


def test_a_third_person_decides_side_by_side(official, second, third, database, batch):
    key(official, batch, 1)
    key(second, batch, 1, {**ANSWERS, "q01": 1, "why": "Chờ rất lâu"})
    path = f"{BATCH}/quyet-dinh/1"
    assert path in third.get(BATCH).text
    assert official.get(path).location == BATCH  # who keyed it does not decide
    page = third.get(path).text
    assert "Chờ rất lâu" in page
    assert "answer_q02" not in page
    assert send(third, path, {"choice_answer_q01": "2", "move": "save"}).status_code == 422
    chosen = {"choice_answer_q01": "other", "answer_q01": "2", "choice_answer_why": "1", "move": "save"}
    assert send(third, path, chosen).location == BATCH
    with database.read() as session:
        response = stored_response(session)
    assert (response.ratings, response.details["why"]) == ("21", "Chờ lâu")


def test_a_decision_that_leaves_the_path_shows_what_to_blank(official, second, third, database, batch):
    key(official, batch, 1)
    key(second, batch, 1, {"visited": "no"})
    path = f"{BATCH}/quyet-dinh/1"
    names = ("visited", "q01", "q02", "expected", "channels", "why")
    chosen = {f"choice_answer_{name}": "1" for name in names} | {"choice_answer_visited": "2", "move": "save"}
    response = send(third, path, chosen)
    assert response.status_code == 422
    assert 'href="#choice_answer_q01"' in response.text
    blank = {"choice_answer_q01": "2", "choice_answer_q02": "2"}
    assert send(third, path, {**chosen, **blank}).location == BATCH
    assert progress_of(database).stored == (1,)


def test_answers_of_one_keying_are_stored_only_once_a_third_person_has_seen_them_all(
    official, second, third, database, batch
):
    key(official, batch, 1, {}, move="spoilt")
    key(second, batch, 1)
    path = f"{BATCH}/quyet-dinh/1"
    page = third.get(path).text
    assert all(field in page for field in fields_of(batch))
    assert "Chờ lâu" in page
    sent = {**fields_of(batch), "move": "save"}
    assert send(third, path, {"move": "save"}).status_code == 422
    assert send(third, path, sent).status_code == 422
    assert send(third, path, {**sent, "compared": "yes", "answer_q01": "9"}).status_code == 422
    assert progress_of(database).differing == (1,)
    assert send(third, path, {**sent, "compared": "yes", "answer_q01": "2"}).location == BATCH
    with database.read() as session:
        assert stored_response(session).ratings == "21"


def test_a_form_is_decided_to_be_spoilt_by_its_number(official, second, third, database, batch):
    key(official, batch, 1)
    key(second, batch, 1, {**ANSWERS, "q01": 1})
    path = f"{BATCH}/quyet-dinh/1"
    for number in ("", "L0001-0002"):
        assert send(third, path, {"move": "spoilt", "typed_serial": number}).status_code == 422
    assert progress_of(database).differing == (1,)
    assert send(third, path, {"move": "spoilt", "typed_serial": "l0001-0001"}).location == BATCH
    assert progress_of(database).spoilt == (1,)


def test_one_press_does_not_make_a_keyed_form_spoilt(official, database, batch):
    page = key(official, batch, 1, move="spoilt")
    assert page.status_code == 422
    assert progress_of(database).keyed_once == ()
    back = send(official, f"{BATCH}/nhap/1", {**fields_of(batch), "move": "check"})
    assert "Chờ lâu" in back.text
    confirmed = {**fields_of(batch), "move": "spoilt", "confirmed": "yes"}
    assert send(official, f"{BATCH}/nhap/1", confirmed).location == f"{BATCH}/nhap"
    assert progress_of(database).keyed_once == (1,)
