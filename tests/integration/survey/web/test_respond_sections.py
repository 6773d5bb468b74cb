from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from questionnaires.model import AnswerValue
from tests import factories
from tests.fixtures.forms import read_form

Begin = Callable[[], str]
ReadAnswers = Callable[[str], dict[str, AnswerValue]]
OpenDocument = Callable[[dict[str, Any]], str]


def text(words: str) -> dict[str, str]:
    return {"vi": words, "en": words}


def document_with_condition(**more: Any) -> dict[str, Any]:
    """The example with a question that its own page may bring up."""
    document = factories.example_document()
    document["sections"][0]["questions"].append(
        {
            "id": "reason",
            "kind": "single",
            "text": text("Vì sao chưa đến?"),
            "options": [{"code": "far", "label": text("Xa")}, {"code": "late", "label": text("Muộn")}],
            "show_if": {"question": "visited", "in": ["no"]},
            **more,
        }
    )
    return document


def test_answers_lead_to_the_next_section(
    client: FlaskClient, begin: Begin, read_answers: ReadAnswers
) -> None:
    path = begin()

    answer = client.submit(f"{path}/visit", {"answer_visited": "yes", "move": "next"})

    assert answer.status_code == 303
    assert answer.location == f"{path}/service"
    assert read_answers(path) == {"visited": "yes"}


def test_progress_is_said_in_words(client: FlaskClient, begin: Begin) -> None:
    page = client.get(f"{begin()}/visit")

    assert '<progress class="progress" value="1" max="2"' in page.text


def test_missing_answer_is_named_at_its_field(
    client: FlaskClient, begin: Begin, read_answers: ReadAnswers
) -> None:
    path = begin()
    client.submit(f"{path}/visit", {"answer_visited": "yes"})

    page = client.submit(f"{path}/service", {"answer_q01": "3"})

    assert page.status_code == 422
    assert '<a href="#answer_q02">' in page.text
    assert 'id="answer_q02-error"' in page.text
    assert 'id="answer_q01-error"' not in page.text
    assert read_form(page.text).fields["answer_q01"] == "3"
    assert read_answers(path) == {"visited": "yes"}


def go_to_closing(client: FlaskClient, path: str) -> str:
    client.submit(f"{path}/visit", {"answer_visited": "no"})  # type: ignore[attr-defined]
    return f"{path}/closing"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("answer_expected", "tám mươi"),
        ("answer_expected", "85,5"),
        ("answer_expected", "201"),
        ("answer_expected", "-1"),
        ("answer_expected", "9" * 400),
        ("answer_channels", ["radio", "none"]),
        ("answer_channels", ["radio", "web", "friends"]),
        ("answer_channels", "khong-co"),
        ("answer_why", "ệ" * 101),
    ],
)
def test_what_cannot_be_taken_stays_as_typed(
    client: FlaskClient, begin: Begin, name: str, value: str | list[str]
) -> None:
    closing = go_to_closing(client, begin())

    page = client.submit(closing, {name: value})

    assert page.status_code == 422
    assert f'<a href="#{name}">' in page.text
    if value != "khong-co":
        assert read_form(page.text).fields[name] == value


@pytest.mark.parametrize(
    ("name", "value", "answers"),
    [
        ("answer_expected", " 85 % ", {"visited": "no", "expected": 85}),
        ("answer_why", "tê\x00́t\x0b\r\nhai", {"visited": "no", "why": "tết\nhai"}),
        ("answer_why", "   ", {"visited": "no"}),
    ],
)
def test_kindly_read_answers(
    client: FlaskClient,
    begin: Begin,
    read_answers: ReadAnswers,
    name: str,
    value: str,
    answers: dict[str, AnswerValue],
) -> None:
    path = begin()

    answer = client.submit(go_to_closing(client, path), {name: value})

    assert answer.location == f"{path}/xem-lai"
    assert read_answers(path) == answers


