"""One's own keying corrected, taken back or sent again, and screens that outlive their session."""

import pytest
from flask import Flask

from survey.services.paper_batches import Batch
from survey.services.paper_comparison import KeyedForm
from survey.services.paper_keying import find_own_keying
from survey.services.paper_progress import get_progress
from survey.services.rounds import close_round
from survey.store.accounts import find_account
from survey.store.database import Database
from tests import factories
from tests.fixtures.applications import PageClient
from tests.fixtures.forms import read_form
from tests.officials import add_settled_account, sign_in, signed_in_client
from tests.paper import ANSWERS, keyed, make_batch

ROUND = factories.ROUND_CODE
BATCH = f"/quan-tri/dot/{ROUND}/phieu-giay/L0001"
SCREEN = f"{BATCH}/nhap/1"
CORRECT = f"{SCREEN}/sua"
OTHER = {**ANSWERS, "q01": 1}
KEYING, TAKING_BACK = 1, 2


@pytest.fixture(autouse=True)
def _round(small_round: str) -> None:
    pass


@pytest.fixture
def batch(database: Database) -> Batch:
    with database.write() as session:
        return make_batch(session)


@pytest.fixture
def official(app: Flask, database: Database) -> PageClient:
    add_settled_account(database, "a", role="coordinator")
    return signed_in_client(app, "a")


@pytest.fixture
def second(app: Flask, database: Database) -> PageClient:
    add_settled_account(database, "b", role="unit_official", unit_code=factories.UNIT_CODE)
    return signed_in_client(app, "b")


def fields_of(batch, answers):
    return {f"answer_{name}": text for name, text in keyed(batch.questionnaire, answers).items()}


def key(client, batch, serial=1, answers=ANSWERS, move="save"):
    fields = {**fields_of(batch, answers), "move": move}
    return client.submit(f"{BATCH}/nhap/{serial}", fields, form=KEYING)


def correct(client, batch, answers, move="save", **changes):
    fields = {**fields_of(batch, answers), "move": move, **changes}
    return client.submit(CORRECT, fields, form=KEYING)


def own_keying(database, batch, name="a"):
    with database.read() as session:
        return find_own_keying(session, batch, 1, find_account(session, name).id)


def progress_of(database, batch):
    with database.read() as session:
        return get_progress(session, batch)


def test_the_form_keyed_last_is_one_link_away(official, batch):
    key(official, batch, 1)
    key(official, batch, 2)
    for path in ("/nhap", "/nhap/3"):
        assert f'href="{BATCH}/nhap/2/sua"' in official.get(BATCH + path).text
    assert f'href="{CORRECT}"' in official.get(f"{BATCH}/nhap").text


def test_a_keyer_sees_and_corrects_what_he_keyed(official, database, batch):
    key(official, batch)
    page = official.get(CORRECT).text
    assert "Chờ lâu" in page
    assert 'value="85"' in page
    assert correct(official, batch, OTHER).location == f"{BATCH}/nhap"
    assert own_keying(database, batch) == KeyedForm(OTHER)
    assert progress_of(database, batch).corrected_count == 1


def test_the_batch_says_how_many_forms_were_corrected(official, second, batch):
    key(official, batch)
    correct(official, batch, OTHER)
    key(second, batch, 1, OTHER)
    official.get("/ngon-ngu/en")
    assert "1 form was corrected by its own keyer" in official.get(BATCH).text


def test_a_spoilt_mark_by_mistake_is_corrected(official, database, batch):
    key(official, batch, answers={}, move="spoilt")
    assert official.get(CORRECT).status_code == 200
    correct(official, batch, ANSWERS)
    assert own_keying(database, batch) == KeyedForm(ANSWERS)


def test_a_faulty_correction_is_pointed_out_and_saves_nothing(official, database, batch):
    key(official, batch)
    response = correct(official, batch, {"visited": "no", "q01": 3})
    assert response.status_code == 422
    assert 'href="#answer_q01"' in response.text
    assert correct(official, batch, OTHER, move="check").status_code == 422
    assert own_keying(database, batch) == KeyedForm(ANSWERS)