def test_bytes_that_are_no_text_are_no_fault(client: FlaskClient, begin: Begin) -> None:
    closing = go_to_closing(client, begin())
    token = read_form(client.get(closing).text).fields["csrf_token"]

    answer = client.post(
        closing,
        data=f"csrf_token={token}&answer_why=%ff%fe%ed%a0%80&shown=expected+channels+why".encode(),
        content_type="application/x-www-form-urlencoded",
    )

    assert answer.status_code == 303


def test_answers_to_questions_of_other_sections_are_left_alone(
    client: FlaskClient, begin: Begin, read_answers: ReadAnswers
) -> None:
    path = begin()

    client.submit(f"{path}/visit", {"answer_visited": "no", "answer_why": "x", "answer_khong_co": "1"})

    assert read_answers(path) == {"visited": "no"}


def test_two_values_for_one_question_are_refused(client: FlaskClient, begin: Begin) -> None:
    assert client.submit(f"{begin()}/visit", {"answer_visited": ["yes", "no"]}).status_code == 422


def test_going_back_keeps_what_is_there_and_asks_for_nothing(
    client: FlaskClient, begin: Begin, read_answers: ReadAnswers
) -> None:
    path = begin()
    client.submit(f"{path}/visit", {"answer_visited": "yes"})

    answer = client.submit(f"{path}/service", {"answer_q01": "2", "move": "back"})

    assert answer.location == f"{path}/visit"
    assert read_answers(path) == {"visited": "yes", "q01": 2}
    assert read_form(client.get(f"{path}/visit").text).fields["answer_visited"] == "yes"


@pytest.mark.parametrize("move", ["back", "en"])
@pytest.mark.parametrize(("name", "value"), [("answer_expected", "hai lần"), ("answer_why", "ệ" * 101)])
def test_leaving_a_page_loses_nothing_that_cannot_be_taken(
    client: FlaskClient, begin: Begin, read_answers: ReadAnswers, name: str, value: str, move: str
) -> None:
    path = begin()
    closing = go_to_closing(client, path)
    stored = {"visited": "no", "expected": 85, "why": "Chờ lâu"}
    client.submit(closing, {"answer_expected": "85", "answer_why": "Chờ lâu"})

    page = client.submit(closing, {name: value, "move": move})

    assert page.status_code == 422
    assert f'<a href="#{name}">' in page.text
    assert f'<html lang="{"en" if move == "en" else "vi"}">' in page.text
    assert read_form(page.text).fields[name] == value
    assert read_answers(path) == stored
    assert f'<html lang="{"en" if move == "en" else "vi"}">' in client.get(closing).text


def test_longest_answer_is_said_and_minded_by_the_browser(client: FlaskClient, begin: Begin) -> None:
    page = client.get(go_to_closing(client, begin()))

    assert 'maxlength="100"' in page.text
    assert "Tối đa 100 ký tự." in page.text


@pytest.mark.parametrize("section", ["service", "closing", "xem-lai"])
def test_nobody_gets_ahead_of_an_open_question(client: FlaskClient, begin: Begin, section: str) -> None:
    path = begin()

    assert client.get(f"{path}/{section}").location == f"{path}/visit"


def test_path_without_a_section_leads_to_the_open_question(client: FlaskClient, begin: Begin) -> None:
    path = begin()
    client.submit(f"{path}/visit", {"answer_visited": "yes"})

    assert client.get(f"{path}/").location == f"{path}/service"


def test_section_off_the_path_leads_back_to_it(client: FlaskClient, begin: Begin) -> None:
    path = begin()
    client.submit(f"{path}/visit", {"answer_visited": "no"})

    assert client.get(f"{path}/service").location == f"{path}/xem-lai"
    assert client.post(f"{path}/service", data={"answer_q01": "3"}).location == f"{path}/xem-lai"


def test_unknown_section_is_not_found(client: FlaskClient, begin: Begin) -> None:
    assert client.get(f"{begin()}/khong_co").status_code == 404