def test_nobody_opens_what_somebody_else_keyed(official, second, batch):
    key(official, batch)
    assert second.get(CORRECT).location == f"{BATCH}/nhap"
    page = second.get(f"{BATCH}/nhap").text
    assert "nhap/1/sua" not in page
    assert "Chờ lâu" not in page


def test_a_second_keying_in_between_is_said_and_nothing_typed_is_lost(official, second, database, batch):
    key(official, batch)
    fields = read_form(official.get(CORRECT).text, KEYING).fields
    key(second, batch)
    sent = {**fields, **fields_of(batch, {**ANSWERS, "why": "Chờ quá lâu"}), "move": "save"}
    response = official.post(CORRECT, data=sent)
    assert response.status_code == 409
    assert "Chờ quá lâu" in response.text
    assert progress_of(database, batch).stored == (1,)
    assert official.get(CORRECT).location == f"{BATCH}/nhap"


def test_two_windows_do_not_overwrite_each_other_unseen(official, database, batch):
    key(official, batch)
    stale = read_form(official.get(CORRECT).text, KEYING).fields
    correct(official, batch, OTHER)
    response = official.post(CORRECT, data={**stale, "answer_q02": "3", "move": "save"})
    assert response.status_code == 409
    assert own_keying(database, batch) == KeyedForm(OTHER)
    assert 'id="answer_q01-saved"' in response.text
    known = read_form(response.text, KEYING)
    official.post(known.action, data={**known.fields, "move": "save"})
    assert own_keying(database, batch) == KeyedForm({**ANSWERS, "q02": 3})


def test_a_correction_without_its_token_keeps_what_was_typed(official, database, batch):
    key(official, batch)
    response = official.post(CORRECT, data={**fields_of(batch, {**OTHER, "why": "Khác"}), "move": "save"})
    assert response.status_code == 400
    assert "Khác" in response.text
    assert own_keying(database, batch) == KeyedForm(ANSWERS)


def test_a_wrong_number_is_taken_back_by_its_name(official, database, batch):
    key(official, batch)
    wrong = official.submit(CORRECT, {"typed_serial": "2"}, form=TAKING_BACK)
    assert wrong.status_code == 422
    assert 'href="#typed_serial"' in wrong.text
    taken = official.submit(CORRECT, {"typed_serial": "l0001-0001"}, form=TAKING_BACK)
    assert taken.location == f"{BATCH}/nhap"
    assert 1 in progress_of(database, batch).not_keyed
    assert official.get(f"{BATCH}/nhap?so=1").location == SCREEN


def test_after_the_round_is_closed_nothing_is_corrected(official, database, batch):
    key(official, batch)
    fields = read_form(official.get(CORRECT).text, KEYING).fields
    with database.write() as session:
        close_round(session, ROUND)
    assert official.post(CORRECT, data={**fields, "answer_q01": "1", "move": "save"}).status_code == 409
    assert own_keying(database, batch) == KeyedForm(ANSWERS)


def test_pressing_save_twice_is_one_keying(official, second, database, batch):
    for client, keyed_once in ((official, (1,)), (second, ())):
        fields = read_form(client.get(SCREEN).text, KEYING).fields
        sent = {**fields, **fields_of(batch, ANSWERS), "move": "save"}
        for _press in range(2):
            assert client.post(SCREEN, data=sent).location == f"{BATCH}/nhap"
        assert "notice--success" in client.get(f"{BATCH}/nhap").text
        assert progress_of(database, batch).keyed_once == keyed_once
    assert progress_of(database, batch).stored == (1,)