def test_answers_leave_with_their_path(client: FlaskClient, begin: Begin, read_answers: ReadAnswers) -> None:
    path = begin()
    client.submit(f"{path}/visit", {"answer_visited": "yes"})
    client.submit(f"{path}/service", {"answer_q01": "3", "answer_q02": "3"})

    client.submit(f"{path}/visit", {"answer_visited": "no"})

    assert read_answers(path) == {"visited": "no"}


def test_correcting_leads_straight_back_to_the_review(client: FlaskClient, begin: Begin) -> None:
    path = begin()
    client.submit(go_to_closing(client, path))
    link = f"{path}/visit?sua=1"
    assert f'href="{link}#answer_visited"' in client.get(f"{path}/xem-lai").text

    assert client.submit(link, {"answer_visited": "no"}).location == f"{path}/xem-lai"
    assert client.submit(link, {"answer_visited": "yes"}).location == f"{path}/service"


@pytest.mark.parametrize("required", [True, False])
def test_question_brought_up_by_its_own_page_is_asked_next(
    client: FlaskClient, open_document: OpenDocument, read_answers: ReadAnswers, required: bool
) -> None:
    section = client.submit(open_document(document_with_condition(required=required))).location
    assert "answer_reason" not in client.get(section).text

    answer = client.submit(section, {"answer_visited": "no"})

    assert answer.location == f"{section}?them=1#answer_reason"
    page = client.get(answer.location)
    assert 'class="notice notice--info"' in page.text
    assert 'name="answer_reason"' in page.text
    assert client.submit(answer.location).status_code == (422 if required else 303)
    assert client.submit(answer.location, {"answer_reason": "far"}).location.endswith("/closing")
    assert read_answers(section) == {"visited": "no", "reason": "far"}


def test_question_that_its_page_takes_away_is_forgotten(
    client: FlaskClient, open_document: OpenDocument, read_answers: ReadAnswers
) -> None:
    section = client.submit(open_document(document_with_condition())).location
    client.submit(section, {"answer_visited": "no"})

    client.submit(section, {"answer_visited": "yes", "answer_reason": "far"})

    assert read_answers(section) == {"visited": "yes"}


@pytest.mark.parametrize("token", [None, "wrong"])
def test_wrong_token_keeps_what_was_typed(
    client: FlaskClient, begin: Begin, read_answers: ReadAnswers, token: str | None
) -> None:
    path = begin()

    page = client.submit(f"{path}/visit", {"answer_visited": "yes", "csrf_token": token})

    assert page.status_code == 400
    assert "notice--warning" in page.text
    again = read_form(page.text).fields
    assert again["answer_visited"] == "yes"
    assert read_answers(path) == {}
    assert client.post(f"{path}/visit", data=again).location == f"{path}/service"


def test_changing_the_language_keeps_page_and_answers(
    client: FlaskClient, begin: Begin, read_answers: ReadAnswers
) -> None:
    path = begin()
    client.submit(f"{path}/visit", {"answer_visited": "yes"})

    answer = client.submit(f"{path}/service", {"answer_q01": "1", "move": "en"})

    assert answer.location == f"{path}/service"
    page = client.get(answer.location)
    assert '<html lang="en">' in page.text
    assert "Attitude" in page.text
    assert read_form(page.text).fields["answer_q01"] == "1"


def test_adults_and_pupils_are_addressed_differently(
    client: FlaskClient, open_document: OpenDocument
) -> None:
    document = factories.example_document() | {"address": "em"}
    section = client.submit(open_document(document)).location

    page = client.submit(section)

    assert page.status_code == 422
    assert "Em hãy chọn một câu trả lời cho câu 1." in page.text
    assert "Ông/Bà" not in page.text.replace("Ông/Bà đã đến chưa?", "")


def test_error_sentence_is_in_vietnamese(client: FlaskClient, begin: Begin) -> None:
    page = client.submit(f"{begin()}/visit")

    assert "Xin Ông/Bà chọn một câu trả lời cho câu 1." in page.text