def test_after_the_back_button_other_values_become_a_correction_that_is_shown_first(
    official, database, batch
):
    fields = read_form(official.get(SCREEN).text, KEYING).fields
    key(official, batch)
    changed = {**fields, **fields_of(batch, {**ANSWERS, "q01": 1}), "move": "save"}
    response = official.post(SCREEN, data=changed)
    assert response.status_code == 409
    assert 'id="answer_q01-saved"' in response.text
    assert 'id="answer_q02-saved"' not in response.text
    again = read_form(response.text, KEYING)
    official.post(again.action, data={**again.fields, "move": "save"})
    assert progress_of(database, batch).corrected_count == 1


def test_a_form_that_two_others_keyed_meanwhile_leaves_what_was_typed_to_be_read(
    app, database, official, second, batch
):
    add_settled_account(database, "c")
    third = signed_in_client(app, "c")
    fields = read_form(third.get(SCREEN).text, KEYING).fields
    key(official, batch)
    key(second, batch)
    sent = {**fields, **fields_of(batch, {**ANSWERS, "why": "Ý khác"}), "move": "save"}
    response = third.post(SCREEN, data=sent)
    assert response.status_code == 409
    assert "Ý khác" in response.text
    assert 'value="save"' not in response.text


def sent_later(client, batch, path):
    """The form of a screen that stays open, filled in."""
    fields = read_form(client.get(path).text, KEYING).fields
    return {**fields, **fields_of(batch, ANSWERS), "move": "save"}


def test_a_screen_that_outlives_its_session_keeps_what_was_typed(app, official, database, batch):
    sent = sent_later(official, batch, SCREEN)
    official.delete_cookie("hailong")
    kept = official.post(SCREEN, data=sent)
    assert kept.status_code == 403
    sign_in(official, "a")
    again = read_form(kept.text)
    shown = official.post(again.action, data=again.fields)
    assert shown.status_code == 400
    last = read_form(shown.text, KEYING)
    assert official.post(SCREEN, data={**last.fields, "move": "save"}).status_code == 303
    assert own_keying(database, batch) == KeyedForm(ANSWERS)


@pytest.mark.parametrize("page", [SCREEN, CORRECT])
def test_what_one_account_typed_is_not_shown_to_or_saved_for_the_next_one(
    official, second, database, batch, page
):
    if page.endswith("sua"):
        key(official, batch)
    response = second.post(page, data=sent_later(official, batch, page))
    assert response.status_code == 403
    assert own_keying(database, batch, "b") is None


def test_a_stranger_without_a_screen_is_sent_to_sign_in(client, batch):
    assert "/dang-nhap" in client.post(CORRECT, data=fields_of(batch, ANSWERS)).location


def discard(client, serial):
    """Name the form on the page of the batch, where the deed comes after counting and closing."""
    return client.submit(BATCH, {"wrong_serial": serial}, form=3)


def keyed_once(database, batch):
    with database.read() as session:
        return get_progress(session, batch).keyed_once


def test_a_coordinator_deletes_a_keying_under_a_wrong_number_unseen(
    official, second, database, batch, caplog
):
    key(second, batch, 2)
    assert "Chờ lâu" not in official.get(BATCH).text
    for typed in ("", "2", "L0002-0002", "L0001-0009", "L0001-0003", "L0001-9999999"):
        refused = discard(official, typed)
        assert refused.status_code == 422
        assert 'href="#wrong_serial"' in refused.text
    assert keyed_once(database, batch) == (2,)
    assert discard(official, "l0001-0002").location == BATCH
    assert "L0001-0002" in caplog.text
    assert keyed_once(database, batch) == ()


def test_an_official_of_the_unit_deletes_nobody_elses_keying(official, second, database, batch):
    key(official, batch, 2)
    page = second.get(BATCH).text
    assert "wrong_serial" not in page
    fields = {**read_form(page, 1).fields, "wrong_serial": "L0001-0002"}
    assert second.post(f"{BATCH}/xoa-lan-nhap", data=fields).status_code == 403
    assert keyed_once(database, batch) == (2,)
